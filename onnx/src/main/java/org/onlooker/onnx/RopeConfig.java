package org.onlooker.onnx;

import java.util.Optional;

/**
 * How a decoder rotates its keys.
 *
 * @param theta base of the frequencies
 * @param rotaryDim leading columns of a head that are rotated; the rest carry no position
 * @param scaling change of the frequencies; empty for plain RoPE
 */
public record RopeConfig(double theta, int rotaryDim, Optional<Scaling> scaling) {
  /** A supported {@code rope_scaling}. */
  public sealed interface Scaling {
    /** Every frequency divided by {@code factor}. */
    record Linear(double factor) implements Scaling {}

    /** Long waves divided by {@code factor}, short ones kept, a ramp between (Llama 3.1). */
    record Llama3(double factor, double low, double high, int originalPositions)
        implements Scaling {}
  }

  static RopeConfig read(PackJson text, int headDim) {
    PackJson parameters = text.section("rope_parameters");
    PackJson scaling = text.has("rope_scaling") ? text.section("rope_scaling") : parameters;
    double theta = parameters.numberOr("rope_theta", text.numberOr("rope_theta", 10_000));
    double partial =
        parameters.numberOr("partial_rotary_factor", text.numberOr("partial_rotary_factor", 1));
    int rotaryDim = (int) (headDim * partial);
    if (rotaryDim <= 0 || rotaryDim > headDim || rotaryDim % 2 != 0) {
      throw new PackException("config.json: partial_rotary_factor " + partial + " of head_dim "
          + headDim + " does not leave an even number of columns");
    }
    return new RopeConfig(theta, rotaryDim, readScaling(scaling));
  }

  private static Optional<Scaling> readScaling(PackJson json) {
    String type = json.textOr("rope_type", json.textOr("type", "default"));
    return switch (type) {
      case "default" -> Optional.empty();
      case "linear" -> Optional.of(new Scaling.Linear(json.numberOr("factor", 1)));
      case "llama3" ->
        Optional.of(new Scaling.Llama3(
            json.numberOr("factor", 8),
            json.numberOr("low_freq_factor", 1),
            json.numberOr("high_freq_factor", 4),
            json.integer("original_max_position_embeddings")));
      default ->
        throw new PackException("config.json: RoPE scaling \"" + type
            + "\" is not supported; supported are default, linear and llama3");
    };
  }
}
