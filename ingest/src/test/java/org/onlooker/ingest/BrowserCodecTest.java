package org.onlooker.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names as RFC 6381 and the bindings of each codec give them as examples. */
class BrowserCodecTest {
  @ParameterizedTest
  @CsvSource(textBlock = """
      avcC, 0164001fffe1, avc1.64001f
      avcC, 0142e01effe1, avc1.42e01e
      hvcC, 0101600000009000000000005d, hvc1.1.6.L93.90
      hvcC, 01222000000090000000000096, hvc1.2.4.H150.90
      av1C, 81040c00, av01.0.04M.08
      av1C, 818cc000, av01.4.12H.10
      vpcC, 01000000000a8202, vp09.00.10.08
      none, 0102, ''
      """)
  void mimeType_ofAHead_isThatOfItsCodec(String box, String content, String expected)
      throws Exception {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.write(new byte[32]);
    head.write(box.getBytes(StandardCharsets.US_ASCII));
    head.write(HexFormat.of().parseHex(content));
    head.write(new byte[16]);
    String codecs = expected.isEmpty() ? "" : "; codecs=\"" + expected + "\"";
    assertThat(BrowserCodec.mimeType(head.toByteArray())).isEqualTo("video/mp4" + codecs);
  }
}
