package org.onlooker.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The walls between the modules: compile-time dependencies are a star around core. */
class ArchitectureTest {
  private static final String ROOT = "org.onlooker.";
  private static final JavaClasses CLASSES = new ClassFileImporter()
      .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
      .importPackages("org.onlooker");

  @Test
  void walls_modulesAreOnTheClassPath() {
    assertThat(CLASSES.stream().map(ArchitectureTest::module))
        .contains("core", "testing", "onnx", "ingest", "vision", "language", "memory")
        .contains("retrieval", "api", "app");
  }

  @Test
  void core_importsOnlyJavaBaseAndNullnessAnnotations() {
    Set<String> base = Object.class.getModule().getPackages();
    classes()
        .that()
        .resideInAPackage(ROOT + "core..")
        .should()
        .onlyDependOnClassesThat(describe(
            "java.base, jspecify or core",
            (JavaClass c) -> base.contains(c.getBaseComponentType().getPackageName())
                || c.getBaseComponentType().isPrimitive()
                || module(c.getBaseComponentType()).equals("core")
                || c.getPackageName().equals("org.jspecify.annotations")))
        .check(CLASSES);
  }

  /** What of our own each module may import, beside itself. */
  @ParameterizedTest
  @CsvSource({
    "core, ''",
    "testing, core",
    "onnx, core",
    "ingest, core",
    "vision, core onnx",
    "language, core onnx",
    "memory, core",
    "retrieval, core",
    "api, core",
  })
  void module_importsNoSibling(String module, String allowed) {
    Set<String> own = Set.copyOf(Arrays.asList((module + " " + allowed).strip().split(" ")));
    noClasses()
        .that()
        .resideInAPackage(ROOT + module + "..")
        .should()
        .dependOnClassesThat(describe(
            "another module than " + own,
            (JavaClass c) -> !module(c).isEmpty() && !own.contains(module(c))))
        .allowEmptyShould(true)
        .check(CLASSES);
  }

  /** The only places that may import a library; benchmarks compare with what they like. */
  @ParameterizedTest
  @CsvSource({
    "ai.onnxruntime.., org.onlooker.onnx.. org.onlooker.vision.onnx.. org.onlooker.language.onnx..",
    "ai.djl.., org.onlooker.onnx..",
    "org.bytedeco.., org.onlooker.ingest..",
    "org.rocksdb.., org.onlooker.memory..",
    "org.apache.lucene.., org.onlooker.retrieval..",
    "io.vertx.., org.onlooker.api..",
    "io.netty.., org.onlooker.api..",
    "picocli.., org.onlooker.app..",
    "org.yaml.., org.onlooker.app..",
    "ch.qos.logback.., org.onlooker.app..",
    "org.slf4j.., org.onlooker.app..",
    "org.junit.., org.onlooker.testing..",
    "org.assertj.., org.onlooker.testing..",
  })
  void library_isImportedOnlyWhereItsModuleIs(String library, String places) {
    noClasses()
        .that(describe(
            "outside " + places,
            (JavaClass c) -> !module(c).equals("bench")
                && !resideInAnyPackage(places.split(" ")).test(c)))
        .should()
        .dependOnClassesThat(resideInAnyPackage(library))
        .check(CLASSES);
  }

  @Test
  void packages_haveNoCycles() {
    slices().matching(ROOT + "(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Util", "Utils", "Helper", "Helpers", "Manager", "Impl"})
  void names_sayWhatAClassHolds(String suffix) {
    noClasses().should().haveSimpleNameEndingWith(suffix).check(CLASSES);
  }

  /** The module of one of our classes, by its package; empty for all others. */
  private static String module(JavaClass c) {
    String name = c.getPackageName();
    if (!name.startsWith(ROOT)) {
      return "";
    }
    String rest = name.substring(ROOT.length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
