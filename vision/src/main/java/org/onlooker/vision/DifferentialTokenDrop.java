package org.onlooker.vision;

import java.util.BitSet;
import java.util.Optional;
import org.onlooker.core.TokenReducer;
import org.onlooker.core.VisualTokens;

/**
 * Differential token drop in feature mode (TimeChat-Online, arXiv 2504.17343, section 3.2): a token
 * that is like the one at the same place before is left out.
 *
 * <p>Two points differ from the paper. A token is compared with the last one <em>kept</em> at its
 * place, so that slow change is not missed; and where hardly any token is like the one before, as
 * after a camera cut, all are kept. Those that stay are put at contiguous positions, since not
 * every decoder takes gaps.
 */
public final class DifferentialTokenDrop implements TokenReducer {
  /** Fewer tokens alike than this share: another scene. */
  private static final double CUT_SHARE = 0.2;

  private final double cosineMax;

  /** @param cosineMax above which a token is left out; the paper's runs use 0.25 to 0.7 */
  public DifferentialTokenDrop(double cosineMax) {
    this.cosineMax = cosineMax;
  }

  @Override
  public String name() {
    return "differential";
  }

  @Override
  public Reduction open() {
    return new Watched();
  }

  private final class Watched implements Reduction {
    private Optional<LastKept> kept = Optional.empty();
    private Optional<VisualTokens> newest = Optional.empty();

    @Override
    public VisualTokens reduce(VisualTokens tokens) {
      VisualTokens left = kept.filter(before -> before.fits(tokens))
          .map(before -> before.differing(tokens, cosineMax))
          .orElse(tokens);
      boolean cut = tokens.tokenCount() - left.tokenCount() < CUT_SHARE * tokens.tokenCount();
      newest = Optional.of(cut ? tokens : left);
      return newest.get();
    }

    @Override
    public void remembered() {
      newest.ifPresent(tokens -> {
        LastKept last =
            kept.filter(before -> before.fits(tokens)).orElseGet(() -> new LastKept(tokens));
        last.put(tokens);
        kept = Optional.of(last);
      });
    }

    @Override
    public void restart() {
      kept = Optional.empty();
    }
  }

  /** The last token kept at each place of a clip. */
  private static final class LastKept {
    private final BitSet known = new BitSet();
    private final VisualTokens tokens;

    LastKept(VisualTokens like) {
      int values = like.frameCount() * like.tokensPerFrame() * like.width();
      tokens = new VisualTokens(
          like.frameCount(), like.tokensPerFrame(), like.width(), new float[values]);
    }

    boolean fits(VisualTokens others) {
      return others.frameCount() == tokens.frameCount()
          && others.tokensPerFrame() == tokens.tokensPerFrame()
          && others.width() == tokens.width();
    }

    void put(VisualTokens others) {
      int width = tokens.width();
      for (int i = 0; i < others.tokenCount(); i++) {
        int place = others.places()[i];
        known.set(place);
        System.arraycopy(others.values(), i * width, tokens.values(), place * width, width);
      }
    }

    VisualTokens differing(VisualTokens others, double cosineMax) {
      return others.keep(i -> {
        int place = others.places()[i];
        return !known.get(place) || TokenRows.cosine(others, i, tokens, place) <= cosineMax;
      });
    }
  }
}
