package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.onlooker.core.Frames.START;
import static org.onlooker.core.Frames.frame;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediaClockTest {
  @Test
  void recording_firstTimestampTenSeconds_startsAtZeroAndKeepsSpacing() {
    MediaClock clock = clock(false);
    assertThat(seconds(clock, 10, 0)).isEqualTo(0);
    assertThat(seconds(clock, 10.5, 0)).isEqualTo(0.5);
    assertThat(seconds(clock, 42, 0)).isEqualTo(32);
  }

  @Test
  void recording_timestampsJumpBack_timeGoesOn() {
    MediaClock clock = clock(false);
    seconds(clock, 5, 0);
    double before = seconds(clock, 9, 0);
    double after = seconds(clock, 0, 0);
    assertThat(after).isGreaterThan(before).isLessThan(before + 0.001);
    assertThat(seconds(clock, 0.5, 0)).isEqualTo(after + 0.5);
  }

  @Test
  void recording_wallTime_isStartPlusMediaTime() {
    Frame mapped = clock(false).map(frame(7, 1000));
    assertThat(mapped.wallTime()).isEqualTo(START);
  }

  @Test
  void live_connectsLate_isAnchoredToWallTime() {
    MediaClock clock = clock(true);
    assertThat(seconds(clock, 1234, 3)).isEqualTo(3);
    assertThat(seconds(clock, 1234.5, 3.6)).isEqualTo(3.5);
  }

  @Test
  void live_loopsToZero_timeGoesOnWithWallTime() {
    MediaClock clock = clock(true);
    seconds(clock, 0, 0);
    seconds(clock, 60, 60);
    assertThat(seconds(clock, 0, 60.5)).isEqualTo(60.5);
  }

  @Test
  void live_reconnectsAfterOutage_holeHasItsTrueLength() {
    MediaClock clock = clock(true);
    seconds(clock, 0, 0);
    seconds(clock, 1, 1);
    clock.connected(true);
    assertThat(seconds(clock, 0, 31)).isEqualTo(31);
  }

  @Test
  void live_driftsOverFiveSeconds_isAnchoredAgain() {
    MediaClock clock = clock(true);
    seconds(clock, 0, 0);
    assertThat(seconds(clock, 10, 14)).isEqualTo(10);
    assertThat(seconds(clock, 20, 26)).isEqualTo(26);
  }

  @Test
  void live_burstAtJoining_mediaTimeComesDownToWallTime() {
    MediaClock clock = clock(true);
    seconds(clock, 0, 0);
    assertThat(seconds(clock, 0.5, 0.01)).isLessThanOrEqualTo(0.01);
    assertThat(seconds(clock, 2, 0.02)).isLessThanOrEqualTo(0.02);
    assertThat(seconds(clock, 2.5, 0.6)).isCloseTo(0.52, within(1e-9));
  }

  @Test
  void live_wallClockSetBack_mediaTimeGoesOn() {
    MediaClock clock = clock(true);
    seconds(clock, 0, 0);
    seconds(clock, 20, 20);
    double after = seconds(clock, 20.5, 10.5);
    assertThat(after).isGreaterThan(20);
    assertThat(seconds(clock, 21.5, 11.5)).isCloseTo(after + 1, within(1e-9));
  }

  @Test
  void live_resumedAheadOfWallTime_keepsItsSpacing() {
    MediaClock clock = new MediaClock(START, Pts.ofSeconds(100));
    clock.connected(true);
    seconds(clock, 0, 50);
    assertThat(seconds(clock, 0.5, 50.5)).isEqualTo(100.5);
  }

  @Test
  void live_resumedProcess_neverReusesMediaTime() {
    MediaClock clock = new MediaClock(START, Pts.ofSeconds(100));
    clock.connected(true);
    assertThat(seconds(clock, 0, 50)).isEqualTo(100);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void anySource_randomTimestamps_mediaTimeAlwaysRises(long seed) {
    Random random = new Random(seed);
    boolean live = seed % 2 == 0;
    MediaClock clock = clock(live);
    double wall = 0;
    double last = -1;
    for (int i = 0; i < 2_000; i++) {
      wall += random.nextDouble();
      if (live && random.nextInt(100) == 0) {
        clock.connected(true);
      }
      double pts = clock.map(frame(random.nextDouble() * 100 - 10, wall)).pts().seconds();
      assertThat(pts).as("seed %d step %d", seed, i).isGreaterThan(last);
      last = pts;
    }
  }

  private static MediaClock clock(boolean live) {
    MediaClock clock = new MediaClock(START, Pts.ZERO);
    clock.connected(live);
    return clock;
  }

  private static double seconds(MediaClock clock, double source, double wall) {
    return clock.map(frame(source, wall)).pts().seconds();
  }
}
