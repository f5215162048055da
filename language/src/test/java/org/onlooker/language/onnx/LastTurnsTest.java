package org.onlooker.language.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.language.Golden;
import org.onlooker.language.PromptForm;
import org.onlooker.language.SmolVlmForm;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.PackTokenizer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LastTurnsTest {
  private static final List<QuestionPart> QUESTION = List.of(new QuestionPart.Text("And then?"));
  private static final int ROOMY = 10_000;
  private final ModelPack pack = ModelPack.read(Golden.pack("tiny-smolvlm"));
  private PackTokenizer tokenizer;
  private PromptForm form;

  @BeforeAll
  void open() {
    tokenizer = PackTokenizer.open(pack);
    form = new SmolVlmForm(pack, tokenizer);
  }

  @AfterAll
  void close() {
    tokenizer.close();
  }

  @Test
  void before_noTurns_isTheQuestionAlone() {
    assertThat(before(List.of(), ROOMY)).isEqualTo(form.question(QUESTION));
  }

  @Test
  void before_fewTurns_tellsAllOfThemOldestFirst() {
    List<Prompt.Exchange> turns = turns(3);

    String told = tokenizer.decode(before(turns, ROOMY));

    assertThat(told).contains("question 0", "answer 0", "question 2", "answer 2", "And then?");
    assertThat(told.indexOf("answer 0")).isLessThan(told.indexOf("question 1"));
    assertThat(before(turns, ROOMY)).isEqualTo(form.question(turns, QUESTION));
  }

  @Test
  void before_manyTurns_cutsWholeTurnsFromTheOldestSide() {
    List<Prompt.Exchange> turns = turns(40);

    long[] told = before(turns, ROOMY);

    int alone = form.question(QUESTION).length;
    int kept = kept(turns, told);
    assertThat(kept).isBetween(2, 39);
    assertThat(told.length - alone).isLessThanOrEqualTo(Prompt.DIALOGUE_TOKENS_MAX);
    assertThat(form.question(turns.subList(40 - kept - 1, 40), QUESTION).length - alone)
        .as("one turn more would be too much")
        .isGreaterThan(Prompt.DIALOGUE_TOKENS_MAX);
  }

  /** How many of the last turns stand in {@code told}, and nothing else. */
  private int kept(List<Prompt.Exchange> turns, long[] told) {
    for (int kept = 0; kept <= turns.size(); kept++) {
      List<Prompt.Exchange> last = turns.subList(turns.size() - kept, turns.size());
      if (Arrays.equals(told, form.question(last, QUESTION))) {
        return kept;
      }
    }
    throw new AssertionError("not whole turns: " + tokenizer.decode(told));
  }

  @Test
  void before_newestTurnTooLong_hidesTheOlderOnesToo() {
    List<Prompt.Exchange> turns = new ArrayList<>(turns(2));
    turns.add(turn("a dog ".repeat(300), "yes"));

    assertThat(before(turns, ROOMY)).isEqualTo(form.question(QUESTION));
  }

  @Test
  void before_aModelThatWasTaughtNone_isToldNone() {
    Prompt prompt = new Prompt(List.of(), turns(2), QUESTION, 16);
    assertThat(LastTurns.before(form, prompt, 0, ROOMY)).isEqualTo(form.question(QUESTION));
  }

  @Test
  void before_littleRoom_tellsFewerTurns() {
    List<Prompt.Exchange> turns = turns(4);
    int two = form.question(turns.subList(2, 4), QUESTION).length;

    assertThat(kept(turns, before(turns, two))).isEqualTo(2);
    assertThat(kept(turns, before(turns, two - 1))).isEqualTo(1);
    assertThat(kept(turns, before(turns, 0))).isZero();
  }

  private long[] before(List<Prompt.Exchange> turns, int room) {
    Prompt prompt = new Prompt(List.of(), turns, QUESTION, 16);
    return LastTurns.before(form, prompt, Prompt.DIALOGUE_TOKENS_MAX, room);
  }

  private static List<Prompt.Exchange> turns(int count) {
    List<Prompt.Exchange> turns = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      turns.add(turn("question " + i, "answer " + i));
    }
    return turns;
  }

  private static Prompt.Exchange turn(String question, String answer) {
    return new Prompt.Exchange(
        List.of(new QuestionPart.Text(question)), List.of(new QuestionPart.Text(answer)));
  }
}
