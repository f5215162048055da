package org.onlooker.testing;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;

/** A source that gives listed frames and then ends, breaks or hangs until it is closed. */
public final class ScriptedSource implements FrameSource {
  /** What comes after the frames. */
  public enum Then {
    END,
    BREAK,
    FAIL,
    HANG
  }

  private final boolean live;
  private final ArrayDeque<Frame> frames;
  private final Then then;
  private final CountDownLatch closed = new CountDownLatch(1);

  public ScriptedSource(boolean live, List<Frame> frames, Then then) {
    this.live = live;
    this.frames = new ArrayDeque<>(frames);
    this.then = then;
  }

  @Override
  public SourceInfo open() {
    return new SourceInfo(live, 8, 8, 2, "scripted");
  }

  @Override
  public Optional<Frame> next() throws SourceException {
    if (!frames.isEmpty()) {
      return Optional.of(frames.removeFirst());
    }
    return switch (then) {
      case END -> Optional.empty();
      case BREAK -> throw new SourceException(SourceError.CONNECTION, "scripted source broke");
      case FAIL -> throw new IllegalStateException("a fault of a test");
      case HANG -> hang();
    };
  }

  private Optional<Frame> hang() throws SourceException {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SourceException(SourceError.TIMEOUT, "scripted source was closed");
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
