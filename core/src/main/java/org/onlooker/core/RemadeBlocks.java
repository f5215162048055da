package org.onlooker.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Blocks made again of clips of which only tokens are kept.
 *
 * <p>A clip's keys and values hold what it saw of the clips before it, so each is prefilled behind
 * its own neighbours in the stream, as it was while watching, and not behind those that it stands
 * beside in a question. A block depends on the clips within its {@link ModelCard#contextReach};
 * the nearer they are, the more, so that a part of them will do. Neighbours that clips share are
 * prefilled once.
 *
 * <p>Life cycle: 1. constructed for one question; 2. {@link #make} once.
 */
final class RemadeBlocks {
  /** Most clips before a clip that are prefilled for its sake; measured, see docs/benchmarks.md. */
  static final int NEIGHBOURS_MAX = 4;
  /** Most prefills for one question, neighbours counted as if none were shared. */
  static final int PREFILLS_MAX = 256;

  private final MemoryStore store;
  private final LanguageModel model;
  private final int neighbours;
  private final Map<ClipKey, Step> steps = new HashMap<>();
  private final Map<ClipKey, KvBlock> made = new LinkedHashMap<>();
  private Optional<Step> newest = Optional.empty();

  /** A clip to prefill. */
  private record Step(ClipEntry clip, VisualTokens tokens) {}

  RemadeBlocks(MemoryStore store, LanguageModel model) {
    ModelCard card = model.card();
    this.store = store;
    this.model = model;
    this.neighbours = Math.min(NEIGHBOURS_MAX, card.contextReach());
  }

  /**
   * The blocks of clips, as many as the time for one question allows.
   *
   * @param clips originals, the most wanted first
   * @return by key, those whose tokens are kept; the caller closes them
   */
  Map<ClipKey, KvBlock> make(List<ClipEntry> clips) {
    List<List<Step>> chains = chains(clips);
    chains.sort(Comparator.comparingLong(chain -> chain.getLast().clip().key().sequence()));
    if (chains.isEmpty()) {
      return Map.of();
    }
    try (WatchWindow window = model.openWindow()) {
      chains.forEach(chain -> prefill(window, chain));
      return made;
    } catch (RuntimeException e) {
      made.values().forEach(KvBlock::close);
      throw e;
    }
  }

  private List<List<Step>> chains(List<ClipEntry> clips) {
    List<List<Step>> chains = new ArrayList<>();
    int prefills = 0;
    for (ClipEntry clip : clips) {
      Optional<Step> last = step(clip);
      if (last.isPresent()) {
        List<Step> chain = chain(last.get());
        prefills += chain.size();
        if (prefills > PREFILLS_MAX) {
          return chains;
        }
        chains.add(chain);
      }
    }
    return chains;
  }

  /** The clip behind those of its neighbours that it saw, in time order. */
  private List<Step> chain(Step last) {
    List<Step> chain = new ArrayList<>(List.of(last));
    Optional<Step> before = before(last);
    while (before.isPresent() && chain.size() <= neighbours) {
      chain.addFirst(before.get());
      before = before(before.get());
    }
    return chain;
  }

  /** The clip that was prefilled before, where the window went on from it. */
  private Optional<Step> before(Step step) {
    ClipEntry clip = step.clip();
    return store
        .entry(new ClipKey(clip.key().stream(), clip.key().sequence() - 1))
        .filter(previous -> !Gap.isBetween(previous.span().end(), clip.span()))
        .flatMap(previous ->
            previous.isRepeat() ? store.entry(previous.original()) : Optional.of(previous))
        .flatMap(this::step);
  }

  private Optional<Step> step(ClipEntry clip) {
    if (!clip.fingerprint().equals(model.card().fingerprint())) {
      return Optional.empty();
    }
    Optional<Step> step = Optional.ofNullable(steps.get(clip.key()))
        .or(() -> store.tokens(clip.key()).map(tokens -> new Step(clip, tokens)));
    step.ifPresent(found -> steps.put(clip.key(), found));
    return step;
  }

  private void prefill(WatchWindow window, List<Step> chain) {
    int done = newest.map(chain::indexOf).orElse(-1);
    if (done < 0) {
      window.restart();
    }
    for (Step step : chain.subList(done + 1, chain.size())) {
      ClipLabel label = ClipLabel.of(step.clip().span().start(), model.card().labelPeriod());
      KvBlock block = window.prefill(label, step.tokens());
      newest = Optional.of(step);
      if (step == chain.getLast()) {
        made.put(step.clip().key(), block);
      } else {
        block.close();
      }
    }
  }
}
