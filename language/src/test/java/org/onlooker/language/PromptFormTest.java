package org.onlooker.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.onlooker.core.ClipLabel;
import org.onlooker.core.Prompt;
import org.onlooker.core.QuestionPart;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.OnlookerConfig;
import org.onlooker.onnx.PackTokenizer;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PromptFormTest {
  private final ModelPack pack = ModelPack.read(Golden.pack("tiny-smolvlm"));
  private final Golden golden = new Golden("tiny-smolvlm");
  private PackTokenizer tokenizer;

  @BeforeAll
  void open() {
    tokenizer = PackTokenizer.open(pack);
  }

  @AfterAll
  void close() {
    tokenizer.close();
  }

  @Test
  void prompts_ofEveryForm_equalReferenceTextAndIds() {
    for (JsonNode prompt : golden.topic("prompts")) {
      String text = text(prompt);
      assertThat(text).isEqualTo(prompt.required("text").textValue());
      assertThat(tokenizer.encode(text)).isEqualTo(Golden.longs(prompt.required("ids")));
    }
  }

  private String text(JsonNode prompt) {
    String question = prompt.required("question").textValue();
    int tokens = pack.vision().tokensPerFrame();
    if (!prompt.required("form").textValue().equals("video")) {
      return SmolVlmForm.imagePrompt(prompt.required("images").intValue(), tokens, question);
    }
    List<Double> seconds = StreamSupport.stream(
            prompt.required("frameSeconds").spliterator(), false)
        .map(JsonNode::doubleValue)
        .toList();
    double duration = prompt.required("durationSeconds").doubleValue();
    return SmolVlmForm.videoPrompt(seconds, duration, tokens, question);
  }

  @Test
  void numbers_inWords_equalReference() {
    golden
        .topic("numbersInWords")
        .properties()
        .forEach(entry -> assertThat(NumberWords.of(Integer.parseInt(entry.getKey())))
            .isEqualTo(entry.getValue().textValue()));
  }

  @Test
  void stream_inPieces_equalsTheVideoFormBehindItsPreface() {
    SmolVlmForm form = new SmolVlmForm(pack, tokenizer);
    String whole =
        SmolVlmForm.videoPrompt(List.of(61.0), 62, pack.vision().tokensPerFrame(), "What is it?");
    long[] clip = form.clip(new ClipLabel(61), pack.vision().tokensPerFrame());
    long[] question = form.question(List.of(new QuestionPart.Text("What is it?")));
    long[] ids = tokenizer.encode(whole);
    assertThat(ids).endsWith(question);
    assertThat(Arrays.copyOf(ids, ids.length - question.length)).endsWith(clip);
    assertThat(tokenizer.decode(form.sinks())).startsWith("User: You are provided");
  }

  @Test
  void moment_inQuestion_isWrittenInThePacksForm() {
    SmolVlmForm form = new SmolVlmForm(pack, tokenizer);
    long[] question = form.question(List.of(
        new QuestionPart.Text("What was there at "),
        new QuestionPart.Moment(new ClipLabel(3661)),
        new QuestionPart.Text("?")));
    assertThat(tokenizer.decode(question)).isEqualTo("\n\nWhat was there at 61:01?\nAssistant:");
  }

  @Test
  void dialogue_standsBeforeTheQuestionAsTheChatTemplateWritesIt() {
    SmolVlmForm form = new SmolVlmForm(pack, tokenizer);
    Prompt.Exchange turn = new Prompt.Exchange(
        List.of(new QuestionPart.Text("When was the dog there?")),
        List.of(
            new QuestionPart.Text(" At "),
            new QuestionPart.Moment(new ClipLabel(61)),
            new QuestionPart.Text(". ")));
    List<QuestionPart> question = List.of(new QuestionPart.Text("What is it?"));
    String told = "\n\nWhen was the dog there?<end_of_utterance>\n"
        + "Assistant: At 01:01.<end_of_utterance>\n"
        + "User: What is it?<end_of_utterance>\nAssistant:";

    assertThat(form.question(List.of(turn), question)).isEqualTo(tokenizer.encode(told));
    assertThat(form.question(List.of(), question)).isEqualTo(form.question(question));
  }

  @Test
  void dialogue_inALabelledPack_isWhatItReadAndWroteThen() {
    String time = "<m{mm}><s{ss}>";
    OnlookerConfig config = new OnlookerConfig(
        "labelled",
        "",
        Duration.ofSeconds(1),
        1,
        "<|im_start|>",
        time,
        "{image}",
        time,
        time,
        "User: {question} Assistant:",
        1,
        8,
        256,
        Optional.empty(),
        List.of(),
        1,
        0);
    LabelledForm form = new LabelledForm(config, tokenizer, 4, 7);
    Prompt.Exchange turn = new Prompt.Exchange(
        List.of(new QuestionPart.Text("when was the dog there?")),
        List.of(new QuestionPart.Moment(new ClipLabel(61)), new QuestionPart.Text(". ")));
    List<QuestionPart> question = List.of(new QuestionPart.Text("and the cat?"));

    LongStream expected = LongStream.of();
    for (int i = 0; i < 2; i++) {
      long[] told = tokenizer.encode("User: when was the dog there? Assistant:" + "<m01><s01>.");
      expected =
          LongStream.concat(expected, LongStream.concat(Arrays.stream(told), LongStream.of(7)));
    }
    assertThat(form.question(List.of(turn, turn), question))
        .isEqualTo(
            LongStream.concat(expected, Arrays.stream(form.question(question))).toArray());
  }

  @Test
  void tokenizer_givenLongText_cutsAndPadsNothing() {
    String text = "a second line. ".repeat(2000);
    assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    assertThat(tokenizer.encode("")).isEmpty();
  }
}
