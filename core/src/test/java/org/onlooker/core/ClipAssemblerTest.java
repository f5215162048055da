package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.core.Frames.START;
import static org.onlooker.core.Frames.frame;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClipAssemblerTest {
  private static final StreamId STREAM = new StreamId("s");

  @Test
  void twoFramesPerSecond_secondFrame_completesTheClip() {
    ClipAssembler assembler = assembler(2, 2, Pts.ZERO);
    assertThat(assembler.add(frame(3.1))).isEmpty();
    Clip clip = assembler.add(frame(3.6)).getFirst();
    assertThat(clip.key()).isEqualTo(new ClipKey(STREAM, 7));
    assertThat(clip.span()).isEqualTo(Span.ofSeconds(3, 4));
    assertThat(clip.startTime()).isEqualTo(START.plusSeconds(3));
    assertThat(clip.frames()).hasSize(2);
  }

  @Test
  void frameMissing_nextCell_completesTheClip() {
    ClipAssembler assembler = assembler(2, 2, Pts.ZERO);
    assembler.add(frame(0.2));
    List<Clip> complete = assembler.add(frame(1.1));
    assertThat(complete).extracting(Clip::span).containsExactly(Span.ofSeconds(0, 1));
    assertThat(assembler.flush().orElseThrow().span()).isEqualTo(Span.ofSeconds(1, 2));
  }

  @Test
  void extraFrameOfAnEmittedClip_isLeftOut() {
    ClipAssembler assembler = assembler(2, 2, Pts.ZERO);
    assembler.add(frame(0));
    assembler.add(frame(0.4));
    assertThat(assembler.add(frame(0.9))).isEmpty();
    assertThat(assembler.flush()).isEmpty();
  }

  @Test
  void slowSampling_cellsGrowToHoldAFrame() {
    ClipAssembler assembler = assembler(0.5, 2, Pts.ZERO);
    Clip clip = assembler.add(frame(5)).getFirst();
    assertThat(clip.span()).isEqualTo(Span.ofSeconds(4, 6));
  }

  @Test
  void fastSampling_keepsEvenlySpacedFrames() {
    ClipAssembler assembler = assembler(8, 2, Pts.ZERO);
    List<Clip> complete = List.of();
    for (int i = 0; i < 8; i++) {
      complete = assembler.add(frame(i / 8.0));
    }
    assertThat(complete.getFirst().frames())
        .extracting(f -> f.pts().seconds())
        .containsExactly(0.0, 0.5);
  }

  @Test
  void resumed_framesAlreadyStored_areLeftOut() {
    ClipAssembler assembler = assembler(2, 2, Pts.ofSeconds(10));
    assertThat(assembler.add(frame(9.0))).isEmpty();
    assertThat(assembler.add(frame(9.5))).isEmpty();
    assembler.add(frame(10));
    assertThat(assembler.add(frame(10.5)).getFirst().span()).isEqualTo(Span.ofSeconds(10, 11));
  }

  @Test
  void between_liesHalfOnTheLastClipAndHalfOnTheNext() {
    ClipAssembler assembler = assembler(2, 2, Pts.ZERO);
    assembler.add(frame(3));
    assertThat(assembler.between()).as("nothing is before it").isEmpty();
    assembler.add(frame(3.5));
    assertThat(assembler.between()).isEmpty();
    assembler.add(frame(4));

    Clip between = assembler.between().orElseThrow();

    assertThat(between.key()).isEqualTo(new ClipKey(STREAM, 8));
    assertThat(between.span()).isEqualTo(Span.ofSeconds(3.5, 4.5));
    assertThat(between.startTime()).isEqualTo(START.plusMillis(3_500));
    assertThat(between.frames()).extracting(f -> f.pts().seconds()).containsExactly(3.5, 4.0);
    assertThat(assembler.add(frame(4.5)).getFirst().key()).isEqualTo(between.key());
  }

  @Test
  void between_whereSomethingIsMissingOrClipsHaveOneFrame_isNothing() {
    ClipAssembler assembler = assembler(2, 2, Pts.ZERO);
    assembler.add(frame(3));
    assembler.add(frame(3.5));
    assembler.add(frame(5));
    assertThat(assembler.between()).isEmpty();

    ClipAssembler slow = assembler(1, 2, Pts.ZERO);
    slow.add(frame(3));
    slow.add(frame(4));
    assertThat(slow.between()).isEmpty();
  }

  @Test
  void between_ofManyFrames_keepsEvenlySpacedOnes() {
    ClipAssembler assembler = assembler(8, 2, Pts.ZERO);
    for (int i = 0; i < 12; i++) {
      assembler.add(frame(i / 8.0));
    }
    assertThat(assembler.between().orElseThrow().frames())
        .extracting(f -> f.pts().seconds())
        .containsExactly(0.5, 1.0);
  }

  private static ClipAssembler assembler(double fps, int framesMax, Pts after) {
    return new ClipAssembler(STREAM, Duration.ofSeconds(1), fps, framesMax, 7, after);
  }
}
