package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeTriggerTest {
  private static final StreamId DOOR = new StreamId("door");
  private final ChangeTrigger trigger = new ChangeTrigger();
  private int second;
  private double angle;

  @BeforeEach
  void start() {
    assertThat(fires(0, 1, "A tree.")).as("the first clip").isTrue();
  }

  @Test
  void stillPicture_doesNotFire_aJumpDoes() {
    for (int i = 0; i < 20; i++) {
      assertThat(fires(0.01, 0, "A tree.")).isFalse();
    }
    assertThat(fires(1, 0, "A tree.")).isTrue();
    assertThat(fires(0.01, 0, "A tree.")).isFalse();
  }

  @Test
  void leavesThatAlwaysMove_areUsual_whatMovesMoreIsNot() {
    for (int i = 0; i < 60; i++) {
      fires(i % 2 == 0 ? 0.4 : 0.45, 0.5, "A tree.");
    }
    assertThat(fires(0.43, 0.5, "A tree.")).isFalse();
    assertThat(fires(1.2, 0.5, "A tree.")).isTrue();
    assertThat(fires(0.4, 1, "A tree.")).as("so many new tokens are unusual").isTrue();
  }

  @Test
  void anotherCaption_fires_aRepeatDoesNot() {
    assertThat(fires(0, 0, "A tree and a dog.")).isTrue();
    ClipKey original = new ClipKey(DOOR, second - 1);
    ClipEntry repeat = new ClipEntry(
        new ClipKey(DOOR, second),
        Span.ofSeconds(second, second + 1),
        Frames.START,
        "pack",
        "A tree and a dog.",
        new float[] {0, 1},
        original);
    assertThat(trigger.fires(new Seen(repeat, 0, Optional.empty()))).isFalse();
  }

  @Test
  void restart_makesTheNextClipTheFirst() {
    fires(0, 0, "A tree.");
    trigger.restart();
    assertThat(fires(0, 0, "A tree.")).isTrue();
  }

  /** @param turn by how many radians the embedding turns */
  private boolean fires(double turn, double kept, String caption) {
    angle += turn;
    ClipEntry clip = new ClipEntry(
        new ClipKey(DOOR, second),
        Span.ofSeconds(second, second + 1),
        Frames.START,
        "pack",
        caption,
        new float[] {(float) Math.cos(angle), (float) Math.sin(angle)});
    second++;
    return trigger.fires(new Seen(clip, kept, Optional.empty()));
  }
}
