package org.onlooker.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One loaded graph. Runs may come from several threads at once; one owner closes it when no run is
 * under way.
 */
public final class OnnxModel implements AutoCloseable {
  private static final Pattern CODES =
      Pattern.compile("^Error code - \\w+ - message: (.*\\[ONNXRuntimeError\\] : \\d+ : \\w+ : )?");

  private final Path file;
  private final OrtSession session;
  private final Map<String, TensorInfo> inputs;
  private final Map<String, TensorInfo> outputs;

  private OnnxModel(Path file, OrtSession session) throws OrtException {
    this.file = file;
    this.session = session;
    this.inputs = tensors(session.getInputInfo());
    this.outputs = tensors(session.getOutputInfo());
  }

  /**
   * Loads a graph.
   *
   * @param threads threads of one run, the caller's included
   * @throws PackException when the file is no ONNX graph or is cut short
   */
  public static OnnxModel load(Path file, ExecutionProvider provider, int threads) {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(threads);
      // Errors come as exceptions; a second copy on standard error helps nobody.
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      // Shapes change with every step, so a plan of memory per shape is only overhead; spinning
      // takes the cores from the decode threads. The arena stays on: without it the tower of
      // SmolVLM-256M takes 1.46 times the CPU time (page faults) and no less memory.
      options.setMemoryPatternOptimization(false);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      provider.configure(options);
      return new OnnxModel(file, environment().createSession(file.toString(), options));
    } catch (OrtException e) {
      throw new PackException(
          file + " cannot be loaded (" + reason(e) + "); copy the pack again", e);
    }
  }

  static OrtEnvironment environment() {
    return Environment.INSTANCE;
  }

  /** Made when the first model is loaded, after telemetry was switched off. */
  private static final class Environment {
    static final OrtEnvironment INSTANCE = create();

    private static OrtEnvironment create() {
      Natives.keepOffline();
      return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "onlooker");
    }
  }

  /** The graph's file, for messages. */
  public Path file() {
    return file;
  }

  public boolean takes(String input) {
    return inputs.containsKey(input);
  }

  public boolean gives(String output) {
    return outputs.containsKey(output);
  }

  /** Type and declared shape of an input; unknown dimensions are -1. */
  public TensorInfo input(String name) {
    return declared(inputs, "input", name);
  }

  /** Type and declared shape of an output; unknown dimensions are -1. */
  public TensorInfo output(String name) {
    return declared(outputs, "output", name);
  }

  /** Checks an input's declared shape; -1 on either side fits anything. */
  public void requireInput(String name, long... shape) {
    requireShape("input", name, input(name), shape);
  }

  /** Checks an output's declared shape; -1 on either side fits anything. */
  public void requireOutput(String name, long... shape) {
    requireShape("output", name, output(name), shape);
  }

  /** Says which inputs this graph has that {@code known} does not name. */
  public void requireOnlyInputs(Set<String> known) {
    Set<String> unknown = new HashSet<>(inputs.keySet());
    unknown.removeAll(known);
    if (!unknown.isEmpty()) {
      throw new PackException(
          file + " wants inputs that this architecture does not give: " + unknown);
    }
  }

  /**
   * Runs the graph.
   *
   * @param feeds tensors by input name; those that the graph does not declare are left out
   * @param wanted outputs to return, allocated by ONNX Runtime
   * @param pinned outputs to write into the given tensors
   * @return closed by the caller; holds the wanted outputs by name
   */
  public OrtSession.Result run(
      Map<String, OnnxTensor> feeds, Set<String> wanted, Map<String, OnnxTensor> pinned) {
    Map<String, OnnxTensor> taken = new HashMap<>(feeds);
    taken.keySet().retainAll(inputs.keySet());
    try {
      return session.run(taken, wanted, pinned);
    } catch (OrtException e) {
      throw new IllegalStateException(file + " failed to run: " + reason(e), e);
    }
  }

  /** Runs the graph into pinned outputs only. */
  public void run(Map<String, OnnxTensor> feeds, Map<String, OnnxTensor> pinned) {
    run(feeds, Set.of(), pinned).close();
  }

  /** An output of a result as a tensor. */
  public OnnxTensor tensor(OrtSession.Result result, String name) {
    OnnxValue value = result.get(name).orElseThrow(() -> undeclared("output", name));
    return (OnnxTensor) value;
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException(file + " failed to close", e);
    }
  }

  private TensorInfo declared(Map<String, TensorInfo> tensors, String side, String name) {
    TensorInfo info = tensors.get(name);
    if (info == null) {
      throw undeclared(side, name);
    }
    return info;
  }

  private PackException undeclared(String side, String name) {
    return new PackException(file + " has no " + side + " \"" + name + "\"; it has "
        + (side.equals("input") ? inputs : outputs).keySet().stream().sorted().toList());
  }

  private void requireShape(String side, String name, TensorInfo info, long[] shape) {
    long[] found = info.getShape();
    boolean fits = found.length == shape.length;
    for (int i = 0; fits && i < shape.length; i++) {
      fits = found[i] == shape[i] || found[i] < 0 || shape[i] < 0;
    }
    if (!fits) {
      throw new PackException(file + ": " + side + " \"" + name + "\" has the shape "
          + shapeText(found) + ", config.json says " + shapeText(shape)
          + "; graph and config belong to different models");
    }
  }

  private static String shapeText(long[] shape) {
    StringBuilder text = new StringBuilder("[");
    for (long dimension : shape) {
      text.append(text.length() > 1 ? ", " : "").append(dimension < 0 ? "any" : "" + dimension);
    }
    return text.append(']').toString();
  }

  private static Map<String, TensorInfo> tensors(Map<String, NodeInfo> nodes) {
    Map<String, TensorInfo> tensors = new HashMap<>();
    nodes.forEach((name, node) -> {
      if (node.getInfo() instanceof TensorInfo info) {
        tensors.put(name, info);
      }
    });
    return Map.copyOf(tensors);
  }

  /** Whether a tensor holds 16-bit floats; fails for any other than 32- and 16-bit floats. */
  public static boolean isHalf(TensorInfo info) {
    return switch (info.type) {
      case FLOAT -> false;
      case FLOAT16 -> true;
      default -> throw new PackException("a tensor of " + info + " should hold floats");
    };
  }

  static OnnxJavaType floatType(boolean half) {
    return half ? OnnxJavaType.FLOAT16 : OnnxJavaType.FLOAT;
  }

  /** What went wrong, without the library's source positions and codes before it. */
  private static String reason(OrtException e) {
    String line = String.valueOf(e.getMessage()).lines().findFirst().orElse("no reason given");
    return CODES.matcher(line).replaceFirst("");
  }
}
