package org.onlooker.ingest;

import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.Pace;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;

/** {@link LiveMedia} of the sources that FFmpeg reads: their packets as fragmented MP4. */
public final class LiveChannels implements LiveMedia, PacketTap {
  private final ConcurrentHashMap<StreamId, LiveChannel> watched = new ConcurrentHashMap<>();
  private final InstantSource clock;

  /** @param clock tells when packets came */
  public LiveChannels(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public View view(StreamId stream, Viewer viewer) {
    watched.compute(stream, (_, channel) -> {
      LiveChannel joined = channel == null ? new LiveChannel() : channel;
      joined.add(viewer);
      return joined;
    });
    return () ->
        watched.computeIfPresent(stream, (_, channel) -> channel.remove(viewer) ? channel : null);
  }

  /** Where packets of a stream go; empty while nobody looks. */
  Optional<LiveChannel> channel(StreamId stream) {
    return Optional.ofNullable(watched.get(stream));
  }

  @Override
  public PacketListener listener(StreamSpec spec, SourceAddress address) {
    boolean hurries = spec.pace() == Pace.FAST && address.isFile();
    return new LiveTap(
        () -> channel(spec.id()),
        clock,
        address.kind() == SourceAddress.Kind.RTSP,
        hurries ? Optional.of("it is watched faster than it plays") : Optional.empty());
  }
}
