package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.ingest.Recorded.CAM;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.Footage;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Pace;
import org.onlooker.core.Pts;
import org.onlooker.core.Recording;
import org.onlooker.core.Span;
import org.onlooker.core.StreamSpec;

/** A file that is watched once is cut where it lies, and never copied. */
class OriginalTest extends RecordedFilm {
  private static final Path MEDIA =
      Path.of(System.getProperty("onlooker.root", "..")).resolve("testdata/media");

  @Test
  void cut_anyMoment_showsItFirst() throws Exception {
    watch(film);
    List<String> pictures = Recorded.pictures(film);

    assertThat(Recorded.shown(segments, 2.48, 3.2)).isEqualTo(pictures.subList(62, 80));
    try (Footage footage = Recorded.cut(segments, 4, 9)) {
      assertThat(footage.span().start().seconds()).isEqualTo(4);
      assertThat(footage.span().end().seconds()).isBetween(4.9, 5.1);
    }
    assertThat(segments.cut(CAM, Span.ofSeconds(50, 60))).isEmpty();
    assertThat(segments.recording(CAM).state()).isEqualTo(Recording.State.OFF);
    assertThat(segments.bytes()).isZero();
    assertThat(root.resolve("cam")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "androidx_bbb_800x640_768kbps_30fps_avc_2b_firstpts_10_sec.mp4",
        "androidx_iibbibb_editlist_videoonly.mp4",
        "androidx_h265_bframes.mp4",
        "androidx_bear-vp9-odd-dimensions.webm",
        "delayed_start.mp4",
        "video_90.mov"
      })
  void cut_whole_showsWhatWasSeen(String name) throws Exception {
    Path file = MEDIA.resolve(name);
    watch(file);

    assertThat(Recorded.shown(segments, 0, 20)).isNotEmpty().isEqualTo(Recorded.pictures(file));
  }

  @Test
  void cut_ofAFileThatChanged_isNotThere() throws Exception {
    Path changing = Files.copy(film, films.resolve("changing.mp4"));
    watch(changing);
    assertThat(segments.covers(CAM, Span.ofSeconds(1, 2))).isTrue();

    Files.write(changing, new byte[] {1}, StandardOpenOption.APPEND);

    assertThat(segments.covers(CAM, Span.ofSeconds(1, 2))).isFalse();
    assertThat(segments.cut(CAM, Span.ofSeconds(1, 2))).isEmpty();
  }

  @Test
  void removeStream_leavesTheFileAlone() throws Exception {
    watch(film);

    segments.removeStream(CAM);

    assertThat(segments.cut(CAM, Span.ofSeconds(1, 2))).isEmpty();
    assertThat(film).exists();
  }

  /** As a stream that reads a file once: media time 0 is its first frame. */
  private void watch(Path file) throws Exception {
    SourceCatalog catalog = new SourceCatalog(
        List.of(file.getParent()), Sources.SMALL, InstantSource.system(), segments);
    StreamSpec spec = new StreamSpec(CAM, file.toString(), 2, Optional.empty(), Pace.FAST, false);
    try (FrameSource source = catalog.create(spec)) {
      source.open();
      long first = source.next().orElseThrow().pts().micros();
      source.placed(Pts.ZERO);
      for (var next = source.next(); next.isPresent(); next = source.next()) {
        source.placed(next.get().pts().plusMicros(-first));
      }
    }
  }
}
