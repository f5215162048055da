package org.onlooker.ingest;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avutil;
import org.onlooker.core.SourceError;
import org.onlooker.core.SourceException;

/** FFmpeg's error numbers as what a user can act upon. */
final class FfmpegErrors {
  private static final boolean BSD_NUMBERS = System.getProperty("os.name").startsWith("Mac");
  private static final int ETIMEDOUT = -(BSD_NUMBERS ? 60 : 110);

  private FfmpegErrors() {}

  /** What ended a call on {@code address} that returned {@code code}. */
  static SourceException exception(SourceAddress address, int code) {
    SourceError error = error(address, code);
    return new SourceException(error, address.shown() + ": " + describe(error, address, code));
  }

  static SourceError error(SourceAddress address, int code) {
    if (code == avutil.AVERROR_EXIT() || code == ETIMEDOUT) {
      return SourceError.TIMEOUT;
    }
    if (code == avutil.AVERROR_HTTP_UNAUTHORIZED() || code == avutil.AVERROR_HTTP_FORBIDDEN()) {
      return SourceError.AUTH;
    }
    if (code == avutil.AVERROR_HTTP_NOT_FOUND() || code == avutil.AVERROR_ENOENT()) {
      return SourceError.NOT_FOUND;
    }
    if (code == avutil.AVERROR_PROTOCOL_NOT_FOUND() || code == avutil.AVERROR_EINVAL()) {
      // the protocol whitelist answers EINVAL
      return address.isFile() ? SourceError.BROKEN : SourceError.REFUSED;
    }
    if (code == avutil.AVERROR_DECODER_NOT_FOUND() || code == avutil.AVERROR_STREAM_NOT_FOUND()) {
      return SourceError.CODEC;
    }
    if (FfmpegLog.tlsFailed()) {
      return SourceError.TLS;
    }
    if (code == avutil.AVERROR_INVALIDDATA() || code == avutil.AVERROR_DEMUXER_NOT_FOUND()) {
      return SourceError.BROKEN;
    }
    if (code == avutil.AVERROR_EOF()) {
      return address.isFile() ? SourceError.BROKEN : SourceError.ENDED;
    }
    return address.isFile() ? SourceError.BROKEN : SourceError.CONNECTION;
  }

  private static String describe(SourceError error, SourceAddress address, int code) {
    return switch (error) {
      case TIMEOUT -> "no answer in time; check that it is switched on and reachable";
      case AUTH -> "refused the user name or password (" + text(code) + ")";
      case NOT_FOUND -> "there is nothing at this address (" + text(code) + ")";
      case REFUSED -> "refers to an address that is not allowed (" + text(code) + ")";
      case CODEC -> "has no video that can be decoded (" + text(code) + ")";
      case TLS -> "the encrypted connection failed; check the certificate and the port";
      case BROKEN ->
        address.isFile()
            ? "is not a readable video (" + text(code) + "); check the file with a player"
            : "sends something that is not video (" + text(code) + ")";
      case ENDED -> "the other side ended the stream";
      case CONNECTION ->
        "cannot be reached, or broke off (" + text(code) + "); check address, port and network";
    };
  }

  static String text(int code) {
    byte[] bytes = new byte[avutil.AV_ERROR_MAX_STRING_SIZE];
    avutil.av_strerror(code, bytes, bytes.length);
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
