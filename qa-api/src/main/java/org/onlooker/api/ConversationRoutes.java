package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.onlooker.core.Conversation;
import org.onlooker.core.ConversationId;
import org.onlooker.core.ConversationStore;
import org.onlooker.core.StreamId;
import org.onlooker.core.Streams;
import org.onlooker.core.Turn;

/** Conversations: list by stream, read, remove. Asking begins and continues them. */
final class ConversationRoutes {
  private static final String PATH = "/api/v1/conversations";
  private static final int PAGE_DEFAULT = 50;
  private static final int PAGE_MAX = 100;
  private static final int ID_SHOWN_MAX = 63;
  private final Streams streams;
  private final ConversationStore store;
  private final Workers workers;

  ConversationRoutes(Streams streams, ConversationStore store, Workers workers) {
    this.streams = streams;
    this.store = store;
    this.workers = workers;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PATH, this::list),
        Endpoint.get(PATH + "/{id}", this::read),
        Endpoint.delete(PATH + "/{id}", this::remove));
  }

  private void list(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of("stream", "limit", "cursor"));
    StreamId stream = stream(ctx);
    int limit = Replies.limit(ctx, PAGE_DEFAULT, PAGE_MAX);
    Optional<Conversation> after =
        Replies.parameter(ctx, "cursor").map(text -> place(text, stream));
    workers
        .run(() -> page(stream, after, limit))
        .onSuccess(json -> Replies.json(ctx, 200, json))
        .onFailure(ctx::fail);
  }

  private ObjectNode page(StreamId stream, Optional<Conversation> after, int limit) {
    if (streams.status(stream).isEmpty()) {
      throw Problem.noStream(stream.value());
    }
    List<Conversation> left = store.list(stream).stream()
        .filter(one -> after.isEmpty() || Conversation.NEWEST_FIRST.compare(one, after.get()) > 0)
        .toList();
    ObjectNode json = Json.object();
    ArrayNode documents = json.putArray("conversations");
    left.stream().limit(limit).forEach(one -> documents.add(ConversationJson.document(one)));
    if (left.size() > limit) {
      json.put("next", cursor(left.get(limit - 1)));
    }
    return json;
  }

  /** The place of a conversation in the list; it holds when the conversation itself has moved. */
  private static String cursor(Conversation last) {
    return last.updatedAt().toEpochMilli() + "." + last.id();
  }

  private static Conversation place(String cursor, StreamId stream) {
    int dot = cursor.indexOf('.');
    try {
      Instant updatedAt = Instant.ofEpochMilli(Long.parseLong(cursor.substring(0, dot)));
      return Conversation.begun(new ConversationId(cursor.substring(dot + 1)), stream, updatedAt);
    } catch (IllegalArgumentException | IndexOutOfBoundsException | DateTimeException e) {
      throw Problem.field("cursor", "\"cursor\" must be the \"next\" of an earlier reply");
    }
  }

  private static StreamId stream(RoutingContext ctx) {
    String id = Replies.parameter(ctx, "stream")
        .orElseThrow(() -> Problem.field("stream", "\"stream\" is missing"));
    try {
      return new StreamId(id);
    } catch (IllegalArgumentException e) {
      throw Problem.noStream(shown(id));
    }
  }

  private void read(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    ConversationId id = id(ctx);
    workers
        .run(() -> {
          ObjectNode json = ConversationJson.document(
              store.find(id).orElseThrow(() -> noConversation(id.value())));
          List<Turn> kept = store.turns(id);
          ArrayNode turns = json.put("turnCount", kept.size()).putArray("turns");
          kept.forEach(turn -> turns.add(ConversationJson.turn(turn)));
          return json;
        })
        .onSuccess(json -> Replies.json(ctx, 200, json))
        .onFailure(ctx::fail);
  }

  private void remove(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of());
    ConversationId id = id(ctx);
    workers
        .run(() -> {
          if (!store.remove(id)) {
            throw noConversation(id.value());
          }
          return id;
        })
        .onSuccess(removed -> ctx.response().setStatusCode(204).end())
        .onFailure(ctx::fail);
  }

  private static ConversationId id(RoutingContext ctx) {
    String id = ctx.pathParam("id");
    try {
      return new ConversationId(id);
    } catch (IllegalArgumentException e) {
      throw noConversation(shown(id));
    }
  }

  private static Problem noConversation(String id) {
    return Problem.of(404, "not_found", "there is no conversation \"" + id + "\"");
  }

  private static String shown(String id) {
    return id.length() <= ID_SHOWN_MAX ? id : id.substring(0, ID_SHOWN_MAX);
  }
}
