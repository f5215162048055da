package org.onlooker.language.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.language.FloatKind;
import org.onlooker.language.Golden;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.PackException;

class DecoderProofTest {
  @TempDir
  Path folder;

  @ParameterizedTest
  @CsvSource({
    "tiny-smolvlm, true, false, F32",
    "tiny-smolvlm-gqa, false, true, F32",
    "tiny-idefics3-fp16kv, true, false, F16"
  })
  void graph_atLoad_isRecognised(
      String pack, boolean positioned, boolean inPlace, FloatKind cache) {
    try (Decoder decoder =
        Decoder.load(ModelPack.read(Golden.pack(pack)), ExecutionProvider.CPU, 1)) {
      assertThat(decoder.kind()).isEqualTo(new GraphKind(positioned, inPlace));
      assertThat(decoder.kvKind()).isEqualTo(cache);
    }
  }

  @Test
  void theta_thatTheGraphDoesNotUse_isRefused() throws Exception {
    Path pack = changed(config -> text(config).put("rope_theta", 500_000));
    assertRefused(pack, "decoder_model_merged.onnx", "theta 500000");
  }

  @Test
  void headDim_thatTheGraphDoesNotHave_isRefused() throws Exception {
    Path pack = changed(config -> text(config).put("head_dim", 32));
    assertRefused(pack, "past_key_values.0.key", "[any, 2, any, 16]", "[any, 2, any, 32]");
  }

  @Test
  void layers_thatTheGraphDoesNotHave_areRefused() throws Exception {
    Path pack = changed(config -> text(config).put("num_hidden_layers", 4));
    assertRefused(pack, "decoder_model_merged.onnx has no input", "past_key_values.3.key");
  }

  @Test
  void scaling_thatIsNotSupported_isRefusedByName() throws Exception {
    Path pack = changed(config -> text(config).putObject("rope_scaling").put("rope_type", "yarn"));
    assertRefused(pack, "\"yarn\" is not supported");
  }

  private Path changed(Consumer<ObjectNode> change) throws Exception {
    return TinyPacks.copy(folder, change);
  }

  private static ObjectNode text(ObjectNode config) {
    return (ObjectNode) config.get("text_config");
  }

  private static void assertRefused(Path pack, String... words) {
    assertThatThrownBy(
            () -> Decoder.load(ModelPack.read(pack), ExecutionProvider.CPU, 1).close())
        .isInstanceOf(PackException.class)
        .hasMessageContainingAll(words);
  }
}
