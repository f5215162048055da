package org.onlooker.vision;

import java.util.List;
import java.util.stream.Collectors;
import org.onlooker.core.Clip;
import org.onlooker.core.TokenReducer;
import org.onlooker.core.VisualTokens;

/** Reducers one after the other, each given what the one before has left. */
final class ReducerChain implements TokenReducer {
  private final List<TokenReducer> reducers;

  ReducerChain(List<TokenReducer> reducers) {
    this.reducers = List.copyOf(reducers);
  }

  @Override
  public String name() {
    return reducers.stream().map(TokenReducer::name).collect(Collectors.joining(","));
  }

  @Override
  public Reduction open() {
    return new Links(reducers.stream().map(TokenReducer::open).toList());
  }

  private record Links(List<Reduction> links) implements Reduction {
    /** All are asked, for each notes the clip. */
    @Override
    public boolean isRepeat(Clip clip) {
      return links.stream().filter(link -> link.isRepeat(clip)).count() > 0;
    }

    @Override
    public VisualTokens reduce(VisualTokens tokens) {
      VisualTokens left = tokens;
      for (Reduction link : links) {
        left = link.reduce(left);
      }
      return left;
    }

    @Override
    public void remembered() {
      links.forEach(Reduction::remembered);
    }

    @Override
    public void restart() {
      links.forEach(Reduction::restart);
    }
  }
}
