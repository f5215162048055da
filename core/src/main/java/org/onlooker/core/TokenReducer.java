package org.onlooker.core;

/** Leaves out of what a stream shows what need not be prefilled and remembered once more. */
public interface TokenReducer {
  /** Its name in configuration and figures. */
  String name();

  /** A reduction for one stream that has shown nothing yet. */
  Reduction open();

  /**
   * The reduction of one stream. Used by one thread.
   *
   * <p>Life cycle, for each clip in time order: 1. {@link #isRepeat}; 2. {@link #reduce}, unless it
   * is one; 3. {@link #remembered}, once what is left of it is stored.
   */
  interface Reduction {
    /** Whether the clip's pictures show nothing but what the last remembered clip showed. */
    default boolean isRepeat(Clip clip) {
      return false;
    }

    /**
     * The tokens that the decoder should see.
     *
     * @param tokens the tower's, or what another reducer left of them
     * @return with no tokens where they tell what the last remembered clip told
     */
    default VisualTokens reduce(VisualTokens tokens) {
      return tokens;
    }

    /** The clip that was asked about last is remembered: later ones are compared with it. */
    default void remembered() {}

    /** Forgets what was shown; the next clip is kept whole. */
    default void restart() {}
  }
}
