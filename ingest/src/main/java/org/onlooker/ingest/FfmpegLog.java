package org.onlooker.ingest;

import java.lang.System.Logger.Level;
import java.util.Locale;
import org.bytedeco.ffmpeg.avutil.LogCallback;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.onlooker.core.Addresses;

/**
 * FFmpeg's own messages: to the logger at debug, never to the console.
 *
 * <p>FFmpeg reports a failed TLS handshake as a plain input/output error; only its message tells,
 * so the last message of a TLS layer is remembered per thread.
 */
final class FfmpegLog extends LogCallback {
  private static final System.Logger LOG = System.getLogger("org.onlooker.ingest.ffmpeg");
  private static final ThreadLocal<Boolean> TLS_FAILED = ThreadLocal.withInitial(() -> false);

  /** For the life of the process: native code holds it. */
  private static final FfmpegLog CALLBACK = new FfmpegLog();

  private FfmpegLog() {}

  static void install() {
    boolean verbose = LOG.isLoggable(Level.DEBUG);
    avutil.av_log_set_level(verbose ? avutil.AV_LOG_WARNING : avutil.AV_LOG_ERROR);
    avutil.setLogCallback(CALLBACK);
  }

  /** Forgets what this thread's earlier calls reported. */
  static void clear() {
    TLS_FAILED.set(false);
  }

  /** Whether a TLS layer complained on this thread since {@link #clear}. */
  static boolean tlsFailed() {
    return TLS_FAILED.get();
  }

  @Override
  @SuppressWarnings("CatchAndPrintStackTrace")
  public void call(int level, BytePointer message) {
    if (level > avutil.av_log_get_level()) {
      return;
    }
    String text = message.getString().strip();
    if (text.toLowerCase(Locale.ROOT).startsWith("[tls @")) {
      TLS_FAILED.set(true);
    }
    LOG.log(Level.DEBUG, () -> Addresses.redacted(text));
  }
}
