package org.onlooker.app;

/** A request to a running server that did not work; the message is one line. */
final class ClientException extends Exception {
  private static final long serialVersionUID = 1L;
  private final ExitCode exit;

  ClientException(ExitCode exit, String message) {
    super(message);
    this.exit = exit;
  }

  ExitCode exit() {
    return exit;
  }
}
