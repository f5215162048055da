package org.onlooker.language;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.LongStream;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.onnx.OnlookerConfig;
import org.onlooker.onnx.PackTokenizer;

/**
 * The form of packs made for Onlooker: a clip stands between an opening and a closing label, and
 * the closing form is what questions and answers use, so that the model can find a clip by it.
 */
public final class LabelledForm implements PromptForm {
  private static final String IMAGE = "{image}";

  private final OnlookerConfig config;
  private final PackTokenizer tokenizer;
  private final long imageTokenId;
  private final long endTokenId;
  private final TimeForm open;
  private final TimeForm close;
  private final TimeForm time;

  /**
   * @param imageTokenId stands where visual tokens go
   * @param endTokenId ends an answer
   */
  public LabelledForm(
      OnlookerConfig config, PackTokenizer tokenizer, long imageTokenId, long endTokenId) {
    this.config = config;
    this.tokenizer = tokenizer;
    this.imageTokenId = imageTokenId;
    this.endTokenId = endTokenId;
    this.open = new TimeForm(config.clipOpen());
    this.close = new TimeForm(config.clipClose());
    this.time = new TimeForm(config.time());
  }

  @Override
  public long[] sinks() {
    return tokenizer.encode(config.sinks());
  }

  @Override
  public long[] clip(ClipLabel label, int... counts) {
    LongStream ids = Arrays.stream(tokenizer.encode(open.of(label)));
    for (int count : counts) {
      ids = count == 0 ? ids : LongStream.concat(ids, frame(count));
    }
    return LongStream.concat(ids, Arrays.stream(tokenizer.encode(close.of(label))))
        .toArray();
  }

  private LongStream frame(int count) {
    int place = config.frame().indexOf(IMAGE);
    String before = config.frame().substring(0, Math.max(place, 0));
    String after = config.frame().substring(place < 0 ? 0 : place + IMAGE.length());
    return LongStream.concat(
        LongStream.concat(ids(before), LongStream.generate(() -> imageTokenId).limit(count)),
        ids(after));
  }

  private LongStream ids(String text) {
    return text.isEmpty() ? LongStream.empty() : Arrays.stream(tokenizer.encode(text));
  }

  @Override
  public long[] question(List<Prompt.Exchange> dialogue, List<QuestionPart> parts) {
    LongStream ids = LongStream.empty();
    for (Prompt.Exchange turn : dialogue) {
      String told = asked(turn.question()) + text(turn.answer()).strip();
      ids = LongStream.concat(ids, LongStream.concat(ids(told), LongStream.of(endTokenId)));
    }
    return LongStream.concat(ids, ids(asked(parts))).toArray();
  }

  @Override
  public long[] words(List<QuestionPart> parts) {
    return tokenizer.encode(text(parts));
  }

  private String asked(List<QuestionPart> parts) {
    return config.question().replace("{question}", text(parts));
  }

  private String text(List<QuestionPart> parts) {
    StringBuilder text = new StringBuilder();
    for (QuestionPart part : parts) {
      switch (part) {
        case QuestionPart.Text words -> text.append(words.text());
        case QuestionPart.Moment moment -> text.append(time.of(moment.label()));
      }
    }
    return text.toString();
  }

  @Override
  public Optional<long[]> captionQuestion(ClipLabel newest) {
    return config
        .captionQuestion()
        .map(question -> question.replace("{time}", time.of(newest)))
        .map(question -> question(List.of(new QuestionPart.Text(question))));
  }

  @Override
  public String moment() {
    return config.time();
  }

  @Override
  public int visibleClips() {
    return config.windowClips();
  }

  @Override
  public int windowClips() {
    return config.windowClips();
  }

  @Override
  public boolean isNothing(String caption) {
    String bare = caption.strip().toLowerCase(Locale.ROOT).replaceAll("[.!]+$", "");
    return config.nothing().contains(bare);
  }

  @Override
  public String id() {
    return "labelled-1";
  }
}
