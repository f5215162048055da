package org.onlooker.onnx;

import java.util.List;

/**
 * The section {@code onlooker.reduction} of {@code config.json}: from where on pictures and visual
 * tokens of a pack tell the same. Thresholds belong to a tower; those used where a pack gives none
 * are careful ones.
 *
 * @param reducers used when the configuration names none, in order
 * @param pictureDifference most that boxes of 4 x 4 pixels differ which show the same, 0 to 255
 * @param alikeCosine from which two tokens of one place tell the same, for leaving out a whole clip
 * @param differentialCosine above which a single token is left out
 * @param noveltyShare of a frame's tokens that is kept when the most novel ones are
 */
public record ReductionConfig(
    List<String> reducers,
    double pictureDifference,
    double alikeCosine,
    double differentialCosine,
    double noveltyShare) {

  static ReductionConfig read(PackJson json) {
    List<String> reducers = json.texts("reducers");
    return new ReductionConfig(
        reducers.isEmpty() ? List.of("off") : List.copyOf(reducers),
        json.numberOr("picture_difference", 12),
        json.numberOr("alike_cosine", 0.995),
        json.numberOr("differential_cosine", 0.7),
        json.numberOr("novelty_share", 0.33));
  }
}
