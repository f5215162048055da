package org.onlooker.language.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.language.Golden.largestDifference;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.KvBlock;
import org.onlooker.language.Golden;

/**
 * The decoder against the reference library, for both kinds of graph, in place and dense, with 32-
 * and 16-bit caches. Tolerances are those of {@code testdata/golden/README.md}, with room for
 * another machine's rounding.
 */
class DecoderParityTest {
  private static final String PACKS = """
      tiny-smolvlm, tiny-smolvlm, false, 4e-5
      tiny-smolvlm-gqa, tiny-smolvlm, false, 4e-5
      tiny-smolvlm-gqa, tiny-smolvlm, true, 4e-5
      tiny-idefics3-fp16kv, tiny-idefics3-fp16kv, false, 4e-3
      """;

  @ParameterizedTest
  @CsvSource(textBlock = PACKS)
  void generation_ofEveryPrompt_equalsReference(
      String pack, String golden, boolean inPlace, float tolerance) {
    try (Replay replay = new Replay(pack, golden)) {
      for (JsonNode topic : replay.golden.topic("generation")) {
        long[] ids = Golden.longs(topic.required("ids"));
        long[] expected = Golden.longs(topic.required("tokens"));
        try (Forward forward = forward(replay, inPlace, ids.length + expected.length)) {
          forward.run(ids, replay.pictures(topic), 0);
          assertLogits(replay, forward, replay.golden.array(topic, "firstLogits"), tolerance);
          assertThat(greedy(forward, expected.length)).isEqualTo(expected);
          assertLogits(replay, forward, replay.golden.array(topic, "lastLogits"), tolerance);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(textBlock = PACKS)
  void cache_ofOnePrompt_equalsReference(
      String pack, String golden, boolean inPlace, float tolerance) {
    try (Replay replay = new Replay(pack, golden)) {
      JsonNode topic = replay.golden.topic("cache");
      long[] ids = Golden.longs(topic.required("ids"));
      try (Forward forward = forward(replay, inPlace, ids.length + 5)) {
        forward.run(ids, replay.pictures(topic), 0);
        assertCache(replay, forward.cache(), tolerance);
        var off = replay.decoder.rope().off(0, ids.length);
        try (KvBlock block = forward.cache().read(0, ids.length, off)) {
          assertThat(largestDifference(
                  Replay.floats(block.keys()), replay.golden.array(topic, "rawKeys")))
              .isLessThan(tolerance);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(textBlock = PACKS)
  void prefill_inChunks_equalsOneShot(
      String pack, String golden, boolean inPlace, float tolerance) {
    try (Replay replay = new Replay(pack, golden)) {
      float[] embeds = replay.golden.array("cache-embeds");
      float[] logits = replay.golden.array("cache-logits");
      int vocabulary = replay.decoder.config().vocabSize();
      int tokens = logits.length / vocabulary;
      for (long chunk :
          Golden.longs(replay.golden.topic("chunkedPrefill").required("chunkTokens"))) {
        try (Forward forward = forward(replay, inPlace, tokens)) {
          for (int start = 0; start < tokens; start += (int) chunk) {
            int end = Math.min(start + (int) chunk, tokens);
            replay.runEmbeds(forward, embeds, start, end, start);
            assertLogits(replay, forward, row(logits, end - 1, vocabulary), tolerance);
          }
          assertCache(replay, forward.cache(), tolerance);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(textBlock = PACKS)
  void blocks_putAtLaterPositions_equalReferencePrefilledThere(
      String pack, String golden, boolean inPlace, float tolerance) {
    try (Replay replay = new Replay(pack, golden)) {
      if (!replay.golden.has("shifts")) {
        return;
      }
      float[] rawKeys = replay.golden.array("cache-raw-keys");
      float[] values = replay.golden.array("cache-values");
      int tokens = rawKeys.length / replay.shape.floatsPerToken();
      for (JsonNode shift : replay.golden.topic("shifts")) {
        try (Forward forward = forward(replay, inPlace, tokens);
            KvBlock block = replay.block(rawKeys, values, 0, tokens)) {
          forward.append(block, shift.required("by").intValue());
          float far = shift.required("by").intValue() >= 1000 ? 2e-4f : tolerance;
          assertThat(largestDifference(
                  replay.keys(forward.cache()), replay.golden.array(shift, "keys")))
              .isLessThan(far);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      tiny-smolvlm, false
      tiny-smolvlm-gqa, false
      tiny-smolvlm-gqa, true
      """)
  void question_overRecalledBlocks_equalsReference(String pack, boolean inPlace) {
    try (Replay replay = new Replay(pack, "tiny-smolvlm")) {
      JsonNode topic = replay.golden.topic("recalled");
      long[] question = Golden.longs(topic.required("questionIds"));
      float[] logits = replay.golden.array(topic, "logits");
      int vocabulary = replay.decoder.config().vocabSize();
      List<KvBlock> blocks = recalledBlocks(replay, topic);
      try (Forward forward = forward(replay, inPlace, 120)) {
        blocks.forEach(block -> forward.append(block, forward.cache().length()));
        assertThat(
                largestDifference(replay.keys(forward.cache()), replay.golden.array(topic, "keys")))
            .isLessThan(4e-5f);
        for (int i = 0; i < question.length; i++) {
          forward.run(new long[] {question[i]}, forward.cache().length());
          assertLogits(replay, forward, row(logits, i, vocabulary), 4e-5f);
        }
        long[] expected = Golden.longs(topic.required("tokens"));
        assertThat(greedy(forward, expected.length)).isEqualTo(expected);
      } finally {
        blocks.forEach(KvBlock::close);
      }
    }
  }

  /** Sinks and frames of the reference's stream. */
  private static List<KvBlock> recalledBlocks(Replay replay, JsonNode topic) {
    JsonNode stream = replay.golden.topic("stream");
    float[] rawKeys = replay.golden.array(stream, "rawKeys");
    float[] values = replay.golden.array(stream, "values");
    int sinks = stream.required("sinkTokens").intValue();
    long[] starts = Golden.longs(stream.required("frameStarts"));
    int frame = (int) (starts[1] - starts[0]);
    List<KvBlock> blocks = new ArrayList<>(List.of(replay.block(rawKeys, values, 0, sinks)));
    for (long index : Golden.longs(topic.required("frames"))) {
      int start = (int) starts[(int) index];
      blocks.add(replay.block(rawKeys, values, start, start + frame));
    }
    return blocks;
  }

  private static Forward forward(Replay replay, boolean inPlace, int capacity) {
    assertThat(replay.decoder.kind().inPlace() || !inPlace).isTrue();
    return new Forward(
        replay.decoder.as(new GraphKind(replay.decoder.kind().positioned(), inPlace)), capacity);
  }

  private static long[] greedy(Forward forward, int count) {
    long[] tokens = new long[count];
    for (int i = 0; i < count; i++) {
      tokens[i] = forward.likeliest();
      if (i + 1 < count) {
        forward.run(new long[] {tokens[i]}, forward.cache().length());
      }
    }
    return tokens;
  }

  private static void assertLogits(
      Replay replay, Forward forward, float[] expected, float tolerance) {
    float[] actual = Replay.logits(forward, replay.decoder.config().vocabSize());
    assertThat(largestDifference(actual, expected)).isLessThan(tolerance);
  }

  private static void assertCache(Replay replay, KvCache cache, float tolerance) {
    assertThat(largestDifference(replay.keys(cache), replay.golden.array("cache-keys")))
        .isLessThan(tolerance);
    var off = replay.decoder.rope().off(0, cache.length());
    try (KvBlock block = cache.read(0, cache.length(), off)) {
      assertThat(
              largestDifference(Replay.floats(block.values()), replay.golden.array("cache-values")))
          .isLessThan(tolerance);
    }
  }

  private static float[] row(float[] rows, int index, int width) {
    return Arrays.copyOfRange(rows, index * width, (index + 1) * width);
  }
}
