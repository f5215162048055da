package org.onlooker.onnx;

/** A model pack cannot be used; the message names the file and says what to do. */
public final class PackException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public PackException(String message) {
    super(message);
  }

  public PackException(String message, Throwable cause) {
    super(message, cause);
  }
}
