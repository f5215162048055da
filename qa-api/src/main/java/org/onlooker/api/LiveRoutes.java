package org.onlooker.api;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.onlooker.core.Frame;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.StreamId;
import org.onlooker.core.Streams;
import org.onlooker.core.Subscription;

/** What sources send, as it comes: for players in browsers, or as pictures. */
final class LiveRoutes {
  private static final String PATH = "/api/v1/streams/{id}";
  private static final int PLAYERS_MAX = 64;
  private static final int PICTURES_MAX = 32;
  private final Vertx vertx;
  private final LiveMedia live;
  private final Streams streams;
  private final StreamFeed feed;
  private final Workers workers;
  private final Metrics metrics;
  private final Places players = new Places(PLAYERS_MAX, "live videos");
  private final Places pictures = new Places(PICTURES_MAX, "live pictures");
  private final SocketDoor door = new SocketDoor(players);

  LiveRoutes(
      Vertx vertx,
      LiveMedia live,
      Streams streams,
      StreamFeed feed,
      Workers workers,
      Metrics metrics) {
    this.vertx = vertx;
    this.live = live;
    this.streams = streams;
    this.feed = feed;
    this.workers = workers;
    this.metrics = metrics;
    metrics.gauge("onlooker.live.viewers", "Players that watch live video", players.taken());
    metrics.gauge("onlooker.live.clients", "Browsers that watch a live picture", pictures.taken());
  }

  List<Endpoint> endpoints() {
    return List.of(
        Endpoint.get(PATH + "/live.ws", this::video),
        Endpoint.get(PATH + "/live.mjpeg", this::pictures));
  }

  private void video(RoutingContext ctx) {
    StreamId id = Replies.streamId(ctx);
    door.open(ctx, socket -> {
      LiveSession session =
          new LiveSession(id, socket, vertx.getOrCreateContext(), metrics::liveFragmentSkipped);
      feed.join(session);
      Subscription view = live.view(id, session);
      return () -> {
        feed.leave(session);
        view.close();
      };
    });
  }

  private void pictures(RoutingContext ctx) {
    StreamId id = Replies.streamId(ctx);
    pictures.take();
    workers
        .run(() -> {
          if (streams.status(id).isEmpty()) {
            throw Problem.noStream(id.value());
          }
          return streams.latestFrame(id).map(Frame::snapshot);
        })
        .onSuccess(newest -> {
          LivePicture picture = new LivePicture(
              id, vertx.getOrCreateContext(), ctx.response(), metrics::liveFrameSkipped);
          picture.start(feed, streams, live, newest, pictures::leave);
        })
        .onFailure(failure -> {
          pictures.leave();
          ctx.fail(failure);
        });
  }
}
