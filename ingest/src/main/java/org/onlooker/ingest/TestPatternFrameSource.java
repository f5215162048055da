package org.onlooker.ingest;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;

/** A recording that is drawn, not read: frames of a {@link TestPattern}, as fast as asked for. */
final class TestPatternFrameSource implements FrameSource {
  private final TestPattern pattern;
  private final double fps;
  private final long lengthMicros;
  private final InstantSource clock;
  private final Pictures pictures;
  private final RgbFrame drawn = new RgbFrame();
  private final Ownership ownership = new Ownership("test:pattern", this::free);
  private boolean opened;
  private long index;

  /** Ends after {@code length}. */
  TestPatternFrameSource(
      TestPattern pattern, PictureSpec spec, double fps, Duration length, InstantSource clock) {
    this.pattern = pattern;
    this.fps = fps;
    this.lengthMicros = length.toNanos() / 1_000;
    this.clock = clock;
    this.pictures = new Pictures(spec);
  }

  static TestPatternFrameSource endless(
      long seed, PictureSpec spec, double fps, InstantSource clock) {
    return new TestPatternFrameSource(
        new TestPattern(seed), spec, fps, Duration.ofNanos(Long.MAX_VALUE), clock);
  }

  @Override
  public SourceInfo open() throws SourceException {
    return ownership.use(() -> {
      if (opened) {
        throw new IllegalStateException("a source is opened once");
      }
      opened = true;
      FfmpegNatives.load();
      return new SourceInfo(false, TestPattern.WIDTH, TestPattern.HEIGHT, fps, "rawvideo");
    });
  }

  @Override
  public Optional<Frame> next() throws SourceException {
    return ownership.use(this::draw);
  }

  private Optional<Frame> draw() {
    if (!opened) {
      throw new IllegalStateException("the source is not open");
    }
    long ptsMicros = Math.round(index * 1e6 / fps);
    if (ptsMicros >= lengthMicros) {
      return Optional.empty();
    }
    index++;
    try {
      drawn.put(pattern.draw(ptsMicros), TestPattern.WIDTH, TestPattern.HEIGHT);
      return Optional.of(
          pictures.make(drawn.get(), Orientation.UPRIGHT, ptsMicros, clock.instant()));
    } catch (PictureException e) {
      throw new IllegalStateException("a drawn frame is always convertible", e);
    }
  }

  @Override
  public void close() {
    ownership.close();
  }

  private void free() {
    pictures.close();
    drawn.close();
  }
}
