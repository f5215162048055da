package org.onlooker.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ExitCodeTest {
  @Test
  void documentation_hasEveryCodeAsTheCodeHasIt() throws IOException {
    Path page = Path.of(System.getProperty("onlooker.root"), "docs/configuration.md");

    String table = Arrays.stream(ExitCode.values())
        .map(exit -> "| " + exit.code + " | " + exit.meaning + " |\n")
        .collect(Collectors.joining());

    assertThat(Files.readString(page)).contains(table);
  }

  @Test
  void codes_areDistinct() {
    assertThat(Arrays.stream(ExitCode.values()).map(exit -> exit.code)).doesNotHaveDuplicates();
  }
}
