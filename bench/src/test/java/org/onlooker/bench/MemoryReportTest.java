package org.onlooker.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.bench.MemoryAxis.Variant;
import org.onlooker.core.Tiers;

/** Two runs of four questions, written and read as {@code bench answers} writes them. */
final class MemoryReportTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  private Path folder;

  @Test
  void variants_standBesideTheDefault() throws Exception {
    AnsweredWorlds standard = run("default", 10, "A dog.", "A dog.", "A bus.", "Nothing.");
    AnsweredWorlds off = run("off", 25, "A dog.", "One dog.", "A cat.", "Nothing at all.");
    MemoryReport report = new MemoryReport(standard, Tiers.ofBlocks(Duration.ofHours(2)));
    report.add(MemoryAxis.REDUCER, new Variant("off", Map.of()), off);

    // the second is right in both, in other words; the other two are wrong and differ
    assertThat(off.agreement("onlooker", standard)).isEqualTo(new Proportion(2, 4));
    assertThat(standard.agreement("onlooker", standard)).isEqualTo(new Proportion(4, 4));
    List<String> lines = report.tableLines();
    assertThat(lines).anyMatch(line -> line.startsWith("reducer off") && line.endsWith("0.500"));
    assertThat(lines)
        .anyMatch(line -> line.startsWith("memory, MB/h without reduction")
            && line.contains("ratio 2.250")
            && line.endsWith("met"))
        .anyMatch(
            line -> line.startsWith("answers as without reduction") && line.endsWith("MISSED"));
    List<String> json = report.jsonLines();
    assertThat(json)
        .anyMatch(line -> line.contains("\"figure\":\"reducer off memory\"")
            && line.contains("\"comparedWith\":\"default\"")
            && line.contains("\"ratio\":2.25"));
  }

  @Test
  void tierMix_isMadeOfTheHoursOfEachAge() throws Exception {
    MemoryReport report =
        new MemoryReport(run("default", 10, "A dog."), Tiers.ofBlocks(Duration.ofHours(2)));
    // 2 h of blocks at 10, 24 h of tokens at 1, 24 h of entries at 1; 24 h of fp16 at 100
    assertThat(report.jsonLines())
        .anyMatch(line -> line.contains("\"figure\":\"fp16 keys and values, MB in 24 h\"")
            && line.contains("\"ratio\":35.29411764")
            && line.contains("\"goal\":20.0,\"met\":true"));
  }

  private AnsweredWorlds run(String name, long blockBytes, String... answers) throws Exception {
    Path answersFile = folder.resolve(name + ".jsonl");
    Path measuresFile = folder.resolve(name + ".json");
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < answers.length; i++) {
      var question = JSON.readTree("{\"id\":\"q" + i + "\",\"task\":\"now\",\"askedAt\":9,"
          + "\"answer\":\"A dog.\",\"accepted\":[\"a dog\",\"one dog\"],\"evidence\":[[8,9]]}");
      var reply = JSON.createObjectNode().put("answer", answers[i]).put("status", "completed");
      lines.add(JSON.createObjectNode()
          .put("policy", "onlooker")
          .put("right", AnswerScorer.isRight(question, reply))
          .<ObjectNode>set("asked", question)
          .set("reply", reply)
          .toString());
    }
    Files.write(answersFile, lines);
    Map<String, Long> bytes = Map.of("blocks", blockBytes, "tokens", 1L, "clips", 1L);
    new Measures(3600, 7200, 3600, 900, 21_600, 16_200, 100, 100, 1 << 20, bytes, 100)
        .write(measuresFile);
    return AnsweredWorlds.read(answersFile, measuresFile);
  }
}
