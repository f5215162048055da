package org.onlooker.memory;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
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
import org.onlooker.core.Remark;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;
import org.onlooker.core.StreamRecord;
import org.onlooker.core.Tier;
import org.onlooker.core.VisualTokens;

/**
 * A memory that lasts as long as the process: for tests, and for watching without a disk. Of each
 * stream so many clips are kept as {@link Bounds} say; those that repeat a clip leave with it.
 */
public final class HeapMemoryStore implements MemoryStore {
  private static final int REMARKS_MAX = 10_000;

  private final Bounds bounds;
  private final Consumer<ClipEntry> evicted;
  private final Map<StreamId, HeapClips> clips = new TreeMap<>(byName());
  private final Map<StreamId, NavigableMap<Pts, Gap>> gaps = new TreeMap<>(byName());
  private final Map<StreamId, NavigableMap<Long, Remark>> remarks = new TreeMap<>(byName());
  private final Map<StreamId, StreamRecord> streams = new TreeMap<>(byName());
  private final HeapConversationStore conversations = new HeapConversationStore();
  private boolean closed;

  /**
   * What is kept of a stream.
   *
   * @param clipsMax clips that show something of their own; repeats of them at most 16 times as
   *     many, then the oldest repeats leave
   * @param eviction chooses who leaves when there is one more
   * @param codec of their keys and values
   */
  public record Bounds(int clipsMax, Eviction eviction, BlockCodec codec) {
    public Bounds {
      if (clipsMax < 1) {
        throw new IllegalArgumentException("clipsMax is " + clipsMax + ", must be at least 1");
      }
    }
  }

  /** Keeps the newest clips, their keys and values as half floats. */
  public HeapMemoryStore(int clipsMax) {
    this(new Bounds(clipsMax, Evictions.of("oldest"), new Fp16BlockCodec()), _ -> {});
  }

  /** @param evicted is told each clip that has left, repeats too; it must not call this memory */
  public HeapMemoryStore(Bounds bounds, Consumer<ClipEntry> evicted) {
    this.bounds = bounds;
    this.evicted = evicted;
  }

  private static Comparator<StreamId> byName() {
    return Comparator.comparing(StreamId::value);
  }

  @Override
  public synchronized void append(Memory memory, KvBlock block) {
    added(memory.key().stream()).append(memory, block);
  }

  @Override
  public synchronized void appendRepeat(ClipEntry entry) {
    added(entry.key().stream()).appendRepeat(entry);
  }

  @Override
  public synchronized Optional<Pts> storedThrough(StreamId stream) {
    return kept(stream).storedThrough();
  }

  @Override
  public synchronized long nextSequence(StreamId stream) {
    return kept(stream).nextSequence();
  }

  @Override
  public synchronized List<ClipEntry> entries(StreamId stream, Span span) {
    return entries(stream).filter(entry -> entry.span().overlaps(span)).toList();
  }

  @Override
  public synchronized List<ClipEntry> newest(StreamId stream, Pts asOf, int limit) {
    List<ClipEntry> before =
        entries(stream).filter(entry -> !asOf.isBefore(entry.span().end())).toList();
    return before.subList(Math.max(0, before.size() - limit), before.size());
  }

  @Override
  public synchronized List<ClipEntry> entriesFrom(StreamId stream, long sequence, int limit) {
    return kept(stream)
        .range(sequence, Long.MAX_VALUE)
        .limit(limit)
        .map(HeapClips.Clip::entry)
        .toList();
  }

  @Override
  public synchronized Optional<ClipEntry> entry(ClipKey key) {
    return find(key).map(HeapClips.Clip::entry);
  }

  @Override
  public synchronized Optional<KvBlock> block(ClipKey key) {
    return find(key).flatMap(kept(key.stream())::block);
  }

  @Override
  public synchronized Optional<VisualTokens> tokens(ClipKey key) {
    return original(key).flatMap(HeapClips.Original::tokens);
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
        .range(from, to)
        .forEach(clip -> keyMeans(clip.entry().key())
            .ifPresent(means -> visitor.accept(clip.entry().key().sequence(), means)));
  }

  @Override
  public synchronized Optional<Jpeg> thumbnail(ClipKey key) {
    return original(key).map(clip -> clip.memory().thumbnail());
  }

  @Override
  public synchronized void demote(StreamId stream, Tier tier, long from, long to) {
    kept(stream).demote(tier, from, to);
  }

  @Override
  public synchronized boolean promote(ClipEntry clip, KvBlock block) {
    return kept(clip.key().stream()).promote(clip, block);
  }

  @Override
  public synchronized void remove(StreamId stream, Span stretch, int contextClips) {
    kept(stream).remove(stretch, contextClips);
    gapsOf(stream).values().removeIf(gap -> stretch.holds(gap.span()));
    remarksOf(stream).values().removeIf(remark -> stretch.overlaps(remark.span()));
    conversations.remove(stream, stretch);
  }

  @Override
  public synchronized void appendGap(StreamId stream, Gap gap) {
    requireOpen();
    gaps.computeIfAbsent(stream, _ -> new TreeMap<>()).put(gap.span().start(), gap);
  }

  @Override
  public synchronized List<Gap> gaps(StreamId stream, Span span) {
    return gapsOf(stream).values().stream()
        .filter(gap -> gap.span().overlaps(span))
        .toList();
  }

  /** Beyond {@link #REMARKS_MAX} the oldest make room. */
  @Override
  public synchronized void appendRemark(Remark remark) {
    requireOpen();
    NavigableMap<Long, Remark> kept =
        remarks.computeIfAbsent(remark.stream(), _ -> new TreeMap<>());
    kept.put(remark.clip().sequence(), remark);
    if (kept.size() > REMARKS_MAX) {
      kept.pollFirstEntry();
    }
  }

  @Override
  public synchronized List<Remark> remarks(StreamId stream, Span span, int limit) {
    return remarksOf(stream).descendingMap().values().stream()
        .filter(remark -> remark.span().overlaps(span))
        .limit(limit)
        .toList()
        .reversed();
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
    return clips.entrySet().stream()
        .filter(kept -> kept.getValue().all().findAny().isPresent())
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
      clips.remove(stream);
      gaps.remove(stream);
      remarks.remove(stream);
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
    clips.clear();
  }

  private Stream<ClipEntry> entries(StreamId stream) {
    return kept(stream).all().map(HeapClips.Clip::entry);
  }

  private Optional<HeapClips.Original> original(ClipKey key) {
    return find(key).flatMap(HeapClips.Clip::original);
  }

  private Optional<HeapClips.Clip> find(ClipKey key) {
    return kept(key.stream()).find(key.sequence());
  }

  private HeapClips added(StreamId stream) {
    requireOpen();
    return clips.computeIfAbsent(stream, _ -> new HeapClips(bounds, evicted));
  }

  /** Nothing, for a stream that is not known. */
  private HeapClips kept(StreamId stream) {
    requireOpen();
    return Optional.ofNullable(clips.get(stream)).orElseGet(() -> new HeapClips(bounds, evicted));
  }

  private NavigableMap<Pts, Gap> gapsOf(StreamId stream) {
    requireOpen();
    return Optional.ofNullable(gaps.get(stream)).orElseGet(TreeMap::new);
  }

  private NavigableMap<Long, Remark> remarksOf(StreamId stream) {
    requireOpen();
    return Optional.ofNullable(remarks.get(stream)).orElseGet(TreeMap::new);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("memory store is closed");
    }
  }
}
