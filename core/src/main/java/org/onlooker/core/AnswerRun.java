package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One question on its way to an answer.
 *
 * <p>1. the question's time expressions are resolved against the snapshot, and what it refers to in
 * its conversation is looked up; 2. the policy chooses clips; 3. their blocks are loaded; 4. the
 * model decodes, and what it says is passed on at once; where captions are all that is left of what
 * was chosen, they are told instead; 5. the clips that prove the answer are cited; 6. a completed
 * answer becomes a turn of its conversation; 7. the listener hears {@code done}, exactly once.
 */
final class AnswerRun implements Runnable {
  private static final System.Logger LOG = System.getLogger(AnswerRun.class.getName());
  private static final int ANSWER_TOKENS_MAX = 128;
  private static final int CAPTIONS_MAX = 5;
  private static final long MOMENT_MISSED_MICROS = 2_000_000;

  /** A question that was let in, with the clocks as they stood then. */
  record Admitted(
      String id,
      Question question,
      ContextPolicy policy,
      Instant askedAt,
      StreamNow now,
      ZoneId zone) {}

  private final QuestionAnswerer.Sources sources;
  private final CaptionNaming naming;
  private final Admitted admitted;
  private final Duration timeMax;
  private final AnswerListener listener;
  private final StringBuilder text = new StringBuilder();
  private final List<Citation> citations = new ArrayList<>();
  private final MomentText momentText;
  private final Dialogue dialogue;
  private final Pts asOf;
  private final ModelSlots.Line line;
  private final long admittedNanos = System.nanoTime();
  private volatile boolean cancelled;
  private long startNanos;
  private long recallNanos;
  private Optional<TimedQuestion> timed = Optional.empty();

  AnswerRun(
      QuestionAnswerer.Sources sources,
      CaptionNaming naming,
      Admitted admitted,
      Duration timeMax,
      AnswerListener listener) {
    this.sources = sources;
    this.naming = naming;
    this.admitted = admitted;
    this.timeMax = timeMax;
    this.listener = listener;
    this.line = sources.slots().forAnswer(this::isOver);
    StreamNow now = admitted.now();
    this.momentText = new MomentText(now.startTime(), now.live(), admitted.zone());
    this.asOf = admitted
        .question()
        .asOf()
        .map(instant -> ptsOf(now.startTime(), instant))
        .orElse(now.now());
    this.dialogue = new Dialogue(
        sources.store().conversations(), admitted.question(), asOf, admitted.askedAt());
  }

  private static Pts ptsOf(Instant startTime, Instant instant) {
    return new Pts(Math.max(0, Duration.between(startTime, instant).toNanos() / 1_000));
  }

  void cancel() {
    cancelled = true;
    line.close();
  }

  @Override
  public void run() {
    startNanos = System.nanoTime();
    try {
      if (cancelled) {
        finish(Answer.Status.CANCELLED, Optional.of("cancelled before it was answered"), 0, none());
      } else {
        answerInTurn();
      }
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.log(System.Logger.Level.ERROR, "question " + admitted.id() + " failed", e);
      String reason = Addresses.redacted("the answer failed: " + e.getMessage());
      finish(Answer.Status.FAILED, Optional.of(reason), 0, none());
    }
  }

  /** With a slot of the model, given up between tokens where streams are late. */
  private void answerInTurn() {
    try (ModelSlots.Slot slot = line.enter()) {
      answer(slot);
    } catch (InterruptedException e) {
      finish(interruptedStatus(), Optional.of(interruptedReason()), 0, none());
    }
  }

  private boolean isOver() {
    return cancelled || System.nanoTime() - startNanos > timeMax.toNanos();
  }

  private void answer(ModelSlots.Slot slot) {
    long recallStart = System.nanoTime();
    dialogue.open();
    Question question = admitted.question();
    StreamNow now = admitted.now();
    TimedQuestion typed =
        sources.times().read(question.text(), asOf, now.startTime(), now.live(), admitted.zone());
    FollowUp asked = followUp(typed);
    TimedQuestion read = asked.question();
    timed = Optional.of(read);
    ContextPolicy.Selection selection;
    try {
      selection = admitted
          .policy()
          .select(new ContextPolicy.Inquiry(
              read,
              question.stream(),
              asOf,
              new ContextRoom(sources.model().card())
                  .clips(sources.store(), question.stream(), asOf),
              sources.model().card().proofClips(),
              question.spans(),
              asked.moments(),
              sources.store(),
              new QuestionRecall(sources, naming, question.stream(), asOf, asked.words())));
    } catch (Refused e) {
      finish(Answer.Status.REFUSED, Optional.of(e.getMessage()), 0, none());
      return;
    }
    recallNanos = System.nanoTime() - recallStart;
    boolean blind = selection.clips().isEmpty() && admitted.policy() instanceof BlindPolicy;
    Optional<String> unseen = blind ? Optional.empty() : unseen(read, selection);
    if (unseen.isPresent()) {
      say(unseen.get());
      finish(Answer.Status.COMPLETED, Optional.empty(), 0, none());
    } else {
      decode(read, selection, slot);
    }
  }

  private FollowUp followUp(TimedQuestion typed) {
    Optional<Turn> before = typed.refersBack() ? dialogue.previous() : Optional.empty();
    return before.map(turn -> FollowUp.to(turn, typed)).orElseGet(() -> FollowUp.none(typed));
  }

  /** What to say instead of asking the model, when memory holds nothing that could answer. */
  private Optional<String> unseen(TimedQuestion read, ContextPolicy.Selection selection) {
    if (read.scope().filter(AnswerRun::isEmpty).isPresent()) {
      return Optional.of("I was not watching at that time.");
    }
    if (selection.clips().isEmpty()) {
      return Optional.of(
          sources.store().storedThrough(admitted.question().stream()).isEmpty()
              ? "I have not seen anything of this stream yet."
              : "I remember nothing of that time.");
    }
    Optional<Pts> moment = read.moment();
    if (read.about() == TimedQuestion.About.MOMENT
        && moment.isPresent()
        && !watched(moment.get())) {
      return Optional.of("I was not watching " + momentText.at(moment.get()) + ".");
    }
    return Optional.empty();
  }

  private static boolean isEmpty(Span span) {
    return span.start().equals(span.end());
  }

  /** Whether memory holds a clip near a moment, chosen by the policy or not. */
  private boolean watched(Pts moment) {
    Pts from = new Pts(Math.max(0, moment.micros() - MOMENT_MISSED_MICROS));
    Span near = new Span(from, moment.plusMicros(MOMENT_MISSED_MICROS)).until(asOf);
    return sources.store().entries(admitted.question().stream(), near).stream()
        .anyMatch(entry -> !asOf.isBefore(entry.span().end()));
  }

  private void decode(TimedQuestion read, ContextPolicy.Selection selection, ModelSlots.Slot slot) {
    try (ServedContext context = ServedContext.load(sources, selection)) {
      List<ServedContext.Served> faded = context.faded();
      if (!faded.isEmpty() && selection.notes().isEmpty()) {
        tellCaptions(faded);
        return;
      }
      Prompt prompt = new Prompt(
          context.items(),
          context.dialogue(told()),
          context.question(selection.notes(), read.parts()),
          ANSWER_TOKENS_MAX);
      long decodeStart = System.nanoTime();
      Generation generation =
          sources.model().answer(prompt, sink(context, selection.notes(), slot));
      long firstTokenNanos = decodeStart - admittedNanos + generation.firstTokenNanos();
      boolean inTime = generation.end() != Generation.End.CANCELLED;
      if (inTime) {
        citeProof(read, context);
      }
      Answer.ContextUse use = new Answer.ContextUse(
          admitted.policy().name(),
          context.recalledCount(),
          generation.contextTokens(),
          context.clips().stream().map(ServedContext.Served::span).toList());
      finish(
          inTime ? Answer.Status.COMPLETED : interruptedStatus(),
          inTime ? Optional.empty() : Optional.of(interruptedReason()),
          firstTokenNanos,
          use);
    }
  }

  /** Where captions are all that is left of what was found, they are the answer. */
  private void tellCaptions(List<ServedContext.Served> faded) {
    say("That was too long ago to look at again; what I noted then: ");
    String between = "";
    for (ServedContext.Served clip : best(faded)) {
      Pts moment = clip.span().start();
      say(between);
      say(momentText.of(moment, clip.startTime()), new TimedQuestion.Part.At(moment));
      say(": " + (clip.shown().caption().isEmpty() ? "nothing" : clip.shown().caption()));
      cite(clip, "caption");
      between = "; ";
    }
    say(".");
    finish(Answer.Status.COMPLETED, Optional.empty(), 0, none());
  }

  /** Those that match best, in time order. */
  private static List<ServedContext.Served> best(List<ServedContext.Served> clips) {
    return clips.stream()
        .sorted(Comparator.comparingDouble(
                (ServedContext.Served clip) -> clip.recalled().score())
            .reversed())
        .limit(CAPTIONS_MAX)
        .sorted(Comparator.comparing(clip -> clip.span().start().micros()))
        .toList();
  }

  /** The turns that the model is told; none are read for one that was not taught to read them. */
  private List<Turn> told() {
    return sources.model().card().dialogueTokens() > 0 ? dialogue.earlier() : List.of();
  }

  private Answer.Status interruptedStatus() {
    return cancelled ? Answer.Status.CANCELLED : Answer.Status.FAILED;
  }

  private String interruptedReason() {
    return cancelled
        ? "cancelled"
        : "the answer took longer than " + timeMax.toSeconds() + " s and was stopped";
  }

  private AnswerSink sink(
      ServedContext context, List<TimedQuestion.Part> notes, ModelSlots.Slot slot) {
    return new AnswerSink() {
      @Override
      public void text(String delta) {
        say(delta);
      }

      @Override
      public void moment(ClipLabel label) {
        Optional<ServedContext.Served> clip = context.labelled(label);
        Pts moment = clip.map(served -> context.momentOf(served, label))
            .or(() -> context.noted(label, notes))
            .orElseGet(() -> Pts.ofSeconds(label.seconds()));
        say(
            clip.map(served -> momentText.of(moment, served.timeOf(moment)))
                .orElseGet(() -> momentText.of(moment)),
            new TimedQuestion.Part.At(moment));
        clip.ifPresent(served -> cite(served, "answer"));
      }

      @Override
      public boolean cancelled() {
        try {
          slot.giveWay();
          return isOver();
        } catch (InterruptedException e) {
          return true;
        }
      }
    };
  }

  private void say(String delta) {
    say(delta, new TimedQuestion.Part.Words(delta));
  }

  private void say(String delta, TimedQuestion.Part part) {
    if (!delta.isEmpty()) {
      dialogue.say(part);
      text.append(delta);
      listener.delta(delta);
    }
  }

  /** Cites what the answer rests on where the model named no moment itself. */
  private void citeProof(TimedQuestion read, ServedContext context) {
    if (!citations.isEmpty() || context.clips().isEmpty()) {
      return;
    }
    switch (read.about()) {
      case NOW -> cite(context.clips().getLast(), "recent");
      case MOMENT -> read.moment().flatMap(context::nearest).ifPresent(clip -> cite(clip, "time"));
      case HISTORY -> {
        if (!Negation.opens(text.toString())) {
          proofs(read, context).forEach(clip -> cite(clip, "recall"));
        }
      }
    }
  }

  private static List<ServedContext.Served> proofs(TimedQuestion read, ServedContext context) {
    return read.order() == RecallQuery.Order.EVERY
        ? context.recalled().stream().filter(clip -> !clip.isOfDialogue()).toList()
        : context.bestRecalled().stream().toList();
  }

  private void cite(ServedContext.Served clip, String signal) {
    Citation citation =
        clip.citation(admitted.question().stream(), admitted.now().startTime(), signal);
    if (citations.stream().noneMatch(cited -> cited.clip().equals(citation.clip()))) {
      citations.add(citation);
      listener.citation(citation);
    }
  }

  private Answer.ContextUse none() {
    return new Answer.ContextUse(admitted.policy().name(), 0, 0, List.of());
  }

  private void finish(
      Answer.Status status, Optional<String> reason, long firstToken, Answer.ContextUse use) {
    long total = System.nanoTime() - admittedNanos;
    List<Gap> coverage =
        timed.map(read -> Coverage.of(sources.store(), admitted, read, asOf)).orElse(List.of());
    Answer answer = new Answer(
        admitted.id(),
        admitted.question().stream(),
        admitted.question().conversation(),
        admitted.question().text(),
        text.toString().strip(),
        status,
        reason,
        citations,
        admitted.askedAt(),
        use,
        new Answer.Timings(recallNanos / 1e6, firstToken / 1e6, total / 1e6),
        coverage);
    timed.ifPresent(read -> dialogue.keep(answer, read));
    listener.done(answer);
  }
}
