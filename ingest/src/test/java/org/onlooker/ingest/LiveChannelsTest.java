package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.onlooker.ingest.Recorded.CAM;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.assertj.core.data.Offset;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.LiveMedia.Fragment;
import org.onlooker.core.LiveMedia.Track;
import org.onlooker.core.Pace;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Subscription;

/** What viewers hear of files that are read as a camera would be, but as fast as they can be. */
class LiveChannelsTest {
  private static final double FPS = 2;
  private static final int TICKS_PER_SECOND = 90_000;

  @TempDir
  static Path folder;

  /** Four seconds of 25 pictures, each beginning with a keyframe. */
  private static Path clip;

  private final LiveChannels live = new LiveChannels(Sources.FIXED);

  @BeforeAll
  static void makeClip() throws Exception {
    clip = FfmpegProgram.clip(folder, 4);
  }

  /** Writes down what it hears. */
  private static class Watcher implements LiveMedia.Viewer {
    private final List<Track> tracks = new ArrayList<>();
    private final List<Fragment> fragments = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private Consumer<Fragment> also = fragment -> {};

    @Override
    public void track(Track track) {
      tracks.add(track);
    }

    @Override
    public void fragment(Fragment fragment) {
      fragments.add(fragment);
      also.accept(fragment);
    }

    @Override
    public void unplayable(String reason) {
      reasons.add(reason);
    }

    private List<Double> seconds() {
      return fragments.stream().map(fragment -> fragment.time().seconds()).toList();
    }

    /** As a player's buffer, in a file. */
    private Path written(String name) throws Exception {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      bytes.write(tracks.getFirst().head());
      for (Fragment fragment : fragments) {
        bytes.write(fragment.bytes());
      }
      return Files.write(folder.resolve(name), bytes.toByteArray());
    }
  }

  private void play(Path file, double startSeconds) throws Exception {
    play(file, startSeconds, live.listener(spec(file, Pace.REALTIME), Recorded.address(file)));
  }

  private static void play(Path file, double startSeconds, PacketListener listener)
      throws Exception {
    Recorded.watch(Recorded.source(file, listener), Pts.ofSeconds(startSeconds).micros());
  }

  private static StreamSpec spec(Path file, Pace pace) {
    return new StreamSpec(CAM, file.toString(), FPS, Optional.empty(), pace, false);
  }

  @Test
  void viewer_getsEveryPictureFromAKeyframeOn_onMediaTime() throws Exception {
    Watcher watcher = new Watcher();
    try (Subscription view = live.view(CAM, watcher)) {
      play(clip, 60);
    }
    assertThat(watcher.tracks).hasSize(1);
    assertThat(watcher.tracks.getFirst().mimeType())
        .matches("video/mp4; codecs=\"avc1\\.[0-9a-f]{6}\"");
    assertThat(watcher.fragments.getFirst().keyframe()).isTrue();
    assertThat(watcher.fragments).hasSize(100);
    assertThat(watcher.seconds()).isSorted().allMatch(second -> second >= 60 && second < 64);
    for (Fragment fragment : watcher.fragments) {
      assertThat(decodeSeconds(fragment)).isEqualTo(fragment.time().seconds(), within());
      assertThat(fragment.arrivedAt()).isEqualTo(Sources.FIXED.instant());
    }
    Path seen = watcher.written("seen.mp4");
    assertThat(Sources.frames(Sources.file(seen, Sources.SMALL, 25)))
        .hasSize(watcher.fragments.size());
  }

  @Test
  void viewer_whoComesAsTheLastOneLeaves_getsATrackOfHisOwn() throws Exception {
    Watcher first = new Watcher();
    Watcher second = new Watcher();
    List<Subscription> views = new ArrayList<>(List.of(live.view(CAM, first)));
    first.also = fragment -> {
      views.removeFirst().close();
      views.add(live.view(CAM, second));
    };

    play(clip, 60);

    assertThat(first.fragments).hasSize(1);
    assertThat(second.tracks).hasSize(1);
    assertThat(second.fragments).hasSize(100);
    assertThat(second.fragments.getFirst().keyframe()).isTrue();
    views.getFirst().close();
  }

  private static Offset<Double> within() {
    return Offset.offset(0.001);
  }

  /** The time in the fragment's own {@code tfdt} (ISO/IEC 14496-12, 8.8.12, version 1). */
  private static double decodeSeconds(Fragment fragment) {
    int at = new String(fragment.bytes(), StandardCharsets.ISO_8859_1).indexOf("tfdt");
    assertThat(fragment.bytes()[at + 4]).isEqualTo((byte) 1);
    return ByteBuffer.wrap(fragment.bytes()).getLong(at + 8) / (double) TICKS_PER_SECOND;
  }

  @Test
  void pictureWithoutADuration_lastsUntilTheNext() throws Exception {
    PacketListener tap = live.listener(spec(clip, Pace.REALTIME), Recorded.address(clip));
    Watcher watcher = new Watcher();
    try (Subscription view = live.view(CAM, watcher)) {
      play(clip, 60, withoutDurations(tap));
    }
    assertThat(watcher.fragments).hasSize(100);
    assertThat(watcher.fragments.subList(1, 100))
        .allMatch(fragment -> durationSeconds(fragment) >= 0.04 - 1e-3)
        .allMatch(fragment -> durationSeconds(fragment) <= 0.06);
  }

  /** As FFmpeg tells of a camera whose rate it did not wait for: a tick each. */
  private static PacketListener withoutDurations(PacketListener to) {
    return new PacketListener() {
      @Override
      public void opened(AVStream stream, double frameRate) {
        to.opened(stream, TICKS_PER_SECOND);
      }

      @Override
      public void packet(AVPacket packet) {
        packet.duration(1);
        to.packet(packet);
      }

      @Override
      public void placed(long sourceMicros, long mediaMicros) {
        to.placed(sourceMicros, mediaMicros);
      }

      @Override
      public void close() {
        to.close();
      }
    };
  }

  /** The default duration in {@code tfhd} (ISO/IEC 14496-12, 8.8.7). */
  private static double durationSeconds(Fragment fragment) {
    int at = new String(fragment.bytes(), StandardCharsets.ISO_8859_1).indexOf("tfhd");
    ByteBuffer box = ByteBuffer.wrap(fragment.bytes());
    int flags = box.getInt(at + 4);
    assertThat(flags & 0x8).as("a default duration is there").isEqualTo(0x8);
    int before = ((flags & 0x1) != 0 ? 8 : 0) + ((flags & 0x2) != 0 ? 4 : 0);
    return box.getInt(at + 12 + before) / (double) TICKS_PER_SECOND;
  }

  @Test
  void frameFromBeforeAJump_isNotTakenForOneAfterIt() throws Exception {
    Path late = folder.resolve("late.ts");
    Path early = folder.resolve("early.ts");
    FfmpegProgram.run("-i " + clip + " -c copy -output_ts_offset 40", late);
    FfmpegProgram.run("-i " + clip + " -c copy", early);
    Path jumping = folder.resolve("jumping.ts");
    Files.write(jumping, Files.readAllBytes(late));
    Files.write(jumping, Files.readAllBytes(early), StandardOpenOption.APPEND);
    PacketListener tap = live.listener(spec(jumping, Pace.REALTIME), Recorded.address(jumping));
    Watcher watcher = new Watcher();
    try (Subscription view = live.view(CAM, watcher)) {
      play(jumping, 60, decodedLate(tap));
    }
    assertThat(watcher.tracks).hasSize(2);
    assertThat(watcher.seconds()).isSorted().hasSizeGreaterThan(150).allMatch(s -> s >= 60);
    assertThat(watcher.seconds().getLast()).isBetween(67.0, 70.0);
  }

  /** After a jump the decoder gives a frame that it still had. */
  private static PacketListener decodedLate(PacketListener to) {
    return new PacketListener() {
      private long lastDts = Long.MIN_VALUE;
      private long sourceMicros;
      private long mediaMicros;

      @Override
      public void opened(AVStream stream, double frameRate) {
        to.opened(stream, frameRate);
      }

      @Override
      public void packet(AVPacket packet) {
        boolean jumps = packet.dts() < lastDts;
        lastDts = packet.dts();
        to.packet(packet);
        if (jumps) {
          to.placed(sourceMicros, mediaMicros);
        }
      }

      @Override
      public void placed(long source, long media) {
        sourceMicros = source;
        mediaMicros = media;
        to.placed(source, media);
      }

      @Override
      public void close() {
        to.close();
      }
    };
  }

  @Test
  void viewerWhoJoins_beginsWithTheNewestKeyframe() throws Exception {
    Watcher first = new Watcher();
    Watcher second = new Watcher();
    List<Subscription> views = new ArrayList<>(List.of(live.view(CAM, first)));
    first.also = fragment -> {
      if (fragment.time().seconds() >= 61.5 && views.size() == 1) {
        views.add(live.view(CAM, second));
      }
    };
    play(clip, 60);
    views.forEach(Subscription::close);
    assertThat(second.tracks).isEqualTo(first.tracks);
    assertThat(second.fragments.getFirst().keyframe()).isTrue();
    assertThat(second.seconds().getFirst()).isBetween(60.9, 61.6);
    int from = first.fragments.indexOf(second.fragments.getFirst());
    assertThat(second.fragments).isEqualTo(first.fragments.subList(from, first.fragments.size()));
  }

  @Test
  void sourceThatComesBack_isAnotherTrack() throws Exception {
    Watcher watcher = new Watcher();
    try (Subscription view = live.view(CAM, watcher)) {
      play(clip, 0);
      play(clip, 100);
    }
    assertThat(watcher.tracks).hasSize(2);
    assertThat(watcher.seconds()).isSorted().anyMatch(s -> s < 5).anyMatch(s -> s > 100);
  }

  @Test
  void nobodyLooks_nothingIsMade() throws Exception {
    Watcher watcher = new Watcher();
    live.view(CAM, watcher).close();
    play(clip, 0);
    assertThat(watcher.tracks).isEmpty();
    assertThat(live.channel(CAM)).isEmpty();
  }

  @Test
  void fileThatIsReadFasterThanItPlays_isNotShown() throws Exception {
    Watcher watcher = new Watcher();
    try (Subscription view = live.view(CAM, watcher)) {
      play(clip, 0, live.listener(spec(clip, Pace.FAST), Recorded.address(clip)));
    }
    assertThat(watcher.fragments).isEmpty();
    assertThat(watcher.reasons).containsExactly("it is watched faster than it plays");
  }

  @Test
  void picturesOutOfOrderWithoutDecodeTimes_areNotShown() throws Exception {
    Path file = MediaFiles.require("androidx_bbb_800x640_768kbps_30fps_avc_2b_firstpts_10_sec.mp4");
    Watcher watcher = new Watcher();
    try (Subscription view = live.view(CAM, watcher)) {
      play(file, 0, new LiveTap(() -> live.channel(CAM), Sources.FIXED, true, Optional.empty()));
    }
    assertThat(watcher.reasons).singleElement().asString().contains("B-frames");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(textBlock = """
      androidx_iibbibb_editlist_videoonly.mp4, avc1.
      androidx_h265_bframes.mp4, hvc1.
      androidx_hdr10-av1.mp4, av01.
      androidx_bbb_642x642_768kbps_30fps_vp9.webm, vp09.
      h264_10bits.mp4, avc1.
      nasa_13013.mp4, avc1.
      """)
  void realVideo_isNamedByItsCodec_andHasAllItsPictures(String name, String codec)
      throws Exception {
    Path file = MediaFiles.require(name);
    Watcher watcher = new Watcher();
    try (Subscription view = live.view(CAM, watcher)) {
      play(file, 5);
    }
    assertThat(watcher.tracks).isNotEmpty();
    assertThat(watcher.tracks.getFirst().mimeType()).contains("codecs=\"" + codec);
    assertThat(watcher.fragments).isNotEmpty();
    assertThat(Sources.frames(Sources.file(watcher.written(name + ".mp4"), Sources.SMALL, 2)))
        .isNotEmpty();
  }

  @Test
  void videoThatMp4CannotHold_isNotShown() throws Exception {
    Path file = folder.resolve("old.avi");
    FfmpegProgram.run("-f lavfi -i testsrc2=size=64x64:rate=5:duration=2 -c:v huffyuv", file);
    Watcher watcher = new Watcher();
    try (Subscription view = live.view(CAM, watcher)) {
      play(file, 0);
    }
    assertThat(watcher.reasons).containsExactly("huffyuv video is not for browsers");
    assertThat(watcher.fragments).isEmpty();
  }
}
