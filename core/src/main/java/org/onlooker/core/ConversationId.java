package org.onlooker.core;

import java.util.UUID;
import java.util.regex.Pattern;

/** Name of a conversation, unique over all streams, safe in addresses and keys. */
public record ConversationId(String value) {
  private static final Pattern VALID = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");

  public ConversationId {
    if (!VALID.matcher(value).matches()) {
      throw new IllegalArgumentException("conversation id \"" + value
          + "\": use 1 to 63 of a-z, 0-9, '_' and '-', starting with a letter or digit");
    }
  }

  /** A name that no other conversation has. */
  public static ConversationId fresh() {
    return new ConversationId("con-" + UUID.randomUUID().toString().replace("-", ""));
  }

  @Override
  public String toString() {
    return value;
  }
}
