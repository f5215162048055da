package org.onlooker.vision;

import java.util.ArrayList;
import java.util.List;
import org.onlooker.core.KeepAll;
import org.onlooker.core.TokenReducer;
import org.onlooker.onnx.ReductionConfig;

/** The reducers by name. */
public final class Reducers {
  /** What may be asked for; "off" alone. */
  public static final List<String> NAMES =
      List.of("off", "unchanged", "alike", "differential", "novelty");

  private Reducers() {}

  /**
   * The reducers of those names, one after the other.
   *
   * @param names of {@link #NAMES}; of none, the pack's own choice
   * @throws IllegalArgumentException for another name
   */
  public static TokenReducer of(List<String> names, ReductionConfig config) {
    List<TokenReducer> chain = new ArrayList<>();
    for (String name : names.isEmpty() ? config.reducers() : names) {
      switch (name) {
        case "off" -> {}
        case "unchanged" -> chain.add(new UnchangedPictures(config.pictureDifference()));
        case "alike" -> chain.add(new AlikeTokens(config.alikeCosine()));
        case "differential" -> chain.add(new DifferentialTokenDrop(config.differentialCosine()));
        case "novelty" -> chain.add(new NoveltyPruner(config.noveltyShare()));
        default ->
          throw new IllegalArgumentException(
              "unknown token reducer \"" + name + "\"; there are " + String.join(", ", NAMES));
      }
    }
    return chain.isEmpty() ? new KeepAll() : new ReducerChain(chain);
  }
}
