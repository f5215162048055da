package org.onlooker.core;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The voice of packs that speak freely: the model writes a sentence over the newest clips, told
 * what it said last and how the user wants this stream to be spoken of.
 *
 * <p>A sentence that was said lately is not said again: words are held back as long as they could
 * still become one of those.
 */
final class FreeVoice implements Voice {
  private static final int SENTENCE_TOKENS_MAX = 48;
  private static final int REMEMBERED = 8;
  private static final String CHANGE = "In one short sentence, say what is new.";
  private static final String NOW = "In one short sentence, say what is there now.";

  private final LanguageModel model;
  private final Supplier<Optional<String>> style;
  private final Deque<String> said = new ArrayDeque<>();
  private String newest = "";

  /** Whether something changed while it might not speak. */
  private boolean owed;

  /** @param style the user's words for how the stream is spoken of, as they are now */
  FreeVoice(LanguageModel model, Supplier<Optional<String>> style) {
    this.model = model;
    this.style = style;
  }

  @Override
  public Duration refractory() {
    return Duration.ofSeconds(4);
  }

  @Override
  public boolean looksBetween() {
    return false;
  }

  @Override
  public boolean isInDoubt() {
    return owed;
  }

  @Override
  public Optional<Span> hear(Hearing hearing, Mouth mouth) {
    owed = !hearing.maySpeak();
    if (owed || hearing.clips().isEmpty()) {
      return Optional.empty();
    }
    Sentence sentence = new Sentence(mouth);
    model.answer(prompt(hearing.clips(), CHANGE), sentence);
    newest = sentence.finish();
    if (!sentence.isNew()) {
      return Optional.empty();
    }
    said.addLast(newest);
    if (said.size() > REMEMBERED) {
      said.removeFirst();
    }
    return Optional.of(hearing.seen().clip().span());
  }

  private Prompt prompt(List<ContextItem> clips, String request) {
    StringBuilder question = new StringBuilder();
    style.get().ifPresent(words -> question.append(words.strip()).append(' '));
    if (!said.isEmpty()) {
      question.append("You said: \"").append(said.getLast()).append("\" ");
    }
    question.append(request);
    QuestionPart words = new QuestionPart.Text(question.toString());
    return new Prompt(clips, List.of(words), SENTENCE_TOKENS_MAX);
  }

  @Override
  public String holds() {
    return newest;
  }

  @Override
  public void sumUp(Hearing hearing, Duration quiet, Mouth mouth) {
    mouth.say("Nothing new for " + quiet.toMinutes() + " minutes.");
    if (!hearing.clips().isEmpty()) {
      mouth.say(" ");
      model.answer(prompt(hearing.clips(), NOW), new Sentence(mouth, List.of()));
    }
  }

  @Override
  public void restart() {
    said.clear();
    newest = "";
    owed = false;
  }

  /** One sentence on its way to the mouth. */
  private final class Sentence implements AnswerSink {
    private final Mouth mouth;
    private final List<String> known;
    private final StringBuilder text = new StringBuilder();
    private int spoken;

    Sentence(Mouth mouth) {
      this(mouth, List.copyOf(said));
    }

    Sentence(Mouth mouth, List<String> known) {
      this.mouth = mouth;
      this.known = known;
    }

    @Override
    public void text(String delta) {
      if (!isWhole()) {
        text.append(text.isEmpty() ? delta.stripLeading() : delta);
        if (known.stream().noneMatch(earlier -> plain(earlier).startsWith(plain(text)))) {
          speak();
        }
      }
    }

    private void speak() {
      if (text.length() > spoken) {
        mouth.say(text.substring(spoken));
        spoken = text.length();
      }
    }

    @Override
    public void moment(ClipLabel label) {
      text(label.minutePart() + ":" + String.format(Locale.ROOT, "%02d", label.secondPart()));
    }

    @Override
    public boolean cancelled() {
      return isWhole() || mouth.isStopped();
    }

    private boolean isWhole() {
      return !text.isEmpty() && ".!?".indexOf(text.charAt(text.length() - 1)) >= 0;
    }

    String finish() {
      if (isNew()) {
        speak();
      }
      return text.toString().strip();
    }

    boolean isNew() {
      String plain = plain(text);
      return !plain.isEmpty()
          && known.stream().noneMatch(earlier -> plain(earlier).equals(plain));
    }

    private static String plain(CharSequence words) {
      return words
          .toString()
          .toLowerCase(Locale.ROOT)
          .replaceAll("[^\\p{L}\\p{N}]+", " ")
          .strip();
    }
  }
}
