package org.onlooker.ingest;

import java.util.Optional;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pts;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;

/** A recording played again and again; its PTS jumps back at each start. */
final class LoopedFrameSource implements FrameSource {
  /** Makes an unopened source for the next round. */
  interface Rounds {
    FrameSource next() throws SourceException;
  }

  private final Rounds rounds;
  private final Object lock = new Object();
  private FrameSource current;
  private boolean closed;

  LoopedFrameSource(FrameSource first, Rounds rounds) {
    this.current = first;
    this.rounds = rounds;
  }

  @Override
  public SourceInfo open() throws SourceException {
    return current.open();
  }

  @Override
  public Optional<Frame> next() throws SourceException {
    Optional<Frame> frame = current.next();
    if (frame.isPresent()) {
      return frame;
    }
    startAgain();
    frame = current.next();
    if (frame.isEmpty()) {
      throw new SourceException(SourceError.BROKEN, "the recording to repeat holds no frame");
    }
    return frame;
  }

  private void startAgain() throws SourceException {
    current.close();
    FrameSource next = rounds.next();
    synchronized (lock) {
      current = next;
      if (closed) {
        next.close();
      }
    }
    next.open();
  }

  @Override
  public void placed(Pts mediaTime) {
    current.placed(mediaTime);
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      current.close();
    }
  }
}
