package org.onlooker.memory;

import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.ClipKey;
import org.onlooker.core.ConversationStore;
import org.onlooker.core.Gap;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.Tier;
import org.onlooker.core.VisualTokens;

/**
 * A memory that lasts as long as the process: for tests, and for watching without a disk. Values
 * are kept as they are given; of each stream the newest {@code clipsMax} clips are kept.
 */
public final class HeapMemoryStore implements MemoryStore {
  private final int clipsMax;
  private final Map<StreamId, Kept> memories = new TreeMap<>(byName());
  private final Map<StreamId, StreamRecord> streams = new TreeMap<>(byName());
  private final HeapConversationStore conversations = new HeapConversationStore();
  private boolean closed;

  /** What is kept of one stream. */
  private static final class Kept {
    final NavigableMap<Long, Clip> clips = new TreeMap<>();
    final NavigableMap<Pts, Gap> gaps = new TreeMap<>();
    long nextSequence;
    Span newest = new Span(Pts.ZERO, Pts.ZERO);
  }

  /** @param original what is kept beside the entry; absent where the clip repeats another */
  private record Clip(ClipEntry entry, Optional<Original> original) {
    Clip demoted(Tier tier) {
      return new Clip(entry, original.map(kept -> kept.demoted(tier)));
    }

    void close() {
      original.flatMap(Original::block).ifPresent(KvBlock::close);
    }
  }

  /**
   * Values of a clip.
   *
   * @param block present with key means in {@link Tier#BLOCK} alone
   * @param tokens absent in {@link Tier#CAPTION} alone
   */
  private record Original(Memory memory, Optional<KvBlock> block, Optional<VisualTokens> tokens) {
    Original demoted(Tier tier) {
      if (tier == Tier.BLOCK) {
        return this;
      }
      block.ifPresent(KvBlock::close);
      return new Original(
          memory, Optional.empty(), tier == Tier.TOKENS ? tokens : Optional.empty());
    }

    Original promoted(KvBlock made) {
      block.ifPresent(KvBlock::close);
      return new Original(memory, Optional.of(made), tokens);
    }
  }

  public HeapMemoryStore(int clipsMax) {
    if (clipsMax < 1) {
      throw new IllegalArgumentException("clipsMax is " + clipsMax + ", must be at least 1");
    }
    this.clipsMax = clipsMax;
  }

  private static Comparator<StreamId> byName() {
    return Comparator.comparing(StreamId::value);
  }

  @Override
  public synchronized void append(Memory memory, KvBlock block) {
    append(memory.entry(), () -> original(memory, block));
  }

  private static Optional<Original> original(Memory memory, KvBlock block) {
    return Optional.of(
        new Original(memory, Optional.of(copy(block)), Optional.of(memory.tokens())));
  }

  @Override
  public synchronized void appendRepeat(ClipEntry entry) {
    append(entry, Optional::empty);
  }

  private void append(ClipEntry entry, Supplier<Optional<Original>> original) {
    requireOpen();
    Kept kept = memories.computeIfAbsent(entry.key().stream(), _ -> new Kept());
    AppendOrder.check(entry, kept.nextSequence, kept.newest);
    kept.clips.put(entry.key().sequence(), new Clip(entry, original.get()));
    kept.nextSequence = entry.key().sequence() + 1;
    kept.newest = entry.span();
    while (kept.clips.size() > clipsMax) {
      kept.clips.pollFirstEntry().getValue().close();
    }
  }

  @Override
  public synchronized Optional<Pts> storedThrough(StreamId stream) {
    return kept(stream).filter(k -> k.nextSequence > 0).map(k -> k.newest.end());
  }

  @Override
  public synchronized long nextSequence(StreamId stream) {
    return kept(stream).map(k -> k.nextSequence).orElse(0L);
  }

  @Override
  public synchronized List<ClipEntry> entries(StreamId stream, Span span) {
    return clips(stream)
        .map(c -> c.entry())
        .filter(e -> e.span().overlaps(span))
        .toList();
  }

  @Override
  public synchronized List<ClipEntry> newest(StreamId stream, Pts asOf, int limit) {
    List<ClipEntry> before = clips(stream)
        .map(clip -> clip.entry())
        .filter(entry -> !asOf.isBefore(entry.span().end()))
        .toList();
    return before.subList(Math.max(0, before.size() - limit), before.size());
  }

  @Override
  public synchronized List<ClipEntry> entriesFrom(StreamId stream, long sequence, int limit) {
    return clips(stream)
        .filter(clip -> clip.entry().key().sequence() >= sequence)
        .limit(limit)
        .map(clip -> clip.entry())
        .toList();
  }

  @Override
  public synchronized Optional<ClipEntry> entry(ClipKey key) {
    return find(key).map(Clip::entry);
  }

  @Override
  public synchronized Optional<KvBlock> block(ClipKey key) {
    return original(key).flatMap(Original::block).map(HeapMemoryStore::copy);
  }

  @Override
  public synchronized Optional<VisualTokens> tokens(ClipKey key) {
    return original(key).flatMap(Original::tokens);
  }

  @Override
  public synchronized Optional<float[][]> keyMeans(ClipKey key) {
    return original(key)
        .filter(clip -> clip.block().isPresent())
        .map(clip -> clip.memory().keyMeans());
  }

  @Override
  public synchronized void scanKeyMeans(
      StreamId stream, long from, long to, KeyMeansVisitor visitor) {
    kept(stream)
        .ifPresent(kept -> kept.clips
            .subMap(from, to)
            .forEach((sequence, clip) -> clip.original()
                .filter(original -> original.block().isPresent())
                .ifPresent(
                    original -> visitor.accept(sequence, original.memory().keyMeans()))));
  }

  @Override
  public synchronized Optional<Jpeg> thumbnail(ClipKey key) {
    return original(key).map(clip -> clip.memory().thumbnail());
  }

  @Override
  public synchronized void demote(StreamId stream, Tier tier, long from, long to) {
    kept(stream)
        .ifPresent(k -> k.clips.subMap(from, to).replaceAll((_, clip) -> clip.demoted(tier)));
  }

  @Override
  public synchronized boolean promote(ClipEntry clip, KvBlock block) {
    Optional<Clip> found = find(clip.key()).filter(kept -> kept.entry().isSameClip(clip));
    found.flatMap(Clip::original).ifPresent(original -> {
      Clip promoted = new Clip(clip, Optional.of(original.promoted(copy(block))));
      kept(clip.key().stream()).orElseThrow().clips.put(clip.key().sequence(), promoted);
    });
    return found.isPresent();
  }

  @Override
  public synchronized void remove(StreamId stream, Span stretch, int contextClips) {
    List<Long> gone = clips(stream)
        .filter(clip -> clip.entry().span().overlaps(stretch) || repeatsOneOf(clip, stretch))
        .map(clip -> clip.entry().key().sequence())
        .toList();
    kept(stream).ifPresent(k -> {
      gone.forEach(sequence -> k.clips.remove(sequence).close());
      k.gaps.values().removeIf(gap -> stretch.holds(gap.span()));
      if (!gone.isEmpty()) {
        k.clips.tailMap(gone.getLast()).entrySet().stream()
            .filter(entry -> !entry.getValue().entry().isRepeat())
            .limit(contextClips)
            .toList()
            .forEach(entry -> entry.setValue(entry.getValue().demoted(Tier.TOKENS)));
      }
    });
    conversations.remove(stream, stretch);
  }

  private boolean repeatsOneOf(Clip clip, Span stretch) {
    return clip.entry().isRepeat()
        && find(clip.entry().original())
            .filter(original -> original.entry().span().overlaps(stretch))
            .isPresent();
  }

  @Override
  public synchronized void appendGap(StreamId stream, Gap gap) {
    requireOpen();
    memories.computeIfAbsent(stream, _ -> new Kept()).gaps.put(gap.span().start(), gap);
  }

  @Override
  public synchronized List<Gap> gaps(StreamId stream, Span span) {
    Collection<Gap> gaps = kept(stream).map(k -> k.gaps.values()).orElse(List.of());
    return gaps.stream().filter(gap -> gap.span().overlaps(span)).toList();
  }

  @Override
  public synchronized void putStream(StreamRecord stream) {
    requireOpen();
    streams.put(stream.spec().id(), stream);
  }

  @Override
  public synchronized List<StreamRecord> streams() {
    requireOpen();
    return new ArrayList<>(streams.values());
  }

  @Override
  public synchronized List<StreamId> remembered() {
    requireOpen();
    return memories.entrySet().stream()
        .filter(kept -> !kept.getValue().clips.isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  @Override
  public ConversationStore conversations() {
    return conversations;
  }

  @Override
  public synchronized void removeStream(StreamId stream, boolean memory) {
    requireOpen();
    streams.remove(stream);
    if (memory) {
      conversations.removeStream(stream);
      kept(stream).ifPresent(k -> k.clips.values().forEach(Clip::close));
      memories.remove(stream);
    }
  }

  @Override
  public void backup(Path folder) {
    throw noDisk();
  }

  @Override
  public void restore(Path folder, Consumer<StreamRecord> restored) {
    throw noDisk();
  }

  private static StoreException noDisk() {
    return new StoreException(
        StoreException.Reason.FAILED, "this memory is not on disk: it has no backups");
  }

  /** Nothing is on disk. */
  @Override
  public long bytes() {
    return 0;
  }

  @Override
  public synchronized void close() {
    closed = true;
    conversations.close();
    memories.values().forEach(k -> k.clips.values().forEach(Clip::close));
    memories.clear();
  }

  private Stream<Clip> clips(StreamId stream) {
    return kept(stream).stream().flatMap(k -> k.clips.values().stream());
  }

  private Optional<Original> original(ClipKey key) {
    return find(key).flatMap(Clip::original);
  }

  private Optional<Clip> find(ClipKey key) {
    return kept(key.stream()).map(k -> k.clips.get(key.sequence()));
  }

  private Optional<Kept> kept(StreamId stream) {
    requireOpen();
    return Optional.ofNullable(memories.get(stream));
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("memory store is closed");
    }
  }

  private static KvBlock copy(KvBlock block) {
    KvBlock copy = KvBlock.allocate(block.shape(), block.tokenCount());
    MemorySegment.copy(block.keys(), 0, copy.keys(), 0, block.keys().byteSize());
    MemorySegment.copy(block.values(), 0, copy.values(), 0, block.values().byteSize());
    return copy;
  }
}
