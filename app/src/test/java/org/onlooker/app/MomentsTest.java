package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MomentsTest {
  @ParameterizedTest
  @CsvSource({"0, 0:00", "59.96, 1:00", "61.5, 1:01.5", "3599, 59:59", "3600, 1:00:00"})
  void media_isToldAsAClock(double seconds, String text) {
    assertThat(Moments.media(seconds)).isEqualTo(text);
  }

  @Test
  void serverSentEvents_joinDataLinesAndSkipComments() throws IOException {
    String body = ": hello\n\nid: 1\nevent: x\ndata: one\ndata:two\n\n: keep-alive\n\ndata: last";
    try (var events =
        new ServerSentEvents(new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)))) {
      assertThat(events.next()).contains("one\ntwo");
      assertThat(events.next()).isEmpty();
    }
  }
}
