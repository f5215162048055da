package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The clips a question is answered over, loaded from memory. Clips that another model pack encoded
 * are left out. Of a clip without a block, one is made of its tokens; where those are gone too, the
 * clip can be named and cited, but the model does not see it ({@link #faded}). Nor does it see what
 * there is no room for ({@link ContextRoom}).
 *
 * <p>Life cycle: 1. {@link #load}; 2. read; 3. {@link #close}, which keeps the blocks that were
 * made for the next question, and frees all.
 */
final class ServedContext implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(ServedContext.class.getName());

  /**
   * A clip of the context.
   *
   * @param found the clips it stands for, in time order: those that were chosen and show the same
   * @param shown the one of that kind that tokens and block are kept of
   * @param label of {@code shown}
   * @param item what the model sees of it, if anything
   * @param startTime of the first clip that was found
   */
  record Served(
      List<Recalled> found,
      ClipEntry shown,
      ClipLabel label,
      Optional<ContextItem> item,
      Instant startTime) {
    Served with(Recalled same) {
      List<Recalled> more = Stream.concat(found.stream(), Stream.of(same)).toList();
      return new Served(more, shown, label, item, startTime);
    }

    Served with(ContextItem made) {
      return new Served(found, shown, label, Optional.of(made), startTime);
    }

    /** As one that the model does not see; closes its block. */
    Served withoutItem() {
      item.ifPresent(ServedContext::close);
      return new Served(found, shown, label, Optional.empty(), startTime);
    }

    /** The best of them, with the span of all. */
    Recalled recalled() {
      Recalled best =
          found.stream().max(Comparator.comparingDouble(Recalled::score)).orElseThrow();
      return new Recalled(best.key(), span(), best.score(), best.signals());
    }

    Span span() {
      return new Span(found.getFirst().span().start(), found.getLast().span().end());
    }

    /** The start of the clip among them that has this label, or else of the first. */
    Pts momentOf(ClipLabel label, Duration labelPeriod) {
      return starts()
          .filter(start -> ClipLabel.of(start, labelPeriod).equals(label))
          .findFirst()
          .orElse(span().start());
    }

    boolean has(ClipLabel named, Duration labelPeriod) {
      return label.equals(named)
          || starts().anyMatch(start -> ClipLabel.of(start, labelPeriod).equals(named));
    }

    private Stream<Pts> starts() {
      return found.stream().map(clip -> clip.span().start());
    }

    Instant timeOf(Pts moment) {
      return startTime.plusNanos((moment.micros() - span().start().micros()) * 1_000);
    }

    /** Whether it is there because an earlier turn was about it. */
    boolean isOfDialogue() {
      return found.stream().anyMatch(clip -> clip.signals().containsKey("dialogue"));
    }

    Citation citation(StreamId stream, Instant streamStart, String signal) {
      Recalled recalled = recalled();
      Map<String, Double> signals =
          recalled.signals().isEmpty() ? Map.of(signal, 1.0) : recalled.signals();
      Duration length = Duration.ofNanos((span().end().micros() - span().start().micros()) * 1_000);
      return new Citation(
          stream,
          recalled.key(),
          span(),
          startTime,
          startTime.plus(length),
          recalled.score(),
          signals);
    }
  }

  private final MemoryStore store;
  private final List<Served> clips;
  private final Set<ClipKey> made;
  private final Duration labelPeriod;

  private ServedContext(
      MemoryStore store, List<Served> clips, Set<ClipKey> made, Duration labelPeriod) {
    this.store = store;
    this.clips = clips;
    this.made = made;
    this.labelPeriod = labelPeriod;
  }

  static ServedContext load(QuestionAnswerer.Sources sources, ContextPolicy.Selection selection) {
    ModelCard card = sources.model().card();
    Map<ClipKey, Served> loaded = new LinkedHashMap<>();
    try {
      for (Recalled recalled : selection.clips()) {
        Optional<ClipEntry> entry = sources
            .store()
            .entry(recalled.key())
            .filter(found -> found.fingerprint().equals(card.fingerprint()));
        if (entry.isPresent()) {
          ClipKey original = entry.get().original();
          Optional.ofNullable(loaded.get(original))
              .map(served -> served.with(recalled))
              .or(() -> serve(sources, recalled, entry.get(), selection))
              .ifPresent(served -> loaded.put(original, served));
        }
      }
      Set<ClipKey> made = remake(sources, selection, loaded);
      new ContextRoom(card).fit(loaded);
      return new ServedContext(
          sources.store(), List.copyOf(loaded.values()), made, card.labelPeriod());
    } catch (RuntimeException e) {
      closeBlocks(loaded.values());
      throw e;
    }
  }

  /** A clip that repeats an earlier one is served by that one's block, which has its label. */
  private static Optional<Served> serve(
      QuestionAnswerer.Sources sources,
      Recalled recalled,
      ClipEntry entry,
      ContextPolicy.Selection selection) {
    MemoryStore store = sources.store();
    ClipKey original = entry.original();
    Optional<ClipEntry> shown = entry.isRepeat() ? store.entry(original) : Optional.of(entry);
    return shown.map(clip -> {
      ClipLabel label = ClipLabel.of(clip.span().start(), sources.model().card().labelPeriod());
      Optional<ContextItem> item = selection.fresh()
          ? store.tokens(original).map(tokens -> new ContextItem.Fresh(label, tokens))
          : store
              .block(original)
              .map(block -> new ContextItem.Block(label, block, layers(selection, recalled)));
      return new Served(List.of(recalled), clip, label, item, entry.startTime());
    });
  }

  private static Layers layers(ContextPolicy.Selection selection, Recalled recalled) {
    return selection.layers().getOrDefault(recalled.key(), Layers.ALL);
  }

  /** Gives clips without a block one that is made of their tokens, and tells which. */
  private static Set<ClipKey> remake(
      QuestionAnswerer.Sources sources,
      ContextPolicy.Selection selection,
      Map<ClipKey, Served> loaded) {
    List<ClipEntry> bare = loaded.values().stream()
        .filter(clip -> clip.item().isEmpty())
        .sorted(
            Comparator.comparingDouble((Served clip) -> clip.recalled().score()).reversed())
        .map(Served::shown)
        .toList();
    Map<ClipKey, KvBlock> made = new RemadeBlocks(sources.store(), sources.model()).make(bare);
    made.forEach((key, block) -> loaded.computeIfPresent(key, (_, clip) -> {
      Layers layers = layers(selection, clip.found().getFirst());
      return clip.with(new ContextItem.Block(clip.label(), block, layers));
    }));
    return Set.copyOf(made.keySet());
  }

  List<Served> clips() {
    return clips;
  }

  List<ContextItem> items() {
    return clips.stream().flatMap(clip -> clip.item().stream()).toList();
  }

  /** Clips that were found for the question, beyond the recent and the evenly spread ones. */
  List<Served> recalled() {
    return clips.stream().filter(ServedContext::isRecalled).toList();
  }

  int recalledCount() {
    return recalled().size();
  }

  private static boolean isRecalled(Served clip) {
    return isFoundBeside(clip, Set.of("recent", "spread"));
  }

  private static boolean isFoundBeside(Served clip, Set<String> signals) {
    return clip.found().stream()
        .anyMatch(one -> Collections.disjoint(one.signals().keySet(), signals));
  }

  /** The clips beside the recent ones, where the model sees nothing of any of them. */
  List<Served> faded() {
    List<Served> past =
        clips.stream().filter(clip -> isFoundBeside(clip, Set.of("recent"))).toList();
    return past.stream().allMatch(clip -> clip.item().isEmpty()) ? past : List.of();
  }

  /** Notes and question, each moment of the question named by the label of the nearest clip. */
  List<QuestionPart> question(List<TimedQuestion.Part> notes, List<TimedQuestion.Part> parts) {
    return Stream.concat(notes.stream().map(this::saidPart), parts.stream().map(this::part))
        .toList();
  }

  private QuestionPart part(TimedQuestion.Part part) {
    return switch (part) {
      case TimedQuestion.Part.Words words -> new QuestionPart.Text(words.text());
      case TimedQuestion.Part.At at ->
        new QuestionPart.Moment(nearest(at.moment())
            .map(Served::label)
            .orElseGet(() -> ClipLabel.of(at.moment(), labelPeriod)));
    };
  }

  /** Earlier turns, each moment named by the label of the clip that shows it, served or not. */
  List<Prompt.Exchange> dialogue(List<Turn> turns) {
    return turns.stream()
        .map(turn -> new Prompt.Exchange(said(turn.question()), said(turn.answer())))
        .toList();
  }

  private List<QuestionPart> said(Turn.Said said) {
    return said.parts().stream().map(this::saidPart).toList();
  }

  private QuestionPart saidPart(TimedQuestion.Part part) {
    return switch (part) {
      case TimedQuestion.Part.Words words -> new QuestionPart.Text(words.text());
      case TimedQuestion.Part.At at ->
        new QuestionPart.Moment(ClipLabel.of(clipStart(at.moment()), labelPeriod));
    };
  }

  /** The start of the clip that shows a moment, whether it stands for itself or not. */
  private Pts clipStart(Pts moment) {
    return clips.stream()
        .flatMap(clip -> clip.found().stream())
        .map(Recalled::span)
        .filter(span -> span.contains(moment))
        .map(Span::start)
        .findFirst()
        .orElse(moment);
  }

  Optional<Served> nearest(Pts moment) {
    return clips.stream().min(Comparator.comparingLong(clip -> clip.span().distanceMicros(moment)));
  }

  /** The newest clip of that label; labels repeat after the pack's period. */
  Optional<Served> labelled(ClipLabel label) {
    return clips.reversed().stream()
        .filter(clip -> clip.has(label, labelPeriod))
        .findFirst();
  }

  /** The moment that a label means, given the clip that was found by it. */
  Pts momentOf(Served clip, ClipLabel label) {
    return clip.momentOf(label, labelPeriod);
  }

  /** The newest moment of that label in notes. */
  Optional<Pts> noted(ClipLabel label, List<TimedQuestion.Part> notes) {
    return notes.reversed().stream()
        .filter(TimedQuestion.Part.At.class::isInstance)
        .map(part -> ((TimedQuestion.Part.At) part).moment())
        .filter(moment -> ClipLabel.of(moment, labelPeriod).equals(label))
        .findFirst();
  }

  Optional<Served> bestRecalled() {
    return recalled().stream()
        .max(Comparator.comparingDouble(clip -> clip.recalled().score()));
  }

  private static void closeBlocks(Collection<Served> clips) {
    for (Served clip : clips) {
      clip.item().ifPresent(ServedContext::close);
    }
  }

  private static void close(ContextItem item) {
    if (item instanceof ContextItem.Block block) {
      block.block().close();
    }
  }

  @Override
  public void close() {
    try {
      for (Served clip : clips) {
        clip.item()
            .filter(_ -> made.contains(clip.shown().key()))
            .ifPresent(item -> promote(clip.shown(), item));
      }
    } finally {
      closeBlocks(clips);
    }
  }

  /** A block that cannot be kept is made again when it is needed again. */
  private void promote(ClipEntry clip, ContextItem item) {
    try {
      if (item instanceof ContextItem.Block block) {
        store.promote(clip, block.block());
      }
    } catch (StoreException | IllegalStateException e) {
      LOG.log(System.Logger.Level.DEBUG, "a block that was made again is not kept", e);
    }
  }
}
