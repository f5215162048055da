package org.onlooker.app;

import java.util.Optional;
import java.util.Queue;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;

/** Becomes the next scripted connection when it is opened; fails when there is none. */
final class NextConnection implements FrameSource {
  private final Queue<FrameSource> connections;
  private volatile Optional<FrameSource> opened = Optional.empty();

  NextConnection(Queue<FrameSource> connections) {
    this.connections = connections;
  }

  @Override
  public SourceInfo open() throws SourceException {
    synchronized (connections) {
      opened = Optional.ofNullable(connections.poll());
    }
    return source().open();
  }

  @Override
  public Optional<Frame> next() throws SourceException {
    return source().next();
  }

  private FrameSource source() throws SourceException {
    return opened.orElseThrow(
        () -> new SourceException(SourceError.CONNECTION, "no connection is scripted"));
  }

  @Override
  public void close() {
    opened.ifPresent(FrameSource::close);
  }
}
