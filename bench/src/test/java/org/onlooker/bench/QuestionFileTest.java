package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The files here are made up; only their shapes are those of the published sets. */
final class QuestionFileTest {
  @TempDir
  Path folder;

  @BeforeEach
  void videos() throws IOException {
    Files.createDirectories(folder.resolve("videos/part"));
    Files.createFile(folder.resolve("videos/one.mp4"));
    Files.createFile(folder.resolve("videos/part/two.mp4"));
  }

  private QuestionFile read(String json) throws IOException {
    return QuestionFile.read(write(json), Optional.of(folder.resolve("videos")));
  }

  private Path write(String json) throws IOException {
    return Files.writeString(folder.resolve("file.json"), json.replace('\'', '"'));
  }

  @Test
  void world_isTakenAsItStands() throws IOException {
    Files.createFile(folder.resolve("stream.mp4"));
    Path file = write("{'video': 'stream.mp4', 'questions': [{'task': 'now', 'askedAt': 3.5,"
        + " 'question': 'What is there?', 'accepted': ['a dog'], 'objects': ['dog']}]}");
    World world = QuestionFile.read(file, Optional.empty()).worlds().getFirst();
    assertThat(world.video()).isEqualTo(folder.resolve("stream.mp4"));
    assertThat(world.questions().getFirst().path("objects").get(0).asText()).isEqualTo("dog");
    assertThat(PublishedQuestion.in(world.questions().getFirst())).isEmpty();
  }

  private static final String STREAMING = """
      [{'time': '[0:00:00 - 0:00:10]', 'video_path': './videos/one.mp4', 'questions': [
         {'task_type': 'Counting', 'question': 'How many cups?', 'time_stamp': '00:02:31',
          'answer': 'C', 'options': ['A. One.', 'B. Two.', 'C. Three.', 'D. Four.']}]},
       {'time': '[0:03:00 - 0:03:10]', 'video_path': './videos/one.mp4', 'questions': [
         {'task_type': 'Emotion Recognition', 'question': 'How does she feel?',
          'time_stamp': '0:00:07', 'answer': 'A', 'options': ['Glad.', 'Sad.']},
         {'task_type': 'Counting', 'question': 'How many?', 'time_stamp': '00:00:09',
          'answer': 'E', 'options': ['A. One.', 'B. Two.']}]},
       {'video_path': './videos/two.mp4', 'questions': [
         {'task_type': 'Proactive Output', 'question': 'When it rings, output RING.',
          'time_stamp': '00:00:20', 'ground_truth_time_stamp': '00:00:29',
          'ground_truth_output': 'RING'}]}]
      """;

  @Test
  void streamingBench_isGroupedByVideoInOrderOfTime() throws IOException {
    QuestionFile read = read(STREAMING);
    assertThat(read.worlds()).hasSize(1);
    World world = read.worlds().getFirst();
    assertThat(world.video()).isEqualTo(folder.resolve("videos/one.mp4"));
    assertThat(world.questions())
        .extracting(q -> q.path("askedAt").asDouble())
        .containsExactly(7.0, 151.0);
    JsonNode cups = world.questions().getLast();
    assertThat(cups.path("task").asText()).isEqualTo("Counting");
    assertThat(cups.path("question").asText()).startsWith("How many cups?\nA. One.\nB. Two.\n");
    assertThat(MultipleChoice.in(cups).orElseThrow().rightOption()).isEqualTo("Three.");
  }

  @Test
  void streamingBench_whatCannotBeAsked_isCountedWithWhy() throws IOException {
    assertThat(read(STREAMING).remarks())
        .containsExactly(
            "1 question left out: Counting, whose answer names none of its options",
            "1 question left out: Proactive Output, which asks when to speak",
            "1 question of Emotion Recognition, whose sound is not heard");
  }

  @Test
  void streamingBench_sequential_tellsTheEarlierAnswers() throws IOException {
    String part = """
        {'video_path': './videos/one.mp4', 'questions': [
          {'task_type': 'Sequential Question Answering', 'question': '%s', 'time_stamp': '%s',
           'answer': '%s', 'options': ['Ann.', 'Bob.']}]}""";
    QuestionFile read = read("[[" + part.formatted("Who throws?", "00:00:10", "B") + ","
        + part.formatted("Who catches it from them?", "00:00:20", "A") + "],["
        + part.formatted("Who falls?", "00:00:30", "A").replace("one.mp4", "part/two.mp4") + "]]");
    assertThat(read.worlds()).hasSize(2);
    List<JsonNode> first = read.worlds().getFirst().questions();
    assertThat(first.getFirst().path("question").asText()).startsWith("Who throws?\nA. Ann.");
    assertThat(first.getLast().path("question").asText())
        .startsWith("Who throws? Bob.\nWho catches it from them?\nA. Ann.");
    assertThat(read.worlds().getLast().questions().getFirst().path("question").asText())
        .startsWith("Who falls?\n");
  }

  private static final String OVO = """
      [{'id': 0, 'task': 'EPM', 'video': 'Set/part/two.mp4', 'realtime': 21.5,
        'question': 'What was on the shelf?', 'answer': 'a clock',
        'options': ['a vase', 'a clock', 'a radio'], 'gt': 1},
       {'id': 1, 'task': 'REC', 'video': 'Set/part/two.mp4', 'activity': 'waving',
        'start_times': [1], 'end_times': [4],
        'test_info': [{'realtime': 4, 'count': 1}, {'realtime': 9, 'count': 1}]},
       {'id': 2, 'task': 'CRR', 'video': 'Set/part/two.mp4', 'question': 'And then?',
        'answer': 'It rains.', 'ask_time': 5, 'clue_time': 9,
        'test_info': [{'realtime': 5, 'type': 0}]},
       {'id': 3, 'task': 'OCR', 'video': 'Other/three.mp4', 'realtime': 3,
        'question': 'Which number?', 'answer': '4', 'options': ['4', '5'], 'gt': 0}]
      """;

  @Test
  void ovoBench_forwardTasksAndMissingVideos_areLeftOut() throws IOException {
    QuestionFile read = read(OVO);
    World world = read.worlds().getFirst();
    assertThat(world.video()).isEqualTo(folder.resolve("videos/part/two.mp4"));
    JsonNode shelf = world.questions().getFirst();
    assertThat(shelf.path("askedAt").asDouble()).isEqualTo(21.5);
    assertThat(shelf.path("answer").asText()).isEqualTo("B. a clock");
    assertThat(read.remarks())
        .containsExactly(
            "1 question left out: CRR, which asks when to speak",
            "2 questions left out: REC, which asks when to speak",
            "video Other/three.mp4 is not there; left out: 1 question");
  }

  @Test
  void rvs_isAskedAtTheEndOfItsStretch_withoutOptions() throws IOException {
    QuestionFile read = read("""
        [{'video_id': 'one', 'video_path': 'data/set/one.mp4', 'duration': 90, 'conversations': [
           {'question': 'What is on the wall?', 'answer': 'A map.', 'start_time': 12,
            'end_time': 20.5},
           {'question': 'Where is it?', 'answer': 'left', 'choices': ['left', 'right'],
            'question_type': 'place', 'start_time': 1, 'end_time': 2}]}]
        """);
    List<JsonNode> questions = read.worlds().getFirst().questions();
    assertThat(MultipleChoice.in(questions.getFirst()).orElseThrow().rightOption())
        .isEqualTo("left");
    JsonNode map = questions.getLast();
    assertThat(map.path("task").asText()).isEqualTo("open");
    assertThat(map.path("askedAt").asDouble()).isEqualTo(20.5);
    assertThat(map.path("evidence").toString()).isEqualTo("[[12.0,20.5]]");
    assertThat(OpenQuestion.in(map)).contains(new OpenQuestion("What is on the wall?", "A map."));
  }

  @ParameterizedTest
  @ValueSource(strings = {"[]", "{}", "7", "[{'a': 1}]", "{'video': 'x'}", "[{'video_path': 'x'}]"})
  void read_unknownShape_namesTheFileAndWhatWasLookedFor(String json) {
    assertThatIOException()
        .isThrownBy(() -> read(json))
        .withMessageContaining("file.json has none of the known shapes")
        .withMessageContaining("\"conversations\"")
        .withMessageContaining("\"time_stamp\"")
        .withMessageContaining("\"realtime\"");
  }

  @Test
  void read_brokenEntry_isLeftOutByName() throws IOException {
    assertLeftOut(
        STREAMING.replace("'task_type': 'Emotion Recognition',", ""),
        "left out: entry 2, 1 has no \"task_type\"");
    assertLeftOut(
        STREAMING.replace("0:00:07", "00:12450"),
        "left out: entry 2, 1: \"time_stamp\" is \"00:12450\", neither seconds nor HH:MM:SS");
    assertLeftOut(
        STREAMING.replace("'options': ['Glad.', 'Sad.']", "'options': 'Glad.'"),
        "left out: entry 2, 1 has no list \"options\"");
    assertLeftOut(
        OVO.replace("'video': 'Other/three.mp4',", ""), "left out: entry 4 has no \"video\"");
    assertLeftOut(OVO.replace("'realtime': 3,", ""), "left out: entry 4 has no \"realtime\"");
  }

  private void assertLeftOut(String json, String remark) throws IOException {
    QuestionFile read = read(json);
    assertThat(read.remarks()).contains(remark);
    assertThat(read.worlds().getFirst().questions()).isNotEmpty();
  }

  @Test
  void read_everyEntryBroken_isAnError() {
    assertBroken(
        "{'video': 'one.mp4', 'questions': [{'task': 'now', 'question': 'What?'}]}",
        "entry 1 has no \"askedAt\"");
    assertBroken(
        "[{'video_id': 'one.mp4', 'conversations': [{'question': 'What?'}]}]",
        "entry 1, 1 has no \"answer\"");
    assertBroken("[{'video_id': ", "is not JSON");
  }

  private void assertBroken(String json, String message) {
    assertThatIOException()
        .isThrownBy(() -> read(json))
        .withMessageContaining("file.json")
        .withMessageContaining(message);
  }

  @Test
  void read_noVideoAtAll_isAnErrorThatCounts() {
    assertBroken(
        OVO.replace("two.mp4", "away.mp4"),
        "video Set/part/away.mp4 is not there; left out: 1 question");
    assertThatIOException()
        .isThrownBy(() -> QuestionFile.read(folder.resolve("none.json"), Optional.empty()))
        .withMessageContaining("none.json is not a file");
  }

  @Test
  void read_manyMissingVideos_areNamedInPart() throws IOException {
    StringBuilder entries = new StringBuilder();
    for (int i = 0; i < 14; i++) {
      entries
          .append("{'id':1,'task':'OCR','video':'v")
          .append(i)
          .append(".mp4','realtime':3,'question':'Q?','options':['4','5'],'gt':0},");
    }
    List<String> remarks = read("[" + entries
            + "{'id':1,'task':'OCR','video':'one.mp4','realtime':3,'question':'Q?',"
            + "'options':['4','5'],'gt':0}]")
        .remarks();
    assertThat(remarks).hasSize(11);
    assertThat(remarks.getLast())
        .isEqualTo("and so are other videos: 14 are missing in all, with 14 questions");
  }

  @Test
  void read_questionTooLong_isLeftOut() throws IOException {
    QuestionFile read =
        read(OVO.replace("'a vase'", "'" + "x".repeat(2000) + "'").replace("Other/three", "one"));
    assertThat(read.worlds()).hasSize(1);
    assertThat(read.remarks())
        .contains("1 question left out: EPM, longer than the questions that are taken");
  }

  @Test
  void answersFile_holdsEveryAnswerWithItsQuestion() throws IOException {
    JsonNode question = read(OVO).worlds().getFirst().questions().getFirst();
    JsonNode answer = question.deepCopy();
    Path out = folder.resolve("out.jsonl");
    try (AnswersFile answers = AnswersFile.open(Optional.of(out))) {
      answers.add(Path.of("two.mp4"), "onlooker", question, answer, true);
      answers.add(Path.of("two.mp4"), "blind", question, answer, false);
    }
    List<String> lines = Files.readAllLines(out);
    assertThat(lines).hasSize(2);
    assertThat(lines.getFirst())
        .contains(
            "\"policy\":\"onlooker\"",
            "\"answer\":\"B. a clock\"",
            "\"right\":true",
            "\"rightOption\":1");
  }

  @Test
  void chanceLevels_areOfTheQuestionsAsked() throws IOException {
    ChanceLevels chances = new ChanceLevels();
    read(STREAMING).worlds().getFirst().questions().forEach(chances::add);
    assertThat(chances.tableLines())
        .containsExactly(
            "by guessing among the options",
            "Counting                1  0.250",
            "Emotion Recognition     1  0.500");
    assertThat(chances.jsonLines().getFirst())
        .isEqualTo("{\"bench\":\"answers\",\"figure\":\"chance Counting\",\"value\":0.25,"
            + "\"unit\":\"accuracy\",\"count\":1}");
    assertThat(new ChanceLevels().tableLines()).isEmpty();
  }
}
