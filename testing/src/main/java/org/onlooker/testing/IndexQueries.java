package org.onlooker.testing;

import java.util.Optional;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** What {@link MemoryIndexContract} asks an index about the stream {@link #DOOR}. */
final class IndexQueries {
  static final StreamId DOOR = new StreamId("door");
  static final float[] NO_EMBEDDING = {};
  static final float[] DOG = {1, 0, 0, 0};

  private IndexQueries() {}

  /** A vector whose cosine with {@link #DOG} is {@code cosine}. */
  static float[] like(double cosine) {
    return new float[] {(float) cosine, (float) Math.sqrt(1 - cosine * cosine), 0, 0};
  }

  static RecallQuery every(Span scope, String question) {
    return query(scope, question, DOG, 0.3, RecallQuery.Order.EVERY, 8);
  }

  static RecallQuery proven(String text, Span scope, RecallQuery.Order order) {
    return new RecallQuery(
        DOOR, scope, Optional.of(text), Optional.empty(), NO_EMBEDDING, 0.3, 3, order, 8);
  }

  static RecallQuery byEmbedding(double floor, RecallQuery.Order order, int limit) {
    return new RecallQuery(
        DOOR, Span.ALL, Optional.empty(), Optional.empty(), DOG, floor, 1, order, limit);
  }

  static RecallQuery query(
      Span scope,
      String text,
      float[] embedding,
      double floor,
      RecallQuery.Order order,
      int limit) {
    return new RecallQuery(
        DOOR, scope, Optional.of(text), Optional.empty(), embedding, floor, 1, order, limit);
  }
}
