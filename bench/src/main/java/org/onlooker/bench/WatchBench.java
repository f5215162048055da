package org.onlooker.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.EncodedFrames;
import org.onlooker.core.KvBlock;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.WatchWindow;
import org.onlooker.language.onnx.OnnxLanguageModel;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.Natives;
import org.onlooker.vision.onnx.OnnxVisualEncoder;

/**
 * CPU time of encoding and prefilling a clip, against the bare sessions on tensors of the same
 * shapes: runs that alternate, one thread, a full window.
 *
 * <p>What ours does and the bare sessions do not: pixels to floats, merging of visual tokens,
 * sliding the window, reading the clip's rows out of the cache with their rotation taken off.
 */
final class WatchBench {
  private static final String NAME = "watch";
  private static final double GOAL = 1.05;
  /** The small pack's sessions take a few milliseconds: the fixed part weighs more. */
  private static final double GOAL_MINI = 1.15;

  private static final int SMALL_HIDDEN_SIZE = 512;
  private static final int WARM_UP_CLIPS = 3;
  private static final int STORED_CLIPS = 100;
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root", "."));
  private static final Path NATIVES = ROOT.resolve(".onlooker").resolve("native");

  private final ModelPack pack;
  private final int pairCount;
  private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
  private final Random random = new Random(1);

  private WatchBench(ModelPack pack, boolean quick) {
    this.pack = pack;
    int most = isSmall() ? 300 : 30;
    this.pairCount = quick ? most / 3 : most;
  }

  private boolean isSmall() {
    return pack.decoder().hiddenSize() < SMALL_HIDDEN_SIZE;
  }

  /**
   * Takes {@code --pack DIR} (default: the embedded pack), {@code --quick} and {@code --json};
   * returns the exit code: 0 when the goal is met.
   */
  static int run(List<String> arguments) throws Exception {
    int option = arguments.indexOf("--pack");
    Path folder = option >= 0
        ? Path.of(arguments.get(option + 1))
        : ROOT.resolve("models").resolve("onlooker-mini");
    if (!Files.isDirectory(folder)) {
      System.err.println("onlooker: no pack in " + folder + "; " + howToMakeOne());
      return 2;
    }
    Natives.unpackTo(NATIVES);
    WatchBench bench = new WatchBench(ModelPack.read(folder), arguments.contains("--quick"));
    List<Figure> figures = bench.measure();
    if (arguments.contains("--json")) {
      figures.forEach(figure -> System.out.println(figure.json()));
    } else {
      System.out.println("watch with the pack " + bench.pack.name() + ", per clip, one thread:");
      figures.forEach(figure -> System.out.println(figure.row()));
      if (option < 0) {
        System.out.println("For a pack of SmolVLM-256M's dimensions, " + howToMakeOne());
      }
    }
    return figures.getFirst().isMet() ? 0 : 1;
  }

  private static String howToMakeOne() {
    return "make one with the command at the end of testdata/golden/README.md and give its folder"
        + " as --pack DIR";
  }

  private List<Figure> measure() throws Exception {
    try (OnnxVisualEncoder encoder = OnnxVisualEncoder.load(pack, ExecutionProvider.CPU, 1);
        OnnxLanguageModel model = OnnxLanguageModel.load(pack, ExecutionProvider.CPU, 1);
        WatchWindow window = model.openWindow()) {
      int frames = model.card().framesPerClip();
      int clipTokens = fillWindow(encoder, model, window);
      int pastTokens = sinkTokens(model) + model.card().windowClips() * clipTokens;
      List<Figure> figures;
      try (BareSessions bare = new BareSessions(pack, frames, pastTokens, clipTokens)) {
        figures = compare(encoder, window, bare, frames);
      }
      return withStages(figures, encoder, model, window);
    }
  }

  /** Adds what watching costs besides the model, beside what the bare sessions cost. */
  private List<Figure> withStages(
      List<Figure> figures, OnnxVisualEncoder encoder, OnnxLanguageModel model, WatchWindow window)
      throws Exception {
    WatchStages stages = new WatchStages(model.card(), ROOT, NATIVES);
    double bare = figures.getFirst().reference();
    List<Figure> all = new ArrayList<>(figures);
    all.add(stage("decode, pictures, JPEGs", stages.decodeMillis(encoder.pictures()), bare));
    EncodedFrames encoded = encoder.encode(pictures(model.card().framesPerClip()));
    try (KvBlock block = window.prefill(new ClipLabel(0), encoded.tokens())) {
      all.add(stage("store", stages.storeMillis(encoded, block, STORED_CLIPS), bare));
    }
    return all;
  }

  private static Figure stage(String name, double millis, double bare) {
    return new Figure(
        NAME, name, millis, "CPU ms", "bare sessions", bare, millis / bare, Optional.empty());
  }

  /** Prefills clips until the window slides; returns the tokens of one. */
  private int fillWindow(OnnxVisualEncoder encoder, OnnxLanguageModel model, WatchWindow window) {
    EncodedFrames encoded = encoder.encode(pictures(model.card().framesPerClip()));
    int tokens = 0;
    for (int clip = 0; clip < model.card().windowClips() + WARM_UP_CLIPS; clip++) {
      try (KvBlock block = window.prefill(new ClipLabel(clip), encoded.tokens())) {
        tokens = block.tokenCount();
      }
    }
    return tokens;
  }

  private static int sinkTokens(OnnxLanguageModel model) {
    return model.contextTokens(List.of());
  }

  private List<Figure> compare(
      OnnxVisualEncoder encoder, WatchWindow window, BareSessions bare, int frames) {
    PairedRuns whole = new PairedRuns();
    PairedRuns encode = new PairedRuns();
    PairedRuns prefill = new PairedRuns();
    List<Picture> pictures = pictures(frames);
    int warmUp = pairCount / 3;
    for (int pair = 0; pair < warmUp + pairCount; pair++) {
      double bareEncode = cpuMillis(bare::encode);
      double barePrefill = cpuMillis(bare::prefill);
      List<EncodedFrames> encoded = new ArrayList<>();
      double ourEncode = cpuMillis(() -> encoded.add(encoder.encode(pictures)));
      ClipLabel label = new ClipLabel(pair % 6000);
      double ourPrefill =
          cpuMillis(() -> window.prefill(label, encoded.getFirst().tokens()).close());
      if (pair >= warmUp) {
        encode.add(ourEncode, bareEncode);
        prefill.add(ourPrefill, barePrefill);
        whole.add(ourEncode + ourPrefill, bareEncode + barePrefill);
      }
    }
    double goal = isSmall() ? GOAL_MINI : GOAL;
    return List.of(
        figure(whole, "encode and prefill", Optional.of(goal)),
        figure(encode, "of it encode", Optional.empty()),
        figure(prefill, "of it prefill", Optional.empty()));
  }

  private static Figure figure(PairedRuns runs, String name, Optional<Double> goal) {
    return runs.figure(NAME, name, "CPU ms", "bare sessions", goal);
  }

  private double cpuMillis(Runnable work) {
    long start = threads.getCurrentThreadCpuTime();
    work.run();
    return (threads.getCurrentThreadCpuTime() - start) / 1e6;
  }

  private List<Picture> pictures(int count) {
    PictureSpec spec = pack.vision().picture();
    List<Picture> pictures = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] rgb = new byte[spec.width() * spec.height() * 3];
      random.nextBytes(rgb);
      pictures.add(new Picture(spec.width(), spec.height(), rgb));
    }
    return pictures;
  }
}
