package org.onlooker.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.onlooker.core.Jpeg;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.StreamId;
import org.onlooker.core.Subscription;

/** Live media that a test sends itself. */
public final class ScriptedLive implements LiveMedia {
  private final Map<Viewer, StreamId> viewers = new ConcurrentHashMap<>();
  private final Map<Consumer<Jpeg>, StreamId> looking = new ConcurrentHashMap<>();

  @Override
  public Subscription view(StreamId stream, Viewer viewer) {
    viewers.put(viewer, stream);
    return () -> viewers.remove(viewer);
  }

  @Override
  public Subscription pictures(StreamId stream, Consumer<Jpeg> viewer) {
    looking.put(viewer, stream);
    return () -> looking.remove(viewer);
  }

  /** How many players look at a stream. */
  public long viewers(StreamId stream) {
    return viewers.values().stream().filter(stream::equals).count();
  }

  /** How many look at pictures of a stream. */
  public long looking(StreamId stream) {
    return looking.values().stream().filter(stream::equals).count();
  }

  /** Shows it to all who look at pictures of a stream. */
  public void show(StreamId stream, Jpeg picture) {
    looking.forEach((viewer, watched) -> {
      if (watched.equals(stream)) {
        viewer.accept(picture);
      }
    });
  }

  /** Tells all who look at a stream. */
  public void send(StreamId stream, Consumer<Viewer> news) {
    viewers.forEach((viewer, watched) -> {
      if (watched.equals(stream)) {
        news.accept(viewer);
      }
    });
  }
}
