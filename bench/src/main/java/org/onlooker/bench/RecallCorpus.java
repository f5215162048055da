package org.onlooker.bench;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.onlooker.core.ClipKey;
import org.onlooker.core.Jpeg;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.core.Memory;
import org.onlooker.core.MemoryStore;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;
import org.onlooker.core.VisualTokens;
import org.onlooker.vision.UnitVector;

/**
 * Made-up memories as {@code onlooker-mini} keeps them of a still view: up to four things at a
 * time, each for seconds to minutes, few common and many rare, one of them there for a third of the
 * time. An embedding is the direction of what is there with a little noise: clips of one scene
 * differ by a cosine of about 1e-4, one in five is exactly the one before, and scenes come back.
 * Seeded. Blocks, tokens and thumbnails are as small as can be: no index reads them.
 */
final class RecallCorpus {
  static final String FINGERPRINT = "generated";

  /** The stream that has every clip that was asked for; {@link #OTHERS} have a quarter more. */
  static final StreamId DOOR = new StreamId("door");

  static final List<StreamId> OTHERS = List.of("a", "b", "c", "d", "e", "f", "g").stream()
      .map(name -> new StreamId("other-" + name))
      .toList();

  private static final long SEED = 1;
  private static final int DIMENSIONS = 128;
  private static final int THINGS_MAX = 4;
  private static final double CLIP_NOISE = 0.001;
  private static final double QUESTION_NOISE = 0.03;
  private static final int OTHERS_EVERY = 4;
  private static final Instant START = Instant.parse("2026-11-01T00:00:00Z");
  private static final VisualTokens TOKENS = new VisualTokens(1, 1, 1, new float[] {1});
  private static final Jpeg THUMBNAIL = new Jpeg(new byte[] {1});

  private final List<String> things = new ArrayList<>();
  private final List<float[]> directions = new ArrayList<>();
  private final float[] nothing;

  RecallCorpus() {
    Random random = new Random(SEED);
    things.add("person");
    for (String colour : "red blue green yellow black white pink teal grey brown".split(" ")) {
      for (String kind : ("circle square star ring dog cat bus car bag box cup ball bird key boat"
              + " shoe hat lamp bell drum kite leaf fish cake book clock tree crown flag horse")
          .split(" ")) {
        things.add(colour + " " + kind);
      }
    }
    things.forEach(_ -> directions.add(unit(random)));
    nothing = unit(random);
  }

  /** Puts {@code clips} memories of {@link #DOOR} into a store, and a quarter more of others. */
  void build(MemoryStore store, int clips) {
    Random random = new Random(SEED);
    Scene door = new Scene(DOOR);
    List<Scene> others = OTHERS.stream().map(Scene::new).toList();
    try (KvBlock block = KvBlock.allocate(new KvShape(1, 1, 2), 1)) {
      for (int clip = 0; clip < clips; clip++) {
        store.append(door.next(random), block);
        if (clip % OTHERS_EVERY == 0) {
          Scene other = others.get(clip / OTHERS_EVERY % others.size());
          store.append(other.next(random), block);
        }
        if (clip % 50_000 == 0) {
          System.err.printf("onlooker: corpus: %d of %d clips%n", clip, clips);
        }
      }
    }
  }

  /** A memory of a stream behind those that were built. */
  Memory added(StreamId stream, long sequence, Random random) {
    Scene scene = new Scene(stream);
    scene.sequence = sequence;
    return scene.next(random);
  }

  String thing(int number) {
    return things.get(number);
  }

  int thingCount() {
    return things.size();
  }

  /** Few things are common and many rare. */
  int drawn(Random random) {
    return (int) (things.size() * Math.pow(random.nextDouble(), 2));
  }

  /** A question's vector: near to what shows these things alone. */
  float[] question(List<Integer> shown, Random random) {
    return seen(shown, QUESTION_NOISE, random);
  }

  private float[] seen(List<Integer> shown, double noise, Random random) {
    float[] sum = shown.isEmpty() ? nothing.clone() : new float[DIMENSIONS];
    shown.forEach(thing -> add(sum, directions.get(thing)));
    float[] unit = UnitVector.of(sum);
    for (int i = 0; i < DIMENSIONS; i++) {
      unit[i] += (float) (noise * random.nextGaussian());
    }
    return UnitVector.of(unit);
  }

  private static void add(float[] sum, float[] direction) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += direction[i];
    }
  }

  private static float[] unit(Random random) {
    float[] vector = new float[DIMENSIONS];
    for (int i = 0; i < DIMENSIONS; i++) {
      vector[i] = (float) random.nextGaussian();
    }
    return UnitVector.of(vector);
  }

  /** What one stream shows, second by second. */
  private final class Scene {
    private final StreamId stream;
    private final List<int[]> shown = new ArrayList<>(); // thing, seconds left
    private float[] embedding = new float[0];
    private long sequence;

    Scene(StreamId stream) {
      this.stream = stream;
    }

    Memory next(Random random) {
      shown.removeIf(stay -> --stay[1] <= 0);
      if (shown.stream().noneMatch(stay -> stay[0] == 0) && random.nextInt(80) == 0) {
        shown.add(new int[] {0, 10 + random.nextInt(60)});
      }
      if (shown.size() < THINGS_MAX && random.nextInt(12) == 0) {
        shown.add(new int[] {1 + drawn(random) % (things.size() - 1), 2 + random.nextInt(40)});
      }
      List<Integer> now = shown.stream().map(stay -> stay[0]).distinct().toList();
      if (embedding.length == 0 || random.nextInt(5) > 0) {
        embedding = seen(now, CLIP_NOISE, random);
      }
      long second = sequence++;
      return new Memory(
          new ClipKey(stream, second),
          Span.ofSeconds(second, second + 1),
          START.plusSeconds(second),
          FINGERPRINT,
          TOKENS,
          embedding,
          new float[][] {{0, 0}},
          now.isEmpty() ? "" : now.stream().map(this::told).collect(Collectors.joining(" and ")),
          THUMBNAIL);
    }

    private String told(int thing) {
      return "a " + things.get(thing);
    }
  }
}
