package org.onlooker.memory;

import org.onlooker.core.KvShape;

final class Int8BlockCodecTest extends BlockCodecContract {
  @Override
  BlockCodec codec(KvShape shape) {
    return new Int8BlockCodec();
  }

  @Override
  double errorMax() {
    return 0.01;
  }

  @Override
  double bytesPerNumberMax() {
    return 1.04;
  }
}
