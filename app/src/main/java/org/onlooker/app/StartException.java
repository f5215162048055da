package org.onlooker.app;

/** Onlooker cannot start; the message is one line that says what to do. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;
  private final ExitCode exit;

  StartException(ExitCode exit, String message, Throwable cause) {
    super(message, cause);
    this.exit = exit;
  }

  ExitCode exit() {
    return exit;
  }
}
