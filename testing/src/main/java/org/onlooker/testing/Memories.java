package org.onlooker.testing;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.core.Memory;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.VisualTokens;

/** Made-up clips; the same stream and sequence always give the same clip. */
public final class Memories {
  public static final Instant START = Instant.parse("2026-11-21T09:00:00Z");
  public static final String FINGERPRINT = "pack-1";
  public static final KvShape SHAPE = new KvShape(3, 2, 16);
  private static final long CLIP_MICROS = 1_000_000;

  private Memories() {}

  /** The span of a clip of one second. */
  public static Span span(long sequence) {
    return new Span(new Pts(sequence * CLIP_MICROS), new Pts((sequence + 1) * CLIP_MICROS));
  }

  public static Memory memory(String stream, long sequence) {
    return memory(stream, sequence, span(sequence), "a caption of clip " + sequence);
  }

  public static Memory memory(String stream, long sequence, Span span, String caption) {
    RandomGenerator random = random(stream, sequence);
    ClipKey key = new ClipKey(new StreamId(stream), sequence);
    float[] embedding = unit(random, 32);
    float[][] means = new float[SHAPE.layers()][];
    for (int layer = 0; layer < means.length; layer++) {
      means[layer] = gaussian(random, SHAPE.kvHeads() * SHAPE.headDim());
    }
    byte[] jpeg = new byte[500 + random.nextInt(500)];
    new Random(sequence).nextBytes(jpeg);
    VisualTokens tokens = new VisualTokens(2, 4, 24, gaussian(random, 2 * 4 * 24));
    return new Memory(
        key,
        span,
        START.plusNanos(span.start().micros() * 1000),
        FINGERPRINT,
        tokens,
        embedding,
        means,
        caption,
        new Jpeg(jpeg));
  }

  /** What an index is given of a clip. */
  public static ClipEntry entry(String stream, long sequence, String caption, float... embedding) {
    Span span = span(sequence);
    return new ClipEntry(
        new ClipKey(new StreamId(stream), sequence),
        span,
        START.plusNanos(span.start().micros() * 1000),
        FINGERPRINT,
        caption,
        embedding);
  }

  /** What is kept of a clip that shows what an earlier one did. */
  public static ClipEntry repeat(String stream, long sequence, long original) {
    ClipEntry like = memory(stream, sequence).entry();
    return memory(stream, original).entry().repeatedBy(like.key(), like.span(), like.startTime());
  }

  public static Memory withTokens(Memory memory, VisualTokens tokens) {
    return new Memory(
        memory.key(),
        memory.span(),
        memory.startTime(),
        memory.fingerprint(),
        tokens,
        memory.embedding(),
        memory.keyMeans(),
        memory.caption(),
        memory.thumbnail());
  }

  /** A block that belongs to {@link #memory}; the caller closes it. */
  public static KvBlock block(String stream, long sequence) {
    int tokenCount = 8 + (int) (sequence % 5);
    return block(SHAPE, tokenCount, random(stream, sequence));
  }

  /** A block whose keys have outlier channels, as those of trained models do. */
  public static KvBlock block(KvShape shape, int tokenCount, RandomGenerator random) {
    KvBlock block = KvBlock.allocate(shape, tokenCount);
    fill(block.keys(), shape.headDim(), random, 8);
    fill(block.values(), shape.headDim(), random, 1);
    return block;
  }

  private static void fill(MemorySegment to, int dim, RandomGenerator random, float outlier) {
    for (long i = 0; i < to.byteSize() / Float.BYTES; i++) {
      float channel = i % dim == 3 ? outlier : 1;
      to.setAtIndex(ValueLayout.JAVA_FLOAT, i, channel * (float) random.nextGaussian());
    }
  }

  public static float[] unit(RandomGenerator random, int length) {
    float[] vector = gaussian(random, length);
    double square = 0;
    for (float value : vector) {
      square += value * value;
    }
    for (int i = 0; i < length; i++) {
      vector[i] /= (float) Math.sqrt(square);
    }
    return vector;
  }

  private static float[] gaussian(RandomGenerator random, int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static RandomGenerator random(String stream, long sequence) {
    return new Random(31L * stream.hashCode() + sequence);
  }

  /** Clips of a few recurring scenes, as a fixed camera gives them; seeded. */
  public static List<ClipEntry> scenes(long seed, int count, int dimension) {
    Random random = new Random(seed);
    List<String> things = List.of("dog", "cat", "bus", "tree", "ball", "key", "house", "clock");
    List<float[]> centres = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      centres.add(unit(random, dimension));
    }
    List<ClipEntry> clips = new ArrayList<>();
    int scene = 0;
    for (int sequence = 0; sequence < count; sequence++) {
      scene = random.nextInt(20) == 0 ? random.nextInt(centres.size()) : scene;
      float[] vector = centres.get(scene).clone();
      for (int i = 0; i < dimension; i++) {
        vector[i] += (float) random.nextGaussian() * 0.08f;
      }
      String caption = "A " + things.get(scene % 8) + " and a "
          + things.get(random.nextInt(things.size())) + ".";
      clips.add(entry("door", sequence, random.nextInt(3) == 0 ? "" : caption, vector));
    }
    return clips;
  }
}
