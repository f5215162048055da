package org.onlooker.memory;

import org.onlooker.core.KvShape;

final class Packed2BlockCodecTest extends BlockCodecContract {
  @Override
  BlockCodec codec(KvShape shape) {
    return new PackedBlockCodec(2);
  }

  @Override
  double errorMax() {
    return 0.6;
  }

  @Override
  double bytesPerNumberMax() {
    return 0.3126;
  }
}
