package org.onlooker.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.onlooker.core.KvScales;

final class KvScalesFileTest {
  private static final Path MINI =
      Path.of(System.getProperty("onlooker.root")).resolve("models").resolve("onlooker-mini");
  private static final Path TINY =
      Path.of(System.getProperty("onlooker.root")).resolve("testdata/packs/tiny-smolvlm");

  @TempDir
  Path folder;

  @Test
  void kvScales_ofTheEmbeddedPack_areAsItsFormsSay() {
    ModelPack pack = ModelPack.read(MINI);
    Map<String, KvScales> forms = pack.kvScales();
    assertThat(forms).containsOnlyKeys("int8", "int4", "int2");
    assertThat(forms.get("int8").meanBits()).isEqualTo(8);
    assertThat(forms.get("int4").meanBits()).isLessThanOrEqualTo(4);
    assertThat(forms.get("int2").meanBits()).isLessThanOrEqualTo(2.5);
    KvScales small = forms.get("int4");
    assertThat(small.shape().layers()).isEqualTo(pack.decoder().layers());
    assertThat(small.place(0, 10)).isZero();
    assertThat(small.place(5, 10)).isEqualTo(small.opening());
    assertThat(small.place(9, 10)).isEqualTo(small.places() - 1);
  }

  @Test
  void kvScales_ofAPackWithoutCalibration_areNone() {
    assertThat(ModelPack.read(TINY).kvScales()).isEmpty();
  }

  @Test
  void read_tensorOfAnotherShape_namesFileTensorAndShapes() throws IOException {
    Path file = write("{\"__metadata__\":{\"opening\":\"1\",\"closing\":\"1\"},"
        + "\"int4.bits\":{\"dtype\":\"I32\",\"shape\":[2,1],\"data_offsets\":[0,8]}}");
    assertRefused(file, "\"int4.bits\" should be I32 of [2, 3]");
  }

  @Test
  void read_tensorBehindTheEnd_isRefused() throws IOException {
    Path file = write("{\"__metadata__\":{\"opening\":\"1\",\"closing\":\"1\"},"
        + "\"int4.bits\":{\"dtype\":\"I32\",\"shape\":[2,3],\"data_offsets\":[0,24]}}");
    assertRefused(file, "int4.bits");
  }

  @Test
  void read_notATensorFile_isRefused() throws IOException {
    for (String text : new String[] {"", "short", "a text that is longer than a length"}) {
      Path file = Files.writeString(folder.resolve("file"), text);
      assertRefused(file, "not a safetensors file");
    }
    assertRefused(write("{}"), "\"opening\"");
    assertRefused(write("no json"), "no JSON");
  }

  /** A header with 8 bytes of numbers behind it. */
  private Path write(String header) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(Long.BYTES + json.length + 8).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(folder.resolve("file"), bytes.array());
  }

  private static void assertRefused(Path file, String words) {
    DecoderConfig decoder = ModelPack.read(TINY).decoder();
    assertThatExceptionOfType(PackException.class)
        .isThrownBy(() -> KvScalesFile.read(file, decoder))
        .withMessageContaining(file.toString())
        .withMessageContaining(words);
  }
}
