package org.onlooker.app.config;

/** What is set cannot be used; the message names the place, the value and what is taken. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  ConfigException(String place, String problem) {
    super(place + ": " + problem);
  }
}
