package org.onlooker.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.stream.IntStream;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Gap;
import org.onlooker.core.Jpeg;
import org.onlooker.core.Pace;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.VisualTokens;

/**
 * Payloads of all values but blocks, conversations ({@link ConversationFormat}) and remarks
 * ({@link RocksRemarks}). Behind the
 * {@link ValueFrame}, little-endian; {@code span} is two i64 of microseconds, {@code instant} an
 * i64 of epoch seconds and an i32 of nanoseconds, {@code string} an i32 of bytes and UTF-8:
 *
 * <pre>
 * clip       span, instant startTime, string fingerprint, string caption,
 *            i32 length, {@link ByteGroups} embedding, i64 sequence of the original
 * tokens     i32 frameCount, i32 tokensPerFrame, i32 width, one bit for each place (the first is
 *            the lowest of the first byte), {@link ByteGroups} values
 * key means  i32 layers, i32 width, {@link ByteGroups} of each layer
 * thumbnail  JPEG bytes
 * gap        span, string reason
 * stream     string source, f64 fps, i8 hasPrompt, string prompt, string pace, i8 loop,
 *            instant startTime
 * </pre>
 *
 * The stream and the sequence (for a gap: its start) are in the key, {@link MemoryKeys}. Version 1
 * had f32 in the embedding and f16 in tokens and key means.
 */
final class MemoryFormat {
  static final int INSTANT_BYTES = Long.BYTES + Integer.BYTES;
  static final int SPAN_BYTES = 2 * Long.BYTES;

  private MemoryFormat() {}

  static byte[] clip(byte[] key, ClipEntry clip) {
    byte[] fingerprint = utf8(clip.fingerprint());
    byte[] caption = utf8(clip.caption());
    int length = clip.embedding().length;
    int strings = stringBytes(fingerprint) + stringBytes(caption);
    int embedding = ByteGroups.bytes(length);
    ByteBuffer to =
        frame(SPAN_BYTES + INSTANT_BYTES + strings + Integer.BYTES + embedding + Long.BYTES);
    putSpan(to, clip.span());
    putInstant(to, clip.startTime());
    putString(to, fingerprint);
    putString(to, caption);
    to.putInt(length);
    ByteGroups.put(to, clip.embedding());
    to.putLong(clip.original().sequence());
    return seal(ValueFrame.Kind.CLIP, key, to);
  }

  static Optional<ClipEntry> clip(ClipKey clip, byte[] key, byte[] value) {
    return open(ValueFrame.Kind.CLIP, key, value).map(from -> {
      Span span = span(from);
      Instant startTime = instant(from);
      String fingerprint = string(from);
      String caption = string(from);
      int length = from.getInt();
      boolean first = isFirst(value);
      float[] embedding = first ? floats(from, length) : ByteGroups.get(from, length);
      long original = first ? clip.sequence() : from.getLong();
      return new ClipEntry(
          clip,
          span,
          startTime,
          fingerprint,
          caption,
          embedding,
          new ClipKey(clip.stream(), original));
    });
  }

  static byte[] tokens(byte[] key, VisualTokens tokens) {
    byte[] places = bits(tokens);
    ByteBuffer to =
        frame(3 * Integer.BYTES + places.length + ByteGroups.bytes(tokens.values().length));
    to.putInt(tokens.frameCount()).putInt(tokens.tokensPerFrame()).putInt(tokens.width());
    ByteGroups.put(to.put(places), tokens.values());
    return seal(ValueFrame.Kind.TOKENS, key, to);
  }

  private static byte[] bits(VisualTokens tokens) {
    BitSet bits = new BitSet();
    IntStream.of(tokens.places()).forEach(bits::set);
    return Arrays.copyOf(
        bits.toByteArray(), placeBytes(tokens.frameCount() * tokens.tokensPerFrame()));
  }

  private static int placeBytes(int places) {
    return Math.ceilDiv(places, Byte.SIZE);
  }

  static Optional<VisualTokens> tokens(byte[] key, byte[] value) {
    return open(ValueFrame.Kind.TOKENS, key, value).map(from -> {
      int frames = from.getInt();
      int perFrame = from.getInt();
      int width = from.getInt();
      int[] places = isFirst(value)
          ? IntStream.range(0, frames * perFrame).toArray()
          : places(from, frames * perFrame);
      float[] values = numbers(value, from, places.length * width);
      return new VisualTokens(frames, perFrame, width, places, values);
    });
  }

  private static int[] places(ByteBuffer from, int all) {
    byte[] bits = new byte[placeBytes(all)];
    from.get(bits);
    return BitSet.valueOf(bits).stream().toArray();
  }

  static byte[] keyMeans(byte[] key, float[][] means) {
    int width = means.length == 0 ? 0 : means[0].length;
    ByteBuffer to = frame(2 * Integer.BYTES + means.length * ByteGroups.bytes(width));
    to.putInt(means.length).putInt(width);
    for (float[] layer : means) {
      ByteGroups.put(to, layer);
    }
    return seal(ValueFrame.Kind.KEY_MEANS, key, to);
  }

  static Optional<float[][]> keyMeans(byte[] key, byte[] value) {
    return open(ValueFrame.Kind.KEY_MEANS, key, value).map(from -> {
      float[][] means = new float[from.getInt()][];
      int width = from.getInt();
      for (int layer = 0; layer < means.length; layer++) {
        means[layer] = numbers(value, from, width);
      }
      return means;
    });
  }

  static byte[] thumbnail(byte[] key, Jpeg thumbnail) {
    ByteBuffer to = frame(thumbnail.bytes().length).put(thumbnail.bytes());
    return seal(ValueFrame.Kind.THUMBNAIL, key, to);
  }

  static Optional<Jpeg> thumbnail(byte[] key, byte[] value) {
    return open(ValueFrame.Kind.THUMBNAIL, key, value).map(from -> {
      byte[] jpeg = new byte[from.remaining()];
      from.get(jpeg);
      return new Jpeg(jpeg);
    });
  }

  static byte[] gap(byte[] key, Gap gap) {
    byte[] reason = utf8(gap.reason());
    ByteBuffer to = frame(SPAN_BYTES + stringBytes(reason));
    putSpan(to, gap.span());
    putString(to, reason);
    return seal(ValueFrame.Kind.GAP, key, to);
  }

  static Optional<Gap> gap(byte[] key, byte[] value) {
    return open(ValueFrame.Kind.GAP, key, value).map(from -> new Gap(span(from), string(from)));
  }

  static byte[] stream(byte[] key, StreamRecord record) {
    StreamSpec spec = record.spec();
    byte[] source = utf8(spec.source());
    byte[] prompt = utf8(spec.prompt().orElse(""));
    byte[] pace = utf8(spec.pace().name());
    int strings = stringBytes(source) + stringBytes(prompt) + stringBytes(pace);
    ByteBuffer to = frame(strings + Double.BYTES + 2 + INSTANT_BYTES);
    putString(to, source);
    to.putDouble(spec.fps()).put((byte) (spec.prompt().isPresent() ? 1 : 0));
    putString(to, prompt);
    putString(to, pace);
    to.put((byte) (spec.loop() ? 1 : 0));
    putInstant(to, record.startTime());
    return seal(ValueFrame.Kind.STREAM, key, to);
  }

  static Optional<StreamRecord> stream(byte[] key, byte[] value) {
    return open(ValueFrame.Kind.STREAM, key, value).map(from -> {
      StreamId id = MemoryKeys.streamOf(key);
      String source = string(from);
      double fps = from.getDouble();
      boolean hasPrompt = from.get() == 1;
      String prompt = string(from);
      Pace pace = Pace.valueOf(string(from));
      boolean loop = from.get() == 1;
      Optional<String> words = hasPrompt ? Optional.of(prompt) : Optional.empty();
      return new StreamRecord(new StreamSpec(id, source, fps, words, pace, loop), instant(from));
    });
  }

  static ByteBuffer frame(int payloadBytes) {
    ByteBuffer value = ByteBuffer.allocate(ValueFrame.BYTES + payloadBytes);
    return value.order(ByteOrder.LITTLE_ENDIAN).position(ValueFrame.BYTES);
  }

  static byte[] seal(ValueFrame.Kind kind, byte[] key, ByteBuffer value) {
    ValueFrame.seal(kind, key, value);
    byte[] bytes = new byte[value.capacity()];
    value.get(0, bytes);
    return bytes;
  }

  static Optional<ByteBuffer> open(ValueFrame.Kind kind, byte[] key, byte[] value) {
    return ValueFrame.open(kind, key, ByteBuffer.wrap(value));
  }

  static void putSpan(ByteBuffer to, Span span) {
    to.putLong(span.start().micros()).putLong(span.end().micros());
  }

  static Span span(ByteBuffer from) {
    return new Span(new Pts(from.getLong()), new Pts(from.getLong()));
  }

  static void putInstant(ByteBuffer to, Instant instant) {
    to.putLong(instant.getEpochSecond()).putInt(instant.getNano());
  }

  static Instant instant(ByteBuffer from) {
    return Instant.ofEpochSecond(from.getLong(), from.getInt());
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static int stringBytes(byte[] utf8) {
    return Integer.BYTES + utf8.length;
  }

  static void putString(ByteBuffer to, byte[] utf8) {
    to.putInt(utf8.length).put(utf8);
  }

  static String string(ByteBuffer from) {
    byte[] utf8 = new byte[from.getInt()];
    from.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  private static boolean isFirst(byte[] value) {
    return value[0] == ValueFrame.OLDEST_VERSION;
  }

  /** As the value's version wrote them. */
  private static float[] numbers(byte[] value, ByteBuffer from, int count) {
    return isFirst(value) ? halves(from, count) : ByteGroups.get(from, count);
  }

  private static float[] floats(ByteBuffer from, int count) {
    float[] values = new float[count];
    from.asFloatBuffer().get(values);
    return values;
  }

  private static float[] halves(ByteBuffer from, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = Float.float16ToFloat(from.getShort());
    }
    return values;
  }
}
