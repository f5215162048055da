package org.onlooker.memory;

import org.onlooker.core.KvShape;

final class Fp16BlockCodecTest extends BlockCodecContract {
  @Override
  BlockCodec codec(KvShape shape) {
    return new Fp16BlockCodec();
  }

  @Override
  double errorMax() {
    return 0.0005;
  }

  @Override
  double bytesPerNumberMax() {
    return 2.001;
  }
}
