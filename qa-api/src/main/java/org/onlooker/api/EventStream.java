package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import org.onlooker.core.Question;

/**
 * One answer as server-sent events, with the bodies that the WebSocket sends. A client that leaves
 * stops the answer; a comment every some seconds keeps proxies from closing a quiet connection.
 */
final class EventStream {
  private static final long KEEP_ALIVE_MILLIS = 10_000;
  private final Context context;
  private final RoutingContext ctx;
  private final Asking asking;
  private final Metrics metrics;
  private final Numbering numbering = new Numbering();

  EventStream(Context context, RoutingContext ctx, Asking asking, Metrics metrics) {
    this.context = context;
    this.ctx = ctx;
    this.asking = asking;
    this.metrics = metrics;
  }

  void answer(Question question, AnswerJson documents) {
    HttpServerResponse response = ctx.response();
    Events events = new Events(response);
    AnswerRelay relay = new AnswerRelay(context, documents, asking, events::offer);
    response.exceptionHandler(ignored -> {});
    response.closeHandler(ignored -> relay.cancel());
    asking
        .ask(question, relay)
        .onSuccess(id -> {
          start(response);
          relay.accepted(id, id);
        })
        .onFailure(ctx::fail);
  }

  private void start(HttpServerResponse response) {
    if (response.closed()) {
      return;
    }
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Accel-Buffering", "no");
    response.writeHead();
    long timer = context.owner().setPeriodic(KEEP_ALIVE_MILLIS, id -> {
      if (response.ended() || response.closed()) {
        context.owner().cancelTimer(id);
      } else {
        response.write(": keep-alive\n\n");
      }
    });
    response.endHandler(ignored -> context.owner().cancelTimer(timer));
  }

  /** The reply as a place for events; the last one ends it. */
  private final class Events {
    private final HttpServerResponse response;
    private final Outbox outbox;

    Events(HttpServerResponse response) {
      this.response = response;
      this.outbox = new Outbox(this::write, metrics::eventDropped, Outbox.Bounds.DEFAULT);
      outbox.attach(response);
    }

    private void offer(ServerEvent event) {
      if (!response.ended() && !response.closed()) {
        outbox.offer(event);
      }
    }

    private void write(ObjectNode event) {
      String type = event.path("type").asText();
      String data = Json.write(numbering.stamp(event));
      response.write(
          "id: " + event.path("seq").asLong() + "\nevent: " + type + "\ndata: " + data + "\n\n");
      if (type.equals("answer.done")) {
        response.end();
      }
    }
  }
}
