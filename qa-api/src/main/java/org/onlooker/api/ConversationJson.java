package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.onlooker.core.Answer;
import org.onlooker.core.Conversation;
import org.onlooker.core.Span;
import org.onlooker.core.Turn;

/** Conversations and their turns as documents. */
final class ConversationJson {
  private ConversationJson() {}

  static ObjectNode document(Conversation conversation) {
    return Json.object()
        .put("id", conversation.id().value())
        .put("stream", conversation.stream().value())
        .put("title", conversation.title())
        .put("turnCount", conversation.turnCount())
        .put("createdAt", Json.time(conversation.createdAt()))
        .put("updatedAt", Json.time(conversation.updatedAt()));
  }

  /** A turn in the words of its answer's document; only completed answers become turns. */
  static ObjectNode turn(Turn turn) {
    ObjectNode json = Json.object()
        .put("id", turn.answerId())
        .put("question", turn.question().text())
        .put("answer", turn.answer().text())
        .put("status", Answer.Status.COMPLETED.wireName());
    ArrayNode citations = json.putArray("citations");
    for (Span span : turn.citations()) {
      citations
          .addObject()
          .put("start", Json.seconds(span.start()))
          .put("end", Json.seconds(span.end()));
    }
    return json.put("askedAt", Json.time(turn.askedAt()));
  }
}
