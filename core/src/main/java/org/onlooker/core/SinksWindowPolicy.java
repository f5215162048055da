package org.onlooker.core;

/**
 * The newest clips up to the whole budget, behind the sinks that stand before every context:
 * StreamingLLM (arXiv 2309.17453, section 3.2). What has left the window is forgotten.
 */
public final class SinksWindowPolicy implements ContextPolicy {
  @Override
  public String name() {
    return "sinks+window";
  }

  @Override
  public Selection select(Inquiry inquiry) {
    return new Selection(RecentPolicy.newest(inquiry, inquiry.clipBudget()), false);
  }
}
