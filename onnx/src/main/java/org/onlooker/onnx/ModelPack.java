package org.onlooker.onnx;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.onlooker.core.KvScales;

/**
 * A model folder in the Hugging Face ONNX layout: configs at the root, graphs in {@code onnx/},
 * each as {@code <graph><suffix>.onnx} with external weights beside it.
 *
 * <p>Reading a pack opens no session: a wrong file is named before a gigabyte is loaded.
 */
public final class ModelPack {
  /**
   * Suffix by precision name, most faithful first: without a wish the first that is there is
   * used. {@code q8} is the Hugging Face name of the suffix {@code _quantized}.
   */
  private static final List<Map.Entry<String, String>> SUFFIXES = List.of(
      Map.entry("fp32", ""),
      Map.entry("fp16", "_fp16"),
      Map.entry("int8", "_int8"),
      Map.entry("q8", "_quantized"),
      Map.entry("uint8", "_uint8"),
      Map.entry("q4", "_q4"),
      Map.entry("q4f16", "_q4f16"),
      Map.entry("bnb4", "_bnb4"));

  private static final Set<String> ARCHITECTURES = Set.of("idefics3", "smolvlm");
  private static final List<String> ROOT_FILES = List.of(
      "config.json",
      "preprocessor_config.json",
      "tokenizer.json",
      "tokenizer_config.json",
      "generation_config.json",
      "chat_template.json",
      "chat_template.jinja");

  private final Path folder;
  private final String precision;
  private final String architecture;
  private final DecoderConfig decoder;
  private final VisionConfig vision;
  private final Optional<OnlookerConfig> onlooker;
  private final ReductionConfig reduction;
  private final Optional<String> chatTemplate;
  private final Map<String, Path> graphs = new TreeMap<>();

  private ModelPack(Path folder, String precision) {
    this.folder = folder;
    this.precision = precision;
    PackJson config = PackJson.read(folder.resolve("config.json"));
    this.architecture = config.text("model_type");
    if (!ARCHITECTURES.contains(architecture)) {
      throw new PackException(folder.resolve("config.json") + ": model_type \"" + architecture
          + "\" is not supported; supported are "
          + ARCHITECTURES.stream().sorted().toList());
    }
    PackJson preprocessor = PackJson.read(folder.resolve("preprocessor_config.json"));
    this.decoder =
        DecoderConfig.read(config, PackJson.readOptional(folder.resolve("generation_config.json")));
    this.vision = VisionConfig.read(config, preprocessor, config.section("onlooker"));
    this.reduction = ReductionConfig.read(config.section("onlooker").section("reduction"));
    this.onlooker = config.has("onlooker")
        ? Optional.of(OnlookerConfig.read(config.section("onlooker")))
        : Optional.empty();
    this.chatTemplate = readChatTemplate();
    requireFile("tokenizer.json");
  }

  /** Reads the pack in {@code folder}, at the most faithful precision it has. */
  public static ModelPack read(Path folder) {
    return read(folder, "auto");
  }

  /**
   * Reads the pack in {@code folder}.
   *
   * @param precision {@code auto}, or fp32, fp16, int8, q8, uint8, q4, q4f16 or bnb4; a graph that
   *     lacks it falls back to the most faithful one there
   * @throws PackException when a file is missing or wrong
   */
  public static ModelPack read(Path folder, String precision) {
    if (!Files.isDirectory(folder)) {
      throw new PackException(
          "model pack " + folder + " is not a folder; give the folder that" + " holds config.json");
    }
    if (!precision.equals("auto")
        && SUFFIXES.stream().noneMatch(suffix -> suffix.getKey().equals(precision))) {
      throw new PackException("precision \"" + precision + "\" is unknown; known are auto, "
          + String.join(", ", SUFFIXES.stream().map(Map.Entry::getKey).toList()));
    }
    ModelPack pack = new ModelPack(folder, precision);
    for (String graph : List.of("vision_encoder", "embed_tokens", "decoder_model_merged")) {
      pack.graphs.put(graph, pack.findGraph(graph).orElseThrow(() -> pack.noGraph(graph)));
    }
    pack.findGraph("text_model").ifPresent(file -> pack.graphs.put("text_model", file));
    return pack;
  }

  public Path folder() {
    return folder;
  }

  public String name() {
    return onlooker.map(OnlookerConfig::name).orElse(String.valueOf(folder.getFileName()));
  }

  /** The Hugging Face {@code model_type}. */
  public String architecture() {
    return architecture;
  }

  public DecoderConfig decoder() {
    return decoder;
  }

  public VisionConfig vision() {
    return vision;
  }

  public Optional<OnlookerConfig> onlooker() {
    return onlooker;
  }

  /** Where this pack's pictures and tokens tell the same. */
  public ReductionConfig reduction() {
    return reduction;
  }

  /**
   * How keys and values of this pack's decoder are rounded, by form ({@code int8}, {@code int4},
   * {@code int2}); empty for a pack that was not calibrated. No part of the fingerprint: a block
   * names its scales, so that other ones change how new blocks are written and nothing else.
   *
   * @throws PackException when the file is damaged or of another decoder
   */
  public Map<String, KvScales> kvScales() {
    Path file = folder.resolve(KvScalesFile.NAME);
    return Files.exists(file) ? KvScalesFile.read(file, decoder) : Map.of();
  }

  /** The default chat template, as Jinja text. */
  public Optional<String> chatTemplate() {
    return chatTemplate;
  }

  /** The file of a graph, as {@code vision_encoder}. */
  public Path graph(String graph) {
    return optionalGraph(graph).orElseThrow(() -> noGraph(graph));
  }

  public Optional<Path> optionalGraph(String graph) {
    return Optional.ofNullable(graphs.get(graph));
  }

  /** The precision of each graph in use, by graph name. */
  public Map<String, String> precisions() {
    Map<String, String> precisions = new TreeMap<>();
    graphs.forEach((graph, file) -> precisions.put(graph, precisionOf(graph, file)));
    return precisions;
  }

  /**
   * SHA-256 over the pack's files, the precisions in use and {@code facts} (prompt form, RoPE,
   * preprocessing): blocks of another fingerprint are never mixed.
   */
  public String fingerprint(List<String> facts) {
    List<String> all = new ArrayList<>(facts);
    all.add(precisions().toString());
    return Fingerprint.of(files(), all);
  }

  /** Bytes of the files in use. */
  public long bytes() {
    long bytes = 0;
    for (Path file : files()) {
      try {
        bytes += Files.size(file);
      } catch (IOException e) {
        throw new PackException(file + " cannot be read: " + e.getMessage(), e);
      }
    }
    return bytes;
  }

  private List<Path> files() {
    List<Path> files = new ArrayList<>();
    ROOT_FILES.stream().map(folder::resolve).filter(Files::exists).forEach(files::add);
    files.addAll(graphs.values());
    files.addAll(externalWeights());
    return files;
  }

  /** Data files of the graphs in use, and those that belong to no graph by name (shared ones). */
  private List<Path> externalWeights() {
    try (Stream<Path> listing = Files.list(folder.resolve("onnx"))) {
      List<Path> all = listing.filter(Files::isRegularFile).sorted().toList();
      List<String> unused = all.stream()
          .filter(file -> isGraph(file) && !graphs.containsValue(file))
          .map(file -> file.getFileName().toString())
          .toList();
      return all.stream()
          .filter(file -> !isGraph(file))
          .filter(file ->
              unused.stream().noneMatch(graph -> file.getFileName().toString().startsWith(graph)))
          .toList();
    } catch (IOException e) {
      throw new PackException(folder.resolve("onnx") + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isGraph(Path file) {
    return file.getFileName().toString().endsWith(".onnx");
  }

  private Optional<Path> findGraph(String graph) {
    return Stream.concat(
            SUFFIXES.stream().filter(suffix -> suffix.getKey().equals(precision)),
            SUFFIXES.stream())
        .map(suffix -> folder.resolve("onnx").resolve(graph + suffix.getValue() + ".onnx"))
        .filter(Files::isRegularFile)
        .findFirst();
  }

  private static String precisionOf(String graph, Path file) {
    String name = file.getFileName().toString();
    String suffix = name.substring(graph.length(), name.length() - ".onnx".length());
    return SUFFIXES.stream()
        .filter(known -> known.getValue().equals(suffix))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private PackException noGraph(String graph) {
    return new PackException(folder.resolve("onnx").resolve(graph + ".onnx")
        + " is missing, and so is every other precision of it; copy the pack again");
  }

  private Optional<String> readChatTemplate() {
    PackJson tokenizer = PackJson.readOptional(folder.resolve("tokenizer_config.json"));
    if (tokenizer.has("chat_template")) {
      return tokenizer.optionalText("chat_template");
    }
    Path jinja = folder.resolve("chat_template.jinja");
    if (Files.exists(jinja)) {
      try {
        return Optional.of(Files.readString(jinja));
      } catch (IOException e) {
        throw new PackException(jinja + " cannot be read: " + e.getMessage(), e);
      }
    }
    return PackJson.readOptional(folder.resolve("chat_template.json"))
        .optionalText("chat_template");
  }

  private void requireFile(String name) {
    if (!Files.isRegularFile(folder.resolve(name))) {
      throw new PackException(
          folder.resolve(name) + " is missing; a pack needs it, copy the pack again");
    }
  }
}
