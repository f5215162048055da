package org.onlooker.onnx;

import java.util.List;
import org.onlooker.core.PictureSpec;

/**
 * How pictures become {@code pixel_values}: {@code (byte * rescale - mean) / std} per channel.
 *
 * @param picture what the source scales frames to
 * @param temporalPatch pictures that the tower takes together, as one group of tokens ({@code
 *     temporal_patch_size}, as in Qwen2-VL); 1 where each picture has its own
 * @param tokensPerFrame image tokens of one picture, or of one group
 */
public record VisionConfig(
    PictureSpec picture,
    double rescale,
    List<Double> mean,
    List<Double> std,
    int temporalPatch,
    int tokensPerFrame) {

  static VisionConfig read(PackJson config, PackJson preprocessor, PackJson onlooker) {
    PackJson vision = config.section("vision_config");
    int edge = vision.integer("image_size");
    int patches = edge / vision.integer("patch_size") / config.integerOr("scale_factor", 1);
    PictureSpec.Fit fit = fit(onlooker.textOr("fit", "squash"));
    PictureSpec picture = new PictureSpec(
        edge, edge, fit, padRgb(onlooker.numbers("pad_color")), filter(preprocessor));
    double rescale = preprocessor.flagOr("do_rescale", true)
        ? preprocessor.numberOr("rescale_factor", 1 / 255.)
        : 1;
    boolean normalize = preprocessor.flagOr("do_normalize", true);
    return new VisionConfig(
        picture,
        rescale,
        channels(preprocessor, "image_mean", normalize, 0),
        channels(preprocessor, "image_std", normalize, 1),
        vision.integerOr("temporal_patch_size", 1),
        onlooker.integerOr("visual_tokens", patches * patches));
  }

  private static List<Double> channels(
      PackJson json, String key, boolean normalize, double neutral) {
    List<Double> values = normalize ? json.numbers(key) : List.of(neutral, neutral, neutral);
    if (values.size() != 3) {
      throw new PackException(
          "preprocessor_config.json: \"" + key + "\" should be three numbers," + " not " + values);
    }
    return List.copyOf(values);
  }

  private static PictureSpec.Fit fit(String name) {
    return switch (name) {
      case "squash" -> PictureSpec.Fit.SQUASH;
      case "letterbox" -> PictureSpec.Fit.LETTERBOX;
      default ->
        throw new PackException(
            "config.json: \"onlooker.fit\" should be squash or letterbox, not " + name);
    };
  }

  private static int padRgb(List<Double> color) {
    int rgb = 0;
    for (double channel : color) {
      rgb = rgb << 8 | ((int) channel & 0xFF);
    }
    return rgb;
  }

  private static PictureSpec.Filter filter(PackJson preprocessor) {
    int resample = preprocessor.integerOr("resample", 1);
    return switch (resample) {
      case 1 -> PictureSpec.Filter.LANCZOS;
      case 2 -> PictureSpec.Filter.BILINEAR;
      case 3 -> PictureSpec.Filter.BICUBIC;
      default ->
        throw new PackException("preprocessor_config.json: \"resample\" " + resample
            + " is not supported; supported are 1 (lanczos), 2 (bilinear) and 3 (bicubic)");
    };
  }
}
