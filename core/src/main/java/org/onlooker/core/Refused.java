package org.onlooker.core;

/** A request that is rejected with a reason; nothing has happened. */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  /** Kinds of refusal; the wire form is the lower-case name. */
  public enum Kind {
    OVERLOADED,
    NOT_FOUND,
    ALREADY_EXISTS,
    INVALID,
    FORBIDDEN,
    SHUTTING_DOWN,
    INSUFFICIENT_STORAGE
  }

  private final Kind kind;

  public Refused(Kind kind, String message) {
    super(Addresses.redacted(message));
    this.kind = kind;
  }

  public Kind kind() {
    return kind;
  }
}
