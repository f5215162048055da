package org.onlooker.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.onlooker.core.Question;
import org.onlooker.core.Span;

/**
 * Asks a world's questions over HTTP, each as of its time. The policy {@code oracle} gets the
 * evidence with the question; follow-ups are asked in one conversation for each policy.
 */
final class Asker {
  private static final String ORACLE = "oracle";
  private static final int COMPLETED = 200;
  private static final ObjectMapper JSON = new ObjectMapper();
  private final HttpClient http;
  private final URI address;
  private final String stream;
  private final Instant startTime;
  private final Map<String, String> conversations;

  /** @param address of the server, as {@code http://127.0.0.1:7311} */
  Asker(HttpClient http, String address, String stream, Instant startTime, List<JsonNode> all) {
    this.http = http;
    this.address = URI.create(address + "/api/v1/questions");
    this.stream = stream;
    this.startTime = startTime;
    this.conversations = conversations(all);
  }

  /** Of each question that follows another or is followed: the first one of its conversation. */
  private static Map<String, String> conversations(List<JsonNode> questions) {
    Map<String, String> firsts = new HashMap<>();
    for (JsonNode question : questions) {
      String before = question.path("follows").asText();
      if (!before.isEmpty()) {
        firsts.putIfAbsent(before, before);
        firsts.put(question.path("id").asText(), firsts.get(before));
      }
    }
    return firsts;
  }

  /**
   * The API's answer document.
   *
   * @throws IOException where there is none; a figure with a hole would mean nothing
   */
  JsonNode ask(JsonNode question, String policy) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(address)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSON.writeValueAsString(body(question, policy))))
        .build();
    HttpResponse<String> reply = http.send(request, BodyHandlers.ofString());
    if (reply.statusCode() != COMPLETED) {
      throw new IOException("question " + question.path("id").asText() + " with policy \"" + policy
          + "\" was not answered: HTTP " + reply.statusCode() + " " + reply.body());
    }
    return JSON.readTree(reply.body());
  }

  private Map<String, Object> body(JsonNode question, String policy) {
    long micros = Math.round(question.path("askedAt").asDouble() * 1e6);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("stream", stream);
    body.put("question", question.path("question").asText());
    body.put("asOf", startTime.plusNanos(micros * 1_000).toString());
    body.put("policy", policy);
    String first = conversations.get(question.path("id").asText());
    if (first != null) {
      String name = stream + "-" + policy + "-" + first;
      body.put("conversation", name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"));
    }
    List<Span> spans = Evidence.of(question).spans();
    if (policy.equals(ORACLE) && !spans.isEmpty()) {
      body.put("spans", seconds(spans));
    }
    return body;
  }

  /** The newest spans that the API takes. */
  private static List<List<Double>> seconds(List<Span> spans) {
    return spans.subList(Math.max(0, spans.size() - Question.SPANS_MAX), spans.size()).stream()
        .map(span -> List.of(span.start().micros() / 1e6, span.end().micros() / 1e6))
        .toList();
  }
}
