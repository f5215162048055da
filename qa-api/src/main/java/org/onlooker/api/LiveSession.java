package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamState;
import org.onlooker.core.StreamStatus;

/**
 * One player of live video. Text tells what comes ({@code live.track}, {@code live.time}, {@code
 * live.state}, {@code live.unplayable}), binary is to be appended to the player's buffer.
 *
 * <p>A player that reads too slowly misses pictures up to the next keyframe; they are counted.
 */
final class LiveSession implements LiveMedia.Viewer, StreamFeed.Listener {
  /** That wait, for the event loop and for the network: more than what a player joins with. */
  private static final int WAITING_BYTES_MAX = LiveMedia.JOINING_BYTES_MAX + (2 << 20);

  /** Close code; those from 4000 on are an application's own (RFC 6455, section 7.4.2). */
  private static final short NO_STREAM = 4404;

  private final StreamId stream;
  private final ServerWebSocket socket;
  private final Context context;
  private final Runnable skipped;
  private final AtomicLong waitingBytes = new AtomicLong();
  private boolean skipsToKeyframe; // of the thread that brings the packets
  private boolean behind; // of the event loop, as all below
  private Optional<StreamState> told = Optional.empty();
  private double timeToldSeconds = Double.NEGATIVE_INFINITY;

  LiveSession(StreamId stream, ServerWebSocket socket, Context context, Runnable skipped) {
    this.stream = stream;
    this.socket = socket;
    this.context = context;
    this.skipped = skipped;
    socket.setWriteQueueMaxSize(WAITING_BYTES_MAX);
    socket.exceptionHandler(ignored -> {});
    socket.handler(ignored -> {}); // a player has nothing to say
  }

  @Override
  public void track(LiveMedia.Track track) {
    Loop.run(context, () -> {
      tell(Json.object().put("type", "live.track").put("mimeType", track.mimeType()));
      give(track.head());
    });
  }

  @Override
  public void fragment(LiveMedia.Fragment fragment) {
    int size = fragment.bytes().length;
    skipsToKeyframe =
        skipsToKeyframe && !fragment.keyframe() || waitingBytes.get() + size > WAITING_BYTES_MAX;
    if (skipsToKeyframe) {
      skipped.run();
    } else {
      waitingBytes.addAndGet(size);
      Loop.run(context, () -> {
        waitingBytes.addAndGet(-size);
        write(fragment);
      });
    }
  }

  private void write(LiveMedia.Fragment fragment) {
    behind = behind && !fragment.keyframe() || socket.writeQueueFull();
    if (behind) {
      skipped.run();
      return;
    }
    double seconds = fragment.time().seconds();
    if (fragment.keyframe() || Math.abs(seconds - timeToldSeconds) >= 1) {
      timeToldSeconds = seconds;
      tell(Json.object()
          .put("type", "live.time")
          .put("time", seconds)
          .put("arrivedAt", fragment.arrivedAt().toString()));
    }
    give(fragment.bytes());
  }

  @Override
  public void unplayable(String reason) {
    Loop.run(
        context, () -> tell(Json.object().put("type", "live.unplayable").put("reason", reason)));
  }

  /** Tells the stream's state when it changes, and closes the socket of one that is no more. */
  @Override
  public void streamsAre(List<StreamStatus> statuses, boolean second) {
    Optional<StreamStatus> status = StreamFeed.of(stream, statuses);
    if (status.isEmpty()) {
      socket.close(NO_STREAM, "stream \"" + stream + "\" is not there");
      return;
    }
    StreamState state = status.get().state();
    if (told.filter(state::equals).isEmpty()) {
      told = Optional.of(state);
      ObjectNode news = Json.object().put("type", "live.state").put("state", state.wireName());
      status.get().reason().ifPresent(reason -> news.put("reason", reason));
      tell(news);
    }
  }

  private void give(byte[] bytes) {
    if (!socket.isClosed()) {
      socket.writeBinaryMessage(Buffer.buffer(bytes));
    }
  }

  private void tell(ObjectNode event) {
    if (!socket.isClosed()) {
      socket.writeTextMessage(event.toString());
    }
  }
}
