package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.StreamId;

class RunCommandTest {
  @ParameterizedTest
  @CsvSource({
    "rtsp://user:secret@192.168.0.7:554/live/1?token=x, 192-168-0-7-554-live-1",
    "https://host.example/Front Door/index.m3u8, host-example-front-door-index",
    "films/Holiday 2026.mp4, holiday-2026",
    "/home/me/a.mkv, a",
    "file:///home/me/b.mp4, b",
    "webcam:0, webcam-0",
    "test:pattern, test-pattern",
    "..., live",
  })
  void name_tellsTheSourceApart_withoutItsSecrets(String source, String name) {
    assertThat(RunCommand.name(source)).isEqualTo(name);
    assertThat(new StreamId(name).value()).isEqualTo(name);
  }

  @Test
  void name_ofALongSource_isBounded() {
    assertThat(RunCommand.name("rtsp://host/" + "x".repeat(300))).hasSize(40);
  }
}
