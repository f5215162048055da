package org.onlooker.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.onlooker.core.FileTree;
import org.onlooker.language.onnx.OnnxLanguageModel;
import org.onlooker.memory.BlockCodec;
import org.onlooker.memory.CalibratedBlockCodec;
import org.onlooker.memory.Int8BlockCodec;
import org.onlooker.memory.PackedBlockCodec;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.Natives;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ./onlooker bench codec}: what each form of keys and values costs and spares, beside fp16.
 *
 * <p>A world is watched once by the product's own parts and its blocks are kept as fp16. Every
 * question is asked with the default policy; the very context that it is answered over then goes
 * through each codec, and the model goes through the same answer again: how far its logits move
 * (KL divergence), and whether it would have said the same. Then sizes on disk, and the time that
 * decoding and rotating a long context takes beside its prefill.
 */
@Command(name = "bench codec", mixinStandardHelpOptions = true, sortOptions = false)
final class CodecBench implements Callable<Integer> {
  static final String NAME = "codec";
  private static final int QUICK_QUESTIONS = 60;

  @Mixin
  private final WorldsOption worldsOption = new WorldsOption();

  @Option(names = "--pack", paramLabel = "DIR", description = "Model pack.")
  private @Nullable Path pack;

  @Option(names = "--questions", paramLabel = "N", description = "At most so many; 0: times only.")
  private int questions = Integer.MAX_VALUE;

  @Option(names = "--quick", description = "At most 60 questions, fewer runs.")
  private boolean quick;

  @Option(names = "--json", description = "One line per figure.")
  private boolean json;

  static int run(List<String> arguments) {
    return new CommandLine(new CodecBench()).execute(arguments.toArray(String[]::new));
  }

  @Override
  public Integer call() throws Exception {
    Path root = Folders.root();
    Path natives = root.resolve(".onlooker").resolve("native");
    Natives.unpackTo(natives);
    ModelPack model = ModelPack.read(pack == null ? root.resolve("models/onlooker-mini") : pack);
    Map<String, BlockCodec> codecs = codecs(model);
    List<Figure> figures = new ArrayList<>();
    if (questions > 0 && model.onlooker().isPresent()) {
      figures.addAll(overWorlds(model, codecs, natives));
    } else {
      System.err.println("times only: no questions, or a pack that knows nothing of drawn worlds");
    }
    try (OnnxLanguageModel decoder = OnnxLanguageModel.load(model, ExecutionProvider.CPU, 1)) {
      figures.addAll(new CodecTimes(decoder, quick).measure(codecs));
    }
    figures.forEach(figure -> System.out.println(json ? figure.json() : figure.row()));
    return figures.stream().allMatch(Figure::isMet) ? 0 : 1;
  }

  /** By name: those whose scales come from the block, then the calibrated ones. */
  private static Map<String, BlockCodec> codecs(ModelPack pack) {
    Map<String, BlockCodec> codecs = new LinkedHashMap<>();
    codecs.put("own int8", new Int8BlockCodec());
    codecs.put("own int4", new PackedBlockCodec(4));
    codecs.put("own int2", new PackedBlockCodec(2));
    pack.kvScales().forEach((form, scales) -> codecs.put(form, new CalibratedBlockCodec(scales)));
    return codecs;
  }

  private List<Figure> overWorlds(ModelPack model, Map<String, BlockCodec> codecs, Path natives)
      throws Exception {
    List<World> worlds = worldsOption.worlds();
    Path work = Folders.work(NAME);
    Map<String, CodecTrial> trials = new LinkedHashMap<>();
    codecs.forEach((name, codec) -> trials.put(name, new CodecTrial(name, codec)));
    List<Figure> figures = new ArrayList<>();
    try {
      int left = quick ? Math.min(QUICK_QUESTIONS, questions) : questions;
      for (int i = 0; i < worlds.size() && left > 0; i++) {
        Path folder = Files.createDirectory(work.resolve("world-" + i));
        try (WatchedWorld world = WatchedWorld.watch(worlds.get(i), model, folder, natives)) {
          left -= world.ask(left, trials.values());
          if (i == 0) {
            figures.addAll(new CodecSizes(world, folder, natives).measure(codecs));
          }
        }
      }
    } finally {
      FileTree.delete(work);
    }
    trials.values().forEach(trial -> figures.addAll(trial.figures()));
    return figures;
  }
}
