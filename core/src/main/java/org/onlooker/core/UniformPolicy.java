package org.onlooker.core;

import java.util.List;
import java.util.Map;

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
        Evenly.of(all, inquiry.clipBudget()).stream()
            .map(entry -> new Recalled(entry.key(), entry.span(), 1, Map.of("uniform", 1.0)))
            .toList(),
        false);
  }
}
