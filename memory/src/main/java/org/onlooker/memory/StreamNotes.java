package org.onlooker.memory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.onlooker.core.StreamId;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/**
 * What is noted of streams in the default family, as {@code <prefix><stream>}.
 *
 * @param prefix ends with a slash
 */
record StreamNotes(String prefix) {
  byte[] key(StreamId stream) {
    return ascii(prefix + stream.value());
  }

  /** The streams of which there is such a note. */
  List<StreamId> streams(RocksDatabase database) {
    List<StreamId> noted = new ArrayList<>();
    try (RocksIterator notes = database.db().newIterator(database.defaultHandle())) {
      for (notes.seek(ascii(prefix)); notes.isValid(); notes.next()) {
        String key = new String(notes.key(), StandardCharsets.US_ASCII);
        if (key.startsWith(prefix)) {
          noted.add(new StreamId(key.substring(prefix.length())));
        }
      }
      notes.status();
    } catch (RocksDBException e) {
      throw database.failed(e);
    }
    return noted;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
