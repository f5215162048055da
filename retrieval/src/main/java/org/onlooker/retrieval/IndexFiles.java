package org.onlooker.retrieval;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.lucene.index.ConcurrentMergeScheduler;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.LeafReaderContext;
import org.apache.lucene.index.LogDocMergePolicy;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.Lock;

/** How the files of a {@link LuceneMemoryIndex} are checked, and how they are written. */
final class IndexFiles {
  private static final System.Logger LOG = System.getLogger(IndexFiles.class.getName());
  private static final String VERSION_KEY = "onlooker.index.version";
  private static final double BUFFER_MEBIBYTES = 16;
  private static final int MERGES_WAITING_MAX = 6;
  private static final int MERGED_AT_ONCE_CLIPS = 1000;
  private static final int SEGMENT_CLIPS_MAX = 65_536;

  private IndexFiles() {}

  /** Under the writer's lock, so that no index of a running process is emptied. */
  static void emptyUnlessWhole(Directory directory, Path folder) throws IOException {
    try (Lock lock = directory.obtainLock(IndexWriter.WRITE_LOCK_NAME)) {
      if (directory.listAll().length > 1 && !isWhole(directory)) {
        LOG.log(System.Logger.Level.WARNING, "index in {0} is built anew", folder);
        for (String file : directory.listAll()) {
          if (!file.equals(IndexWriter.WRITE_LOCK_NAME)) {
            directory.deleteFile(file);
          }
        }
      }
      lock.ensureValid();
    }
  }

  private static boolean isWhole(Directory directory) {
    try (DirectoryReader reader = DirectoryReader.open(directory)) {
      for (LeafReaderContext leaf : reader.leaves()) {
        leaf.reader().checkIntegrity();
      }
      return IndexedClips.VERSION.equals(reader.getIndexCommit().getUserData().get(VERSION_KEY));
    } catch (IOException | RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "index is damaged: {0}", e.toString());
      return false;
    }
  }

  static IndexWriter writer(Directory directory, SketchCache sketches) throws IOException {
    ConcurrentMergeScheduler scheduler = new ConcurrentMergeScheduler();
    scheduler.setMaxMergesAndThreads(MERGES_WAITING_MAX, 1);
    IndexWriterConfig config = new IndexWriterConfig(CaptionAnalyzer.forCaptions())
        .setOpenMode(IndexWriterConfig.OpenMode.CREATE_OR_APPEND)
        .setCodec(new ClipCodec())
        .setIndexSort(IndexedClips.ORDER)
        .setMergePolicy(merging())
        .setMergeScheduler(scheduler)
        .setMergedSegmentWarmer(sketches::warm)
        .setRAMBufferSizeMB(BUFFER_MEBIBYTES)
        .setCommitOnClose(true);
    IndexWriter writer = new IndexWriter(directory, config);
    writer.setLiveCommitData(Map.of(VERSION_KEY, IndexedClips.VERSION).entrySet());
    return writer;
  }

  /**
   * Merges neighbours only, so that segments follow one another in time, and none that is large: to
   * remove what is old rewrites little.
   */
  private static LogDocMergePolicy merging() {
    LogDocMergePolicy merging = new LogDocMergePolicy();
    merging.setMinMergeDocs(MERGED_AT_ONCE_CLIPS);
    merging.setMaxMergeDocs(SEGMENT_CLIPS_MAX);
    return merging;
  }
}
