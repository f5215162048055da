package org.onlooker.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;

final class EvictionTest {
  private static final KvShape SHAPE = new KvShape(2, 2, 8);

  /** A clip that looks in a direction of the plane; keys and values of its own by seed. */
  private static Eviction.Candidate clip(long sequence, double degrees) {
    return clip(sequence, degrees, sequence, 1);
  }

  private static Eviction.Candidate clip(
      long sequence, double degrees, long keySeed, double valueScale) {
    double angle = Math.toRadians(degrees);
    float[] feature = {(float) Math.cos(angle), (float) Math.sin(angle)};
    return new Eviction.Candidate(
        sequence, feature, 1, () -> Optional.of(block(keySeed, valueScale)));
  }

  private static KvBlock block(long keySeed, double valueScale) {
    KvBlock block = KvBlock.allocate(SHAPE, 5);
    fill(block.keys(), new Random(keySeed), 1);
    fill(block.values(), new Random(7), valueScale);
    return block;
  }

  private static void fill(MemorySegment floats, Random random, double scale) {
    for (long i = 0; i < floats.byteSize() / Float.BYTES; i++) {
      floats.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) (scale * random.nextGaussian()));
    }
  }

  private static List<Eviction.Candidate> clips(int count, IntFunction<Eviction.Candidate> clip) {
    List<Eviction.Candidate> clips = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      clips.add(clip.apply(i));
    }
    return clips;
  }

  @ParameterizedTest
  @FieldSource("org.onlooker.memory.Evictions#NAMES")
  void choose_again_isTheSame(String name) {
    List<Eviction.Candidate> clips = clips(40, i -> clip(i, i * i));
    Map<Long, Long> stay = Evictions.of(name).choose(clips, 10);
    assertThat(stay).hasSizeBetween(1, 10).containsKey(39L);
    assertThat(Evictions.of(name).choose(clips, 10)).isEqualTo(stay);
  }

  @ParameterizedTest
  @FieldSource("org.onlooker.memory.Evictions#NAMES")
  void choose_one_isTheNewest(String name) {
    assertThat(Evictions.of(name).choose(clips(4, i -> clip(i, i)), 1)).containsOnlyKeys(3L);
  }

  @Test
  void alike_ofTheMostAlikeNeighbours_theEarlierLeaves() {
    double[] degrees = {0, 50, 52, 120, 180};
    Map<Long, Long> stay = Evictions.of("alike").choose(clips(5, i -> clip(i, degrees[i])), 4);
    assertThat(stay).isEqualTo(Map.of(0L, 1L, 2L, 2L, 3L, 1L, 4L, 1L));
  }

  @Test
  void medoids_ofEveryCluster_oneClipStaysForAll() {
    double[] centres = {0, 90, 180};
    List<Eviction.Candidate> clips =
        clips(31, i -> clip(i, i == 30 ? 270 : centres[i % 3] + i % 5));
    Map<Long, Long> stay = Evictions.of("medoids").choose(clips, 4);
    assertThat(stay.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(31);
    assertThat(stay).containsEntry(30L, 1L);
  }

  @Test
  void medoids_ofALongMemory_stayInEveryStretchOfIt() {
    int[] directions = {0, 90, 180, 270};
    List<Eviction.Candidate> clips = clips(4_000, i -> clip(i, directions[i % 4] + i % 3));
    Map<Long, Long> stay = Evictions.of("medoids").choose(clips, 3_000);
    assertThat(stay.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(4_000);
    for (long from = 0; from < 4_000; from += 250) {
      long first = from;
      assertThat(stay.keySet())
          .as("from %d on", from)
          .anyMatch(clip -> clip >= first && clip < first + 250);
    }
  }

  @Test
  void keys_theLeastRedundantStay_andThoseOfTheLongestValues() {
    // eight clips of the newest's keys, but one of its own and one of long values among the older
    List<Eviction.Candidate> clips = clips(8, i -> clip(i, 0, i == 1 ? 99 : 5, i == 2 ? 3 : 1));
    assertThat(Evictions.of("keys").choose(clips, 6))
        .containsKeys(1L, 2L, 6L, 7L)
        .hasSize(6);
  }

  @Test
  void keys_clipWithoutBlock_leavesFirst() {
    List<Eviction.Candidate> clips = clips(8, i -> clip(i, 0));
    clips.set(0, new Eviction.Candidate(0, new float[2], 1, Optional::empty));
    assertThat(Evictions.of("keys").choose(clips, 7)).doesNotContainKey(0L).hasSize(7);
  }

  @Test
  void of_anotherName_saysWhichThereAre() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Evictions.of("random"))
        .withMessageContaining("oldest, alike, medoids, keys");
  }
}
