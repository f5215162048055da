package org.onlooker.core;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Clips evenly spread over all that is stored of the stretch asked about, its oldest and its newest
 * among them: how models of whole videos sample. It lists the stretch, so that its cost grows with
 * the stream; it is there to be compared with.
 */
public final class UniformPolicy implements ContextPolicy {
  @Override
  public String name() {
    return "uniform";
  }

  @Override
  public Selection select(Inquiry inquiry) {
    List<ClipEntry> all = inquiry.seen(inquiry.scope());
    return new Selection(
        spread(all.size(), inquiry.clipBudget())
            .mapToObj(all::get)
            .map(entry -> new Recalled(entry.key(), entry.span(), 1, Map.of("uniform", 1.0)))
            .toList(),
        false);
  }

  /** Rising indices below {@code count}, at most {@code limit}, the last one always among them. */
  static IntStream spread(int count, int limit) {
    if (count <= limit) {
      return IntStream.range(0, count);
    }
    if (limit == 1) {
      return IntStream.of(count - 1);
    }
    return IntStream.range(0, limit).map(i -> (int) ((long) i * (count - 1) / (limit - 1)));
  }
}
