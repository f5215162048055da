package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceRoutesTest {
  private static final Pattern SAMPLE =
      Pattern.compile("[a-z_]+(\\{[a-z_]+=\"[^\"]*\"(,[a-z_]+=\"[^\"]*\")*})? \\S+");
  private ServerFixture onlooker;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start();
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"live", "ready", "startup"})
  void health_isOkWhileServing(String kind) throws Exception {
    HttpResponse<String> reply = onlooker.get("/health/" + kind);

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.body()).isEqualTo("{\"status\":\"ok\"}");
  }

  @Test
  void system_countsAnswersAndNamesTheModel() throws Exception {
    onlooker.watching("door");
    onlooker.post("/api/v1/questions", "{\"stream\":\"door\",\"question\":\"What is there?\"}");

    var system = ServerFixture.json(onlooker.get("/api/v1/system"));
    var model =
        ServerFixture.json(onlooker.get("/api/v1/models")).path("models").path(0);

    assertThat(system.path("version").asText()).isEqualTo("0.1.0-test");
    assertThat(system.path("questions").path("completed").asInt()).isEqualTo(1);
    assertThat(system.path("questions").path("inFlight").asInt()).isZero();
    assertThat(system.path("firstToken").path("count").asInt()).isEqualTo(1);
    assertThat(model.path("name").asText()).isEqualTo("scripted");
    assertThat(model.path("device").asText()).isEqualTo("cpu");
  }

  @Test
  void metrics_nameStreamsQuestionsStorageAndBuild() throws Exception {
    onlooker.watching("door");
    onlooker.post("/api/v1/questions", "{\"stream\":\"door\",\"question\":\"What is there?\"}");

    HttpResponse<String> reply = onlooker.get("/metrics");

    assertThat(reply.headers().firstValue("Content-Type"))
        .hasValue("text/plain; version=0.0.4; charset=utf-8");
    List<String> lines = reply.body().lines().toList();
    assertThat(lines)
        .contains(
            "onlooker_stream_state{state=\"running\",stream=\"door\"} 1.0",
            "onlooker_stream_state{state=\"error\",stream=\"door\"} 0.0",
            "onlooker_stream_frames_total{result=\"sampled\",stream=\"door\"} 6.0",
            "onlooker_stream_frames_total{result=\"dropped\",stream=\"door\"} 0.0",
            "onlooker_stream_reconnects_total{stream=\"door\"} 0.0",
            "onlooker_questions_total{status=\"completed\"} 1.0",
            "onlooker_questions_in_flight 0.0",
            "onlooker_time_to_first_token_seconds_count 1",
            "onlooker_build_info{device=\"cpu\",fingerprint=\"scripted-1\",model=\"scripted\","
                + "version=\"0.1.0-test\"} 1")
        .anyMatch(
            line -> line.startsWith("onlooker_time_to_first_token_seconds_bucket{le=\"0.1\"}"))
        .anyMatch(line -> line.startsWith("onlooker_stream_stage_seconds_total{stage=\"encode\""))
        .anyMatch(
            line -> line.startsWith("onlooker_stream_last_frame_age_seconds{stream=\"door\"}"))
        .anyMatch(line -> line.matches(
            "onlooker_stream_clips_total\\{result=\"stored\",stream=\"door\"} [23]\\.0"))
        .anyMatch(line -> line.startsWith("onlooker_storage_bytes{kind=\"memory\"}"))
        .anyMatch(line -> line.startsWith("jvm_memory_used_bytes{"));
    assertThat(lines)
        .filteredOn(line -> !line.startsWith("#"))
        .allMatch(line -> SAMPLE.matcher(line).matches());
  }

  @Test
  void metrics_forgetRemovedStreamsAndCountAgainForANewOne() throws Exception {
    onlooker.watching("door");
    assertThat(onlooker.get("/metrics").body()).contains("stream=\"door\"");

    onlooker.delete("/api/v1/streams/door?memory=true");

    assertThat(onlooker.get("/metrics").body()).doesNotContain("stream=\"door\"");
    onlooker.watching("door");
    assertThat(onlooker.get("/metrics").body())
        .contains("onlooker_stream_frames_total{result=\"sampled\",stream=\"door\"} 6.0");
  }
}
