package org.onlooker.vision;

import java.util.Arrays;
import java.util.Optional;
import org.onlooker.core.TokenReducer;
import org.onlooker.core.VisualTokens;

/**
 * Takes a clip for a repeat when each of its tokens is like the token at the same place of the last
 * remembered clip. All or nothing: a clip that is recalled later stands alone, and must not lack
 * what only the clip before it tells.
 */
public final class AlikeTokens implements TokenReducer {
  private final double cosineMin;

  /** @param cosineMin from which two tokens tell the same */
  public AlikeTokens(double cosineMin) {
    this.cosineMin = cosineMin;
  }

  @Override
  public String name() {
    return "alike";
  }

  @Override
  public Reduction open() {
    return new Watched();
  }

  private final class Watched implements Reduction {
    private Optional<VisualTokens> remembered = Optional.empty();
    private Optional<VisualTokens> newest = Optional.empty();

    @Override
    public VisualTokens reduce(VisualTokens tokens) {
      newest = Optional.of(tokens);
      boolean same = remembered.filter(before -> isLike(tokens, before)).isPresent();
      return same ? tokens.keep(_ -> false) : tokens;
    }

    private boolean isLike(VisualTokens tokens, VisualTokens before) {
      if (!Arrays.equals(tokens.places(), before.places())) {
        return false;
      }
      for (int i = 0; i < tokens.tokenCount(); i++) {
        if (TokenRows.cosine(tokens, i, before, i) < cosineMin) {
          return false;
        }
      }
      return true;
    }

    @Override
    public void remembered() {
      remembered = newest;
    }

    @Override
    public void restart() {
      remembered = Optional.empty();
    }
  }
}
