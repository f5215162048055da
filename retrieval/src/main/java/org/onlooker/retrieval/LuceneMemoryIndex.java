package org.onlooker.retrieval;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.lucene.document.Document;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.LeafReader;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.Terms;
import org.apache.lucene.index.TermsEnum;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.SearcherFactory;
import org.apache.lucene.search.SearcherManager;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.LockObtainFailedException;
import org.apache.lucene.store.NRTCachingDirectory;
import org.apache.lucene.util.Bits;
import org.apache.lucene.util.BytesRef;
import org.onlooker.core.Appearances;
import org.onlooker.core.ClipEntry;
import org.onlooker.core.MemoryIndex;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;
import org.onlooker.core.StreamId;

/**
 * Finds clips with Lucene: BM25 over captions, embeddings by {@link NearestClips}, filters by
 * stream and time.
 *
 * <p>The index holds nothing that the memory store does not: a damaged one, or one of another
 * version, is emptied at the start and {@link #nextSequence} asks for everything again. After a
 * crash it stands at its last {@link #commit}, and so it does when a full disk has ended its
 * writing; what could be found then can still be found.
 */
public final class LuceneMemoryIndex implements MemoryIndex {
  private static final System.Logger LOG = System.getLogger(LuceneMemoryIndex.class.getName());
  private static final int EMBEDDING_VALUES_MAX = 1024; // of Lucene's HNSW format

  /** Segments so small stay in memory until the next commit: a refresh writes no files. */
  private static final double CACHED_SEGMENT_MEBIBYTES = 4;

  private static final double CACHED_MEBIBYTES = 16;

  private final Directory directory;
  private final SketchCache sketches;
  private final Map<StreamId, Long> nextSequences = new ConcurrentHashMap<>();

  /** Streams of which the index has lost clips; nothing is added before that was noticed. */
  private final Set<StreamId> setBack = ConcurrentHashMap.newKeySet();

  /** Guards the two that follow; it is held to write only while they are opened again. */
  private final ReentrantReadWriteLock opened = new ReentrantReadWriteLock();

  private IndexWriter writer;
  private SearcherManager searchers;

  private LuceneMemoryIndex(String fingerprint, Directory directory) throws IOException {
    this.directory = directory;
    this.sketches = new SketchCache(fingerprint);
    this.writer = IndexFiles.writer(directory, sketches);
    this.searchers = new SearcherManager(writer, new SearcherFactory());
  }

  /**
   * Opens the index in {@code folder}, or makes it.
   *
   * @param fingerprint of the pack that embeds the questions; embeddings of other packs are kept
   *     but never compared with it
   * @throws StoreException when another process has it, or the disk fails
   */
  public static LuceneMemoryIndex open(Path folder, String fingerprint) {
    try {
      Directory directory = new NRTCachingDirectory(
          FSDirectory.open(folder), CACHED_SEGMENT_MEBIBYTES, CACHED_MEBIBYTES);
      try {
        IndexFiles.emptyUnlessWhole(directory, folder);
        return new LuceneMemoryIndex(fingerprint, directory);
      } catch (IOException | RuntimeException e) {
        directory.close();
        throw e;
      }
    } catch (LockObtainFailedException e) {
      throw new StoreException(
          StoreException.Reason.LOCKED,
          "index folder " + folder + " is in use by another process; stop it, or choose another"
              + " folder with --data",
          e);
    } catch (IOException e) {
      throw new StoreException(
          StoreException.Reason.FAILED,
          "index in " + folder + " cannot be opened: " + e
              + "; move the folder away, it is built anew from memory",
          e);
    }
  }

  @Override
  public void add(ClipEntry entry) {
    float[] unit = Vectors.unit(entry.embedding());
    if (unit.length > EMBEDDING_VALUES_MAX) {
      throw new IllegalArgumentException("embedding of clip " + entry.key() + " has " + unit.length
          + " values, the index takes at most " + EMBEDDING_VALUES_MAX);
    }
    Document document = IndexedClips.document(entry, unit);
    doing(() -> {
      StreamId stream = entry.key().stream();
      if (setBack.contains(stream)) {
        throw new IllegalStateException(
            "the index has lost clips of stream " + stream + ": begin at its next sequence");
      }
      if (entry.key().sequence() < next(stream)) {
        writer.updateDocument(IndexedClips.keyTerm(entry.key()), document);
      } else { // new: there is nothing to look for and replace
        writer.addDocument(document);
        nextSequences.put(stream, entry.key().sequence() + 1);
      }
      return true;
    });
  }

  @Override
  public List<Recalled> matches(RecallQuery query) {
    if (query.limit() <= 0 || !query.scope().start().isBefore(query.scope().end())) {
      return List.of();
    }
    return searching(searcher -> new LuceneRecall(searcher, query, sketches).run());
  }

  @Override
  public Appearances appearances(RecallQuery query) {
    if (!query.scope().start().isBefore(query.scope().end())) {
      return new Appearances(0, List.of());
    }
    return searching(searcher ->
        new LuceneAppearances(searcher, new LuceneRecall(searcher, query, sketches)).gather());
  }

  @Override
  public Set<String> names(int limit) {
    return searching(searcher -> {
      Set<String> names = new TreeSet<>();
      for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
        Terms terms = leaf.reader().terms(IndexedClips.NAME);
        TermsEnum each = terms == null ? TermsEnum.EMPTY : terms.iterator();
        for (BytesRef name = each.next();
            name != null && names.size() < limit;
            name = each.next()) {
          names.add(name.utf8ToString());
        }
      }
      return names;
    });
  }

  @Override
  public long nextSequence(StreamId stream) {
    return doing(() -> {
      setBack.remove(stream);
      return next(stream);
    });
  }

  private long next(StreamId stream) {
    return nextSequences.computeIfAbsent(stream, this::nextIndexed);
  }

  private long nextIndexed(StreamId stream) {
    return searching(searcher -> {
      long next = 0;
      for (LeafReaderContext leaf : searcher.getIndexReader().leaves()) {
        next = Math.max(next, nextIndexed(leaf.reader(), stream));
      }
      return next;
    });
  }

  private static long nextIndexed(LeafReader segment, StreamId stream) throws IOException {
    ScopeQuery.Range docs = ScopeQuery.ofStream(segment, stream);
    Bits live = segment.getLiveDocs();
    for (int doc = docs.to() - 1; doc >= docs.from(); doc--) {
      if (live == null || live.get(doc)) {
        return 1 + IndexedClips.sequence(segment, doc);
      }
    }
    return 0;
  }

  /** Returns when the stream's captions are gone from the files too. */
  @Override
  public void removeStream(StreamId stream) {
    doing(() -> {
      long removal = writer.deleteDocuments(IndexedClips.streamTerm(stream));
      nextSequences.put(stream, 0L);
      return purge(removal);
    });
  }

  /** Returns when the captions of those clips are gone from the files too. */
  @Override
  public void remove(StreamId stream, Span stretch) {
    doing(() -> {
      next(stream); // as long as its clips are there
      return purge(writer.deleteDocuments(IndexedClips.overlapping(stream, stretch)));
    });
  }

  /** Rewrites every segment that holds removed clips. */
  private boolean purge(long removal) throws IOException {
    writer.forceMergeDeletes();
    writer.commit();
    searchers.maybeRefreshBlocking();
    writer.deleteUnusedFiles();
    return removal > 0;
  }

  @Override
  public long bytes() {
    return doing(() -> {
      long bytes = 0;
      for (String file : directory.listAll()) {
        bytes += length(file);
      }
      return bytes;
    });
  }

  private long length(String file) throws IOException {
    try {
      return directory.fileLength(file);
    } catch (NoSuchFileException | FileNotFoundException e) {
      return 0; // merged away meanwhile
    }
  }

  /** Also makes what was added ready to be searched, so that the next question need not. */
  @Override
  public void commit() {
    if (!doing(() -> writer.isOpen())) {
      openAgain();
    }
    doing(() -> {
      writer.commit();
      return searching(this::warm);
    });
  }

  /** Goes back to the last commit: Lucene gives up writing when the disk is full or fails. */
  private void openAgain() {
    opened.writeLock().lock();
    try {
      IndexWriter another = IndexFiles.writer(directory, sketches);
      try {
        SearcherManager overIt = new SearcherManager(another, new SearcherFactory());
        searchers.close();
        searchers = overIt;
        writer = another;
      } catch (IOException e) {
        another.rollback();
        throw e;
      }
      setBack.addAll(nextSequences.keySet());
      nextSequences.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      opened.writeLock().unlock();
    }
    throw new StoreException(
        StoreException.Reason.FAILED, "the index went back to its last commit: its disk failed");
  }

  private boolean warm(IndexSearcher searcher) {
    searcher.getIndexReader().leaves().forEach(leaf -> sketches.warm(leaf.reader()));
    return true;
  }

  private <T> T searching(Work<IndexSearcher, T> work) {
    return doing(() -> {
      refresh();
      IndexSearcher searcher = searchers.acquire();
      try {
        return work.on(searcher);
      } finally {
        searchers.release(searcher);
      }
    });
  }

  /** Cheap when nothing was added. Where it cannot be written, older clips can still be found. */
  private void refresh() {
    try {
      searchers.maybeRefreshBlocking();
    } catch (IOException | AlreadyClosedException e) {
      LOG.log(System.Logger.Level.DEBUG, "the newest clips cannot be found", e);
    }
  }

  /** Work with a part of Lucene. */
  private interface Work<P, T> {
    T on(P part) throws IOException;
  }

  /** Work that may fail on the disk. */
  private interface Action<T> {
    T run() throws IOException;
  }

  private <T> T doing(Action<T> action) {
    opened.readLock().lock();
    try {
      return action.run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      opened.readLock().unlock();
    }
  }

  /** Commits what was added. */
  @Override
  public void close() {
    doing(() -> {
      searchers.close();
      writer.close();
      directory.close();
      return true;
    });
  }
}
