package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** Numbers the events of one session, without holes, from 1. */
final class Numbering {
  private final String sessionId = "ses_" + UUID.randomUUID().toString().replace("-", "");
  private long last;

  String sessionId() {
    return sessionId;
  }

  ObjectNode stamp(ObjectNode event) {
    last++;
    return event
        .put("event_id", "evt_" + sessionId.substring(4, 16) + "_" + last)
        .put("seq", last);
  }
}
