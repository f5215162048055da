package org.onlooker.testing;

import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.Random;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Frame;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.core.Memory;
import org.onlooker.core.Picture;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.VisualTokens;

/** Frames, memories and blocks with known content. */
public final class TestClips {
  public static final Instant START = Instant.parse("2026-11-21T10:00:00Z");
  public static final KvShape SHAPE = new KvShape(2, 2, 8);
  public static final String FINGERPRINT = "scripted-1";

  private TestClips() {}

  /** An 8x8 frame of one colour (0xRRGGBB) at {@code seconds} on the source's clock. */
  public static Frame frame(double seconds, int rgb) {
    byte[] pixels = new byte[8 * 8 * 3];
    for (int i = 0; i < pixels.length; i += 3) {
      pixels[i] = (byte) (rgb >> 16);
      pixels[i + 1] = (byte) (rgb >> 8);
      pixels[i + 2] = (byte) rgb;
    }
    Pts pts = Pts.ofSeconds(seconds);
    Jpeg jpeg = new Jpeg(new byte[] {(byte) 0xff, (byte) 0xd8, (byte) rgb});
    return new Frame(
        pts, START.plusNanos(pts.micros() * 1_000), new Picture(8, 8, pixels), jpeg, jpeg);
  }

  /** The memory of one second of a stream, its embedding and tokens drawn from the sequence. */
  public static Memory memory(StreamId stream, long sequence, String caption, float[] embedding) {
    VisualTokens tokens = new VisualTokens(1, 2, 4, noise(sequence, 8));
    return new Memory(
        new ClipKey(stream, sequence),
        Span.ofSeconds((double) sequence, (double) sequence + 1),
        START.plusSeconds(sequence),
        FINGERPRINT,
        tokens,
        embedding,
        new float[][] {noise(sequence + 1, 16), noise(sequence + 2, 16)},
        caption,
        new Jpeg(
            ("jpeg " + stream + " " + sequence).getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** A block of {@link #SHAPE} filled with unit-variance noise of a seed. */
  public static KvBlock block(long seed, int tokenCount) {
    KvBlock block = KvBlock.allocate(SHAPE, tokenCount);
    Random random = new Random(seed);
    for (long i = 0; i < (long) SHAPE.floatsPerToken() * tokenCount; i++) {
      block.keys().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
      block.values().setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
    }
    return block;
  }

  public static float[] noise(long seed, int length) {
    Random random = new Random(seed);
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  /** The vector scaled to length 1. */
  public static float[] unit(float... vector) {
    double square = 0;
    for (float value : vector) {
      square += value * value;
    }
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = (float) (vector[i] / Math.sqrt(square));
    }
    return scaled;
  }
}
