package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The clips a question is answered over, loaded from memory. Clips that another model pack encoded,
 * or whose block cannot be read, are left out.
 *
 * <p>Life cycle: 1. {@link #load}; 2. read; 3. {@link #close}, which frees the blocks.
 */
final class ServedContext implements AutoCloseable {
  /** A clip of the context and how it was found. */
  record Served(Recalled recalled, ContextItem item, Instant startTime) {
    Span span() {
      return recalled.span();
    }

    /** Whether it is there because an earlier turn was about it. */
    boolean isOfDialogue() {
      return recalled.signals().containsKey("dialogue");
    }

    Citation citation(StreamId stream, Instant streamStart, String signal) {
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

  private final List<Served> clips;
  private final Duration labelPeriod;

  private ServedContext(List<Served> clips, Duration labelPeriod) {
    this.clips = clips;
    this.labelPeriod = labelPeriod;
  }

  static ServedContext load(QuestionAnswerer.Sources sources, ContextPolicy.Selection selection) {
    ModelCard card = sources.model().card();
    List<Served> loaded = new ArrayList<>();
    try {
      for (Recalled recalled : selection.clips()) {
        sources
            .store()
            .entry(recalled.key())
            .filter(entry -> entry.fingerprint().equals(card.fingerprint()))
            .flatMap(entry -> serve(sources, recalled, entry, selection.fresh()))
            .ifPresent(loaded::add);
      }
      return new ServedContext(loaded, card.labelPeriod());
    } catch (RuntimeException e) {
      closeBlocks(loaded);
      throw e;
    }
  }

  private static Optional<Served> serve(
      QuestionAnswerer.Sources sources, Recalled recalled, ClipEntry entry, boolean fresh) {
    ClipLabel label =
        ClipLabel.of(recalled.span().start(), sources.model().card().labelPeriod());
    Optional<ContextItem> item = fresh
        ? sources.store().tokens(entry.key()).map(t -> new ContextItem.Fresh(label, t))
        : sources.store().block(entry.key()).map(b -> new ContextItem.Block(label, b));
    return item.map(found -> new Served(recalled, found, entry.startTime()));
  }

  List<Served> clips() {
    return clips;
  }

  List<ContextItem> items() {
    return clips.stream().map(Served::item).toList();
  }

  /** Clips that were found for the question, beyond the recent and the evenly spread ones. */
  List<Served> recalled() {
    return clips.stream().filter(ServedContext::isRecalled).toList();
  }

  int recalledCount() {
    return recalled().size();
  }

  private static boolean isRecalled(Served clip) {
    return Collections.disjoint(clip.recalled().signals().keySet(), Set.of("recent", "spread"));
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
            .map(clip -> clip.item().label())
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
        new QuestionPart.Moment(nearest(at.moment())
            .filter(clip -> clip.span().contains(at.moment()))
            .map(clip -> clip.item().label())
            .orElseGet(() -> ClipLabel.of(at.moment(), labelPeriod)));
    };
  }

  Optional<Served> nearest(Pts moment) {
    return clips.stream().min(Comparator.comparingLong(clip -> clip.span().distanceMicros(moment)));
  }

  /** The newest clip of that label; labels repeat after the pack's period. */
  Optional<Served> labelled(ClipLabel label) {
    return clips.reversed().stream()
        .filter(clip -> clip.item().label().equals(label))
        .findFirst();
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

  private static void closeBlocks(List<Served> clips) {
    for (Served clip : clips) {
      if (clip.item() instanceof ContextItem.Block block) {
        block.block().close();
      }
    }
  }

  @Override
  public void close() {
    closeBlocks(clips);
  }
}
