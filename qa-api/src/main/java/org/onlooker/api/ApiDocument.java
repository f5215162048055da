package org.onlooker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A description of the API, kept as a resource; only the version is put in. */
final class ApiDocument {
  private final ObjectNode document;

  /** @param name {@code openapi.json} or {@code asyncapi.json} */
  ApiDocument(String name, String version) {
    try (InputStream resource = ApiDocument.class.getResourceAsStream(name)) {
      if (resource == null) {
        throw new IllegalStateException(name + " is missing from the qa-api jar");
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
