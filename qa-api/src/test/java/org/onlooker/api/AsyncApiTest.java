package org.onlooker.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.net.URI;
import java.net.http.WebSocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.onlooker.core.LiveMedia;
import org.onlooker.core.Pts;
import org.onlooker.core.StreamId;

/** The document is held against what the server takes and sends, event by event. */
class AsyncApiTest {
  private static final Pattern REFERENCE = Pattern.compile("\"\\$ref\":\"#(/[^\"]+)\"");

  /** Of parts that both documents name, one place holds them. */
  private static final String OTHER_DOCUMENT = "openapi.json#/components/schemas/";

  private final SchemaRegistry schemas =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private ServerFixture onlooker;
  private ObjectNode document;
  private ObjectNode components;

  @BeforeEach
  void start() throws Exception {
    onlooker = ServerFixture.start().watching("door");
    document = ServerFixture.json(onlooker.get("/asyncapi.json"));
    JsonNode others = ServerFixture.json(onlooker.get("/openapi.json")).at("/components/schemas");
    components = Json.read(
        document.path("components").toString().replace(OTHER_DOCUMENT, "#/components/schemas/"));
    ObjectNode all = components.withObject("/schemas");
    others.properties().forEach(schema -> all.set(schema.getKey(), schema.getValue()));
  }

  @AfterEach
  void stop() throws Exception {
    onlooker.close();
  }

  @Test
  void document_isAsyncApi3OfThisVersion() {
    assertThat(document.path("asyncapi").asText()).isEqualTo("3.0.0");
    assertThat(document.path("info").path("version").asText()).isEqualTo("0.1.0-test");
  }

  @Test
  void document_refersOnlyToWhatThereIs() {
    ObjectNode whole = document.deepCopy();
    whole.set("components", components);
    Matcher reference = REFERENCE.matcher(whole.toString());
    int found = 0;
    while (reference.find()) {
      assertThat(whole.at(reference.group(1)).isObject()).as(reference.group(1)).isTrue();
      found++;
    }
    assertThat(found).isGreaterThan(100);
  }

  @Test
  void document_describesExactlyWhatIsTaken() {
    Set<String> taken =
        Arrays.stream(ClientEvent.values()).map(ClientEvent::type).collect(Collectors.toSet());

    assertThat(typesOf("takeEvents")).isEqualTo(taken);
  }

  @Test
  void examples_areAsDescribed() {
    for (var message : components.path("messages").properties()) {
      for (JsonNode example : message.getValue().path("examples")) {
        assertDescribed(message.getKey(), example.path("payload"));
      }
    }
  }

  @Test
  void examples_ofWhatIsTaken_areTaken() throws Exception {
    for (String type : typesOf("takeEvents")) {
      try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
        client.next("session.created");
        JsonNode message = components.path("messages").path(type);
        client.send(message.at("/examples/0/payload").toString());

        ObjectNode reply = client.next();

        if (reply.path("type").asText().equals("error")) {
          assertThat(reply.path("code").asText())
              .as(reply.toString())
              .isIn("not_found", "session_gone");
        }
      }
    }
  }

  /** What is wrong for the description is wrong for the server as well. */
  @Test
  void fields_thatAreNotDescribed_areRefused() throws Exception {
    try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      client.next("session.created");
      for (String type : typesOf("takeEvents")) {
        JsonNode message = components.path("messages").path(type);
        ObjectNode event = message.at("/examples/0/payload").deepCopy();
        event.put("loud", true);
        assertThat(validate(message.path("payload"), event)).as(type).isNotEmpty();
        client.send(event.toString());
        assertThat(client.next("error").path("param").asText()).as(type).isEqualTo("loud");
      }
    }
  }

  @Test
  void document_describesExactlyWhatIsSent() throws Exception {
    List<ObjectNode> sent = everything();

    for (ObjectNode event : sent) {
      assertDescribed(event.path("type").asText(), event);
    }
    assertThat(sent.stream().map(event -> event.path("type").asText()).collect(Collectors.toSet()))
        .isEqualTo(typesOf("sendEvents"));
  }

  /** Provokes an event of every type. */
  private List<ObjectNode> everything() throws Exception {
    List<ObjectNode> heard = new ArrayList<>();
    try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      until(client, "session.created", heard);
      client.send("{\"type\":\"subscribe\",\"stream\":\"*\","
          + "\"kinds\":[\"stream.state\",\"stream.stats\",\"commentary\"]}");
      until(client, "stream.stats", heard);
      client.send("{\"type\":\"session.update\",\"stream\":\"door\"}");
      client.send("{\"type\":\"question.create\",\"id\":\"q\",\"text\":\"What?\"}");
      until(client, "answer.done", heard);
      onlooker.tellCommentary(ServerEvent.commentaryDelta("rem_1", "door", "A cat."));
      ObjectNode remark =
          components.at("/messages/commentary.done/examples/0/payload/remark").deepCopy();
      onlooker.tellCommentary(ServerEvent.commentaryDone("rem_1", "door", remark));
      until(client, "commentary.done", heard);
      onlooker.post("/api/v1/streams", "{\"id\":\"gone\",\"source\":\"test:away\"}");
      onlooker.delete("/api/v1/streams/door");
      client.send("{\"type\":\"unsubscribe\",\"stream\":\"*\",\"kinds\":[\"commentary\"]}");
      client.send("{\"type\":\"ping\"}");
      client.send("{\"type\":\"pong\"}");
      until(client, "error", heard);
    }
    try (SocketClient client = new SocketClient(onlooker.http, onlooker.port)) {
      until(client, "session.created", heard);
      client.send("{\"type\":\"session.resume\",\"last_seq\":1,\"session_id\":\""
          + heard.getFirst().path("session_id").asText() + "\"}");
      until(client, "session.resumed", heard);
    }
    return heard;
  }

  private static void until(SocketClient client, String type, List<ObjectNode> heard)
      throws InterruptedException {
    do {
      heard.add(client.next());
    } while (!heard.getLast().path("type").asText().equals(type));
  }

  @Test
  void document_describesExactlyWhatPlayersGet() throws Exception {
    StreamId door = new StreamId("door");
    Heard player = new Heard();
    WebSocket socket = onlooker
        .http
        .newWebSocketBuilder()
        .buildAsync(
            URI.create("ws://127.0.0.1:" + onlooker.port + "/api/v1/streams/door/live.ws"), player)
        .join();
    ServerFixture.await(() -> onlooker.live.viewers(door) == 1, "the player");
    onlooker.live.send(door, viewer -> {
      viewer.track(new LiveMedia.Track("video/mp4; codecs=\"avc1.64001f\"", new byte[] {1}));
      viewer.fragment(
          new LiveMedia.Fragment(new byte[] {2}, true, Pts.ofSeconds(1), Instant.EPOCH));
      viewer.unplayable("it is too wide");
    });

    Set<String> types = new TreeSet<>(Set.of("live.media"));
    while (types.size() < typesOf("sendLive").size()) {
      ObjectNode event = player.next();
      assertDescribed(event.path("type").asText(), event);
      types.add(event.path("type").asText());
    }
    socket.abort();

    assertThat(types).isEqualTo(typesOf("sendLive"));
  }

  private static final class Heard implements WebSocket.Listener {
    private final LinkedBlockingQueue<String> texts = new LinkedBlockingQueue<>();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence data, boolean last) {
      texts.add(data.toString());
      from.request(1);
      return null;
    }

    private ObjectNode next() throws InterruptedException {
      String text = texts.poll(ServerFixture.PATIENCE.toSeconds(), TimeUnit.SECONDS);
      assertThat(text).as("an event").isNotNull();
      return Json.read(text);
    }
  }

  /** Types of the events that an operation is about. */
  private Set<String> typesOf(String operation) {
    Set<String> types = new TreeSet<>();
    for (JsonNode message : document.path("operations").path(operation).path("messages")) {
      JsonNode inChannel = document.at(message.path("$ref").asText().substring(1));
      types.add(
          document.at(inChannel.path("$ref").asText().substring(1)).path("name").asText());
    }
    return types;
  }

  private void assertDescribed(String type, JsonNode event) {
    JsonNode payload = components.path("messages").path(type).path("payload");
    assertThat(payload.isObject()).as("a description of " + type).isTrue();
    assertThat(validate(payload, event)).as(type + " " + event).isEmpty();
    Set<String> fields = new TreeSet<>();
    event.fieldNames().forEachRemaining(fields::add);
    Set<String> described = new TreeSet<>();
    payload.path("properties").fieldNames().forEachRemaining(described::add);
    assertThat(described).as("fields of " + type).containsAll(fields);
  }

  private List<?> validate(JsonNode payload, JsonNode event) {
    ObjectNode schema = payload.deepCopy();
    schema.set("components", components);
    Schema ready = schemas.getSchema(schema);
    return ready.validate(event);
  }
}
