package org.onlooker.api;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.Jpeg;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamStatus;
import org.onlooker.core.Streams;
import org.onlooker.core.Subscription;

/**
 * One viewer of a live picture: newest snapshots as parts of one endless reply.
 *
 * <p>A viewer holds at most one picture that waits: a newer one takes its place, which is counted
 * as skipped. A part ends with the boundary of the next, because browsers show a part only when
 * they have read that.
 *
 * <p>Life cycle: 1. {@link #start}; 2. a part per picture, the last one again after some seconds of
 * silence, so that a viewer who left is noticed; 3. ends when the viewer leaves or the stream is
 * removed, which releases the listeners and calls {@code onEnd} once.
 */
final class LivePicture implements StreamFeed.Listener {
  private static final String BOUNDARY = "onlooker-frame";
  private static final int QUEUE_BYTES = 64 * 1024;
  private static final int SILENT_SECONDS_MAX = 5;
  private final StreamId id;
  private final Context context;
  private final HttpServerResponse response;
  private final Runnable skipped;
  private final AtomicReference<@Nullable Jpeg> waiting = new AtomicReference<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private @Nullable Jpeg shown;
  private int silentSeconds;

  LivePicture(StreamId id, Context context, HttpServerResponse response, Runnable skipped) {
    this.id = id;
    this.context = context;
    this.response = response;
    this.skipped = skipped;
  }

  void start(
      StreamFeed feed, Streams streams, LiveMedia live, Optional<Jpeg> newest, Runnable onEnd) {
    if (response.closed()) {
      onEnd.run();
      return;
    }
    response
        .setChunked(true)
        .setWriteQueueMaxSize(QUEUE_BYTES)
        .putHeader(HttpHeaders.CONTENT_TYPE, "multipart/x-mixed-replace; boundary=" + BOUNDARY)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .drainHandler(ignored -> send());
    response.write("--" + BOUNDARY + "\r\n");
    newest.ifPresent(this::offer);
    Subscription sampled = streams.onFrame(id, frame -> offer(frame.snapshot()));
    Subscription between = live.pictures(id, this::offer);
    feed.join(this);
    response.exceptionHandler(ignored -> {});
    response.closeHandler(ignored -> {
      if (ended.compareAndSet(false, true)) {
        feed.leave(this);
        sampled.close();
        between.close();
        onEnd.run();
      }
    });
  }

  /** Called by the reading thread. */
  private void offer(Jpeg picture) {
    if (waiting.getAndSet(picture) == null) {
      Loop.run(context, this::send);
    } else {
      skipped.run();
    }
  }

  private void send() {
    if (ended.get() || response.writeQueueFull()) {
      return;
    }
    Jpeg picture = waiting.getAndSet(null);
    if (picture != null) {
      write(picture);
    }
  }

  private void write(Jpeg picture) {
    byte[] jpeg = picture.bytes();
    shown = picture;
    silentSeconds = 0;
    response.write(Buffer.buffer()
        .appendString("Content-Type: image/jpeg\r\nContent-Length: " + jpeg.length + "\r\n\r\n")
        .appendBytes(jpeg)
        .appendString("\r\n--" + BOUNDARY + "\r\n"));
  }

  @Override
  public void streamsAre(List<StreamStatus> statuses, boolean second) {
    if (StreamFeed.of(id, statuses).isEmpty()) {
      if (!ended.get()) {
        response.end();
      }
      return;
    }
    Jpeg last = shown;
    if (second
        && last != null
        && ++silentSeconds >= SILENT_SECONDS_MAX
        && !response.writeQueueFull()) {
      write(last);
    }
  }
}
