package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Memory;
import org.onlooker.core.StreamId;
import org.onlooker.testing.Memories;

/** Values of version 1, with floats of 32 and 16 bits, are still read. */
final class MemoryFormatTest {
  private static final ClipKey CLIP = new ClipKey(new StreamId("door"), 3);
  private static final byte[] KEY = MemoryKeys.of(CLIP.stream(), CLIP.sequence());
  private static final Memory MEMORY = Memories.memory("door", 3);

  @Test
  void clip_ofVersion1_isRead() {
    byte[] now = MemoryFormat.clip(KEY, MEMORY.entry());
    int length = MEMORY.embedding().length;
    int before = now.length - ByteGroups.bytes(length) - Long.BYTES;
    ByteBuffer old = little(before + length * Float.BYTES).put(now, 0, before);
    for (float number : MEMORY.embedding()) {
      old.putFloat(number);
    }
    ClipEntry entry = MemoryFormat.clip(CLIP, KEY, sealedAsFirst(old)).orElseThrow();
    assertThat(entry).usingRecursiveComparison().isEqualTo(MEMORY.entry());
  }

  @Test
  void tokensAndKeyMeans_ofVersion1_areRead() {
    float[] values = MEMORY.tokens().values();
    byte[] tokens = MemoryFormat.tokens(KEY, MEMORY.tokens());
    int places = 1; // eight tokens
    byte[] oldTokens =
        halves(tokens, tokens.length - ByteGroups.bytes(values.length) - places, values);
    assertThat(MemoryFormat.tokens(KEY, oldTokens).orElseThrow().values())
        .containsExactly(values, Offset.offset(0.002f));

    float[][] means = {MEMORY.keyMeans()[0]};
    byte[] keyMeans = MemoryFormat.keyMeans(KEY, means);
    byte[] oldMeans =
        halves(keyMeans, keyMeans.length - ByteGroups.bytes(means[0].length), means[0]);
    assertThat(MemoryFormat.keyMeans(KEY, oldMeans).orElseThrow()[0])
        .containsExactly(means[0], Offset.offset(0.002f));
  }

  private static byte[] halves(byte[] now, int before, float[] values) {
    ByteBuffer old = little(before + values.length * Short.BYTES).put(now, 0, before);
    for (float value : values) {
      old.putShort(Float.floatToFloat16(value));
    }
    return sealedAsFirst(old);
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static byte[] sealedAsFirst(ByteBuffer value) {
    value.put(0, ValueFrame.OLDEST_VERSION);
    CRC32C crc = new CRC32C();
    crc.update(KEY);
    crc.update(value.array(), 0, 2);
    crc.update(value.array(), ValueFrame.BYTES, value.capacity() - ValueFrame.BYTES);
    return value.putInt(4, (int) crc.getValue()).array();
  }
}
