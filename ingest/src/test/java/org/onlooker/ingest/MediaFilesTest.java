package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.SourceException;
import org.onlooker.core.SourceInfo;

/** Every difficult file gives frames, or says why not; what each must give is listed here. */
class MediaFilesTest {
  private static final int FRAMES_MAX = 12;
  private static final StringBuilder TABLE = new StringBuilder();

  @ParameterizedTest(name = "{0}")
  @CsvSource(textBlock = """
      androidx_bbb_800x640_768kbps_30fps_avc_2b_firstpts_10_sec.mp4, 800x640, 8
      androidx_bear-vp9-odd-dimensions.webm, 161x121, 2
      androidx_h265_bframes.mp4, 854x480, 2
      androidx_iibbibb_editlist_videoonly.mp4, 704x576, 12
      androidx_invalid-bitstream.webm, BROKEN, 0
      androidx_sample_audio_only.mp4, CODEC, 0
      androidx_sample_fragmented.mp4, 1080x720, 2
      androidx_sample_h264_iframes_only.ts, 854x480, 2
      androidx_sample_missing_stsd.mp4, 1080x720, 2
      androidx_sample_rotate_and_reflect.mp4, 720x1080, 2
      androidx_sample_vvc.mp4, 320x180, 10
      androidx_sample_with_invalid_nalu.mp4, 1080x720, 2
      corrupted.mp4, 1280x720, 10
      delayed_start.mp4, 480x320, 2
      h264_10bits.mp4, 200x200, 2
      own_text_as.mp4, BROKEN, 0
      own_zero_length.mp4, BROKEN, 0
      video_90.mov, 320x568, 1
      androidx_bbb_2500ms.ts, 1920x1080, 5
      androidx_bbb_642x642_768kbps_30fps_vp9.webm, 642x642, 6
      androidx_hdr10-av1.mp4, 720x1280, 9
      androidx_sample.avi, 960x400, 9
      androidx_sample.flv, 1080x720, 2
      androidx_sample_empty_track.mp4, 1080x720, 2
      androidx_sample_mdat_too_long.mp4, 1080x720, 2
      jcodec_orientation.mp4, 720x1280, 1
      own_no_keyframe_at_start_cars.h264, BROKEN, 0
      bikes.mp4, 640x272, 12
      dog_eating.mp4, 640x360, 12
      intel_bottle-detection.mp4, 640x360, 12
      intel_one-by-one-person.mp4, 768x432, 12
      nanodet_TestV4.mp4, 1280x720, 11
      nasa_13013.mp4, 480x270, 12
      omz_human_pose.avi, 1280x720, 9
      """)
  void read_givesFramesOrAReason(String name, String expected, int frameCount) throws Exception {
    Path file = MediaFiles.require(name);
    Outcome outcome = read(file);
    TABLE.append("%-64s %-10s %2d frames  %s%n"
        .formatted(name, outcome.result, outcome.frames, outcome.message));
    assertThat(outcome.result).as(outcome.message).isEqualTo(expected);
    assertThat(outcome.frames).isEqualTo(frameCount);
    if (frameCount == 0) {
      assertThat(outcome.message).contains(name).hasSizeGreaterThan(name.length() + 20);
    }
  }

  private record Outcome(String result, int frames, String message) {}

  private static Outcome read(Path file) throws Exception {
    int frames = 0;
    try (FrameSource source = Sources.file(file, Sources.SMALL, 2)) {
      SourceInfo info = source.open();
      Optional<Frame> next = source.next();
      Frame first = next.orElseThrow();
      while (next.isPresent() && frames < FRAMES_MAX) {
        frames++;
        next = source.next();
      }
      String size = info.width() + "x" + info.height();
      return new Outcome(size, frames, info.codec() + ", snapshot " + Jpegs.size(first.snapshot()));
    } catch (SourceException e) {
      return new Outcome(e.error().name(), frames, e.getMessage());
    }
  }

  @AfterAll
  static void printTable() {
    System.out.print(TABLE);
  }
}
