package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.Span;

class EvidenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "100|[[90,97]]|0-5 s",
        "100|[[90,110]]|0-5 s",
        "100|[[90,95]]|5-60 s",
        "100|[[10,20],[90,98],[30,40]]|0-5 s",
        "100|[[10,40]]|1-10 min",
        "700|[[10,100]]|10-60 min",
        "3700|[[10,100]]|over 1 h",
        "100|[]|no evidence",
        "100|[[120,130]]|no evidence",
      })
  void age_isThatOfTheNewestEnd(double askedAt, String spans, String age) throws Exception {
    assertThat(evidence(askedAt, spans).age()).hasToString(age);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[[19,20]]|false",
        "[[20,21]]|true",
        "[[3,4],[24,25]]|true",
        "[[25,26]]|false",
        "[]|false",
      })
  void isHeld_whereAClipShowsSomeOfIt(String clips, boolean held) throws Exception {
    JsonNode answer = JSON.readTree("{\"context\":{\"clips\":" + clips + "}}");

    assertThat(evidence(100, "[[20,25],[40,41]]").isHeldBy(answer)).isEqualTo(held);
  }

  @Test
  void pointOfTime_isAShortSpan() throws Exception {
    assertThat(evidence(100, "[[20,20]]").spans()).containsExactly(Span.ofSeconds(20, 20.001));
  }

  private static Evidence evidence(double askedAt, String spans) throws Exception {
    return Evidence.of(JSON.readTree("{\"askedAt\":" + askedAt + ",\"evidence\":" + spans + "}"));
  }
}
