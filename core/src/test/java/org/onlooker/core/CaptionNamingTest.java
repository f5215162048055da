package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaptionNamingTest {
  private static final Map<String, float[]> VECTORS = Map.of(
      "dog",
      new float[] {1, 0, 0},
      "red star",
      new float[] {0, 0.8f, 0.6f},
      "blue star",
      new float[] {0, 0.8f, -0.6f});
  private final List<String> embedded = new ArrayList<>();
  private final CaptionNaming naming = new CaptionNaming(new Named(), this::embed);

  private float[] embed(String name) {
    embedded.add(name);
    return VECTORS.get(name);
  }

  @Test
  void meant_isTheNearestName() {
    assertThat(naming.meant(new float[] {0.9f, 0.3f, 0.3f})).contains("dog");
    assertThat(naming.meant(new float[] {0, 0.9f, 0.4f})).contains("red star");
    assertThat(embedded).containsExactlyInAnyOrder("dog", "red star", "blue star");
  }

  @Test
  void meant_whereNoNameIsNear_isNone() {
    assertThat(naming.meant(new float[] {0.5f, 0.4f, -0.76f})).contains("blue star");
    assertThat(naming.meant(new float[] {-1, 0, 0})).isEmpty();
    assertThat(naming.meant(new float[] {0.6f, 0, 0.8f})).isEmpty();
  }

  @Test
  void meant_withoutAVector_looksAtNothing() {
    assertThat(naming.meant(new float[0])).isEmpty();
    assertThat(embedded).isEmpty();
  }

  /** An index of which only the names are asked for. */
  private static final class Named implements MemoryIndex {
    @Override
    public Set<String> names(int limit) {
      return limit == 0 ? Set.of() : VECTORS.keySet();
    }

    @Override
    public void add(ClipEntry entry) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<Recalled> matches(RecallQuery query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Appearances appearances(RecallQuery query) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nextSequence(StreamId stream) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void removeStream(StreamId stream) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long bytes() {
      return 0;
    }

    @Override
    public void remove(StreamId stream, Span stretch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void commit() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
