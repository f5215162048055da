package org.onlooker.ingest;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.onlooker.core.Footage;
import org.onlooker.core.Recording;
import org.onlooker.core.Segment;
import org.onlooker.core.Segments;
import org.onlooker.core.SourceException;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;

/**
 * Segments in files, as {@link SegmentFiles} says, and files that are watched where they are.
 *
 * <p>One thread writes for all streams: reading threads only hand it references to packets, so that
 * a slow or hanging disk costs packets of the recording and nothing else.
 */
public final class RecordedSegments implements Segments, PacketTap {
  /**
   * What a user may choose.
   *
   * @param enabled whether new segments are recorded
   * @param freeBytesMin on the disk; with less, recording stops
   */
  public record Options(boolean enabled, long freeBytesMin) {}

  private static final System.Logger LOG = System.getLogger(RecordedSegments.class.getName());
  private static final Duration RETRY_AFTER = Duration.ofSeconds(30);
  private static final Duration PATIENCE = Duration.ofSeconds(4);
  private static final long TICK_MILLIS = 500;
  private static final String UNREACHABLE = "cannot be reached";

  private final Path root;
  private final Options options;
  private final Duration retryAfter;
  private final DiskRoom room;
  private final ConcurrentHashMap<StreamId, StreamSegments> streams = new ConcurrentHashMap<>();
  private final Set<SegmentWriter> writers = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
      1, Thread.ofPlatform().daemon().name("record-segments").factory());
  private final AtomicLong cutCount = new AtomicLong();

  private RecordedSegments(Path root, Options options, Duration retryAfter) {
    this.root = root;
    this.options = options;
    this.retryAfter = retryAfter;
    this.room = new DiskRoom(root, options.freeBytesMin());
  }

  /**
   * Opens the folder; reads names, and only of segments that a crash left open their content.
   *
   * @throws StoreException when it is of another version or cannot be read
   */
  public static RecordedSegments open(Path root, Options options) {
    return open(root, options, RETRY_AFTER);
  }

  /** @param retryAfter from a write that failed to the next try */
  static RecordedSegments open(Path root, Options options, Duration retryAfter) {
    RecordedSegments segments =
        new RecordedSegments(root.toAbsolutePath().normalize(), options, retryAfter);
    try {
      SegmentFiles.prepare(root);
      segments.find();
    } catch (IOException e) {
      segments.close();
      throw new StoreException(
          StoreException.Reason.FAILED, "segments in " + root + " cannot be opened: " + e, e);
    }
    segments.thread.scheduleWithFixedDelay(
        segments::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
    return segments;
  }

  private void find() throws IOException {
    for (Path folder : children(root)) {
      if (Files.isDirectory(folder) && !folder.equals(SegmentFiles.cuts(root))) {
        find(folder);
      }
    }
  }

  private void find(Path folder) throws IOException {
    StreamSegments stream;
    try {
      stream = of(new StreamId(folder.getFileName().toString()));
    } catch (IllegalArgumentException e) {
      return; // no folder of ours
    }
    for (Path file : children(folder)) {
      try {
        SegmentFiles.find(file).ifPresent(stream::put);
      } catch (IOException e) {
        LOG.log(Level.WARNING, "{0} cannot be mended and is left out: {1}", file, e);
      }
    }
  }

  private static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private StreamSegments of(StreamId id) {
    return streams.computeIfAbsent(id, any -> new StreamSegments(root.resolve(id.value())));
  }

  @Override
  public PacketListener listener(StreamSpec spec, SourceAddress address) {
    if (address.isFile() && !spec.loop()) {
      return new OriginalListener(() -> of(spec.id()), address.path());
    }
    return options.enabled() ? new Recorder(this, () -> of(spec.id())) : PacketListener.NONE;
  }

  /** What writes the packets of a connection; to be {@link #ended}. */
  SegmentWriter writer(StreamSegments stream, CodecParameters parameters) {
    SegmentWriter writer = new SegmentWriter(stream, room, retryAfter, parameters);
    writers.add(writer);
    return writer;
  }

  /** Completes what a connection gave, once its packets are written. */
  void ended(SegmentWriter writer) {
    later(() -> end(writer));
  }

  private void end(SegmentWriter writer) {
    writer.close();
    writers.remove(writer);
  }

  /** Runs {@code task} on the writing thread after all before it; false when that has ended. */
  boolean later(Runnable task) {
    try {
      thread.execute(() -> runLogged(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private static void runLogged(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "writing segments", e);
    }
  }

  private void tick() {
    writers.forEach(writer -> runLogged(writer::tick));
  }

  @Override
  public List<Segment> overlapping(StreamId stream, Span span) {
    return known(stream).stream()
        .flatMap(s -> s.overlapping(span).stream())
        .map(entry -> new Segment(stream, entry.span(), entry.bytes()))
        .toList();
  }

  private Optional<StreamSegments> known(StreamId stream) {
    return Optional.ofNullable(streams.get(stream));
  }

  @Override
  public Recording recording(StreamId stream) {
    return known(stream)
        .map(StreamSegments::recording)
        .orElseGet(() -> Recording.off(
            options.enabled()
                ? "the source has sent no packets yet"
                : "recording.enabled is false"));
  }

  @Override
  public boolean covers(StreamId stream, Span span) {
    return known(stream).map(s -> !s.pieces(span).isEmpty()).orElse(false);
  }

  @Override
  public Optional<Footage> cut(StreamId stream, Span span) {
    try {
      room.requireFor(
          overlapping(stream, span).stream().mapToLong(Segment::bytes).sum());
      try {
        return cutOnce(stream, span);
      } catch (SourceException e) { // a segment was completed, and so renamed, or deleted meanwhile
        return cutOnce(stream, span);
      }
    } catch (IOException | SourceException e) {
      throw new StoreException(
          StoreException.Reason.FAILED,
          "stream \"" + stream + "\" cannot be cut: " + e.getMessage(),
          e);
    }
  }

  private Optional<Footage> cutOnce(StreamId stream, Span span)
      throws IOException, SourceException {
    Path target = SegmentFiles.cuts(root).resolve(cutCount.incrementAndGet() + ".mp4");
    Optional<Span> shown = Optional.empty();
    try (Cutter cutter = new Cutter(target, span)) {
      shown = cutter.cut(known(stream).map(s -> s.pieces(span)).orElse(List.of()));
    } finally {
      if (shown.isEmpty()) {
        Files.deleteIfExists(target);
      }
    }
    return shown.isEmpty()
        ? Optional.empty()
        : Optional.of(new Footage(target, Files.size(target), shown.get()));
  }

  @Override
  public long remove(StreamId stream, Span stretch) {
    return known(stream).map(s -> onThread(() -> s.remove(stretch))).orElse(0L);
  }

  @Override
  public void removeStream(StreamId stream) {
    known(stream)
        .ifPresent(s -> onThread(() -> {
          writers.stream().filter(w -> w.writes(s)).toList().forEach(this::end);
          s.remove();
          return streams.remove(stream);
        }));
  }

  @Override
  public void backup(Path folder) {
    try {
      for (var stream : streams.entrySet()) {
        Path to = Files.createDirectory(folder.resolve(stream.getKey().value()));
        for (Path file : stream.getValue().complete()) {
          try {
            link(file, to);
          } catch (NoSuchFileException e) {
            LOG.log(Level.DEBUG, "{0} was removed while a backup was made", file);
          }
        }
      }
    } catch (IOException e) {
      throw failed("cannot be copied", e);
    }
  }

  @Override
  public void restore(Path folder, StreamId stream) {
    Path from = folder.resolve(stream.value());
    if (!Files.isDirectory(from)) {
      return;
    }
    try {
      Path to = Files.createDirectories(of(stream).folder());
      for (Path file : children(from)) {
        SegmentFiles.find(link(file, to)).ifPresent(of(stream)::put);
      }
    } catch (IOException e) {
      removeStream(stream);
      throw failed("cannot be brought back", e);
    }
  }

  /** The same bytes in another folder; complete segments are never written again. */
  private static Path link(Path file, Path folder) throws IOException {
    Path linked = folder.resolve(file.getFileName());
    try {
      return Files.createLink(linked, file);
    } catch (UnsupportedOperationException | FileSystemException e) {
      return Files.copy(file, linked, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private <T> T onThread(Callable<T> task) {
    try {
      return thread.submit(task).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(UNREACHABLE, e);
    } catch (ExecutionException e) {
      throw failed(UNREACHABLE, e.getCause());
    } catch (TimeoutException | RejectedExecutionException e) {
      throw failed(UNREACHABLE, e);
    }
  }

  private StoreException failed(String what, Throwable cause) {
    return new StoreException(
        StoreException.Reason.FAILED,
        "segments in " + root + " " + what + ": " + cause + "; look at the disk",
        cause);
  }

  @Override
  public long bytes() {
    return streams.values().stream().mapToLong(StreamSegments::bytes).sum();
  }

  /** Completes the segments in the making; what a hanging disk does not take is left behind. */
  @Override
  public void close() {
    writers.forEach(this::ended);
    thread.shutdown();
    try {
      if (!thread.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.log(Level.WARNING, "the disk of {0} is behind; the end is not recorded", root);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
