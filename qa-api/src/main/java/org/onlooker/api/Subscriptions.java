package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.onlooker.core.StreamState;
import org.onlooker.core.StreamStatus;

/** Which streams' news one session wants, and what it was told last. */
final class Subscriptions {
  static final String STATE = "stream.state";
  static final String STATS = "stream.stats";
  static final String COMMENTARY = "commentary";
  static final Set<String> KINDS = Set.of(STATE, STATS, COMMENTARY);

  /** In place of a stream's id: every stream, those to come as well. */
  static final String ALL = "*";

  private static final int STREAMS_MAX = 256;
  private final Map<String, Set<String>> streamsByKind = new HashMap<>();
  private final Map<String, Told> told = new HashMap<>();

  /** A state as it was told. */
  private record Told(
      StreamState state, Instant since, Optional<String> code, Optional<String> reason) {
    static Told of(StreamStatus status) {
      return new Told(status.state(), status.since(), status.errorCode(), status.reason());
    }
  }

  /**
   * Wants news of a stream; its state is told again.
   *
   * @throws Problem when there are too many
   */
  void add(String stream, List<String> kinds) {
    for (String kind : kinds) {
      Set<String> streams = streamsByKind.computeIfAbsent(kind, k -> new HashSet<>());
      if (streams.size() >= STREAMS_MAX && !streams.contains(stream)) {
        throw Problem.of(
            429, "too_many_subscriptions", "subscribe to \"*\" instead of so many streams");
      }
      streams.add(stream);
    }
    if (stream.equals(ALL)) {
      told.clear();
    } else {
      told.remove(stream);
    }
  }

  void remove(String stream, List<String> kinds) {
    for (String kind : kinds) {
      streamsByKind.getOrDefault(kind, new HashSet<>()).remove(stream);
    }
  }

  boolean isEmpty() {
    return streamsByKind.values().stream().allMatch(Set::isEmpty);
  }

  /** The events that bring the client up to date with {@code statuses}. */
  List<ServerEvent> news(List<StreamStatus> statuses, boolean stats) {
    List<ServerEvent> events = new ArrayList<>();
    Set<String> gone = new HashSet<>(told.keySet());
    for (StreamStatus status : statuses) {
      String id = status.spec().id().value();
      gone.remove(id);
      if (wants(STATE, id) && !Told.of(status).equals(told.put(id, Told.of(status)))) {
        ObjectNode body = Json.object().put("type", STATE).put("stream", id);
        StreamJson.putState(body, status);
        events.add(new ServerEvent(ServerEvent.Kind.STATE, id, body));
      }
      if (stats && wants(STATS, id)) {
        ObjectNode body = Json.object().put("type", STATS).put("stream", id);
        StreamJson.putProgress(body, status);
        events.add(new ServerEvent(ServerEvent.Kind.STATS, id, body));
      }
    }
    for (String id : gone) {
      told.remove(id);
      ObjectNode body = Json.object().put("type", STATE).put("stream", id).put("state", "removed");
      events.add(new ServerEvent(ServerEvent.Kind.STATE, id, body));
    }
    return events;
  }

  /** The confirmation of a change. */
  static ServerEvent changed(String type, String stream, List<String> kinds) {
    ObjectNode body = Json.object().put("type", type).put("stream", stream);
    kinds.forEach(body.putArray("kinds")::add);
    return ServerEvent.reply(body);
  }

  boolean wants(String kind, String stream) {
    Set<String> streams = streamsByKind.getOrDefault(kind, Set.of());
    return streams.contains(ALL) || streams.contains(stream);
  }
}
