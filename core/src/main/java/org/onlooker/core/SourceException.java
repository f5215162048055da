package org.onlooker.core;

/** A source that cannot be opened or read; the message names it without credentials. */
public final class SourceException extends Exception {
  private static final long serialVersionUID = 1L;
  private final SourceError error;

  public SourceException(SourceError error, String message) {
    super(Addresses.redacted(message));
    this.error = error;
  }

  public SourceError error() {
    return error;
  }
}
