package org.onlooker.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Runs of {@code bench answers} over the same worlds, each in a process of its own, so that memory
 * and processor time are its own.
 *
 * @param root of the installation
 * @param worlds or folders that hold several; none for the demo stream
 * @param quick as the option of that name
 */
record AnswersProcess(Path root, List<Path> worlds, boolean quick) {
  /**
   * Waits for one run.
   *
   * @param work folder that the run's files go to, under {@code name}
   * @param settings of the product, by key
   */
  AnsweredWorlds run(Path work, String name, String policies, Map<String, String> settings)
      throws IOException, InterruptedException {
    Path answers = work.resolve(name + ".jsonl");
    Path measures = work.resolve(name + ".json");
    List<String> command = new ArrayList<>(List.of(
        root.resolve("onlooker").toString(),
        "bench",
        "answers",
        "--out",
        answers.toString(),
        "--measures",
        measures.toString(),
        "--policy",
        policies));
    if (!worlds.isEmpty()) {
      command.add("--world");
      worlds.forEach(folder -> command.add(folder.toString()));
    }
    if (quick) {
      command.add("--quick");
    }
    settings.forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
    run(command, work.resolve(name + ".log"));
    return AnsweredWorlds.read(answers, measures);
  }

  /** @throws IOException when the process fails, with what it said */
  static void run(List<String> command, Path log) throws IOException, InterruptedException {
    int exit = new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .waitFor();
    if (exit != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + exit + ": "
          + String.join(" | ", Files.readAllLines(log)));
    }
  }
}
