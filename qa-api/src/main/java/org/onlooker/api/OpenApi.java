package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The description of the API, kept as a resource; only the version is put in. */
final class OpenApi {
  private final ObjectNode document;

  OpenApi(String version) {
    try (InputStream resource = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (resource == null) {
        throw new IllegalStateException("openapi.json is missing from the qa-api jar");
      }
      document = Json.read(new String(resource.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    document.withObject("/info").put("version", version);
  }

  ObjectNode document() {
    return document;
  }
}
