package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** It is a quarter to four in the afternoon, in Berlin. */
class TypedTimeTest {
  private static final Instant NOW = Instant.parse("2026-11-22T14:45:00Z");
  private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");

  private static TypedTime read(String text, boolean ofRecording) throws ClientException {
    return TypedTime.read(text, "--from", ofRecording, NOW, ZONE);
  }

  @ParameterizedTest
  @CsvSource({
    "15:05, 2026-11-22T14:05:00Z",
    "9:05, 2026-11-22T08:05:00Z",
    "15:05:07, 2026-11-22T14:05:07Z",
    "16:30, 2026-11-21T15:30:00Z",
    "2026-11-20 07:00, 2026-11-20T06:00:00Z",
    "2026-11-20T07:00:30, 2026-11-20T06:00:30Z",
    "2026-11-20T07:00:00Z, 2026-11-20T07:00:00Z",
    "2026-11-20T07:00:00+02:00, 2026-11-20T05:00:00Z",
    "2 minutes ago, 2026-11-22T14:43:00Z",
    "30s ago, 2026-11-22T14:44:30Z",
    "1 day ago, 2026-11-21T14:45:00Z"
  })
  void read_aTimeOfDay_isTheLastOneThatWas(String text, Instant time) throws Exception {
    assertThat(read(text, false)).isEqualTo(new TypedTime.At(time));
    assertThat(read(text, false).parameter()).isEqualTo(time.toString());
  }

  @ParameterizedTest
  @CsvSource({"2:05, 125", "1:02:05, 3725", "0:00.5, 0.5", "125.5, 125.5"})
  void read_ofARecording_isAPosition(String text, double seconds) throws Exception {
    assertThat(read(text, true)).isEqualTo(new TypedTime.Media(seconds));
    assertThat(read(text, true).seconds(NOW)).isEqualTo(seconds);
  }

  @Test
  void seconds_ofATime_countFromTheStreamsStart() throws Exception {
    TypedTime time = read("15:05", false);

    assertThat(time.seconds(Instant.parse("2026-11-22T14:00:00Z"))).isEqualTo(300);
    assertThat(time.seconds(NOW)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "noon", "25:00", "14:61", "2026-13-01 10:00", "-5", "5 moons ago"})
  void read_whatIsNoTime_saysHowToType(String text) {
    assertThatThrownBy(() -> read(text, false))
        .isInstanceOf(ClientException.class)
        .hasMessageContaining("--from \"" + text + "\" is no time: type 14:05");
  }
}
