package org.onlooker.core;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * ReKV as published (arXiv 2503.00540): each layer of the decoder gets the clips whose mean keys
 * are nearest to its own queries, as many in each, and no recent window. It looks at every clip
 * kept of the stretch asked about, so that its cost grows with the stream; it is there to be
 * compared with.
 *
 * <p>Its queries come from one pass of the question behind the sinks, or from more, each over what
 * the one before has found: after as many passes as the decoder has layers they are those of the
 * published code, in which each layer attends to what the layers below it have found.
 */
public final class RekvPolicy implements ContextPolicy {
  private final String name;
  private final InternalRecall.Nearness nearness;

  private RekvPolicy(String name, InternalRecall.Nearness nearness) {
    this.name = name;
    this.nearness = nearness;
  }

  /** By the product of query and key mean, as the published code does. */
  public static RekvPolicy byProduct() {
    return new RekvPolicy("rekv", InternalRecall.Nearness.PRODUCT);
  }

  /** By their cosine, as the paper says. */
  public static RekvPolicy byCosine() {
    return new RekvPolicy("rekv-cosine", InternalRecall.Nearness.COSINE);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Selection select(Inquiry inquiry) throws Refused {
    Map<ClipEntry, Layers> found =
        inquiry.recaller().byQueries(inquiry.scope(), nearness, inquiry.clipBudget());
    List<Recalled> clips = found.entrySet().stream()
        .map(clip -> new Recalled(
            clip.getKey().key(),
            clip.getKey().span(),
            clip.getValue().count(),
            Map.of("query", (double) clip.getValue().count())))
        .toList();
    Map<ClipKey, Layers> layers = found.entrySet().stream()
        .collect(Collectors.toMap(clip -> clip.getKey().key(), Map.Entry::getValue));
    return new Selection(clips, false, List.of(), layers);
  }
}
