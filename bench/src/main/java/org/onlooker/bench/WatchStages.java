package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.ClipKey;
import org.onlooker.core.EncodedFrames;
import org.onlooker.core.FileTree;
import org.onlooker.core.Frame;
import org.onlooker.core.FrameSource;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.ModelCard;
import org.onlooker.core.Pace;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.SourceException;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamSpec;
import org.onlooker.ingest.FfmpegNatives;
import org.onlooker.ingest.SourceCatalog;
import org.onlooker.memory.RocksMemoryStore;
import org.onlooker.memory.RocksOptions;

/**
 * What watching costs besides the model, per clip: decoding with the pictures and JPEGs of each
 * sampled frame, and storing. CPU time of the whole process, its background threads included.
 */
final class WatchStages {
  private static final StreamId STREAM = new StreamId("watch");

  private final ModelCard card;
  private final Path root;
  private final Path natives;
  private Optional<Jpeg> thumbnail = Optional.empty();

  WatchStages(ModelCard card, Path root, Path natives) {
    this.card = card;
    this.root = root;
    this.natives = natives;
  }

  /** CPU milliseconds per clip of the demo stream; the second of two passes counts. */
  double decodeMillis(PictureSpec picture) throws SourceException {
    FfmpegNatives.unpackTo(natives);
    Path demo = root.resolve("testdata").resolve("demo").resolve("stream.mp4");
    double fps = card.framesPerClip() * 1000.0 / card.clipDuration().toMillis();
    StreamSpec spec =
        new StreamSpec(STREAM, demo.toString(), fps, Optional.empty(), Pace.FAST, false);
    var sources = new SourceCatalog(List.of(demo.getParent()), picture, InstantSource.system());
    pass(sources.create(spec));
    long start = Measures.processCpuNanos();
    int frames = pass(sources.create(spec));
    return (Measures.processCpuNanos() - start) / 1e6 / frames * card.framesPerClip();
  }

  private int pass(FrameSource source) throws SourceException {
    int frames = 0;
    try (source) {
      source.open();
      for (Optional<Frame> next = source.next(); next.isPresent(); next = source.next()) {
        thumbnail = Optional.of(next.get().thumbnail());
        frames++;
      }
    }
    return frames;
  }

  /** CPU milliseconds per stored clip: coding of the block, tokens and key means, writing, log. */
  double storeMillis(EncodedFrames encoded, KvBlock block, int clips) throws IOException {
    Path folder = Files.createTempDirectory("onlooker-bench");
    try {
      try (RocksMemoryStore store =
          RocksMemoryStore.open(folder.resolve("memory"), natives, RocksOptions.defaults())) {
        append(store, encoded, block, 0, clips);
        long start = Measures.processCpuNanos();
        append(store, encoded, block, clips, 2 * clips);
        return (Measures.processCpuNanos() - start) / 1e6 / clips;
      }
    } finally {
      FileTree.delete(folder);
    }
  }

  private void append(
      RocksMemoryStore store, EncodedFrames encoded, KvBlock block, int from, int to) {
    double seconds = card.clipDuration().toMillis() / 1000.0;
    for (int clip = from; clip < to; clip++) {
      store.append(
          new Memory(
              new ClipKey(STREAM, clip),
              Span.ofSeconds(clip * seconds, (clip + 1) * seconds),
              Instant.EPOCH.plusSeconds(clip),
              card.fingerprint(),
              encoded.tokens(),
              encoded.embedding(),
              block.keyMeans(),
              "",
              thumbnail.orElseThrow()),
          block);
    }
  }
}
