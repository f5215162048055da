package org.onlooker.memory;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.onlooker.core.KvScales;

/**
 * The calibrated scales that blocks of one memory were written with, kept in the default family as
 * {@code scales/<id>}, so that a memory can be read without the pack that made it, and never with
 * other scales.
 */
final class KnownScales {
  static final String PREFIX = "scales/";

  private final RocksDatabase database;
  private final Map<Long, CalibratedBlockCodec> codecs = new ConcurrentHashMap<>();

  private KnownScales(RocksDatabase database) {
    this.database = database;
  }

  /** Of a memory in which new blocks are written with {@code codec}, whose scales it keeps. */
  static KnownScales of(RocksDatabase database, BlockCodec codec) {
    KnownScales known = new KnownScales(database);
    if (codec instanceof CalibratedBlockCodec calibrated) {
      known.keep(calibrated);
    }
    return known;
  }

  private void keep(CalibratedBlockCodec codec) {
    long id = ScalesFormat.id(codec.scales());
    codecs.put(id, codec);
    if (read(id).isEmpty()) {
      byte[] key = key(id);
      database.putDefault(key, ScalesFormat.encode(key, codec.scales()));
    }
  }

  /** How to read a block that names {@code id}; empty where its scales are lost. */
  Optional<CalibratedBlockCodec> find(long id) {
    Optional<CalibratedBlockCodec> known = Optional.ofNullable(codecs.get(id));
    return known.or(() -> {
      Optional<CalibratedBlockCodec> read = read(id).map(CalibratedBlockCodec::new);
      read.ifPresent(codec -> codecs.put(id, codec));
      return read;
    });
  }

  /** Only what still has that id. */
  private Optional<KvScales> read(long id) {
    byte[] key = key(id);
    return database
        .getDefault(key)
        .flatMap(value -> ScalesFormat.decode(key, value))
        .filter(scales -> ScalesFormat.id(scales) == id);
  }

  private static byte[] key(long id) {
    return (PREFIX + HexFormat.of().toHexDigits(id)).getBytes(StandardCharsets.US_ASCII);
  }
}
