package org.onlooker.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The truth about what was seen. Safe for use by several threads.
 *
 * <p>When {@link #append} returns, the clip is acknowledged: it survives the death of the process
 * (and of the machine where the store was opened with sync). A torn clip is absent.
 */
public interface MemoryStore extends AutoCloseable {
  /**
   * Adds a clip and its block in one step. Sequences of a stream must rise, and spans must not go
   * back in time. The block stays the caller's.
   *
   * @throws StoreException with {@link StoreException.Reason#DISK_LOW} when the disk is nearly full
   */
  void append(Memory memory, KvBlock block);

  /**
   * Adds a clip that shows what an earlier one did, of which nothing but the entry is kept; see
   * {@link ClipEntry#original}. Order and errors are those of {@link #append}.
   */
  void appendRepeat(ClipEntry entry);

  /** End of the newest clip of a stream. */
  Optional<Pts> storedThrough(StreamId stream);

  /** The newest clip's sequence plus one; 0 for a stream without clips. */
  long nextSequence(StreamId stream);

  /** Entries whose span overlaps {@code span}, in time order. */
  List<ClipEntry> entries(StreamId stream, Span span);

  /** At most {@code limit} newest entries that end at or before {@code asOf}, in time order. */
  List<ClipEntry> newest(StreamId stream, Pts asOf, int limit);

  /** Entries from a sequence on, at most {@code limit}, in order: how an index catches up. */
  List<ClipEntry> entriesFrom(StreamId stream, long sequence, int limit);

  Optional<ClipEntry> entry(ClipKey key);

  /**
   * The raw-key block, decoded; the caller closes it. Empty for a clip that repeats another, and
   * below {@link Tier#BLOCK}.
   */
  Optional<KvBlock> block(ClipKey key);

  /** Empty for a clip that repeats another, and below {@link Tier#TOKENS}. */
  Optional<VisualTokens> tokens(ClipKey key);

  /**
   * As {@link Memory#keyMeans}, rounded: an error is at most 1/250 of a layer's largest mean. Kept
   * where the block is.
   */
  Optional<float[][]> keyMeans(ClipKey key);

  /**
   * Hands over the key means of a stream's clips, those that are kept, in order.
   *
   * @param from first sequence
   * @param to sequence behind the last
   */
  void scanKeyMeans(StreamId stream, long from, long to, KeyMeansVisitor visitor);

  /** Takes the key means of one clip. */
  @FunctionalInterface
  interface KeyMeansVisitor {
    void accept(long sequence, float[][] keyMeans);
  }

  Optional<Jpeg> thumbnail(ClipKey key);

  /**
   * Gives up what {@code tier} does not keep of a stream's clips, in one step. Of a clip of a lower
   * tier nothing changes.
   *
   * @param from first sequence
   * @param to sequence behind the last
   */
  void demote(StreamId stream, Tier tier, long from, long to);

  /**
   * Keeps a block, with its key means, that was made again from a clip's tokens. The block stays
   * the caller's.
   *
   * @param clip as it was read
   * @return false when that clip is no longer there: nothing is kept
   */
  boolean promote(ClipEntry clip, KvBlock block);

  /**
   * Removes all that was kept of a stretch of a stream: the clips that overlap it, later ones that
   * repeat one of them, the gaps within it, the remarks that overlap it, and of conversations each
   * turn that is about it, with those before that turn. Returns when the bytes are gone from the
   * files too.
   *
   * <p>Blocks hold something of the clips before them: those of the clips behind the stretch that
   * saw some of it are given up, as {@link Tier#TOKENS} gives them up.
   *
   * @param contextClips how many clips back a block may hold something of, repeats not counted
   */
  void remove(StreamId stream, Span stretch, int contextClips);

  /** Adds a gap; one that starts where an earlier one did takes its place. */
  void appendGap(StreamId stream, Gap gap);

  /** Gaps that overlap {@code span}, in time order. */
  List<Gap> gaps(StreamId stream, Span span);

  /** Adds what was said of a stream; one of the same clip is replaced. */
  void appendRemark(Remark remark);

  /** Of the remarks whose span overlaps {@code span}, the newest {@code limit}, in time order. */
  List<Remark> remarks(StreamId stream, Span span, int limit);

  /** Adds or replaces a stream's record. */
  void putStream(StreamRecord stream);

  List<StreamRecord> streams();

  /** The streams of which there are clips, those that were removed without their memory too. */
  List<StreamId> remembered();

  /** What was asked and answered about these streams. */
  ConversationStore conversations();

  /**
   * Removes a stream's record; with {@code memory} also all that was kept of it, conversations
   * included.
   */
  void removeStream(StreamId stream, boolean memory);

  /**
   * Makes a copy of all streams in {@code folder}, which must not exist, while they go on.
   *
   * @throws StoreException when it cannot, as a memory that is not on disk
   */
  void backup(Path folder);

  /**
   * Brings streams back from a {@link #backup}: those of which there is neither a record nor a clip
   * here. Until one is whole, none of that name can be put here.
   *
   * @param restored is told each stream once it is whole
   * @throws StoreException when the backup cannot be read, or the disk has no room; the stream that
   *     was coming has left nothing here
   */
  void restore(Path folder, Consumer<StreamRecord> restored);

  /** Bytes on disk, all streams. */
  long bytes();

  @Override
  void close();
}
