package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.UUID;

/** Numbers the events of one session, without holes, from 1. */
final class Numbering {
  /** No part of the session's id, which whoever has it may resume. */
  private final String prefix = "evt_" + UUID.randomUUID().toString().substring(0, 13) + "_";

  private long last;

  ObjectNode stamp(ObjectNode event) {
    last++;
    return event.put("event_id", prefix + last).put("seq", last);
  }
}
