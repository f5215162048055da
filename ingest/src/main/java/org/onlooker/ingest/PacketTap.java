package org.onlooker.ingest;

import org.onlooker.core.StreamSpec;

/** Something that packets of all sources go to, before they are decoded. */
public sealed interface PacketTap permits RecordedSegments, LiveChannels {
  /** What hears the packets of a connection to {@code address}. */
  PacketListener listener(StreamSpec spec, SourceAddress address);
}
