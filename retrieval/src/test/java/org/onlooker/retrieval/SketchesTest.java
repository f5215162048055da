package org.onlooker.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.KnnFloatVectorField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.VectorSimilarityFunction;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

final class SketchesTest {
  private static final long SEED = 5;
  private static final int COUNT = 4000;

  private final Random random = new Random(SEED);

  @Test
  void rotation_anyLength_keepsDotProducts() {
    for (int dimensions : new int[] {1, 3, 64, 100, 128, 1024}) {
      Rotation rotation = new Rotation(dimensions);
      float[] one = gaussian(dimensions, 1);
      float[] other = gaussian(dimensions, 1);
      assertThat(rotation.dimensions()).isGreaterThanOrEqualTo(Math.max(64, dimensions));
      assertThat(dot(rotation.turned(one), rotation.turned(other)))
          .isEqualTo(dot(one, other), Offset.offset(1e-4 * dimensions));
    }
  }

  @Test
  void estimate_anyKindOfVectors_isWithinItsError() throws IOException {
    for (int dimensions : new int[] {48, 128, 768}) {
      assertEstimates(vectors(dimensions, 0, 1));
      assertEstimates(vectors(dimensions, 2, 1)); // all point the same way, more or less
      assertEstimates(vectors(dimensions, 0, 20)); // a few dimensions say nearly everything
    }
  }

  private List<float[]> vectors(int dimensions, double common, double weightOfFew) {
    float[] shared = gaussian(dimensions, 1);
    List<float[]> vectors = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      float[] vector = gaussian(dimensions, 1);
      for (int j = 0; j < dimensions; j++) {
        vector[j] = (float) (vector[j] * (j % 40 == 0 ? weightOfFew : 1) + common * shared[j]);
      }
      vectors.add(Vectors.unit(vector));
    }
    return vectors;
  }

  private void assertEstimates(List<float[]> vectors) throws IOException {
    int dimensions = vectors.getFirst().length;
    try (Directory directory = new ByteBuffersDirectory()) {
      write(directory, vectors);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        Sketches sketches = new Sketches(reader.leaves().getFirst().reader(), "v");
        float[] question = Vectors.unit(gaussian(dimensions, 1));
        float[] estimates = new float[COUNT];
        sketches.question(question).estimate(0, COUNT, estimates);
        int wrong = 0;
        double bias = 0;
        for (int i = 0; i < COUNT; i++) {
          double error = estimates[i] - dot(question, vectors.get(i));
          wrong += Math.abs(error) > sketches.errorMax() ? 1 : 0;
          bias += error / COUNT;
        }
        assertThat(wrong).as("of %d, seed %d", COUNT, SEED).isLessThan(COUNT / 50);
        assertThat(bias).isEqualTo(0, Offset.offset(sketches.errorMax() / 10));
        assertThat(sketches.from(17)).isEqualTo(17);
        assertThat(sketches.doc(17)).isEqualTo(17);
      }
    }
  }

  private static void write(Directory directory, List<float[]> vectors) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig().setCodec(new ClipCodec());
    try (IndexWriter writer = new IndexWriter(directory, config)) {
      for (float[] vector : vectors) {
        Document document = new Document();
        document.add(new KnnFloatVectorField("v", vector, VectorSimilarityFunction.DOT_PRODUCT));
        writer.addDocument(document);
      }
      writer.forceMerge(1);
    }
  }

  private float[] gaussian(int length, double deviation) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  private static double dot(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return sum;
  }
}
