package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;

/** The habits that no compiler checks: sizes, banned words, null-marked packages. */
class TidyTest {
  private static final int FILE_LINES_MAX = 400;
  private static final int METHOD_LINES_MAX = 60;
  private static final int LINE_CHARACTERS_MAX = 100;
  private static final Path ROOT = Path.of(System.getProperty("onlooker.root"));
  private static final Pattern UNFINISHED = Pattern.compile("\\b(FIX" + "ME|TO" + "DO)\\b");
  private static final Pattern CONSOLE = Pattern.compile("\\bSystem\\.(out|err)\\b");
  private static final Pattern MACHINE_PATH = Pattern.compile("[\"' (]/(wo" + "rk|ro" + "ot)/");

  /** Findings that are accepted for now. This list may only shrink. */
  private static final Set<String> EXCEPTIONS = Set.of();

  @Test
  void files_areShort() {
    assertTidy(filesWhere(lines -> lines.size() > FILE_LINES_MAX));
  }

  @Test
  void lines_fitTheScreen() {
    assertTidy(linesWhere(line -> line.length() > LINE_CHARACTERS_MAX));
  }

  @Test
  void lines_leaveNothingUnfinished() {
    assertTidy(linesWhere(UNFINISHED.asPredicate()));
  }

  @Test
  void lines_nameNoFolderOfOneMachine() {
    assertTidy(linesWhere(MACHINE_PATH.asPredicate()));
  }

  @Test
  void console_isWrittenOnlyByTheCommandLine() {
    Set<String> findings = linesWhere(CONSOLE.asPredicate());
    findings.removeIf(f -> f.startsWith("app/") || f.startsWith("bench/") || f.contains("/test/"));
    assertTidy(findings);
  }

  @Test
  void methods_areShort() throws IOException {
    Set<String> findings = new TreeSet<>();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjectsFromPaths(sources());
      JavacTask task = (JavacTask) compiler.getTask(null, files, d -> {}, null, null, units);
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        new LongMethods(unit, positions, findings).scan(unit, null);
      }
    }
    assertTidy(findings);
  }

  @Test
  void packages_areNullMarked() throws IOException {
    Set<String> findings = new TreeSet<>();
    for (Path source : sources()) {
      if (!source.toString().contains("/src/main/java/")) {
        continue;
      }
      Path info = source.resolveSibling("package-info.java");
      if (!Files.exists(info) || !Files.readString(info).contains("\n@NullMarked\n")) {
        findings.add(name(source.getParent()));
      }
    }
    assertTidy(findings);
  }

  private static void assertTidy(Set<String> findings) {
    Set<String> open = new TreeSet<>(findings);
    open.removeAll(EXCEPTIONS);
    assertThat(open).isEmpty();
  }

  private static Set<String> filesWhere(Predicate<List<String>> untidy) {
    return sources().stream()
        .filter(source -> untidy.test(lines(source)))
        .map(TidyTest::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> linesWhere(Predicate<String> untidy) {
    Set<String> findings = new TreeSet<>();
    for (Path source : sources()) {
      List<String> lines = lines(source);
      for (int i = 0; i < lines.size(); i++) {
        if (untidy.test(lines.get(i))) {
          findings.add(name(source) + ":" + (i + 1) + ": " + lines.get(i).strip());
        }
      }
    }
    return findings;
  }

  private static List<Path> sources() {
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
        Path src = module.resolve("src");
        if (Files.isDirectory(src)) {
          try (Stream<Path> files = Files.walk(src)) {
            files.filter(f -> f.toString().endsWith(".java")).forEach(sources::add);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(sources).as("sources under " + ROOT).isNotEmpty();
    return sources;
  }

  private static List<String> lines(Path source) {
    try {
      return Files.readAllLines(source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path path) {
    return ROOT.relativize(path).toString().replace('\\', '/');
  }

  private static final class LongMethods extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final Set<String> findings;

    LongMethods(CompilationUnitTree unit, SourcePositions positions, Set<String> findings) {
      this.unit = unit;
      this.positions = positions;
      this.findings = findings;
    }

    @Override
    public Void visitMethod(MethodTree method, Void unused) {
      LineMap lines = unit.getLineMap();
      long end = positions.getEndPosition(unit, method);
      long start = positions.getStartPosition(unit, method);
      long count = end < 0 ? 0 : lines.getLineNumber(end) - lines.getLineNumber(start) + 1;
      if (count > METHOD_LINES_MAX) {
        findings.add(name(Path.of(unit.getSourceFile().toUri())) + ": " + method.getName());
      }
      return super.visitMethod(method, null);
    }
  }
}
