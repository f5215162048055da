package org.onlooker.language.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.onlooker.language.Golden.largestDifference;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.language.FloatKind;
import org.onlooker.language.Rope;
import org.onlooker.onnx.RopeConfig;

/** Windows of both kinds over the reference's stream, and over one that never ends. */
class SlidingWindowTest {
  private static final float TOLERANCE = 4e-5f;

  /**
   * A window of at most five past frames; the packed one lets three leave at a time. The small
   * limit makes the positioned window go back to the start in mid-stream, which must change
   * nothing.
   */
  @ParameterizedTest
  @CsvSource(textBlock = """
      tiny-smolvlm, false, 0, 2048
      tiny-smolvlm, false, 0, 150
      tiny-smolvlm-gqa, false, 1, 2048
      tiny-smolvlm-gqa, true, 1, 2048
      """)
  void window_overReferenceStream_givesItsRawKeysAndValues(
      String pack, boolean inPlace, int schedule, int positionLimit) {
    try (Replay replay = new Replay(pack, "tiny-smolvlm")) {
      JsonNode stream = replay.golden.topic("stream");
      JsonNode topic = replay.golden.topic("slidingContiguous").get(schedule);
      float[] embeds = replay.golden.array(stream, "embeds");
      float[] rawKeys = replay.golden.array(topic, "rawKeys");
      float[] values = replay.golden.array(topic, "values");
      int sinks = stream.required("sinkTokens").intValue();
      int pastFrames = topic.required("windowFrames").intValue() - 1;
      boolean positioned = replay.decoder.kind().positioned();
      var bounds = new SlidingWindow.Bounds(positioned, pastFrames, positionLimit);
      Decoder decoder = replay.decoder.as(new GraphKind(positioned, inPlace));
      try (Forward forward = new Forward(decoder, 150);
          KvBlock sinkBlock = sinkBlock(replay, decoder, embeds, sinks);
          SlidingWindow window =
              new SlidingWindow(decoder.rope(), forward.cache(), sinkBlock, bounds)) {
        int rows = rawKeys.length / replay.shape.floatsPerToken();
        int frame = (rows - sinks) / stream.required("frameStarts").size();
        for (int start = sinks; start < rows; start += frame) {
          int position = window.makeRoom(frame);
          int row = forward.cache().length();
          replay.runEmbeds(forward, embeds, start, start + frame, position);
          KvBlock clip = forward.cache().read(row, frame, decoder.rope().off(position, frame));
          window.add(clip);
          assertClose(clip.keys(), replay.rows(rawKeys, start, start + frame));
          assertClose(clip.values(), replay.rows(values, start, start + frame));
        }
      }
    }
  }

  /** Frames keep running positions and nothing is rotated: one pass under a 4-D mask equals it. */
  @Test
  void cache_slidAtRunningPositions_equalsReference() {
    try (Replay replay = new Replay("tiny-smolvlm", "tiny-smolvlm")) {
      JsonNode stream = replay.golden.topic("stream");
      JsonNode topic = replay.golden.topic("slidingRunning");
      float[] embeds = replay.golden.array(stream, "embeds");
      float[] keys = replay.golden.array(topic, "keys");
      int sinks = stream.required("sinkTokens").intValue();
      int windowFrames = topic.required("windowFrames").intValue();
      int rows = keys.length / replay.shape.floatsPerToken();
      int frame = (rows - sinks) / stream.required("frameStarts").size();
      try (Forward forward = new Forward(replay.decoder, rows)) {
        replay.runEmbeds(forward, embeds, 0, sinks, 0);
        for (int start = sinks; start < rows; start += frame) {
          if (forward.cache().length() > sinks + windowFrames * frame) {
            forward.cache().drop(sinks, frame);
          }
          replay.runEmbeds(forward, embeds, start, start + frame, start);
          int length = forward.cache().length();
          assertThat(largestDifference(
                  replay.rows(replay.keys(forward.cache()), length - frame, length),
                  replay.rows(keys, start, start + frame)))
              .isLessThan(TOLERANCE);
        }
      }
    }
  }

  /**
   * A month at a clip a second, clips of one to twelve tokens. What stands in the cache is what one
   * rotation of the raw keys gives, in all 32 bits, and rows of one distance are as they were on
   * the first day.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void thirtyDays_positionsStayBounded_keysDoNotDrift(boolean positioned) {
    KvShape shape = new KvShape(1, 1, 4);
    Rope rope = new Rope(new RopeConfig(10_000, 4, Optional.empty()));
    int clipsMax = 4;
    int limit = 512;
    int capacity = 3 + (clipsMax + 1) * 12;
    var bounds = new SlidingWindow.Bounds(positioned, clipsMax, limit);
    SplittableRandom random = new SplittableRandom(1);
    int highest = 0;
    int longest = 0;
    try (KvCache cache = new KvCache(shape, FloatKind.F32, capacity, true);
        KvBlock sinks = noise(shape, 3, random);
        SlidingWindow window = new SlidingWindow(rope, cache, sinks, bounds)) {
      for (int clip = 0; clip < 30 * 24 * 3600; clip++) {
        KvBlock block = noise(shape, 1 + random.nextInt(12), random);
        int tokens = block.tokenCount();
        int position = window.makeRoom(tokens);
        if (!positioned && position != cache.length()) {
          throw new AssertionError("clip " + clip + " at " + position + ", not in its row");
        }
        int row = cache.length();
        cache.grow(tokens);
        cache.put(block, row, rope.to(position, tokens));
        window.add(block);
        highest = Math.max(highest, position + tokens);
        longest = Math.max(longest, cache.length());
        if (clip % 10_007 == 0) {
          assertRotatedOnce(cache, rope, sinks, window, position + tokens - cache.length());
        }
      }
    }
    assertThat(highest).isLessThanOrEqualTo(limit);
    assertThat(longest).isLessThanOrEqualTo(capacity);
  }

  /** @param first position of the first sink */
  private static void assertRotatedOnce(
      KvCache cache, Rope rope, KvBlock sinks, SlidingWindow window, int first) {
    List<KvBlock> blocks = new ArrayList<>(List.of(sinks));
    window.clips().forEach(blocks::add);
    int row = 0;
    for (KvBlock block : blocks) {
      try (KvCache fresh = new KvCache(block.shape(), FloatKind.F32, block.tokenCount(), true)) {
        fresh.grow(block.tokenCount());
        fresh.put(block, 0, rope.to(first + row, block.tokenCount()));
        for (int i = 0; i < block.tokenCount() * block.shape().headDim(); i++) {
          int column = i % block.shape().headDim();
          int token = i / block.shape().headDim();
          assertThat(cache.key(0, 0, row + token, column))
              .isEqualTo(fresh.key(0, 0, token, column));
        }
      }
      row += block.tokenCount();
    }
    assertThat(row).isEqualTo(cache.length());
  }

  private static KvBlock noise(KvShape shape, int tokens, SplittableRandom random) {
    KvBlock block = KvBlock.allocate(shape, tokens);
    for (int i = 0; i < tokens * shape.floatsPerToken(); i++) {
      block.keys().setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() - 0.5f);
    }
    return block;
  }

  @Test
  void clip_longerThanThePositions_isRefused() {
    KvShape shape = new KvShape(1, 1, 4);
    Rope rope = new Rope(new RopeConfig(10_000, 4, Optional.empty()));
    try (KvCache cache = new KvCache(shape, FloatKind.F32, 64, true);
        KvBlock sinks = KvBlock.allocate(shape, 3);
        SlidingWindow window =
            new SlidingWindow(rope, cache, sinks, new SlidingWindow.Bounds(true, 1, 32))) {
      assertThatThrownBy(() -> window.makeRoom(30))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a clip of 30 tokens")
          .hasMessageContaining("32 positions");
    }
  }

  private static KvBlock sinkBlock(Replay replay, Decoder decoder, float[] embeds, int sinks) {
    try (Forward forward = new Forward(decoder, sinks)) {
      replay.runEmbeds(forward, embeds, 0, sinks, 0);
      return forward.cache().read(0, sinks, decoder.rope().off(0, sinks));
    }
  }

  private static void assertClose(MemorySegment actual, float[] expected) {
    assertThat(largestDifference(Replay.floats(actual), expected)).isLessThan(TOLERANCE);
  }
}
