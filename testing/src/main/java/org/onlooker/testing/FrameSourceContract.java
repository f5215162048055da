package org.onlooker.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Jpeg;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;

/** What every {@link FrameSource} does, shown with a recording. */
public abstract class FrameSourceContract {
  protected static final PictureSpec PICTURE =
      new PictureSpec(48, 32, PictureSpec.Fit.SQUASH, 0, PictureSpec.Filter.BICUBIC);

  /** What the source's clock says, always. */
  protected static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  private static final double SHIFT_MAX_SECONDS = 0.06;

  /**
   * A new, unopened source of a recording of 3 to 4 seconds and at least 20 frames a second, wider
   * than 320 pixels, that is read as fast as asked for and gives {@link #PICTURE}s.
   */
  protected abstract FrameSource recording(double fps) throws Exception;

  @Test
  final void open_tellsSizeAndCodec() throws Exception {
    try (FrameSource source = recording(2)) {
      SourceInfo info = source.open();
      assertThat(info.live()).isFalse();
      assertThat(info.width()).isGreaterThan(320);
      assertThat(info.height()).isPositive();
      assertThat(info.codec()).isNotBlank();
    }
  }

  @Test
  final void open_twice_isRefused() throws Exception {
    try (FrameSource source = recording(2)) {
      source.open();
      assertThatIllegalStateException().isThrownBy(source::open);
    }
  }

  @Test
  final void next_beforeOpen_isRefused() throws Exception {
    try (FrameSource source = recording(2)) {
      assertThatIllegalStateException().isThrownBy(source::next);
    }
  }

  @Test
  final void next_givesFramesOnTheGridToTheEnd() throws Exception {
    try (FrameSource source = recording(2)) {
      List<Frame> frames = readAll(source);
      assertThat(frames).hasSizeBetween(6, 8);
      double start = frames.getFirst().pts().seconds();
      for (int i = 0; i < frames.size(); i++) {
        assertThat(frames.get(i).pts().seconds() - start)
            .isCloseTo(i / 2.0, Offset.offset(SHIFT_MAX_SECONDS));
      }
    }
  }

  @Test
  final void next_atAnotherRate_givesThatManyFrames() throws Exception {
    try (FrameSource source = recording(10)) {
      assertThat(readAll(source)).hasSizeBetween(30, 40);
    }
  }

  @Test
  final void next_framesAreWhatWasAskedFor() throws Exception {
    try (FrameSource source = recording(2)) {
      SourceInfo info = source.open();
      Frame frame = source.next().orElseThrow();
      assertThat(frame.wallTime()).isEqualTo(NOW);
      assertThat(frame.picture().width()).isEqualTo(PICTURE.width());
      assertThat(frame.picture().height()).isEqualTo(PICTURE.height());
      double shape = (double) info.width() / info.height();
      assertThat(widthOf(frame.snapshot(), shape)).isEqualTo(Math.min(640, info.width()));
      assertThat(widthOf(frame.thumbnail(), shape)).isEqualTo(320);
    }
  }

  @Test
  final void next_framesKeepTheirPixels() throws Exception {
    try (FrameSource source = recording(10)) {
      source.open();
      Frame first = source.next().orElseThrow();
      byte[] pixels = first.picture().rgb().clone();
      byte[] snapshot = first.snapshot().bytes().clone();
      assertThat(source.next()).isPresent();
      assertThat(first.picture().rgb()).isEqualTo(pixels);
      assertThat(first.snapshot().bytes()).isEqualTo(snapshot);
    }
  }

  @Test
  final void next_afterTheEnd_staysEmpty() throws Exception {
    try (FrameSource source = recording(2)) {
      readAll(source);
      assertThat(source.next()).isEmpty();
      assertThat(source.next()).isEmpty();
    }
  }

  @Test
  final void twoSources_ofTheSameRecording_giveTheSame() throws Exception {
    try (FrameSource one = recording(2);
        FrameSource other = recording(2)) {
      one.open();
      other.open();
      for (int i = 0; i < 6; i++) {
        Frame frame = one.next().orElseThrow();
        Frame same = other.next().orElseThrow();
        assertThat(frame.pts()).isEqualTo(same.pts());
        assertThat(frame.picture().rgb()).isEqualTo(same.picture().rgb());
      }
    }
  }

  @Test
  final void close_anyNumberOfTimes_isAllowed() throws Exception {
    FrameSource unopened = recording(2);
    unopened.close();
    unopened.close();
    FrameSource source = recording(2);
    source.open();
    source.next();
    source.close();
    source.close();
  }

  @Test
  final void next_afterClose_saysEnded() throws Exception {
    FrameSource source = recording(2);
    source.open();
    source.close();
    assertThatExceptionOfType(SourceException.class)
        .isThrownBy(source::next)
        .satisfies(e -> assertThat(e.error()).isEqualTo(SourceError.ENDED));
  }

  @Test
  final void close_whileAnotherThreadReads_endsItsReading() throws Exception {
    for (int round = 0; round < 10; round++) {
      FrameSource source = recording(30);
      source.open();
      try (var executor = Executors.newSingleThreadExecutor()) {
        Future<?> reading = executor.submit(() -> readUntilClosed(source));
        source.close();
        reading.get(1, TimeUnit.SECONDS);
      }
    }
  }

  private static void readUntilClosed(FrameSource source) {
    try {
      while (true) {
        source.next();
      }
    } catch (SourceException e) {
      assertThat(e.error()).isEqualTo(SourceError.ENDED);
    }
  }

  /** Opens and reads to the end. */
  protected static List<Frame> readAll(FrameSource source) throws SourceException {
    source.open();
    List<Frame> frames = new ArrayList<>();
    for (Optional<Frame> frame = source.next(); frame.isPresent(); frame = source.next()) {
      frames.add(frame.get());
    }
    return frames;
  }

  private static int widthOf(Jpeg jpeg, double shape) throws IOException {
    var image = ImageIO.read(new ByteArrayInputStream(jpeg.bytes()));
    assertThat((double) image.getWidth() / image.getHeight())
        .isCloseTo(shape, Offset.offset(shape * 0.02));
    return image.getWidth();
  }
}
