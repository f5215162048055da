package org.onlooker.ingest;

import java.nio.file.Path;
import org.bytedeco.ffmpeg.ffmpeg;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avdevice;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.javacpp.Loader;

/** Unpacks and loads FFmpeg's libraries, once per process. */
public final class FfmpegNatives {
  private static final String PREFIX = "org.bytedeco.javacpp.";

  static {
    // JavaCPP would refuse every allocation once the whole process, model and store included, is
    // larger than four heaps: what this module allocates is bounded by its own design instead.
    setUnlessGiven("maxbytes", "0");
    setUnlessGiven("maxphysicalbytes", "0");
  }

  private FfmpegNatives() {}

  /**
   * Chooses the folder that native libraries are unpacked to and kept in; to be called before the
   * first source is opened. Without it JavaCPP uses {@code ~/.javacpp/cache}.
   */
  public static void unpackTo(Path folder) {
    setUnlessGiven("cachedir", folder.toAbsolutePath().toString());
  }

  /** Loads the libraries; cheap from the second call on. */
  static void load() {
    Loaded.touch();
  }

  /** Path of FFmpeg's own program, unpacked from the same jar: an oracle for tests and benches. */
  public static String program() {
    load();
    return Loader.load(ffmpeg.class);
  }

  private static void setUnlessGiven(String name, String value) {
    if (System.getProperty(PREFIX + name) == null) {
      System.setProperty(PREFIX + name, value);
    }
  }

  private static final class Loaded {
    static {
      Loader.load(avutil.class);
      Loader.load(avcodec.class);
      Loader.load(avformat.class);
      Loader.load(swscale.class);
      FfmpegLog.install();
      avdevice.avdevice_register_all();
    }

    static void touch() {}
  }
}
