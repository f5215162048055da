package org.onlooker.testing;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.onlooker.core.AnswerSink;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.ContextItem;
import org.onlooker.core.Generation;
import org.onlooker.core.KvBlock;
import org.onlooker.core.LanguageModel;
import org.onlooker.core.ModelCard;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.core.VisualTokens;
import org.onlooker.core.WatchWindow;

/** A language model that answers by a script: words, and moments of the context's clips. */
public final class ScriptedModel implements LanguageModel {
  /** One step of an answer. */
  public sealed interface Step {
    record Say(String text) implements Step {}

    record Name(ClipLabel label) implements Step {}
  }

  private static final int CONTEXT_TOKENS = 2048;
  private static final double SURPRISED = 4;

  private final Function<Prompt, List<Step>> script;
  private final Function<VisualTokens, String> captions;
  private final int dialogueTokens;
  private final int contextClipTokens;
  private final int proofClips;
  private final List<List<ClipLabel>> prefilled = new CopyOnWriteArrayList<>();
  private final Map<ClipLabel, String> captioned = new ConcurrentHashMap<>();

  public ScriptedModel(
      Function<Prompt, List<Step>> script, Function<VisualTokens, String> captions) {
    this(script, captions, Prompt.DIALOGUE_TOKENS_MAX, CONTEXT_TOKENS, 1);
  }

  private ScriptedModel(
      Function<Prompt, List<Step>> script,
      Function<VisualTokens, String> captions,
      int dialogueTokens,
      int contextClipTokens,
      int proofClips) {
    this.script = script;
    this.captions = captions;
    this.dialogueTokens = dialogueTokens;
    this.contextClipTokens = contextClipTokens;
    this.proofClips = proofClips;
  }

  /** The same model, if it had not been taught to read earlier turns. */
  public ScriptedModel withoutDialogue() {
    return new ScriptedModel(script, captions, 0, contextClipTokens, proofClips);
  }

  /** The same model, if the clips of a context might take no more than so many tokens together. */
  public ScriptedModel withRoomFor(int tokens) {
    return new ScriptedModel(script, captions, dialogueTokens, tokens, proofClips);
  }

  /** The same model, if its captions listed what is there and so many clips were proof of it. */
  public ScriptedModel withProof(int clips) {
    return new ScriptedModel(script, captions, dialogueTokens, contextClipTokens, clips);
  }

  /** Says the same to every question, word by word, and captions nothing. */
  public static ScriptedModel saying(String answer) {
    return new ScriptedModel(
        prompt ->
            List.of(answer.split("(?<= )")).stream().<Step>map(Step.Say::new).toList(),
        tokens -> "");
  }

  @Override
  public ModelCard card() {
    return new ModelCard(
        "scripted",
        "It says what a test wrote.",
        TestClips.FINGERPRINT,
        TestClips.SHAPE,
        Duration.ofSeconds(1),
        2,
        Duration.ofMinutes(100),
        CONTEXT_TOKENS,
        8,
        contextClipTokens,
        6,
        1,
        dialogueTokens,
        proofClips,
        0.2,
        "cpu");
  }

  @Override
  public WatchWindow openWindow() {
    return new WatchWindow() {
      private String newest = "";
      private List<ClipLabel> run = newRun();

      private List<ClipLabel> newRun() {
        List<ClipLabel> labels = new CopyOnWriteArrayList<>();
        prefilled.add(labels);
        return labels;
      }

      @Override
      public List<KvBlock> prefill(List<ContextItem.Fresh> clips) {
        return clips.stream().map(this::prefill).toList();
      }

      private KvBlock prefill(ContextItem.Fresh clip) {
        run.add(clip.label());
        newest = captions.apply(clip.tokens());
        captioned.put(clip.label(), newest);
        return TestClips.block(clip.label().seconds(), clip.tokens().tokenCount() + 2);
      }

      @Override
      public String caption() {
        return newest;
      }

      @Override
      public void restart() {
        newest = "";
        run = newRun();
      }

      @Override
      public void close() {}
    };
  }

  /** The seconds of the clips that windows took in, those behind one another in one list. */
  public List<List<Integer>> prefilled() {
    return prefilled.stream()
        .filter(run -> !run.isEmpty())
        .map(run -> run.stream().map(ClipLabel::seconds).toList())
        .toList();
  }

  @Override
  public Optional<float[][]> queries(List<ContextItem> context, List<QuestionPart> question) {
    return Optional.empty();
  }

  @Override
  public String caption(List<ContextItem> clips) {
    return switch (clips.getLast()) {
      case ContextItem.Fresh fresh -> captions.apply(fresh.tokens());
      case ContextItem.Block block -> captioned.getOrDefault(block.label(), "");
    };
  }

  /** Certain of the newest clip's caption, surprised by all else. */
  @Override
  public double perplexity(List<ContextItem> clips, String said) {
    return said.equals(captioned.get(clips.getLast().label())) ? 1 : SURPRISED;
  }

  @Override
  public Generation answer(Prompt prompt, AnswerSink sink) {
    int tokens = 0;
    for (Step step : script.apply(prompt)) {
      if (sink.cancelled()) {
        return generation(prompt, tokens, Generation.End.CANCELLED);
      }
      switch (step) {
        case Step.Say say -> sink.text(say.text());
        case Step.Name name -> sink.moment(name.label());
      }
      tokens++;
    }
    return generation(prompt, tokens, Generation.End.STOP);
  }

  private static Generation generation(Prompt prompt, int tokens, Generation.End end) {
    return new Generation(prompt.context().size() * 4, prompt.question().size(), tokens, 1, end);
  }

  @Override
  public void close() {}
}
