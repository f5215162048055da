package org.onlooker.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.onlooker.core.Refused;
import org.onlooker.core.StoreException;
import org.onlooker.onnx.PackException;

/** Turns what a part says when it cannot start into one line and an exit code. */
final class StartFailure {
  private StartFailure() {}

  static StartException of(Exception failure) {
    return switch (failure) {
      case StoreException e
      when e.reason() == StoreException.Reason.DISK_LOW -> because(ExitCode.LOW_DISK, e);
      case StoreException e -> because(ExitCode.DATA_FOLDER, e);
      case UncheckedIOException e -> because(ExitCode.DATA_FOLDER, e);
      case PackException e -> because(ExitCode.MODEL, e);
      case IOException e -> because(ExitCode.ADDRESS, e);
      case Refused e -> because(ExitCode.BAD_CONFIG, e);
      case IllegalArgumentException e -> because(ExitCode.BAD_CONFIG, e);
      default -> because(ExitCode.FAILED, failure);
    };
  }

  private static StartException because(ExitCode exit, Exception failure) {
    String message = failure.getMessage();
    String line = message == null ? failure.toString() : message;
    return new StartException(exit, line.replaceAll("\\s*\\R\\s*", "; "), failure);
  }
}
