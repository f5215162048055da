package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.onlooker.ingest.Recorded.CAM;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.Frame;
import org.onlooker.core.Jpeg;
import org.onlooker.core.Pace;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Subscription;

/** FFmpeg's drawn device stands in for a camera, which test machines lack. */
class WebcamTest {
  private static final double FPS = 4;

  private static FfmpegFrameSource drawn(String graph, PacketTap... taps) {
    SourceAddress address = new SourceAddress(
        SourceAddress.Kind.WEBCAM,
        graph,
        "webcam:0",
        Optional.of("lavfi"),
        "none",
        Map.of(),
        new Limits(Duration.ofSeconds(20), Duration.ofSeconds(20), Duration.ofSeconds(20)));
    StreamSpec spec = new StreamSpec(CAM, graph, FPS, Optional.empty(), Pace.REALTIME, false);
    PacketListener listeners = new PacketListeners(
        Stream.of(taps).map(tap -> tap.listener(spec, address)).toList());
    Pictures pictures = new Pictures(Sources.SMALL);
    return new FfmpegFrameSource(address, pictures, FPS, Sources.FIXED, listeners);
  }

  @Test
  void next_ofDevice_givesFramesAsTheyCome() throws Exception {
    try (FfmpegFrameSource source = drawn("testsrc2=size=320x240:rate=20,realtime")) {
      assertThat(source.open().live()).isTrue();
      long start = System.nanoTime();
      Frame first = source.next().orElseThrow();
      Frame last = first;
      for (int i = 0; i < 4; i++) {
        last = source.next().orElseThrow();
      }
      assertThat(last.pts().seconds() - first.pts().seconds()).isCloseTo(1, Offset.offset(0.06));
      assertThat((System.nanoTime() - start) / 1e9).isGreaterThan(0.5);
    }
  }

  @Test
  void picturesBetweenSampledFrames_areShownToThoseWhoLook_tenASecondInAll() throws Exception {
    LiveChannels live = new LiveChannels(Sources.FIXED);
    List<Jpeg> seen = new ArrayList<>();
    try (FfmpegFrameSource source = drawn("testsrc2=size=320x240:rate=20", live)) {
      source.open();
      read(source, 3);
      assertThat(seen).as("while nobody looks").isEmpty();

      try (Subscription looking = live.pictures(CAM, seen::add)) {
        read(source, 8);
      }
      assertThat(seen).as("two seconds, with the 8 that are sampled").hasSize(2 * 8);
      assertThat(Jpegs.size(seen.getLast())).isEqualTo("320x240");

      read(source, 3);
      assertThat(seen).as("when he has left").hasSize(2 * 8);
    }
  }

  private static void read(FfmpegFrameSource source, int frames) throws SourceException {
    for (int i = 0; i < frames; i++) {
      source.placed(source.next().orElseThrow().pts());
    }
  }

  @Test
  void close_whileReadingADevice_endsItAtOnce() throws Exception {
    FfmpegFrameSource source = drawn("testsrc2=size=320x240:rate=20,realtime");
    source.open();
    try (var executor = Executors.newSingleThreadExecutor()) {
      Future<SourceException> reading = executor.submit(() -> readToFailure(source));
      source.close();
      assertThat(reading.get(1, TimeUnit.SECONDS).error()).isEqualTo(SourceError.ENDED);
    }
  }

  private static SourceException readToFailure(FfmpegFrameSource source) {
    return catchThrowableOfType(SourceException.class, () -> {
      while (true) {
        assertThat(source.next()).isPresent();
      }
    });
  }

  @ParameterizedTest
  @CsvSource({
    "Linux, video4linux2, /dev/video3",
    "Mac OS X, avfoundation, 3:none",
    "Windows 11, dshow, 3"
  })
  void address_onEachSystem_usesItsInterface(String system, String format, String url)
      throws Exception {
    SourceAddress address = Webcam.address("3", system);
    assertThat(address.inputFormat()).contains(format);
    assertThat(address.url()).isEqualTo(url);
    assertThat(address.shown()).isEqualTo("webcam:3");
  }

  @Test
  void open_ofCameraThatIsNotThere_saysNotFound() throws Exception {
    try (FfmpegFrameSource source = new FfmpegFrameSource(
        Webcam.address("63"), new Pictures(Sources.SMALL), 2, Sources.FIXED)) {
      SourceException thrown = catchThrowableOfType(SourceException.class, source::open);
      assertThat(thrown.error()).isEqualTo(SourceError.NOT_FOUND);
      assertThat(thrown.getMessage()).contains("webcam:63");
    }
  }
}
