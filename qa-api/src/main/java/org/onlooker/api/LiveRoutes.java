package org.onlooker.api;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.StreamId;

/** What sources send, as it comes, for players in browsers. */
final class LiveRoutes {
  private static final int VIEWERS_MAX = 64;
  private final Vertx vertx;
  private final LiveMedia live;
  private final StreamFeed feed;
  private final Metrics metrics;
  private final Places places = new Places(VIEWERS_MAX, "live videos");
  private final SocketDoor door = new SocketDoor(places);

  LiveRoutes(Vertx vertx, LiveMedia live, StreamFeed feed, Metrics metrics) {
    this.vertx = vertx;
    this.live = live;
    this.feed = feed;
    this.metrics = metrics;
    metrics.gauge("onlooker.live.viewers", "Players that watch live video", places.taken());
  }

  List<Endpoint> endpoints() {
    return List.of(Endpoint.get("/api/v1/streams/{id}/live.ws", this::open));
  }

  private void open(RoutingContext ctx) {
    StreamId id = Replies.streamId(ctx);
    door.open(ctx, socket -> {
      LiveSession session =
          new LiveSession(id, socket, vertx.getOrCreateContext(), metrics::liveFragmentSkipped);
      feed.join(session);
      LiveMedia.View view = live.view(id, session);
      return () -> {
        feed.leave(session);
        view.close();
      };
    });
  }
}
