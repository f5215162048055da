package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.ingest.Recorded.CAM;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.onlooker.core.Footage;
import org.onlooker.core.Recording;
import org.onlooker.core.Segment;
import org.onlooker.core.Span;

/** What a source sends is kept packet by packet, and cut to the frame. */
class RecordedSegmentsTest extends RecordedFilm {
  private static final Path MEDIA =
      Path.of(System.getProperty("onlooker.root", "..")).resolve("testdata/media");
  private static final Offset<Double> FRAME = Offset.offset(0.045);

  @Test
  void record_source_keepsItsPackets() throws Exception {
    Recorded.watch(segments, film, 100);
    reopen();

    assertThat(files()).hasSize(1);
    assertThat(Recorded.packets(files().getFirst())).isEqualTo(Recorded.packets(film));
    Segment only = all().getFirst();
    assertThat(only.span().start().seconds()).isEqualTo(100);
    assertThat(only.span().end().seconds()).isCloseTo(105, FRAME);
    assertThat(only.bytes()).isEqualTo(Files.size(files().getFirst()));
    assertThat(segments.bytes()).isEqualTo(only.bytes());
  }

  @Test
  void cut_anyMoment_showsItFirst() throws Exception {
    Recorded.watch(segments, film, 100);
    List<String> pictures = Recorded.pictures(film);

    assertThat(shown(102, 103)).isEqualTo(pictures.subList(50, 75));
    assertThat(shown(102.48, 103.2)).isEqualTo(pictures.subList(62, 80));
    assertThat(shown(100, 105)).isEqualTo(pictures);
  }

  @Test
  void cut_partlyRecorded_saysWhatItShows() throws Exception {
    Recorded.watch(segments, film, 100);

    try (Footage footage = cut(98, 101)) {
      assertThat(footage.span()).isEqualTo(Span.ofSeconds(100, 101));
    }
    try (Footage footage = cut(104, 120)) {
      assertThat(footage.span().start().seconds()).isEqualTo(104);
      assertThat(footage.span().end().seconds()).isCloseTo(105, FRAME);
    }
    assertThat(segments.cut(CAM, Span.ofSeconds(98, 100))).isEmpty();
    assertThat(segments.cut(CAM, Span.ofSeconds(106, 107))).isEmpty();
    assertThat(segments.covers(CAM, Span.ofSeconds(106, 107))).isFalse();
    assertThat(segments.covers(CAM, Span.ofSeconds(104, 107))).isTrue();
    assertThat(root.resolve(".cut")).isEmptyDirectory();
  }

  @Test
  void cut_overSeveralConnections_isJoinedAndKeepsTheHole() throws Exception {
    Recorded.watch(segments, film, 100);
    Recorded.watch(segments, film, 107);
    List<String> pictures = Recorded.pictures(film);
    List<String> both = new ArrayList<>(pictures.subList(100, 125));
    both.addAll(pictures.subList(0, 25));

    try (Footage footage = cut(104, 108)) {
      assertThat(footage.span()).isEqualTo(Span.ofSeconds(104, 108));
      assertThat(Recorded.pictures(footage.file())).isEqualTo(both);
      assertThat(Recorded.lengthSeconds(footage.file())).isCloseTo(4, FRAME);
    }
  }

  @Test
  void cut_anHourOverSegmentsAndAGap_isOneFileOfItsLength() throws Exception {
    Path half = films.resolve("half-an-hour.mp4");
    FfmpegProgram.run(
        "-f lavfi -i testsrc2=size=64x48:rate=2:duration=1770 -c:v libopenh264 -b:v 20k -g 20",
        half);
    Recorded.watch(segments, half, 0);
    Recorded.watch(segments, half, 1_830);
    List<String> packets = new ArrayList<>(Recorded.packets(half));
    packets.addAll(Recorded.packets(half));

    try (Footage footage = cut(0, 3_600)) {
      assertThat(all()).hasSizeGreaterThan(50);
      assertThat(footage.span().start().seconds()).isZero();
      assertThat(footage.span().end().seconds()).isCloseTo(3_600, Offset.offset(0.6));
      assertThat(Recorded.lengthSeconds(footage.file())).isCloseTo(3_600, Offset.offset(0.6));
      assertThat(Recorded.packets(footage.file())).isEqualTo(packets);
    }
    assertThat(root.resolve(".cut")).isEmptyDirectory();
  }

  @Test
  void cut_whileRecording_hasAllButTheNewest() throws Exception {
    try (FfmpegFrameSource source = Recorded.source(segments, film)) {
      source.open();
      for (int i = 0; i < 8; i++) {
        source.placed(source.next().orElseThrow().pts());
      }
      awaitWritten();

      assertThat(all().getFirst().span().end().seconds()).isBetween(2.0, 3.6);
      assertThat(shown(1, 2)).isEqualTo(Recorded.pictures(film).subList(25, 50));
      assertThat(recording().state()).isEqualTo(Recording.State.RECORDING);
    }
    awaitWritten();
    assertThat(recording().state()).isEqualTo(Recording.State.WAITING);
  }

  @Test
  void record_longSource_isSplitAtKeyframesEachMinute() throws Exception {
    Path lengthy = films.resolve("lengthy.mp4");
    FfmpegProgram.run(
        "-f lavfi -i testsrc2=size=160x120:rate=10:duration=130 -c:v libopenh264 -b:v 100k -g 27",
        lengthy);
    Recorded.watch(segments, lengthy, 0);
    reopen();

    assertThat(all()).hasSize(3);
    for (int i = 1; i < 3; i++) {
      Segment before = all().get(i - 1);
      assertThat(before.span().end().micros() - before.span().start().micros())
          .isBetween(60_000_000L, 63_000_000L);
      assertThat(all().get(i).span().start().seconds())
          .isCloseTo(before.span().end().seconds(), Offset.offset(0.001));
    }
    assertThat(shown(50, 75)).isEqualTo(Recorded.pictures(lengthy).subList(500, 750));
  }

  @Test
  void record_clockJumpsBack_beginsASegmentAtItsMediaTime() throws Exception {
    Path late = films.resolve("late.ts");
    Path early = films.resolve("early.ts");
    FfmpegProgram.run("-i " + film + " -c copy -output_ts_offset 40", late);
    FfmpegProgram.run("-i " + film + " -c copy", early);
    Path jumping = films.resolve("jumping.ts");
    Files.write(jumping, Files.readAllBytes(late));
    Files.write(jumping, Files.readAllBytes(early), StandardOpenOption.APPEND);
    Recorded.watch(segments, jumping, 0);
    awaitWritten();

    assertThat(all()).hasSize(2);
    assertThat(all().getFirst().span().end().seconds()).isCloseTo(5, FRAME);
    // the last frame that was sampled of five seconds is at 4.5, the next was placed a second later
    assertThat(all().getLast().span().start().seconds()).isCloseTo(5.5, FRAME);
    assertThat(shown(5.5, 6.5)).isEqualTo(Recorded.pictures(film).subList(0, 25));
  }

  @Test
  void record_pictureChangesItsSize_beginsASegment() throws Exception {
    Path large = films.resolve("large.ts");
    Path small = films.resolve("small.ts");
    FfmpegProgram.run("-i " + film + " -c copy", large);
    FfmpegProgram.run(
        "-f lavfi -i testsrc2=size=320x240:rate=25:duration=3 -c:v libopenh264 -g 25"
            + " -output_ts_offset 5",
        small);
    Path changing = films.resolve("changing.ts");
    Files.write(changing, Files.readAllBytes(large));
    Files.write(changing, Files.readAllBytes(small), StandardOpenOption.APPEND);
    Recorded.watch(segments, changing, 0);
    awaitWritten();

    assertThat(all()).hasSize(2);
    assertThat(shown(5, 8)).isEqualTo(Recorded.pictures(small));
    try (Footage footage = cut(4, 7)) {
      assertThat(footage.span().end().seconds()).isCloseTo(5, FRAME);
      // the last picture before the seam is torn: the files were only put behind each other
      assertThat(Recorded.pictures(footage.file()))
          .hasSizeBetween(23, 25)
          .containsAll(Recorded.pictures(film).subList(100, 123));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "androidx_bbb_800x640_768kbps_30fps_avc_2b_firstpts_10_sec.mp4",
        "androidx_h265_bframes.mp4",
        "androidx_bear-vp9-odd-dimensions.webm",
        "androidx_sample_h264_iframes_only.ts",
        "androidx_sample_fragmented.mp4",
        "video_90.mov"
      })
  void record_reorderedFramesAndOtherCodecs_areShownAsBefore(String name) throws Exception {
    Recorded.watch(segments, MEDIA.resolve(name), 0);
    awaitWritten();

    assertThat(shown(0, 20)).isNotEmpty().isEqualTo(Recorded.pictures(MEDIA.resolve(name)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"corrupted.mp4", "androidx_sample_with_invalid_nalu.mp4"})
  void record_damagedSource_watchingAndRecordingGoOn(String name) throws Exception {
    int frames = Recorded.watch(Recorded.source(segments, MEDIA.resolve(name)), 0);
    awaitWritten();

    assertThat(frames).isPositive();
    assertThat(shown(0, 20)).isNotEmpty();
  }

  @Test
  void record_joinedBetweenKeyframes_beginsAtTheNext() throws Exception {
    Path whole = films.resolve("whole.ts");
    FfmpegProgram.run("-i " + film + " -c copy", whole);
    byte[] bytes = Files.readAllBytes(whole);
    Path joined = films.resolve("joined.ts");
    int packet = 188;
    Files.write(
        joined, Arrays.copyOfRange(bytes, bytes.length / 2 / packet * packet, bytes.length));
    int frames = Recorded.watch(Recorded.source(segments, joined), 50_000_000);
    awaitWritten();

    assertThat(frames).isPositive();
    List<String> pictures = Recorded.pictures(film);
    assertThat(shown(40, 60))
        .hasSizeBetween(50, 60)
        .containsExactlyElementsOf(pictures.subList(75, 125));
  }

  @Test
  void record_codecThatMp4CannotHold_saysSoAndGoesOnWatching() throws Exception {
    Path raw = films.resolve("raw.avi");
    FfmpegProgram.run("-i " + film + " -t 1 -c:v rawvideo", raw);
    int frames = Recorded.watch(Recorded.source(segments, raw), 0);
    awaitWritten();

    assertThat(frames).isEqualTo(2);
    assertThat(recording().state()).isEqualTo(Recording.State.STOPPED);
    assertThat(recording().reason())
        .hasValueSatisfying(why -> assertThat(why).contains("MP4 cannot hold rawvideo"));
    assertThat(files()).isEmpty();
  }

  @Test
  void record_sourceThatIsOnlyTriedOut_leavesNothing() throws Exception {
    try (FfmpegFrameSource source = Recorded.source(segments, film)) {
      source.open();
      assertThat(source.next()).isPresent();
      assertThat(source.next()).isPresent();
    }
    awaitWritten();
    assertThat(recording().state()).isEqualTo(Recording.State.OFF);
    assertThat(root.resolve("cam")).doesNotExist();
  }

  private List<Segment> all() {
    return segments.overlapping(CAM, Span.ALL);
  }

  private Recording recording() {
    return segments.recording(CAM);
  }

  private List<Path> files() throws IOException {
    return Recorded.files(root);
  }

  private Footage cut(double start, double end) {
    return Recorded.cut(segments, start, end);
  }

  private List<String> shown(double start, double end) throws Exception {
    return Recorded.shown(segments, start, end);
  }

  private void awaitWritten() {
    Recorded.awaitWritten(segments);
  }
}
