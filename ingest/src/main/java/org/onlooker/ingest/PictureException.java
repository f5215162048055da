package org.onlooker.ingest;

/** A frame of a form or size that cannot be scaled or encoded. */
final class PictureException extends Exception {
  private static final long serialVersionUID = 1L;

  PictureException(String message) {
    super(message);
  }
}
