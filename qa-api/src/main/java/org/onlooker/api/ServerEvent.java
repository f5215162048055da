package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One event on its way to a client.
 *
 * @param subject the question or stream it is about; empty for the session itself
 * @param body with its {@code type}; {@code event_id} and {@code seq} are put in when it is written
 */
record ServerEvent(Kind kind, String subject, ObjectNode body) {
  /** What may become of an event whose reader is slow. */
  enum Kind {
    /** Left out. */
    STATS,
    /** Replaced by a newer one of the same stream. */
    STATE,
    /** Kept and joined with its neighbours, within a bound. */
    DELTA,
    /** Kept, within the same bound. */
    CITATION,
    /** Always kept; each answers something that the client sent. */
    REPLY
  }

  static ServerEvent reply(ObjectNode body) {
    return new ServerEvent(Kind.REPLY, "", body);
  }
}
