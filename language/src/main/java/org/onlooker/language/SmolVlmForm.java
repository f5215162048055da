package org.onlooker.language;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.PackException;
import org.onlooker.onnx.PackTokenizer;

/**
 * SmolVLM's chat with the video form of SmolVLM2: one "Frame from MM:SS:" line per frame, then the
 * question.
 *
 * <p>The chat template is Jinja. Instead of a Jinja engine this class writes what the template of
 * the idefics3 and SmolVLM packs writes, and refuses a pack whose template is another: it must
 * contain each literal that stands here. The preface differs from the processor's in one point: an
 * endless stream has no number of frames and no length to tell.
 */
public final class SmolVlmForm implements PromptForm {
  private static final String START = "<|im_start|>";
  private static final String TURN_END = "<end_of_utterance>";
  private static final String ANSWER = "Assistant:";
  private static final String FENCE = "<fake_token_around_image>";
  private static final String GLOBAL = "<global-img>";
  private static final String IMAGE = "<image>";
  private static final String PREFACE =
      "You are provided the following series of frames from a video.\n";
  private static final TimeForm FRAME = new TimeForm("\nFrame from {mm}:{ss}:");
  private static final TimeForm MOMENT = new TimeForm("{mm}:{ss}");
  private static final int WINDOW_CLIPS = 8;

  private final PackTokenizer tokenizer;

  public SmolVlmForm(ModelPack pack, PackTokenizer tokenizer) {
    this.tokenizer = tokenizer;
    String template = pack.chatTemplate().orElse("");
    List<String> absent = List.of(START, TURN_END, ANSWER).stream()
        .filter(literal -> !template.contains(literal))
        .toList();
    if (!absent.isEmpty()) {
      throw new PackException(pack.folder().resolve("tokenizer_config.json")
          + ": the chat template is not SmolVLM's (no " + String.join(", no ", absent)
          + "); this form is not supported");
    }
  }

  @Override
  public long[] sinks() {
    return tokenizer.encode(START + "User: " + PREFACE);
  }

  @Override
  public long[] clip(ClipLabel label, int... counts) {
    return tokenizer.encode(Arrays.stream(counts)
        .filter(count -> count > 0)
        .mapToObj(count -> FRAME.of(label) + image(count))
        .collect(Collectors.joining()));
  }

  @Override
  public long[] question(List<Prompt.Exchange> dialogue, List<QuestionPart> parts) {
    StringBuilder text = new StringBuilder("\n\n");
    for (Prompt.Exchange turn : dialogue) {
      text.append(text(turn.question()))
          .append(turnEnd())
          .append(' ')
          .append(text(turn.answer()).strip())
          .append(TURN_END + "\nUser: ");
    }
    return tokenizer.encode(text.append(text(parts)).append(turnEnd()).toString());
  }

  @Override
  public long[] words(List<QuestionPart> parts) {
    return tokenizer.encode(text(parts));
  }

  private static String text(List<QuestionPart> parts) {
    return parts.stream().map(SmolVlmForm::text).collect(Collectors.joining());
  }

  private static String text(QuestionPart part) {
    return switch (part) {
      case QuestionPart.Text words -> words.text();
      case QuestionPart.Moment moment -> MOMENT.of(moment.label());
    };
  }

  /** The whole prompt over {@code images} untiled pictures; with none, over text alone. */
  static String imagePrompt(int images, int tokensPerFrame, String question) {
    String lead = images > 0 ? "User:" : "User: ";
    return START + lead + image(tokensPerFrame).repeat(images) + question + turnEnd();
  }

  /**
   * The whole prompt over a video of known length, as the processor writes it.
   *
   * @param frameSeconds time of each frame
   */
  static String videoPrompt(
      List<Double> frameSeconds, double durationSeconds, int tokensPerFrame, String question) {
    int duration = (int) durationSeconds;
    StringBuilder text = new StringBuilder(
            START + "User: You are provided the following series of ")
        .append(NumberWords.of(frameSeconds.size()))
        .append(" frames from a ")
        .append(duration / 3600)
        .append(new TimeForm(":{mm}:{ss}").of(new ClipLabel(duration % 3600)))
        .append(" [H:MM:SS] video.\n");
    for (double seconds : frameSeconds) {
      text.append(FRAME.of(new ClipLabel((int) seconds))).append(image(tokensPerFrame));
    }
    return text.append("\n\n").append(question).append(turnEnd()).toString();
  }

  private static String image(int tokensPerFrame) {
    return FENCE + GLOBAL + IMAGE.repeat(tokensPerFrame) + FENCE;
  }

  private static String turnEnd() {
    return TURN_END + "\n" + ANSWER;
  }

  @Override
  public Optional<long[]> captionQuestion(ClipLabel newest) {
    return Optional.empty();
  }

  @Override
  public String moment() {
    return MOMENT.text();
  }

  @Override
  public int visibleClips() {
    return Integer.MAX_VALUE;
  }

  @Override
  public int windowClips() {
    return WINDOW_CLIPS;
  }

  @Override
  public boolean isNothing(String caption) {
    return caption.isBlank();
  }

  @Override
  public String id() {
    return "smolvlm-video-1";
  }
}
