package org.onlooker.core;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A question's conversation: what was said before it, and what is being said. Without a
 * conversation it holds nothing and keeps nothing.
 *
 * <p>Life cycle: 1. {@link #open}; 2. {@link #previous}, {@link #earlier} and {@link #say}; 3.
 * {@link #keep}. Used by one thread.
 */
final class Dialogue {
  private static final System.Logger LOG = System.getLogger(Dialogue.class.getName());
  private final ConversationStore store;
  private final Question question;
  private final Pts asOf;
  private final Instant askedAt;
  private final List<TimedQuestion.Part> said = new ArrayList<>();
  private Optional<Conversation> conversation = Optional.empty();

  /**
   * @param asOf media time up to which the question may know
   */
  Dialogue(ConversationStore store, Question question, Pts asOf, Instant askedAt) {
    this.store = store;
    this.question = question;
    this.asOf = asOf;
    this.askedAt = askedAt;
  }

  /**
   * Whether a question may belong to the conversation that it names.
   *
   * @throws Refused when that is about another stream
   */
  static void check(ConversationStore store, Question question) throws Refused {
    Optional<Conversation> found = question.conversation().flatMap(store::find);
    if (found.isPresent() && !found.get().stream().equals(question.stream())) {
      throw new Refused(
          Refused.Kind.ALREADY_EXISTS,
          "conversation \"" + found.get().id() + "\" is about stream \"" + found.get().stream()
              + "\"; choose another id");
    }
  }

  /**
   * Begins or finds the conversation; on a full disk none can begin, and the question stands alone.
   *
   * @throws IllegalStateException when it has meanwhile begun about another stream
   */
  void open() {
    try {
      conversation = question.conversation().map(id -> store.open(id, question.stream(), askedAt));
    } catch (StoreException e) {
      LOG.log(System.Logger.Level.ERROR, "a conversation is not kept", e);
    }
    conversation.filter(c -> !c.stream().equals(question.stream())).ifPresent(other -> {
      throw new IllegalStateException("conversation \"" + other.id()
          + "\" has begun about stream \"" + other.stream() + "\"; choose another id");
    });
  }

  /** Turns that knew nothing later than this question may, oldest first. */
  List<Turn> earlier() {
    return conversation.map(c -> store.turns(c.id())).orElse(List.of()).stream()
        .filter(turn -> !asOf.isBefore(turn.asOf()))
        .toList();
  }

  /** The last of the {@link #earlier} turns. */
  Optional<Turn> previous() {
    Optional<Turn> newest = conversation.flatMap(c -> store.newestTurn(c.id()));
    boolean knewMore = newest.filter(turn -> asOf.isBefore(turn.asOf())).isPresent();
    return knewMore ? earlier().reversed().stream().findFirst() : newest;
  }

  /** More of the answer. */
  void say(TimedQuestion.Part part) {
    if (part instanceof TimedQuestion.Part.Words more
        && !said.isEmpty()
        && said.getLast() instanceof TimedQuestion.Part.Words words) {
      said.set(said.size() - 1, new TimedQuestion.Part.Words(words.text() + more.text()));
    } else {
      said.add(part);
    }
  }

  /** Adds a completed answer to the conversation; that it cannot be kept does not undo it. */
  void keep(Answer answer, TimedQuestion read) {
    if (conversation.isEmpty() || answer.status() != Answer.Status.COMPLETED) {
      return;
    }
    Turn turn = new Turn(
        answer.id(),
        new Turn.Said(question.text(), read.parts()),
        new Turn.Said(answer.text(), said),
        askedAt,
        asOf,
        answer.citations().stream().map(Citation::span).toList());
    try {
      if (!store.append(conversation.get(), turn)) {
        LOG.log(
            System.Logger.Level.INFO,
            "conversation {0} was removed while {1} was written: it is not kept",
            conversation.get().id(),
            answer.id());
      }
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.ERROR, "answer " + answer.id() + " is not kept as a turn", e);
    }
  }
}
