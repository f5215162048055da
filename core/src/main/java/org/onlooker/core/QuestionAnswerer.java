package org.onlooker.core;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The second story: how a question becomes an answer.
 *
 * <p>A question is admitted or refused at once. It is answered on a worker thread from a snapshot
 * of memory at the time it was asked: its time expressions are resolved, a policy chooses the
 * clips, their blocks are loaded, the model decodes over them, and the moments it names become
 * citations. The watching never waits for it. {@link AnswerRun} has the steps.
 */
public final class QuestionAnswerer implements AutoCloseable {
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  /** What answering works with; shared by all questions. */
  public record Sources(
      MemoryStore store,
      MemoryIndex index,
      LanguageModel model,
      TextEmbedder embedder,
      TimeReader times,
      Function<StreamId, Optional<StreamNow>> clocks,
      List<ContextPolicy> policies,
      ModelSlots slots) {}

  /**
   * What may run at once.
   *
   * @param concurrent questions being decoded
   * @param waiting admitted questions that wait for their turn
   * @param answerTimeMax longest time for one answer, from its start
   */
  public record Limits(int concurrent, int waiting, Duration answerTimeMax) {
    public static final Limits DEFAULT = new Limits(2, 16, Duration.ofSeconds(60));
  }

  private final Sources sources;
  private final CaptionNaming naming;
  private final Limits limits;
  private final InstantSource clock;
  private final ZoneId zone;
  private final Map<String, ContextPolicy> policies;
  private final ContextPolicy defaultPolicy;
  private final ThreadPoolExecutor workers;
  private final ConcurrentHashMap<String, AnswerRun> running = new ConcurrentHashMap<>();

  /** The first policy is the default. */
  public QuestionAnswerer(Sources sources, Limits limits, InstantSource clock, ZoneId zone) {
    this.sources = sources;
    this.naming = new CaptionNaming(sources.index(), sources.embedder());
    this.limits = limits;
    this.clock = clock;
    this.zone = zone;
    this.defaultPolicy = sources.policies().getFirst();
    this.policies = sources.policies().stream()
        .collect(Collectors.toMap(ContextPolicy::name, policy -> policy));
    this.workers = new ThreadPoolExecutor(
        limits.concurrent(),
        limits.concurrent(),
        0,
        TimeUnit.SECONDS,
        new ArrayBlockingQueue<>(limits.waiting()),
        Thread.ofPlatform().daemon().name("answer-", 0).factory());
  }

  /**
   * Admits a question and answers it on a worker thread.
   *
   * @return the answer's id
   * @throws Refused over capacity ({@code OVERLOADED}), for an unknown stream ({@code NOT_FOUND})
   *     or policy, or spans that the policy does not take ({@code INVALID}), or when the
   *     conversation is about another stream ({@code ALREADY_EXISTS})
   */
  public String ask(Question question, AnswerListener listener) throws Refused {
    StreamNow now = sources
        .clocks()
        .apply(question.stream())
        .orElseThrow(
            () -> new Refused(Refused.Kind.NOT_FOUND, "no stream \"" + question.stream() + "\""));
    ContextPolicy policy = policyOf(question);
    if (!question.spans().isEmpty() && !(policy instanceof OraclePolicy)) {
      throw new Refused(
          Refused.Kind.INVALID,
          "spans are taken with policy \"oracle\" only, not with \"" + policy.name() + "\"");
    }
    Dialogue.check(sources.store().conversations(), question);
    String id = "ans_" + UUID.randomUUID().toString().replace("-", "");
    Instant askedAt = clock.instant();
    AnswerRun run = new AnswerRun(
        sources,
        naming,
        new AnswerRun.Admitted(id, question, policy, askedAt, now, zone),
        limits.answerTimeMax(),
        listener.after(ignored -> running.remove(id)));
    running.put(id, run);
    try {
      workers.execute(run);
    } catch (RejectedExecutionException e) {
      running.remove(id);
      throw refusal();
    }
    return id;
  }

  private Refused refusal() {
    if (workers.isShutdown()) {
      return new Refused(Refused.Kind.SHUTTING_DOWN, "Onlooker is shutting down");
    }
    return new Refused(
        Refused.Kind.OVERLOADED,
        limits.concurrent() + " questions are being answered and " + limits.waiting()
            + " are waiting; ask again in a moment");
  }

  private ContextPolicy policyOf(Question question) throws Refused {
    if (question.policy().isEmpty()) {
      return defaultPolicy;
    }
    ContextPolicy policy = policies.get(question.policy().get());
    if (policy == null) {
      throw new Refused(
          Refused.Kind.INVALID,
          "no policy \"" + question.policy().get() + "\"; there are "
              + policies.keySet().stream().sorted().toList());
    }
    return policy;
  }

  /** Stops an answer; false when there is none of that id (any more). */
  public boolean cancel(String id) {
    AnswerRun run = running.get(id);
    if (run == null) {
      return false;
    }
    run.cancel();
    return true;
  }

  /** Questions being answered or waiting. */
  public int inFlight() {
    return running.size();
  }

  /** Refuses what comes, cancels what waits, and ends what runs. */
  @Override
  public void close() {
    workers.shutdown();
    running.values().forEach(AnswerRun::cancel);
    try {
      if (!workers.awaitTermination(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
