package org.onlooker.testing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.StreamId;

/** Live media that a test sends itself. */
public final class ScriptedLive implements LiveMedia {
  private final Map<Viewer, StreamId> viewers = new ConcurrentHashMap<>();

  @Override
  public View view(StreamId stream, Viewer viewer) {
    viewers.put(viewer, stream);
    return () -> viewers.remove(viewer);
  }

  /** How many look at a stream. */
  public long viewers(StreamId stream) {
    return viewers.values().stream().filter(stream::equals).count();
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
