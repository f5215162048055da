package org.onlooker.memory;

import java.lang.foreign.MemorySegment;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;

/**
 * How keys and values are written. Stateless; ids are never given to another form.
 *
 * <p>Both sides are native memory: keys and values never pass through the Java heap.
 */
public interface BlockCodec {
  /** The form's name on disk. */
  byte id();

  /** Bytes that a block takes. */
  long encodedBytes(KvShape shape, int tokenCount);

  /** Writes {@code block} to the first {@link #encodedBytes} bytes of {@code to}. */
  void encode(KvBlock block, MemorySegment to);

  /** Fills {@code block} from what {@link #encode} wrote for a block of the same shape. */
  void decode(MemorySegment from, KvBlock block);
}
