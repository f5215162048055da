package org.onlooker.core;

/** Memory that cannot be opened, read or written; the message says what to do. */
public final class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What is wrong; the wire form is {@link #code}. */
  public enum Reason {
    /** Another process has the folder open. */
    LOCKED("memory_locked"),
    /** Less space is left on the disk than must stay free; nothing was written. */
    DISK_LOW("memory_disk_low"),
    /** Written by another version of Onlooker. */
    FORMAT("memory_format_unknown"),
    /** The disk fails, or the files are damaged beyond single clips. */
    FAILED("memory_failed");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  private final Reason reason;

  public StoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public StoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
