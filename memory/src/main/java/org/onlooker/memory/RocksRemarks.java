package org.onlooker.memory;

import static org.onlooker.memory.RocksDatabase.Family.REMARKS;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Pts;
import org.onlooker.core.Remark;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/**
 * Remarks by the sequence of their clip. The payload behind the {@link ValueFrame}, little-endian,
 * parts as in {@link MemoryFormat}: span, instant startTime, i8 kind (0 change, 1 summary), string
 * text, instant saidAt.
 */
final class RocksRemarks {
  private final RocksDatabase database;

  RocksRemarks(RocksDatabase database) {
    this.database = database;
  }

  static byte[] key(Remark remark) {
    return MemoryKeys.of(remark.stream(), remark.clip().sequence());
  }

  static byte[] value(byte[] key, Remark remark) {
    byte[] text = MemoryFormat.utf8(remark.text());
    ByteBuffer to = MemoryFormat.frame(MemoryFormat.SPAN_BYTES
        + 2 * MemoryFormat.INSTANT_BYTES
        + 1
        + MemoryFormat.stringBytes(text));
    MemoryFormat.putSpan(to, remark.span());
    MemoryFormat.putInstant(to, remark.startTime());
    to.put((byte) (remark.kind() == Remark.Kind.CHANGE ? 0 : 1));
    MemoryFormat.putString(to, text);
    MemoryFormat.putInstant(to, remark.saidAt());
    return MemoryFormat.seal(ValueFrame.Kind.REMARK, key, to);
  }

  private Optional<Remark> read(StreamId stream, RocksCursor remarks) {
    byte[] key = remarks.key();
    Optional<Remark> remark = MemoryFormat.open(ValueFrame.Kind.REMARK, key, remarks.value())
        .map(from -> new Remark(
            new ClipKey(stream, MemoryKeys.number(key)),
            MemoryFormat.span(from),
            MemoryFormat.instant(from),
            from.get() == 0 ? Remark.Kind.CHANGE : Remark.Kind.SUMMARY,
            MemoryFormat.string(from),
            MemoryFormat.instant(from)));
    return database.whole(REMARKS, key, remark);
  }

  /** As {@link org.onlooker.core.MemoryStore#remarks}. */
  List<Remark> list(StreamId stream, Span span, int limit) {
    List<Remark> found = new ArrayList<>();
    back(stream, span, remark -> {
      if (remark.span().overlaps(span)) {
        found.add(remark);
      }
      return found.size() < limit;
    });
    Collections.reverse(found);
    return found;
  }

  /** Adds the removal of those that overlap a stretch to a batch. */
  void hide(WriteBatch batch, StreamId stream, Span stretch) throws RocksDBException {
    List<Remark> overlapping = list(stream, stretch, Integer.MAX_VALUE);
    for (Remark remark : overlapping) {
      batch.delete(database.handle(REMARKS), key(remark));
    }
  }

  /**
   * Hands over the remarks that may overlap a span, the newest first, as long as {@code wanted}.
   * They are about moments at most {@link Remark#MICROS_MAX} before the end of their clip.
   */
  private void back(StreamId stream, Span span, Predicate<Remark> wanted) {
    try (RocksCursor remarks = database.cursor(REMARKS, stream)) {
      boolean on = remarks.seekBack(lastSequence(stream, span.end()));
      while (on) {
        Optional<Remark> remark = read(stream, remarks);
        if (remark.isPresent()
            && (isBefore(remark.get(), span.start()) || !wanted.test(remark.get()))) {
          return;
        }
        on = remarks.previous();
      }
    }
  }

  private static boolean isBefore(Remark remark, Pts start) {
    return remark.span().end().micros() + Remark.MICROS_MAX < start.micros();
  }

  /** Of the last clip that may have made somebody say something of what was before {@code end}. */
  private long lastSequence(StreamId stream, Pts end) {
    long latest = Math.max(end.micros(), end.micros() + Remark.MICROS_MAX);
    try (ClipCursor clips = new ClipCursor(database, stream)) {
      return clips
          .firstEndingAfter(new Pts(latest))
          .map(clip -> clip.key().sequence())
          .orElse(Long.MAX_VALUE);
    }
  }
}
