package org.onlooker.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CaptionNamesTest {
  @Test
  void in_namesEachPartOnceInItsOrder() {
    CaptionNames names = new CaptionNames(List.of());
    assertThat(names.in("A dog and a red circle and the owl and a dog."))
        .containsExactly("dog", "red circle", "owl");
    assertThat(names.in("A sandy bay and an orange.")).containsExactly("sandy bay", "orange");
    assertThat(names.in("rain")).containsExactly("rain");
    assertThat(names.in("Nothing.")).isEmpty();
    assertThat(names.in(" ")).isEmpty();
    assertThat(names.in("I see nothing that I know.")).isEmpty();
  }

  @Test
  void in_severalAreBroughtBackToOne() {
    CaptionNames names = new CaptionNames(
        List.of("A fox and a butterfly.", "A leaf and a knife and a bus and a red circle."));
    assertThat(names.in("Two foxes and three butterflies and 14 leaves and two knives."))
        .containsExactly("fox", "butterfly", "leaf", "knife");
    assertThat(names.in("Two buses and two red circles and two trees."))
        .containsExactly("bus", "red circle", "tree");
    assertThat(names.in("Two sheep.")).containsExactly("sheep");
  }
}
