package org.onlooker.api;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of a reply that a client asked for (RFC 9110, section 14); {@code end} is the last byte.
 */
record ByteRange(long start, long end) {
  private static final Pattern ONE_RANGE = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");

  /**
   * The range that a header names; empty when the whole is to be sent, which also answers lists of
   * ranges and what cannot be read.
   *
   * @throws Problem when it lies behind the end
   */
  static Optional<ByteRange> of(String header, long length) {
    Matcher range = ONE_RANGE.matcher(header.strip());
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return Optional.empty();
    }
    long start;
    long end = length - 1;
    if (range.group(1).isEmpty()) {
      start = Math.max(0, length - Long.parseLong(range.group(2)));
    } else {
      start = Long.parseLong(range.group(1));
      if (!range.group(2).isEmpty()) {
        long last = Long.parseLong(range.group(2));
        if (last < start) {
          return Optional.empty();
        }
        end = Math.min(last, end);
      }
    }
    if (start > end) {
      throw Problem.of(
          416, "range_not_satisfiable", "the file has " + length + " bytes: " + header);
    }
    return Optional.of(new ByteRange(start, end));
  }

  long length() {
    return end - start + 1;
  }
}
