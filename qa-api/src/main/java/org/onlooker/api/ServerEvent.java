package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/**
 * One event on its way to a client.
 *
 * @param subject the question, remark or stream it is about; empty for the session itself
 * @param body with its {@code type}; {@code event_id} and {@code seq} are put in when it is written
 */
record ServerEvent(Kind kind, String subject, ObjectNode body) {
  /** What may become of an event whose reader is slow; the first ones are lost first. */
  enum Kind {
    /** Left out. */
    STATS,
    /** Joined with its neighbours within a small bound, then left out: the remark's end has all. */
    COMMENTARY_DELTA,
    /** Replaced by a newer one of the same stream. */
    STATE,
    /** Kept; beyond a number the oldest is left out. */
    COMMENTARY_DONE,
    /** Joined with its neighbours within a bound, then left out: the answer's end has all. */
    ANSWER_DELTA,
    /** As {@link #ANSWER_DELTA}, within the same bound. */
    ANSWER_CITATION,
    /** Always kept; each answers something that the client sent. */
    REPLY;

    /** As metrics name it. */
    String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static ServerEvent reply(ObjectNode body) {
    return new ServerEvent(Kind.REPLY, "", body);
  }

  /** More of the text of a remark. */
  static ServerEvent commentaryDelta(String remark, String stream, String text) {
    ObjectNode body = about("commentary.delta", remark, stream).put("text", text);
    return new ServerEvent(Kind.COMMENTARY_DELTA, remark, body);
  }

  /**
   * The end of a remark.
   *
   * @param document the whole remark, as {@code GET /api/v1/streams/{id}/commentary} lists it
   */
  static ServerEvent commentaryDone(String remark, String stream, ObjectNode document) {
    ObjectNode body = about("commentary.done", remark, stream);
    body.set("remark", document);
    return new ServerEvent(Kind.COMMENTARY_DONE, remark, body);
  }

  private static ObjectNode about(String type, String remark, String stream) {
    return Json.object().put("type", type).put("id", remark).put("stream", stream);
  }

  /** For another client: bodies are numbered and joined in place. */
  ServerEvent copy() {
    return new ServerEvent(kind, subject, body.deepCopy());
  }
}
