package org.onlooker.onnx;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import java.lang.System.Logger.Level;
import java.util.Locale;

/** Where the graphs run. */
public enum ExecutionProvider {
  CPU,
  CUDA;

  private static final System.Logger LOG = System.getLogger(ExecutionProvider.class.getName());

  /**
   * Resolves a device setting.
   *
   * @param device {@code cpu}, {@code cuda} or {@code auto}: CUDA when this build and this machine
   *     have it, CPU with a line in the log otherwise
   * @throws IllegalArgumentException when {@code cuda} is asked for and cannot be had
   */
  public static ExecutionProvider of(String device) {
    return switch (device) {
      case "cpu" -> CPU;
      case "cuda" -> requireCuda();
      case "auto" -> cudaOrCpu();
      default ->
        throw new IllegalArgumentException(
            "device \"" + device + "\" is unknown; known are cpu, cuda and auto");
    };
  }

  private static ExecutionProvider requireCuda() {
    String reason = whyNoCuda();
    if (!reason.isEmpty()) {
      throw new IllegalArgumentException(
          "device \"cuda\" cannot be used: " + reason + "; or use --device cpu");
    }
    return CUDA;
  }

  private static ExecutionProvider cudaOrCpu() {
    String reason = whyNoCuda();
    if (!reason.isEmpty()) {
      LOG.log(Level.INFO, "running on the CPU: {0}", reason);
      return CPU;
    }
    return CUDA;
  }

  /** Why CUDA cannot be used, as a clause; empty when it can. */
  private static String whyNoCuda() {
    OrtEnvironment environment = OnnxModel.environment();
    if (!OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA)) {
      return "this build has the CPU library of ONNX Runtime " + environment.getVersion()
          + " only; build with mvn -Pcuda for CUDA";
    }
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.addCUDA(0);
      return "";
    } catch (OrtException e) {
      return "CUDA does not start (" + e.getMessage().lines().findFirst().orElse("no reason given")
          + "); check the driver with nvidia-smi";
    }
  }

  void configure(OrtSession.SessionOptions options) throws OrtException {
    if (this == CUDA) {
      options.addCUDA(0);
    }
  }

  /** As in the setting and in the model card: {@code cpu} or {@code cuda}. */
  public String device() {
    return name().toLowerCase(Locale.ROOT);
  }
}
