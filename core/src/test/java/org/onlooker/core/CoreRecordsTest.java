package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CoreRecordsTest {
  @ParameterizedTest
  @CsvSource({
    "rtsp://bob:secret@cam/1, rtsp://***@cam/1",
    "open rtsp://bob@cam failed, open rtsp://***@cam failed",
    "http://h/x?token=abc&v=1, http://h/x?token=***&v=1",
    "rtsp://u:p@ss@cam/1, rtsp://***@cam/1",
    "http://h/a@b, http://h/a@b",
    "/home/me/film.mp4, /home/me/film.mp4",
  })
  void redacted_hidesCredentialsOnly(String address, String shown) {
    assertThat(Addresses.redacted(address)).isEqualTo(shown);
  }

  @Test
  void sourceException_messageWithCredentials_isRedacted() {
    assertThat(new SourceException(SourceError.AUTH, "rtsp://a:b@c refused us"))
        .hasMessage("rtsp://***@c refused us");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", "A", "a b", "ä", "../x"})
  void streamId_unsafe_isRejectedByName(String id) {
    assertThatThrownBy(() -> new StreamId(id))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + id + "\"");
  }

  @Test
  void span_isHalfOpen() {
    Span span = Span.ofSeconds(1, 2);
    assertThat(span.contains(Pts.ofSeconds(1))).isTrue();
    assertThat(span.contains(Pts.ofSeconds(2))).isFalse();
    assertThat(span.overlaps(Span.ofSeconds(2, 3))).isFalse();
    assertThat(span.distanceMicros(Pts.ofSeconds(4))).isEqualTo(2_000_001);
    assertThat(span.distanceMicros(Pts.ofSeconds(2))).isEqualTo(1);
    assertThat(Span.ofSeconds(2, 3).distanceMicros(Pts.ofSeconds(2))).isZero();
    assertThat(span.until(Pts.ofSeconds(0.5))).isEqualTo(Span.ofSeconds(1, 1));
  }

  @Test
  void clipLabel_afterAPeriod_startsAgain() {
    ClipLabel label = ClipLabel.of(Pts.ofSeconds(6000 + 754.9), Duration.ofMinutes(100));
    assertThat(label.minutePart()).isEqualTo(12);
    assertThat(label.secondPart()).isEqualTo(34);
  }

  @Test
  void backoff_staysInItsBoundsAndStartsAgain() {
    Backoff backoff = new Backoff(new Random(1));
    assertThat(backoff.next()).isBetween(Duration.ofMillis(125), Duration.ofMillis(250));
    for (int i = 0; i < 20; i++) {
      assertThat(backoff.next()).isBetween(Duration.ofMillis(250), Duration.ofSeconds(2));
    }
    backoff.reset();
    assertThat(backoff.next()).isLessThanOrEqualTo(Duration.ofMillis(250));
  }

  @Test
  void keyMeans_areTheMeanOverTokens() {
    try (KvBlock block = KvBlock.allocate(new KvShape(2, 1, 2), 3)) {
      for (int token = 0; token < 3; token++) {
        block
            .keys()
            .setAtIndex(ValueLayout.JAVA_FLOAT, block.rowOffset(1, 0, token) + 1, token + 1);
      }
      assertThat(block.keyMeans()[1][1]).isEqualTo(2f);
      assertThat(block.keyMeans()[0]).containsExactly(0f, 0f);
    }
  }

  @Test
  void kvBlock_afterClose_refusesAccess() {
    KvBlock block = KvBlock.allocate(new KvShape(1, 1, 2), 1);
    block.close();
    block.close();
    assertThatThrownBy(() -> block.keys().getAtIndex(ValueLayout.JAVA_FLOAT, 0))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({"false, 42, 0:42", "false, 3723, 1:02:03", "true, 42, 10:00:42"})
  void momentText_tellsClockTimeForLiveStreams(boolean live, double seconds, String text) {
    MomentText moments = new MomentText(Frames.START, live, ZoneOffset.UTC);
    assertThat(moments.of(Pts.ofSeconds(seconds))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({"No., true", "Never., true", "Nothing., true", "Nobody is here, false", "A dog, false"
  })
  void negation_opensAnAnswer(String answer, boolean denies) {
    assertThat(Negation.opens(answer)).isEqualTo(denies);
  }
}
