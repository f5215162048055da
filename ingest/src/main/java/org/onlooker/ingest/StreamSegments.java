package org.onlooker.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Pts;
import org.onlooker.core.Recording;
import org.onlooker.core.Span;

/** The segments of one stream by their start, and how its recording goes. Any thread. */
final class StreamSegments {
  /** A segment's file; its span ends with the last fragment that is safe. */
  record Entry(Path path, Span span, long bytes, boolean inTheMaking) {}

  private final Path folder;
  private final ConcurrentNavigableMap<Pts, Entry> entries = new ConcurrentSkipListMap<>();
  private final LongAdder packetsDropped = new LongAdder();
  private volatile Recording.State state = Recording.State.WAITING;
  private volatile Optional<String> reason = Optional.empty();
  private volatile @Nullable Original original;
  private volatile boolean removed;

  /** @param folder which need not exist yet */
  StreamSegments(Path folder) {
    this.folder = folder;
  }

  Path folder() {
    return folder;
  }

  /** Adds a complete segment that was found. */
  void put(SegmentFiles.Found found) {
    put(new Entry(found.path(), found.span(), found.bytes(), false));
  }

  void put(Entry entry) {
    entries.put(entry.span().start(), entry);
  }

  void remove(Entry entry) {
    entries.remove(entry.span().start());
  }

  /** Media time up to which there are segments. */
  Pts end() {
    var last = entries.lastEntry();
    return last == null ? Pts.ZERO : last.getValue().span().end();
  }

  /** A start that no segment has, at {@code wanted} or just behind the last one's. */
  Pts firstFreeStart(Pts wanted) {
    var last = entries.lastEntry();
    return last == null || last.getKey().isBefore(wanted)
        ? wanted
        : last.getKey().plusMicros(1);
  }

  List<Entry> overlapping(Span span) {
    Pts from = Optional.ofNullable(entries.floorKey(span.start())).orElse(span.start());
    return entries.subMap(from, true, span.end(), false).values().stream()
        .filter(entry -> entry.span().overlaps(span))
        .toList();
  }

  /** The files of segments that are complete. */
  List<Path> complete() {
    return entries.values().stream()
        .filter(entry -> !entry.inTheMaking())
        .map(Entry::path)
        .toList();
  }

  long bytes() {
    return entries.values().stream().mapToLong(Entry::bytes).sum();
  }

  /** What a cut of this stretch is made of; empty where there is nothing of it. */
  List<Piece> pieces(Span span) {
    List<Piece> recorded = overlapping(span).stream()
        .map(entry -> Piece.segment(entry.path(), entry.span().start()))
        .toList();
    Original file = original;
    boolean plays = recorded.isEmpty()
        && file != null
        && span.start().micros() < file.endMicros()
        && file.isThere();
    return plays ? List.of(Piece.original(file.path(), file.offsetMicros())) : recorded;
  }

  /** Deletes the files of segments that are complete and overlap a stretch. */
  long remove(Span stretch) throws IOException {
    long freed = 0;
    for (Entry entry : overlapping(stretch)) {
      if (!entry.inTheMaking()) {
        Files.deleteIfExists(entry.path());
        remove(entry);
        freed += entry.bytes();
      }
    }
    return freed;
  }

  /** Deletes all files; nothing more can be begun. */
  void remove() throws IOException {
    removed = true;
    original = null;
    entries.clear();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.deleteIfExists(file);
        }
      }
      Files.delete(folder);
    }
  }

  boolean isRemoved() {
    return removed;
  }

  void set(Recording.State to) {
    state = to;
    reason = Optional.empty();
  }

  void set(Recording.State to, String why) {
    state = to;
    reason = Optional.of(why);
  }

  void dropped(long count) {
    packetsDropped.add(count);
  }

  Recording recording() {
    return new Recording(state, reason, packetsDropped.sum());
  }

  /** It is watched from a file that is its own recording. */
  void playsFrom(Original file) {
    original = file;
  }
}
