package org.onlooker.core;

import java.util.regex.Pattern;

/** Name of a stream, safe in addresses, keys and metric labels. */
public record StreamId(String value) {
  private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  public StreamId {
    if (!VALID.matcher(value).matches()) {
      throw new IllegalArgumentException("stream id \"" + value
          + "\": use 1 to 63 of a-z, 0-9, '_' and '-', starting with a" + " letter or digit");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
