package org.onlooker.core;

import java.util.List;
import java.util.Map;

/**
 * Every clip of the stretch asked about, where so many are within what the pack was trained on; a
 * longer stretch is refused, because a part of it would be called the whole.
 */
public final class FullPolicy implements ContextPolicy {
  @Override
  public String name() {
    return "full";
  }

  @Override
  public Selection select(Inquiry inquiry) throws Refused {
    List<ClipEntry> all = inquiry.seen(inquiry.scope());
    if (all.size() > inquiry.clipBudget()) {
      throw new Refused(
          Refused.Kind.INVALID,
          "policy \"full\" needs all " + all.size() + " clips of the stretch asked about, and the "
              + "model was trained on at most " + inquiry.clipBudget()
              + "; ask about a shorter stretch or with another policy");
    }
    return new Selection(
        all.stream()
            .map(entry -> new Recalled(entry.key(), entry.span(), 1, Map.of("full", 1.0)))
            .toList(),
        false);
  }
}
