package org.onlooker.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.core.Memory;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.Tier;
import org.onlooker.core.VisualTokens;

/**
 * The clips of one stream in a {@link HeapMemoryStore}, within its bounds. Used under the store's
 * lock.
 */
final class HeapClips {
  private static final int REPEATS_PER_CLIP = 16;

  private final HeapMemoryStore.Bounds bounds;
  private final Consumer<ClipEntry> evicted;
  private final NavigableMap<Long, Clip> clips = new TreeMap<>();
  private final Map<Long, Sight> sights = new LinkedHashMap<>(); // in the order of the last one
  private long nextSequence;
  private Span newest = new Span(Pts.ZERO, Pts.ZERO);

  /** @param original what is kept beside the entry; absent where the clip repeats another */
  record Clip(ClipEntry entry, Optional<Original> original) {
    private Clip demoted(Tier tier) {
      return new Clip(entry, original.map(kept -> kept.demoted(tier)));
    }
  }

  /**
   * Values of a clip.
   *
   * @param block present with key means in {@link Tier#BLOCK} alone
   * @param tokens absent in {@link Tier#CAPTION} alone
   */
  record Original(Memory memory, Optional<Encoded> block, Optional<VisualTokens> tokens) {
    private Original demoted(Tier tier) {
      return switch (tier) {
        case BLOCK -> this;
        case TOKENS -> new Original(memory, Optional.empty(), tokens);
        case CAPTION -> new Original(memory, Optional.empty(), Optional.empty());
      };
    }
  }

  /** A block as its codec writes it. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Encoded(KvShape shape, int tokenCount, byte[] bytes) {
    private static Encoded of(KvBlock block, BlockCodec codec) {
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment code =
            arena.allocate(codec.encodedBytes(block.shape(), block.tokenCount()), 64);
        codec.encode(block, code);
        byte[] bytes = code.toArray(ValueLayout.JAVA_BYTE);
        return new Encoded(block.shape(), block.tokenCount(), bytes);
      }
    }

    KvBlock decoded(BlockCodec codec) {
      KvBlock block = KvBlock.allocate(shape, tokenCount);
      try (Arena arena = Arena.ofConfined()) {
        MemorySegment code = arena.allocate(bytes.length, 64);
        MemorySegment.copy(bytes, 0, code, ValueLayout.JAVA_BYTE, 0, bytes.length);
        codec.decode(code, block);
        return block;
      }
    }
  }

  /** Feature and weight as in {@link Eviction.Candidate}. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  private record Sight(float[] feature, long weight) {}

  HeapClips(HeapMemoryStore.Bounds bounds, Consumer<ClipEntry> evicted) {
    this.bounds = bounds;
    this.evicted = evicted;
  }

  long nextSequence() {
    return nextSequence;
  }

  /** End of the newest clip. */
  Optional<Pts> storedThrough() {
    return nextSequence == 0 ? Optional.empty() : Optional.of(newest.end());
  }

  Stream<Clip> all() {
    return clips.values().stream();
  }

  /** Those from a sequence on, up to the one before {@code to}. */
  Stream<Clip> range(long from, long to) {
    return clips.subMap(from, to).values().stream();
  }

  Optional<Clip> find(long sequence) {
    return Optional.ofNullable(clips.get(sequence));
  }

  void append(Memory memory, KvBlock block) {
    Optional<Encoded> encoded = Optional.of(Encoded.of(block, bounds.codec()));
    Original original = new Original(memory, encoded, Optional.of(memory.tokens()));
    append(new Clip(memory.entry(), Optional.of(original)));
    sights.put(memory.key().sequence(), new Sight(Features.of(memory), 1));
    if (sights.size() > bounds.clipsMax()) {
      evict();
    }
  }

  void appendRepeat(ClipEntry entry) {
    append(new Clip(entry, Optional.empty()));
    long original = entry.original().sequence();
    Optional.ofNullable(sights.remove(original))
        .ifPresent(sight -> sights.put(original, new Sight(sight.feature(), sight.weight() + 1)));
    if (clips.size() > (long) bounds.clipsMax() * (1 + REPEATS_PER_CLIP)) {
      all().filter(clip -> clip.entry().isRepeat()).findFirst().ifPresent(this::leave);
    }
  }

  private void append(Clip clip) {
    ClipEntry entry = clip.entry();
    AppendOrder.check(entry, nextSequence, newest);
    clips.put(entry.key().sequence(), clip);
    nextSequence = entry.key().sequence() + 1;
    newest = entry.span();
  }

  private void evict() {
    List<Eviction.Candidate> candidates = sights.entrySet().stream()
        .map(seen -> candidate(seen.getKey(), seen.getValue()))
        .toList();
    Eviction eviction = bounds.eviction();
    Map<Long, Long> stay = eviction.choose(candidates, eviction.clipsLeft(bounds.clipsMax()));
    sights.keySet().retainAll(stay.keySet());
    sights.replaceAll((clip, sight) -> new Sight(sight.feature(), stay.getOrDefault(clip, 1L)));
    all()
        .filter(clip -> !stay.containsKey(clip.entry().original().sequence()))
        .toList()
        .forEach(this::leave);
  }

  private Eviction.Candidate candidate(long sequence, Sight sight) {
    return new Eviction.Candidate(
        sequence, sight.feature(), sight.weight(), () -> find(sequence).flatMap(this::block));
  }

  private void leave(Clip clip) {
    clips.remove(clip.entry().key().sequence());
    evicted.accept(clip.entry());
  }

  /** The block, decoded; the caller closes it. */
  Optional<KvBlock> block(Clip clip) {
    return clip.original().flatMap(Original::block).map(code -> code.decoded(bounds.codec()));
  }

  void demote(Tier tier, long from, long to) {
    clips.subMap(from, to).replaceAll((_, clip) -> clip.demoted(tier));
  }

  boolean promote(ClipEntry entry, KvBlock block) {
    Optional<Clip> found = find(entry.key().sequence()).filter(c -> c.entry().isSameClip(entry));
    found.flatMap(Clip::original).ifPresent(kept -> {
      Optional<Encoded> made = Optional.of(Encoded.of(block, bounds.codec()));
      Original promoted = new Original(kept.memory(), made, kept.tokens());
      clips.put(entry.key().sequence(), new Clip(entry, Optional.of(promoted)));
    });
    return found.isPresent();
  }

  /** As {@link org.onlooker.core.MemoryStore#remove}. */
  void remove(Span stretch, int contextClips) {
    List<Long> gone = all()
        .filter(clip -> clip.entry().span().overlaps(stretch) || isRepeatFrom(clip, stretch))
        .map(clip -> clip.entry().key().sequence())
        .toList();
    clips.keySet().removeAll(gone);
    sights.keySet().removeAll(gone);
    if (!gone.isEmpty()) {
      clips.tailMap(gone.getLast()).entrySet().stream()
          .filter(clip -> !clip.getValue().entry().isRepeat())
          .limit(contextClips)
          .toList()
          .forEach(clip -> clip.setValue(clip.getValue().demoted(Tier.TOKENS)));
    }
  }

  private boolean isRepeatFrom(Clip clip, Span stretch) {
    return clip.entry().isRepeat()
        && find(clip.entry().original().sequence())
            .filter(original -> original.entry().span().overlaps(stretch))
            .isPresent();
  }
}
