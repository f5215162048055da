package org.onlooker.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.PackTokenizer;

class AnswerTextTest {
  private static final String LABELS = "<m{mm}><s{ss}>";
  private static final String CLOCK = "{mm}:{ss}";

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      <m{mm}><s{ss}> | At <m07><s23>.             | At [443].
      <m{mm}><s{ss}> | <m00><s00><m99><s59>       | [0][5999]
      <m{mm}><s{ss}> | <m07>< s23> and <m7><s2>   | <m07>< s23> and <m7><s2>
      <m{mm}><s{ss}> | a <m12><s61> b             | a <m12><s61> b
      <m{mm}><s{ss}> | ends with <m12>            | ends with <m12>
      <m{mm}><s{ss}> | a <<m01><s02>> b           | a <[62]> b
      {mm}:{ss}      | At 07:23, not at 7:23.     | At [443], not at 7:23.
      {mm}:{ss}      | 07:23                      | [443]
      {mm}:{ss}      | 01:07:23 or 107:23 or 07:234 | 01:07:23 or 107:23 or 07:234
      {mm}:{ss}      | from 00:01-00:05 on        | from [1]-[5] on
      """)
  void moments_inTextOfAnySlicing_areTold(String form, String text, String expected) {
    for (int slice = 1; slice <= text.length(); slice++) {
      Heard heard = new Heard();
      MomentScanner scanner = new MomentScanner(form, heard);
      for (int start = 0; start < text.length(); start += slice) {
        scanner.accept(text.substring(start, Math.min(start + slice, text.length())));
      }
      scanner.finish();
      assertThat(heard.all()).as("slices of %d", slice).isEqualTo(expected);
    }
  }

  @Test
  void text_withoutMoments_isPassedOnAtOnce() {
    Heard heard = new Heard();
    MomentScanner scanner = new MomentScanner(LABELS, heard);
    scanner.accept("A dog");
    scanner.accept(" and a bus.");
    assertThat(heard.pieces()).containsExactly("A dog", " and a bus.");
  }

  @Test
  void tokens_ofSeveralByteCharacters_arriveWhole() {
    String text = "Où est le chat noir ? 猫はどこ？ 🐈 at 12:30";
    ModelPack pack = ModelPack.read(Golden.pack("tiny-smolvlm"));
    try (PackTokenizer tokenizer = PackTokenizer.open(pack)) {
      Heard heard = new Heard();
      AnswerText answer = new AnswerText(tokenizer, CLOCK, heard);
      for (long id : tokenizer.encode(text)) {
        answer.accept(id);
      }
      answer.finish();
      assertThat(heard.all()).isEqualTo(text.replace("12:30", "[750]"));
      assertThat(heard.pieces()).noneMatch(piece -> piece.contains("\uFFFD"));
      assertThat(heard.pieces()).anyMatch(piece -> piece.equals("🐈"));
    }
  }

  @Test
  void tokens_thatNeverMakeACharacter_areNotHeldForEver() {
    ModelPack pack = ModelPack.read(Golden.pack("tiny-smolvlm"));
    try (PackTokenizer tokenizer = PackTokenizer.open(pack)) {
      long[] cat = tokenizer.encode("🐈");
      Heard heard = new Heard();
      AnswerText answer = new AnswerText(tokenizer, LABELS, heard);
      for (int i = 0; i < 20; i++) {
        answer.accept(cat[0]);
      }
      assertThat(heard.pieces()).isNotEmpty();
      answer.finish();
      assertThat(heard.all()).isEqualTo(tokenizer.decode(repeat(cat[0], 20)));
    }
  }

  private static long[] repeat(long id, int count) {
    long[] ids = new long[count];
    Arrays.fill(ids, id);
    return ids;
  }
}
