package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.onlooker.core.Segment;
import org.onlooker.core.Span;
import org.onlooker.core.StreamId;

/** How cut files are asked for and sent; what is in them is the segments' own test. */
class FootageRoutesTest {
  private static final String CLIP = "/api/v1/streams/door/clip.mp4";
  private static final String WHOLE = "Span[start=Pts[micros=12500000], end=Pts[micros=20000000]]";
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start();
    onlooker.post("/api/v1/streams", "{\"id\":\"door\",\"source\":\"test:away\"}");
    onlooker.segments.add(new Segment(new StreamId("door"), Span.ofSeconds(10, 30), 1_000));
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @Test
  void clip_ofARecordedStretch_isAVideoAndLeavesNoFile() throws Exception {
    HttpResponse<String> reply = onlooker.get(CLIP + "?start=12.5&end=20");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(WHOLE);
    assertThat(header(reply, "Content-Type")).isEqualTo("video/mp4");
    assertThat(header(reply, "Accept-Ranges")).isEqualTo("bytes");
    assertThat(header(reply, "Onlooker-Start")).isEqualTo("12.5");
    assertThat(header(reply, "Onlooker-End")).isEqualTo("20");
    assertThat(header(reply, "Content-Disposition"))
        .isEqualTo("inline; filename=\"door-12.5.mp4\"");
    assertThat(header(reply, "Cache-Control")).isEqualTo("private, max-age=3600");
    ServerFixture.await(
        () -> onlooker.segments.given().stream().noneMatch(f -> Files.exists(f.file())),
        "the file to be deleted");
  }

  @Test
  void clip_toBeKept_isNamedByItsTimeAndMayBeLong() throws Exception {
    onlooker.segments.add(new Segment(new StreamId("door"), Span.ofSeconds(60, 4_000), 1_000));
    Instant start = Instant.parse(ServerFixture.json(onlooker.get("/api/v1/streams/door"))
            .path("startTime")
            .asText())
        .plusSeconds(60);

    HttpResponse<String> reply = onlooker.get(CLIP + "?start=60&end=3660&download=1");

    assertThat(reply.statusCode()).as(reply.body()).isEqualTo(200);
    assertThat(header(reply, "Content-Disposition"))
        .isEqualTo("attachment; filename=\"door_"
            + DateTimeFormatter.ofPattern("yyyy-MM-dd_HH-mm-ss", Locale.ROOT)
                .format(start.atZone(ZoneId.systemDefault()))
            + ".mp4\"");
  }

  @Test
  void clip_thatBeginsBeforeTheRecording_saysWhereItBegins() throws Exception {
    HttpResponse<String> reply = onlooker.get(CLIP + "?start=2&end=20");

    assertThat(header(reply, "Onlooker-Start")).isEqualTo("10");
    assertThat(header(reply, "Cache-Control")).isEqualTo("no-store");
  }

  @ParameterizedTest
  @CsvSource({
    "bytes=0-3, 0, 3",
    "bytes=5-, 5, 54",
    "bytes=-10, 45, 54",
    "bytes=50-5000, 50, 54",
    "bytes=-5000, 0, 54"
  })
  void clip_ofARange_isThatPart(String range, int first, int last) throws Exception {
    int length = WHOLE.length();
    int end = last == 54 ? length - 1 : last;
    int begin = first == 45 ? length - 10 : first;
    HttpResponse<String> reply = ranged(range, "");

    assertThat(reply.statusCode()).isEqualTo(206);
    assertThat(reply.body()).isEqualTo(WHOLE.substring(begin, end + 1));
    assertThat(header(reply, "Content-Range"))
        .isEqualTo("bytes " + begin + "-" + end + "/" + length);
  }

  @ParameterizedTest
  @CsvSource({"bytes=x-3", "bytes=-", "bytes=3-2", "'bytes=0-1,3-4'", "lines=0-3"})
  void clip_ofARangeThatSaysNothing_isTheWhole(String range) throws Exception {
    HttpResponse<String> reply = ranged(range, "");

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo(WHOLE);
  }

  @Test
  void clip_ofARangeBehindTheEnd_is416() throws Exception {
    HttpResponse<String> reply = ranged("bytes=5000-", "");

    assertThat(reply.statusCode()).isEqualTo(416);
    assertThat(ServerFixture.errorCode(reply)).isEqualTo("range_not_satisfiable");
    assertThat(header(reply, "Content-Range")).isEqualTo("bytes */" + WHOLE.length());
  }

  @Test
  void clip_ofARangeOfAnotherFile_isTheWhole() throws Exception {
    String etag = header(onlooker.get(CLIP + "?start=12.5&end=20"), "ETag");

    assertThat(ranged("bytes=0-3", etag).statusCode()).isEqualTo(206);
    assertThat(ranged("bytes=0-3", "\"other\"").statusCode()).isEqualTo(200);
  }

  @Test
  void clip_ofWhatIsNotRecorded_is404() throws Exception {
    HttpResponse<String> reply = onlooker.get(CLIP + "?start=40&end=50");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(ServerFixture.errorCode(reply)).isEqualTo("not_recorded");
    assertThat(reply.body()).contains("from 40 to 50");
  }

  @Test
  void clip_ofUnknownStream_is404() throws Exception {
    HttpResponse<String> reply = onlooker.get("/api/v1/streams/nobody/clip.mp4?start=1&end=2");

    assertThat(reply.statusCode()).isEqualTo(404);
    assertThat(ServerFixture.errorCode(reply)).isEqualTo("not_found");
  }

  @ParameterizedTest
  @CsvSource({
    "'', start",
    "?start=1, end",
    "?start=soon&end=2, start",
    "?start=-1&end=2, start",
    "?start=NaN&end=2, start",
    "?start=1&end=1e300, end",
    "?start=2&end=2, end",
    "?start=3&end=2, end",
    "?start=0&end=300.1, end",
    "?start=0&end=14400.1&download=1, end",
    "?start=0&end=1&download=maybe, download",
    "?start=1&end=2&speed=2, speed"
  })
  void clip_ofBadTimes_is422(String query, String param) throws Exception {
    HttpResponse<String> reply = onlooker.get(CLIP + query);

    assertThat(reply.statusCode()).isEqualTo(422);
    assertThat(ServerFixture.json(reply).path("error").path("param").asText()).isEqualTo(param);
  }

  @Test
  void citation_ofARecordedMoment_namesItsClip() throws Exception {
    String question = "{\"stream\":\"hall\",\"question\":\"What is there?\"}";
    onlooker.watching("hall");
    onlooker.segments.add(new Segment(new StreamId("hall"), Span.ofSeconds(0, 60), 1_000));

    var citation = ServerFixture.json(onlooker.post("/api/v1/questions", question))
        .path("citations")
        .path(0);

    assertThat(citation.path("clip").asText())
        .isEqualTo("/api/v1/streams/hall/clip.mp4?start="
            + citation.path("start").decimalValue().toPlainString() + "&end="
            + citation.path("end").decimalValue().toPlainString());
  }

  private HttpResponse<String> ranged(String range, String ifRange) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(onlooker.uri(CLIP + "?start=12.5&end=20")).header("Range", range);
    if (!ifRange.isEmpty()) {
      request.header("If-Range", ifRange);
    }
    return onlooker.send(request);
  }

  private static String header(HttpResponse<String> reply, String name) {
    return reply.headers().firstValue(name).orElse("absent");
  }
}
