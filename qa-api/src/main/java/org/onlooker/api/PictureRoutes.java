package org.onlooker.api;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.Frame;
import org.onlooker.core.Jpeg;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamId;
import org.onlooker.core.Streams;

/** Pictures of a stream: the newest, and those in memory. */
final class PictureRoutes {
  private static final String PATH = "/api/v1/streams/{id}";
  private final Streams streams;
  private final MemoryStore store;
  private final Workers workers;

  PictureRoutes(Streams streams, MemoryStore store, Workers workers) {
    this.streams = streams;
    this.store = store;
    this.workers = workers;
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PATH + "/snapshot.jpg", this::snapshot),
        Endpoint.get(PATH + "/thumbnail.jpg", this::thumbnail));
  }

  private void snapshot(RoutingContext ctx) {
    StreamId id = Replies.streamId(ctx);
    workers
        .run(() -> {
          known(id);
          return streams
              .latestFrame(id)
              .map(Frame::snapshot)
              .orElseThrow(() ->
                  Problem.of(404, "no_picture", "stream \"" + id + "\" has given no picture yet"));
        })
        .onSuccess(jpeg -> Replies.jpeg(ctx, jpeg, "no-store"))
        .onFailure(ctx::fail);
  }

  private void thumbnail(RoutingContext ctx) {
    StreamId id = Replies.streamId(ctx);
    Pts at = at(ctx);
    workers
        .run(() -> {
          known(id);
          return nearest(id, at)
              .flatMap(clip -> store.thumbnail(clip.original()))
              .orElseThrow(
                  () -> Problem.of(404, "no_picture", "nothing of \"" + id + "\" is in memory"));
        })
        .onSuccess((Jpeg jpeg) -> Replies.jpeg(ctx, jpeg, "private, max-age=3600"))
        .onFailure(ctx::fail);
  }

  private void known(StreamId id) {
    if (streams.status(id).isEmpty()) {
      throw Problem.noStream(id.value());
    }
  }

  /** The clip at a moment, or the one beside it that is closer. */
  private Optional<ClipEntry> nearest(StreamId id, Pts at) {
    Optional<ClipEntry> before = store.newest(id, at, 1).stream().findFirst();
    long next = before.map(clip -> clip.key().sequence() + 1).orElse(0L);
    Optional<ClipEntry> after = store.entriesFrom(id, next, 1).stream().findFirst();
    if (before.isEmpty() || after.isEmpty()) {
      return before.or(() -> after);
    }
    long toBefore = before.get().span().distanceMicros(at);
    long toAfter = after.get().span().distanceMicros(at);
    return toAfter <= toBefore ? after : before;
  }

  private static Pts at(RoutingContext ctx) {
    String text = Optional.ofNullable(ctx.queryParams().get("at"))
        .orElseThrow(() -> Problem.field("at", "\"at\" is missing: seconds of media time"));
    try {
      double seconds = Double.parseDouble(text);
      if (seconds >= 0 && seconds <= 1e12) {
        return Pts.ofSeconds(seconds);
      }
    } catch (NumberFormatException e) {
      // told below, with the range
    }
    throw Problem.field("at", "\"at\" must be seconds of media time, like 12.5");
  }
}
