package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.onlooker.core.MomentSearch;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamStatus;
import org.onlooker.core.Streams;

/** Search by words: moments of one stream or of all, best first. */
final class SearchRoutes {
  private static final int LIMIT_DEFAULT = 20;
  private final Streams streams;
  private final MomentSearch search;
  private final MomentJson documents;
  private final Workers workers;
  private final Metrics metrics;

  /** @param workers of their own: other calls do not wait for searches */
  SearchRoutes(
      Streams streams,
      MomentSearch search,
      MomentJson documents,
      Workers workers,
      Metrics metrics) {
    this.streams = streams;
    this.search = search;
    this.documents = documents;
    this.workers = workers;
    this.metrics = metrics;
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/search", this::search));
  }

  private void search(RoutingContext ctx) {
    Replies.onlyParameters(ctx, Set.of("q", "stream", "from", "to", "limit"));
    String words = words(ctx);
    Optional<StreamId> stream = Replies.parameter(ctx, "stream").map(Replies::streamId);
    TimeRange range = TimeRange.of(ctx, stream.isPresent());
    int limit = Replies.limit(ctx, LIMIT_DEFAULT, MomentSearch.LIMIT_MAX);
    workers
        .run(() -> found(words, stream, range, limit))
        .onSuccess(json -> Replies.json(ctx, 200, json))
        .onFailure(ctx::fail);
  }

  private static String words(RoutingContext ctx) {
    String words = Replies.parameter(ctx, "q").orElse("").strip();
    if (words.isEmpty()) {
      throw Problem.missing("q", "\"q\" is missing: the words to look for");
    }
    if (words.length() > MomentSearch.WORDS_LENGTH_MAX) {
      throw Problem.field(
          "q",
          "\"q\" has " + words.length() + " characters, at most " + MomentSearch.WORDS_LENGTH_MAX
              + " are taken");
    }
    return words;
  }

  private ObjectNode found(String words, Optional<StreamId> stream, TimeRange range, int limit) {
    long start = System.nanoTime();
    List<MomentSearch.Stretch> stretches = searched(stream).stream()
        .map(status -> new MomentSearch.Stretch(
            status.spec().id(), status.startTime(), range.on(status.startTime())))
        .toList();
    ObjectNode json = documents.found(words, search.search(words, stretches, limit));
    metrics.searched(System.nanoTime() - start);
    return json;
  }

  private List<StreamStatus> searched(Optional<StreamId> stream) {
    return stream
        .map(id -> List.of(streams.status(id).orElseThrow(() -> Problem.noStream(id.value()))))
        .orElseGet(streams::list);
  }
}
