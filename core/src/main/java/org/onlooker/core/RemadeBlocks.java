package org.onlooker.core;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;

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
    Set<ClipKey> wanted =
        chains.stream().map(chain -> chain.getLast().clip().key()).collect(Collectors.toSet());
    try (WatchWindow window = model.openWindow()) {
      runs(chains).forEach(run -> prefill(window, run, wanted));
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

  /** Chains in time order, those that share clips as one. */
  private static List<SequencedSet<Step>> runs(List<List<Step>> chains) {
    List<SequencedSet<Step>> runs = new ArrayList<>();
    for (List<Step> chain : chains) {
      if (runs.isEmpty() || Collections.disjoint(runs.getLast(), chain)) {
        runs.add(new LinkedHashSet<>());
      }
      runs.getLast().addAll(chain);
    }
    return runs;
  }

  private void prefill(WatchWindow window, SequencedSet<Step> run, Set<ClipKey> wanted) {
    window.restart();
    List<KvBlock> blocks = window.prefill(run.stream().map(this::fresh).toList());
    Iterator<KvBlock> block = blocks.iterator();
    for (Step step : run) {
      if (wanted.contains(step.clip().key())) {
        made.put(step.clip().key(), block.next());
      } else {
        block.next().close();
      }
    }
  }

  private ContextItem.Fresh fresh(Step step) {
    Duration period = model.card().labelPeriod();
    return new ContextItem.Fresh(ClipLabel.of(step.clip().span().start(), period), step.tokens());
  }
}
