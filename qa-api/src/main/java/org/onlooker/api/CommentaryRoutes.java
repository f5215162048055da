package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.StreamId;
import org.onlooker.core.Streams;

/** What Onlooker said of a stream on its own. */
final class CommentaryRoutes {
  private static final int LIMIT_DEFAULT = 100;
  private static final int LIMIT_MAX = 1000;
  private final Streams streams;
  private final MemoryStore store;
  private final RemarkJson documents;
  private final Workers workers;

  CommentaryRoutes(Streams streams, MemoryStore store, RemarkJson documents, Workers workers) {
    this.streams = streams;
    this.store = store;
    this.documents = documents;
    this.workers = workers;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/streams/{id}/commentary", this::list));
  }

  private void list(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of("from", "to", "limit"));
    StreamId id = Replies.streamId(ctx);
    TimeRange range = TimeRange.of(ctx, true);
    int limit = Replies.limit(ctx, LIMIT_DEFAULT, LIMIT_MAX);
    workers
        .run(() -> read(id, range, limit))
        .onSuccess(json -> Replies.json(ctx, 200, json))
        .onFailure(ctx::fail);
  }

  private ObjectNode read(StreamId id, TimeRange range, int limit) {
    Instant startTime =
        streams.status(id).orElseThrow(() -> Problem.noStream(id.value())).startTime();
    ObjectNode json = Json.object();
    ArrayNode remarks = json.putArray("commentary");
    store
        .remarks(id, range.on(startTime), limit)
        .forEach(remark -> remarks.add(documents.document(remark)));
    return json;
  }
}
