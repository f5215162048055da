package org.onlooker.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The clips of the spans that came with the question, and the recent window, within the budget of
 * every other policy: the ceiling of what recall can bring, and a way to ask about given moments.
 *
 * <p>Where the spans hold more clips than fit, a question about a moment gets those nearest to it.
 * Else each span gives its last clip, then each its first, then the next ones inwards, newer spans
 * first: what enters and leaves is seen at the ends. Clips that only touch a span come after those
 * within it, since they also show something else.
 */
public final class OraclePolicy implements ContextPolicy {
  @Override
  public String name() {
    return "oracle";
  }

  @Override
  public Selection select(Inquiry inquiry) {
    int recentBudget = RecentPolicy.besideHistory(inquiry.clipBudget());
    Map<ClipKey, Recalled> chosen = new LinkedHashMap<>();
    for (ClipEntry entry : given(inquiry, inquiry.clipBudget() - recentBudget)) {
      chosen.put(entry.key(), new Recalled(entry.key(), entry.span(), 1, Map.of("given", 1.0)));
    }
    RecentPolicy.newest(inquiry, recentBudget)
        .forEach(clip -> chosen.putIfAbsent(clip.key(), clip));
    return Selection.inTimeOrder(chosen.values());
  }

  private static Collection<ClipEntry> given(Inquiry inquiry, int limit) {
    List<List<ClipEntry>> spans = inquiry.spans().stream()
        .sorted(Comparator.comparing(Span::end, Comparator.reverseOrder()))
        .map(span -> inOrder(inquiry, span))
        .toList();
    int longest = spans.stream().mapToInt(List::size).max().orElse(0);
    Map<ClipKey, ClipEntry> given = new LinkedHashMap<>();
    for (int round = 0; round < longest; round++) {
      for (List<ClipEntry> span : spans) {
        if (round < span.size() && given.size() < limit) {
          given.put(span.get(round).key(), span.get(round));
        }
      }
    }
    return given.values();
  }

  /** A span's clips, those that matter most first. */
  private static List<ClipEntry> inOrder(Inquiry inquiry, Span span) {
    List<ClipEntry> clips = inquiry.seen(span);
    Optional<Pts> moment = inquiry.question().moment();
    if (moment.isPresent()) {
      return clips.stream()
          .sorted(Comparator.comparingLong(clip -> clip.span().distanceMicros(moment.get())))
          .toList();
    }
    List<ClipEntry> inOrder =
        endsFirst(clips.stream().filter(clip -> span.holds(clip.span())).toList());
    clips.reversed().stream().filter(clip -> !span.holds(clip.span())).forEach(inOrder::add);
    return inOrder;
  }

  /** The last, the first, the last but one, the second, and so on inwards. */
  private static List<ClipEntry> endsFirst(List<ClipEntry> clips) {
    List<ClipEntry> inwards = new ArrayList<>(clips.size());
    for (int first = 0, last = clips.size() - 1; first <= last; first++, last--) {
      inwards.add(clips.get(last));
      if (first < last) {
        inwards.add(clips.get(first));
      }
    }
    return inwards;
  }
}
