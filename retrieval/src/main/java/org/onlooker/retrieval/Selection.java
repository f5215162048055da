package org.onlooker.retrieval;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.onlooker.core.Appearance;
import org.onlooker.core.Appearances;
import org.onlooker.core.ClipKey;
import org.onlooker.core.RecallQuery;
import org.onlooker.core.Recalled;

/**
 * Chooses few clips out of many matches, thinned in time.
 *
 * <p>Clips that follow one another show much the same. Matches are grouped into runs (at most one
 * clip missing in between); every run gives its best clip before any gives a second one, then its
 * ends, which say since when and until when, then the rest.
 */
final class Selection {
  private static final long RUN_STEP_MAX = 2;
  private static final Comparator<Recalled> IN_TIME = Comparator.comparingLong(Selection::sequence);
  private static final Comparator<Recalled> BY_SCORE = Comparator.comparingDouble(Recalled::score)
      .reversed()
      .thenComparing(Selection::sequence, Comparator.reverseOrder());

  private Selection() {}

  private static long sequence(Recalled clip) {
    return clip.key().sequence();
  }

  /** The best matches by score, best first. */
  static List<Recalled> byScore(Collection<Recalled> matches, int limit) {
    List<Recalled> chosen = new ArrayList<>(spread(matches, BY_SCORE, limit));
    chosen.sort(BY_SCORE);
    return chosen;
  }

  /**
   * The matches at one end of time. Each list holds one kind of proof, strongest first; the places
   * are shared out evenly, so that many weak matches never push a strong one out. Only the endmost
   * appearance of each kind counts: earlier sightings beside the last one only mislead the model
   * that is asked for it. One of a single clip may be chance, so the next one comes with it.
   *
   * @return nearest to that end first, scored by that rank
   */
  static List<Recalled> byTime(List<? extends Collection<Recalled>> proofs, RecallQuery query) {
    Comparator<Recalled> byTime =
        query.order() == RecallQuery.Order.NEWEST ? IN_TIME.reversed() : IN_TIME;
    int limit = query.limit();
    List<List<Recalled>> lists = proofs.stream()
        .map(proof -> endmost(proof, query).stream().sorted(byTime).limit(limit).toList())
        .filter(list -> !list.isEmpty())
        .toList();
    Map<ClipKey, Recalled> chosen = new LinkedHashMap<>();
    for (int place = 0; place < limit && chosen.size() < limit; place++) {
      for (List<Recalled> list : lists) {
        if (place < list.size() && chosen.size() < limit) {
          chosen.merge(list.get(place).key(), list.get(place), Selection::withBothSignals);
        }
      }
    }
    return ranked(chosen.values().stream().sorted(byTime).toList());
  }

  private static List<Recalled> endmost(Collection<Recalled> proof, RecallQuery query) {
    Appearances.Gatherer gatherer = query.gatherer();
    List<Recalled> inTime = proof.stream().sorted(IN_TIME).toList();
    inTime.forEach(gatherer::add);
    List<Appearance> appearances = gatherer.gathered().kept();
    if (query.order() == RecallQuery.Order.NEWEST) {
      appearances = appearances.reversed();
    }
    List<Recalled> found = new ArrayList<>();
    for (Appearance appearance : appearances) {
      if (found.size() > 1) {
        break;
      }
      inTime.stream().filter(clip -> appearance.span().holds(clip.span())).forEach(found::add);
    }
    return found;
  }

  private static Recalled withBothSignals(Recalled one, Recalled other) {
    Map<String, Double> signals = new LinkedHashMap<>(one.signals());
    other.signals().forEach(signals::putIfAbsent);
    return new Recalled(one.key(), one.span(), one.score(), signals);
  }

  private static List<Recalled> ranked(List<Recalled> clips) {
    List<Recalled> ranked = new ArrayList<>();
    for (Recalled clip : clips) {
      double score = Fusion.share(ranked.size() + 1);
      ranked.add(new Recalled(clip.key(), clip.span(), score, clip.signals()));
    }
    return ranked;
  }

  /** At most {@code limit} of the matches, in the order in which the runs give them. */
  private static Set<Recalled> spread(
      Collection<Recalled> matches, Comparator<Recalled> best, int limit) {
    List<List<Recalled>> runs = new ArrayList<>(runs(matches));
    runs.sort((a, b) -> best.compare(bestOf(a, best), bestOf(b, best)));
    Set<Recalled> order = new LinkedHashSet<>();
    runs.forEach(run -> order.add(bestOf(run, best)));
    for (List<Recalled> run : runs) {
      order.add(run.getLast());
      order.add(run.getFirst());
    }
    matches.stream().sorted(best).forEach(order::add);
    Set<Recalled> chosen = new LinkedHashSet<>();
    order.stream().limit(limit).forEach(chosen::add);
    return chosen;
  }

  private static Recalled bestOf(List<Recalled> run, Comparator<Recalled> best) {
    return run.stream().min(best).orElseThrow();
  }

  private static List<List<Recalled>> runs(Collection<Recalled> matches) {
    List<List<Recalled>> runs = new ArrayList<>();
    List<Recalled> inTime = matches.stream().sorted(IN_TIME).toList();
    for (Recalled clip : inTime) {
      boolean follows =
          !runs.isEmpty() && sequence(clip) - sequence(runs.getLast().getLast()) <= RUN_STEP_MAX;
      if (!follows) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(clip);
    }
    return runs;
  }
}
