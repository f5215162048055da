package org.onlooker.memory;

/**
 * How a {@link RocksMemoryStore} uses the machine.
 *
 * @param sync whether an acknowledged clip survives power loss, at the price of a disk flush each
 * @param cacheBytes of native memory for data and index blocks that were read
 * @param memtableBytes of native memory for clips not yet in table files
 * @param freeBytesMin that must stay free on the disk; below it, appending is refused
 * @param codec how blocks are written; blocks of every codec are read
 */
public record RocksOptions(
    boolean sync, long cacheBytes, long memtableBytes, long freeBytesMin, BlockCodec codec) {
  private static final long MEBIBYTE = 1 << 20;

  public RocksOptions {
    requireAtLeast("cacheBytes", cacheBytes, MEBIBYTE);
    requireAtLeast("memtableBytes", memtableBytes, MEBIBYTE);
    requireAtLeast("freeBytesMin", freeBytesMin, 0);
  }

  public static RocksOptions defaults() {
    return new RocksOptions(
        false, 8 * MEBIBYTE, 12 * MEBIBYTE, 512 * MEBIBYTE, new Int8BlockCodec());
  }

  public RocksOptions withSync(boolean on) {
    return new RocksOptions(on, cacheBytes, memtableBytes, freeBytesMin, codec);
  }

  public RocksOptions withFreeBytesMin(long bytes) {
    return new RocksOptions(sync, cacheBytes, memtableBytes, bytes, codec);
  }

  public RocksOptions withMemtableBytes(long bytes) {
    return new RocksOptions(sync, cacheBytes, bytes, freeBytesMin, codec);
  }

  public RocksOptions withCodec(BlockCodec other) {
    return new RocksOptions(sync, cacheBytes, memtableBytes, freeBytesMin, other);
  }

  private static void requireAtLeast(String name, long value, long least) {
    if (value < least) {
      throw new IllegalArgumentException(name + " is " + value + ", must be at least " + least);
    }
  }
}
