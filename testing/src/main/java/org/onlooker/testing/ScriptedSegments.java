package org.onlooker.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.onlooker.core.Footage;
import org.onlooker.core.Pts;
import org.onlooker.core.Recording;
import org.onlooker.core.Segment;
import org.onlooker.core.Segments;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** Segments that were listed beforehand; a cut holds its span as text. */
public final class ScriptedSegments implements Segments {
  private final List<Segment> segments = new CopyOnWriteArrayList<>();
  private final List<Footage> given = new CopyOnWriteArrayList<>();

  public void add(Segment segment) {
    segments.add(segment);
  }

  /** What was cut so far. */
  public List<Footage> given() {
    return List.copyOf(given);
  }

  @Override
  public List<Segment> overlapping(StreamId stream, Span span) {
    return segments.stream()
        .filter(segment -> segment.stream().equals(stream) && segment.span().overlaps(span))
        .toList();
  }

  @Override
  public Recording recording(StreamId stream) {
    return overlapping(stream, Span.ALL).isEmpty()
        ? Recording.off("nothing is scripted")
        : new Recording(Recording.State.RECORDING, Optional.empty(), 0);
  }

  @Override
  public boolean covers(StreamId stream, Span span) {
    return !overlapping(stream, span).isEmpty();
  }

  @Override
  public Optional<Footage> cut(StreamId stream, Span span) {
    return overlapping(stream, span).stream().findFirst().map(first -> {
      Pts start =
          first.span().contains(span.start()) ? span.start() : first.span().start();
      Span shown = new Span(start, span.end());
      Footage footage = new Footage(file(shown.toString()), shown.toString().length(), shown);
      given.add(footage);
      return footage;
    });
  }

  private static Path file(String text) {
    try {
      return Files.writeString(Files.createTempFile("scripted", ".mp4"), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long remove(StreamId stream, Span stretch) {
    List<Segment> gone = overlapping(stream, stretch);
    segments.removeAll(gone);
    return gone.stream().mapToLong(Segment::bytes).sum();
  }

  @Override
  public void removeStream(StreamId stream) {
    segments.removeIf(segment -> segment.stream().equals(stream));
  }

  @Override
  public void backup(Path folder) {}

  @Override
  public void restore(Path folder, StreamId stream) {}

  @Override
  public long bytes() {
    return segments.stream().mapToLong(Segment::bytes).sum();
  }

  @Override
  public void close() {}
}
