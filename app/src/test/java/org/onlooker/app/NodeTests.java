package org.onlooker.app;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DynamicTest;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Runs a file of Node's own tests, and tells each of them as one of JUnit's. */
final class NodeTests {
  static final Path FOLDER = Path.of(System.getProperty("onlooker.root"), "web-ui/src/test/web");
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final int OUTPUT_LENGTH_MAX = 4_000;
  private final Path temporary;

  private record Outcome(int exit, String out) {}

  /** @param temporary what is written in between goes here */
  NodeTests(Path temporary) {
    this.temporary = temporary;
  }

  /** Skips the test that calls this, with a reason, where Node or a package is missing. */
  void needPackages() throws Exception {
    if (run(Map.of(), "node", "--version").exit() != 0) {
      abort(
          "skipped: no Node here; the page needs none, but its tests do (apt install nodejs npm)");
    }
    Path installed = FOLDER.resolve("node_modules/.package-lock.json");
    Path wanted = FOLDER.resolve("package-lock.json");
    if (Files.exists(installed)
        && Files.getLastModifiedTime(installed).compareTo(Files.getLastModifiedTime(wanted)) >= 0) {
      return;
    }
    Outcome install = run(Map.of(), "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
    if (install.exit() != 0) {
      abort("skipped: npm ci in web-ui/src/test/web failed: " + install.out());
    }
  }

  /** Runs {@code file} with these variables; one test each, in its order. */
  Stream<DynamicTest> of(String file, Map<String, String> environment) throws Exception {
    Path report = temporary.resolve(file + ".xml");
    Outcome outcome = run(
        environment,
        "node",
        "--test",
        "--test-reporter=junit",
        "--test-reporter-destination=" + report,
        file);
    NodeList cases = DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(report.toFile())
        .getElementsByTagName("testcase");
    if (cases.getLength() == 0) {
      throw new AssertionError(file + " has no tests: " + outcome.out());
    }
    return IntStream.range(0, cases.getLength())
        .mapToObj(i -> (Element) cases.item(i))
        .map(one -> DynamicTest.dynamicTest(one.getAttribute("name"), () -> tell(one)));
  }

  private static void tell(Element test) {
    NodeList failures = test.getElementsByTagName("failure");
    if (failures.getLength() > 0) {
      throw new AssertionError(failures.item(0).getTextContent().strip());
    }
    NodeList skipped = test.getElementsByTagName("skipped");
    if (skipped.getLength() > 0) {
      abort("skipped: " + ((Element) skipped.item(0)).getAttribute("message"));
    }
  }

  private Outcome run(Map<String, String> environment, String... command) throws Exception {
    Path out = Files.createTempFile(temporary, "node", ".txt");
    ProcessBuilder builder = new ProcessBuilder(new ArrayList<>(List.of(command)))
        .directory(FOLDER.toFile())
        .redirectErrorStream(true)
        .redirectOutput(out.toFile());
    builder.environment().putAll(new HashMap<>(environment));
    try {
      Process process = builder.start();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return new Outcome(-1, "it took longer than " + PATIENCE);
      }
      return new Outcome(process.exitValue(), shortened(Files.readString(out)));
    } catch (IOException e) {
      return new Outcome(-1, String.valueOf(e.getMessage()));
    }
  }

  private static String shortened(String text) {
    return text.length() <= OUTPUT_LENGTH_MAX
        ? text
        : text.substring(text.length() - OUTPUT_LENGTH_MAX);
  }
}
