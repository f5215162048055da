package org.onlooker.ingest;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.onlooker.core.Jpeg;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.Pace;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Subscription;

/**
 * {@link LiveMedia} of the sources that FFmpeg reads: their packets as fragmented MP4, their
 * pictures as JPEG.
 */
public final class LiveChannels implements LiveMedia, PacketTap {
  private final ConcurrentHashMap<StreamId, LiveChannel> watched = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<StreamId, List<Consumer<Jpeg>>> looking =
      new ConcurrentHashMap<>();
  private final InstantSource clock;

  /** @param clock tells when packets came */
  public LiveChannels(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Subscription view(StreamId stream, Viewer viewer) {
    watched.compute(stream, (_, channel) -> {
      LiveChannel joined = channel == null ? new LiveChannel() : channel;
      joined.add(viewer);
      return joined;
    });
    return () ->
        watched.computeIfPresent(stream, (_, channel) -> channel.remove(viewer) ? channel : null);
  }

  @Override
  public Subscription pictures(StreamId stream, Consumer<Jpeg> viewer) {
    looking.compute(stream, (_, viewers) -> {
      List<Consumer<Jpeg>> joined = viewers == null ? new CopyOnWriteArrayList<>() : viewers;
      joined.add(viewer);
      return joined;
    });
    return () -> looking.computeIfPresent(stream, (_, viewers) -> {
      viewers.remove(viewer);
      return viewers.isEmpty() ? null : viewers;
    });
  }

  /** Where packets of a stream go; empty while nobody looks. */
  Optional<LiveChannel> channel(StreamId stream) {
    return Optional.ofNullable(watched.get(stream));
  }

  @Override
  public PacketListener listener(StreamSpec spec, SourceAddress address) {
    boolean hurries = spec.pace() == Pace.FAST && address.isFile();
    LiveTap packets = new LiveTap(
        () -> channel(spec.id()),
        clock,
        address.kind() == SourceAddress.Kind.RTSP,
        hurries ? Optional.of("it is watched faster than it plays") : Optional.empty());
    PictureTap pictures = new PictureTap(() -> looking.getOrDefault(spec.id(), List.of()));
    return new PacketListeners(List.of(packets, pictures));
  }
}
