package org.onlooker.retrieval;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.index.FieldInfo;
import org.apache.lucene.index.IndexReader;
import org.apache.lucene.index.LeafReader;

/**
 * The {@link Sketches} of each open segment and of the pack that embeds the questions, made when
 * they are first asked for and let go with the segment.
 */
final class SketchCache {
  private record Key(IndexReader.CacheKey segment, String field) {}

  private final String fingerprint;
  private final Map<Key, Sketches> made = new ConcurrentHashMap<>();

  SketchCache(String fingerprint) {
    this.fingerprint = fingerprint;
  }

  /** Empty for a segment without such vectors. */
  Optional<Sketches> of(LeafReader segment, int dimensions) {
    String field = IndexedClips.embeddingField(fingerprint, dimensions);
    FieldInfo info = segment.getFieldInfos().fieldInfo(field);
    IndexReader.CacheHelper lifetime = segment.getCoreCacheHelper();
    if (info == null || !info.hasVectorValues()) {
      return Optional.empty();
    }
    if (lifetime == null) { // a segment that is not open yet
      return Optional.of(make(segment, field));
    }
    Key key = new Key(lifetime.getKey(), field);
    return Optional.of(made.computeIfAbsent(key, _ -> {
      lifetime.addClosedListener(_ -> made.remove(key));
      return make(segment, field);
    }));
  }

  private static Sketches make(LeafReader segment, String field) {
    try {
      return new Sketches(segment, field);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes those of a segment before a question needs them. */
  void warm(LeafReader segment) {
    for (FieldInfo info : segment.getFieldInfos()) {
      if (info.hasVectorValues()) {
        of(segment, info.getVectorDimension());
      }
    }
  }
}
