package org.onlooker.language.onnx;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.onlooker.core.AnswerSink;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.Generation;
import org.onlooker.core.KvBlock;
import org.onlooker.core.LanguageModel;
import org.onlooker.core.ModelCard;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.WatchWindow;
import org.onlooker.language.AnswerText;
import org.onlooker.language.LabelledForm;
import org.onlooker.language.PromptForm;
import org.onlooker.language.SmolVlmForm;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.OnlookerConfig;
import org.onlooker.onnx.PackException;
import org.onlooker.onnx.PackTokenizer;

/**
 * A pack's decoder in this process. Several answers and windows may run at once over one session;
 * each has buffers of its own, freed when it ends.
 *
 * <p>An answer's cache is [sinks | clips in time order | last turns | question] at contiguous
 * positions. Stored blocks are rotated into place once; clips without a block are prefilled behind
 * the clips that the pack's form lets them see, as they would have been while watching.
 */
public final class OnnxLanguageModel implements LanguageModel {
  private static final int CAPTION_TOKENS_MAX = 32;
  /** Labels are written as two digits of minutes and two of seconds. */
  private static final Duration LABEL_PERIOD = Duration.ofMinutes(100);
  /** For packs that were not made for Onlooker. */
  private static final int CONTEXT_CLIPS = 32;

  private static final int ANSWER_RESERVE_TOKENS = 512;

  /** What a pack is asked that has no question of its own for captions. */
  private static final String WHAT_IS_THERE = "What do you see?";

  private final Decoder decoder;
  private final PackTokenizer tokenizer;
  private final PromptForm form;
  private final KvBlock sinks;
  private final ModelCard card;

  private OnnxLanguageModel(
      ModelPack pack, Decoder decoder, PackTokenizer tokenizer, PromptForm form, String device) {
    this.decoder = decoder;
    this.tokenizer = tokenizer;
    this.form = form;
    this.sinks = prefillSinks(decoder, form);
    this.card = card(pack, device);
  }

  /**
   * Loads and proves the decoder of a pack.
   *
   * @param threads threads of one run, the caller's included
   * @throws PackException when the pack cannot be used; the message says why
   */
  public static OnnxLanguageModel load(ModelPack pack, ExecutionProvider provider, int threads) {
    PackTokenizer tokenizer = PackTokenizer.open(pack);
    Decoder decoder = null;
    try {
      decoder = Decoder.load(pack, provider, threads);
      return new OnnxLanguageModel(
          pack, decoder, tokenizer, form(pack, tokenizer), provider.device());
    } catch (RuntimeException e) {
      if (decoder != null) {
        decoder.close();
      }
      tokenizer.close();
      throw e;
    }
  }

  private static PromptForm form(ModelPack pack, PackTokenizer tokenizer) {
    long image = pack.decoder().imageTokenId();
    return pack.onlooker()
        .<PromptForm>map(config -> new LabelledForm(config, tokenizer, image, endId(pack)))
        .orElseGet(() -> new SmolVlmForm(pack, tokenizer));
  }

  private static long endId(ModelPack pack) {
    return pack.decoder().endIds().stream()
        .min(Comparator.naturalOrder())
        .orElseThrow(() -> new PackException(
            pack.folder().resolve("config.json") + ": \"eos_token_id\" is missing"));
  }

  private static KvBlock prefillSinks(Decoder decoder, PromptForm form) {
    long[] ids = form.sinks();
    if (ids.length == 0) {
      throw new PackException("config.json: \"onlooker.sinks\" is empty; a pack needs sink tokens");
    }
    try (Forward forward = new Forward(decoder, ids.length)) {
      forward.run(ids, 0);
      return forward.cache().read(0, ids.length, decoder.rope().off(0, ids.length));
    }
  }

  private ModelCard card(ModelPack pack, String device) {
    int positions = decoder.config().maxPositions();
    List<String> facts = List.of(
        "prompt " + form.id(),
        decoder.config().rope().toString(),
        pack.vision().toString(),
        decoder.kind().toString());
    return new ModelCard(
        pack.name(),
        pack.onlooker().map(OnlookerConfig::domain).orElse(""),
        pack.fingerprint(facts),
        decoder.shape(),
        pack.onlooker().map(OnlookerConfig::clipDuration).orElse(Duration.ofSeconds(1)),
        pack.onlooker().map(OnlookerConfig::framesPerClip).orElse(1),
        LABEL_PERIOD,
        positions,
        pack.onlooker().map(OnlookerConfig::contextClips).orElse(CONTEXT_CLIPS),
        positions - sinks.tokenCount() - ANSWER_RESERVE_TOKENS,
        form.clip(new ClipLabel(0), counts(pack)).length,
        form.windowClips(),
        pack.onlooker().map(OnlookerConfig::dialogueTokens).orElse(Prompt.DIALOGUE_TOKENS_MAX),
        pack.onlooker().map(OnlookerConfig::proofClips).orElse(1),
        pack.onlooker().map(OnlookerConfig::recallFloor).orElse(0.0),
        device);
  }

  /** Image tokens of each frame of a clip, as the tower gives them. */
  private static int[] counts(ModelPack pack) {
    int frames = pack.onlooker().map(OnlookerConfig::framesPerClip).orElse(1);
    int[] counts = new int[Math.ceilDiv(frames, pack.vision().temporalPatch())];
    Arrays.fill(counts, pack.vision().tokensPerFrame());
    return counts;
  }

  @Override
  public ModelCard card() {
    return card;
  }

  @Override
  public WatchWindow openWindow() {
    return new OnnxWatchWindow(this, decoder, form);
  }

  /** Tokens that {@code prompt} takes of {@code card().contextTokens()}, its answer included. */
  public int tokenCost(Prompt prompt) {
    return contextTokens(prompt.context()) + question(prompt).length + prompt.maxTokens();
  }

  /** The question behind as many of the last turns as there is room for. */
  private long[] question(Prompt prompt) {
    int room = card.contextTokens() - contextTokens(prompt.context()) - prompt.maxTokens();
    return LastTurns.before(form, prompt, card.dialogueTokens(), room);
  }

  /** Tokens of a cache that holds the sinks and {@code items}; each layer holds as many. */
  public int contextTokens(List<ContextItem> items) {
    int clips = IntStream.range(0, decoder.shape().layers())
        .map(layer -> items.stream()
            .filter(item -> ContextBlocks.layers(item).has(layer))
            .mapToInt(this::cost)
            .sum())
        .min()
        .orElse(0);
    return sinks.tokenCount() + clips;
  }

  private int cost(ContextItem item) {
    return switch (item) {
      case ContextItem.Block block -> block.block().tokenCount();
      case ContextItem.Fresh fresh ->
        form.clip(fresh.label(), fresh.tokens().countsByFrame()).length;
    };
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException when the prompt takes more tokens than the model has positions
   */
  @Override
  public Generation answer(Prompt prompt, AnswerSink sink) {
    long startNanos = System.nanoTime();
    long[] question = question(prompt);
    try (Forward forward = new Forward(decoder, capacity(prompt, question));
        ContextBlocks blocks = new ContextBlocks(decoder, form, sinks)) {
      blocks.load(prompt.context(), forward);
      return new AnswerDecoding(decoder, forward, startNanos)
          .decode(
              question,
              prompt.maxTokens(),
              new AnswerText(tokenizer, form.moment(), sink),
              sink::cancelled);
    }
  }

  @Override
  public Optional<float[][]> queries(List<ContextItem> context, List<QuestionPart> question) {
    if (!decoder.tellsQueries()) {
      return Optional.empty();
    }
    long[] words = form.words(question);
    try (Forward forward = new Forward(decoder, contextTokens(context) + words.length);
        ContextBlocks blocks = new ContextBlocks(decoder, form, sinks)) {
      blocks.load(context, forward);
      return Optional.of(forward.queries(words, forward.cache().length()));
    }
  }

  @Override
  public double perplexity(List<ContextItem> clips, String said) {
    long[] question = form.captionQuestion(clips.getLast().label())
        .orElseGet(() -> form.question(List.of(new QuestionPart.Text(WHAT_IS_THERE))));
    long[] words = tokenizer.encode(said);
    int capacity = contextTokens(clips) + question.length + words.length;
    try (Forward forward = new Forward(decoder, capacity);
        ContextBlocks blocks = new ContextBlocks(decoder, form, sinks)) {
      blocks.load(clips, forward);
      double[] logs = forward.logLikelihoods(
          question, words, Collections.min(decoder.config().endIds()));
      return Math.exp(-Arrays.stream(logs).average().orElse(0));
    }
  }

  private int capacity(Prompt prompt, long[] question) {
    int capacity = contextTokens(prompt.context()) + question.length + prompt.maxTokens();
    if (capacity > card.contextTokens()) {
      throw new IllegalArgumentException("context, question and answer take " + capacity
          + " tokens, the model has room for " + card.contextTokens());
    }
    return capacity;
  }

  /**
   * Goes through an answer whose tokens {@code steps} chooses, at most {@code prompt.maxTokens} of
   * them; otherwise as {@link #answer}.
   */
  public Steps.Walked walk(Prompt prompt, Steps steps) {
    long[] question = question(prompt);
    try (Forward forward = new Forward(decoder, capacity(prompt, question));
        ContextBlocks blocks = new ContextBlocks(decoder, form, sinks)) {
      long start = System.nanoTime();
      blocks.load(prompt.context(), forward);
      long loaded = System.nanoTime();
      int contextTokens = forward.cache().length();
      forward.run(question, contextTokens);
      long asked = System.nanoTime();
      OptionalLong next = steps.next(forward.logits());
      for (int i = 0; i < prompt.maxTokens() && next.isPresent(); i++) {
        forward.run(new long[] {next.getAsLong()}, forward.cache().length());
        next = steps.next(forward.logits());
      }
      return new Steps.Walked(contextTokens, question.length, loaded - start, asked - loaded);
    }
  }

  @Override
  public String caption(List<ContextItem> clips) {
    return form.captionQuestion(clips.getLast().label())
        .map(question -> caption(
            contextTokens(clips), question, (blocks, forward) -> blocks.load(clips, forward)))
        .orElse("");
  }

  /** Asks {@code question} over raw blocks, on a cache of its own. */
  String caption(List<KvBlock> clips, long[] question) {
    int tokens = clips.stream().mapToInt(KvBlock::tokenCount).sum();
    return caption(
        sinks.tokenCount() + tokens, question, (blocks, forward) -> blocks.append(clips, forward));
  }

  private String caption(
      int contextTokens, long[] question, BiConsumer<ContextBlocks, Forward> clips) {
    int capacity = contextTokens + question.length + CAPTION_TOKENS_MAX;
    CaptionText text = new CaptionText();
    try (Forward forward = new Forward(decoder, capacity);
        ContextBlocks blocks = new ContextBlocks(decoder, form, sinks)) {
      clips.accept(blocks, forward);
      new AnswerDecoding(decoder, forward, System.nanoTime())
          .decode(
              question,
              CAPTION_TOKENS_MAX,
              new AnswerText(tokenizer, form.moment(), text),
              text::cancelled);
    }
    String caption = text.toString();
    return form.isNothing(caption) ? "" : caption;
  }

  KvBlock sinks() {
    return sinks;
  }

  @Override
  public void close() {
    sinks.close();
    decoder.close();
    tokenizer.close();
  }
}
