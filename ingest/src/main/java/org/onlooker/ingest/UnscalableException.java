package org.onlooker.ingest;

/** A frame of a form that swscale cannot read. */
final class UnscalableException extends Exception {
  private static final long serialVersionUID = 1L;

  UnscalableException(String message) {
    super(message);
  }
}
