package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The document and the routes are held against each other, and replies against the document. */
class OpenApiTest {
  private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#(/[^\"]+)\"");
  private static final Set<String> METHODS = Set.of("get", "post", "delete", "put", "patch");
  private ServerFixture onlooker;
  private ObjectNode document;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start().watching("door");
    document = ServerFixture.json(onlooker.get("/openapi.json"));
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @Test
  void document_isOpenApi31OfThisVersion() {
    assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
    assertThat(document.path("info").path("version").asText()).isEqualTo("0.1.0-test");
  }

  @Test
  void document_describesExactlyTheRoutes() {
    TreeSet<String> described = new TreeSet<>();
    document
        .path("paths")
        .properties()
        .forEach(path -> path.getValue().fieldNames().forEachRemaining(method -> {
          if (METHODS.contains(method)) {
            described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
          }
        }));
    Set<String> routed = onlooker.server.endpoints().stream()
        .map(endpoint -> endpoint.method() + " " + endpoint.path())
        .collect(Collectors.toCollection(TreeSet::new));

    assertThat(described).isEqualTo(routed);
  }

  @Test
  void document_pathsAnswerWithADescribedStatus() throws Exception {
    for (var path : document.path("paths").properties()) {
      if (path.getKey().endsWith("live.mjpeg")) {
        continue; // endless; PictureRoutesTest reads it
      }
      for (var operation : path.getValue().properties()) {
        if (METHODS.contains(operation.getKey())) {
          HttpResponse<String> reply = call(operation.getKey(), path.getKey());
          assertThat(operation.getValue().path("responses").has("" + reply.statusCode()))
              .as("%s %s gave %s", operation.getKey(), path.getKey(), reply.statusCode())
              .isTrue();
        }
      }
    }
  }

  @Test
  void document_refersOnlyToWhatItHolds() {
    Matcher reference = REFERENCE.matcher(document.toString());
    int found = 0;
    while (reference.find()) {
      assertThat(document.at(reference.group(1)).isObject())
          .as(reference.group(1))
          .isTrue();
      found++;
    }
    assertThat(found).isGreaterThan(50);
  }

  @Test
  void replies_haveTheDescribedFields() throws Exception {
    JsonNode stream = ServerFixture.json(onlooker.get("/api/v1/streams/door"));
    JsonNode answer = ServerFixture.json(onlooker.post(
        "/api/v1/questions", "{\"stream\":\"door\",\"question\":\"What is there?\"}"));

    onlooker.post(
        "/api/v1/questions",
        "{\"stream\":\"door\",\"question\":\"What is there?\",\"conversation\":\"tea\"}");
    JsonNode listed = ServerFixture.json(onlooker.get("/api/v1/conversations?stream=door"));
    JsonNode dialogue = ServerFixture.json(onlooker.get("/api/v1/conversations/tea"));

    matches(listed.path("conversations").path(0), "Conversation");
    matches(dialogue, "Dialogue");
    matches(dialogue.path("turns").path(0), "Turn");
    matches(stream, "Stream");
    matches(stream.path("video"), "Video");
    matches(answer, "Answer");
    matches(answer.path("citations").path(0), "Citation");
    matches(
        ServerFixture.json(onlooker.get("/api/v1/search?q=square"))
            .path("moments")
            .path(0),
        "Moment");
    matches(ServerFixture.json(onlooker.get("/api/v1/system")), "System");
    matches(ServerFixture.json(onlooker.get("/api/v1/models")).path("models").path(0), "Model");
    matches(ServerFixture.json(onlooker.get("/health/ready")), "Health");
    matches(ServerFixture.json(onlooker.get("/nothing")), "Error");
  }

  private void matches(JsonNode reply, String schemaName) {
    JsonNode schema = document.at("/components/schemas/" + schemaName);
    Set<String> given = new TreeSet<>();
    reply.fieldNames().forEachRemaining(given::add);
    Set<String> known = new TreeSet<>();
    schema.path("properties").fieldNames().forEachRemaining(known::add);
    assertThat(known).as(schemaName + " describes each field").containsAll(given);
    schema
        .path("required")
        .forEach(name -> assertThat(given).as(schemaName + " needs it").contains(name.asText()));
  }

  private HttpResponse<String> call(String method, String path) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(onlooker.uri(path.replace("{id}", "door").replace("{name}", "monday")
            + (path.endsWith("thumbnail.jpg") ? "?at=0" : "")
            + (path.endsWith("clip.mp4") ? "?start=0&end=1" : "")));
    boolean hasBody = Arrays.asList("post", "put", "patch").contains(method);
    return onlooker.send(request
        .header("Content-Type", "application/json")
        .method(
            method.toUpperCase(Locale.ROOT),
            hasBody
                ? HttpRequest.BodyPublishers.ofString("{}")
                : HttpRequest.BodyPublishers.noBody()));
  }
}
