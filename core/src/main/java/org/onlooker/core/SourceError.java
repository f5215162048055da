package org.onlooker.core;

/** Why a source gives no frames; the wire form is {@link #code}. */
public enum SourceError {
  REFUSED("stream_source_refused"),
  CONNECTION("stream_connection_failed"),
  AUTH("stream_auth_failed"),
  TLS("stream_tls_failed"),
  TIMEOUT("stream_timeout"),
  NOT_FOUND("stream_not_found"),
  CODEC("stream_codec_unsupported"),
  BROKEN("stream_data_broken"),
  ENDED("stream_ended");

  private final String code;

  SourceError(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }

  /** Whether trying again cannot help until the user changes something. */
  public boolean isFinal() {
    return this == REFUSED || this == CODEC;
  }
}
