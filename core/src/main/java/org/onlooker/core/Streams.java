package org.onlooker.core;

import java.util.List;
import java.util.Optional;

/** placeholder signatures, implemented by the lead in this session */
public final class Streams implements AutoCloseable {
  private Streams() {}

  /** Starts watching a new stream and remembers it over restarts. */
  public StreamStatus add(StreamSpec spec) throws Refused {
    throw new Refused(Refused.Kind.INVALID, spec.source());
  }

  /** Opens the source, takes one frame and closes it; nothing is kept. */
  public SourceInfo tryOut(StreamSpec spec) throws Refused, SourceException {
    throw new Refused(Refused.Kind.INVALID, spec.source());
  }

  public void remove(StreamId id, boolean memory) throws Refused {
    throw new Refused(Refused.Kind.NOT_FOUND, id + " " + memory);
  }

  public List<StreamStatus> list() {
    return List.of();
  }

  public Optional<StreamStatus> status(StreamId id) {
    return list().stream().filter(s -> s.spec().id().equals(id)).findFirst();
  }

  /** The newest sampled frame. */
  public Optional<Frame> latestFrame(StreamId id) {
    return status(id).flatMap(s -> Optional.empty());
  }

  /** Hears each stream's newest frame until the returned handle is closed. */
  public AutoCloseable onFrame(StreamId id, java.util.function.Consumer<Frame> listener) {
    return () -> {};
  }

  @Override
  public void close() {}
}
