package org.onlooker.app.config;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.onlooker.memory.Evictions;

/**
 * Every key that can be set, with its default, unit and reason. A key becomes one when a user needs
 * it; docs/configuration.md has this table and a test holds the two together.
 */
public enum Key {
  SERVER_HOST(
      "server.host", "127.0.0.1", "", "address to serve on; loopback only until tokens exist"),
  SERVER_PORT(
      "server.port",
      "7311",
      "0 to 65535",
      "one port for page, API and metrics; 0 takes a free one"),
  SERVER_ALLOWED_HOSTS(
      "server.allowedHosts", "", "host names", "names of a proxy or tunnel in front of the server"),
  SERVER_ALLOWED_ORIGINS(
      "server.allowedOrigins", "", "https://… origins", "other sites whose pages may use the API"),
  SERVER_PAGE_FOLDER(
      "server.pageFolder", "", "folder", "reads the page from here on each request, to work on it"),
  DATA(
      "data",
      "~/.local/share/onlooker",
      "folder",
      "where memory, index, natives and logs are kept"),
  MODEL_PACK("model.pack", "models/onlooker-mini", "folder", "the model that watches and answers"),
  MODEL_DEVICE(
      "model.device", "auto", "cpu, cuda or auto", "where it runs; auto takes a GPU that works"),
  LOG_LEVEL("log.level", "info", "error, warn, info or debug", "how much is written to the log"),
  LOG_FILE("log.file", "logs/onlooker.log in data", "file", "the log, for a service's own folder"),
  LOG_FILES_MAX(
      "log.filesMax",
      "5",
      "1 to 100 files of 10 MB",
      "older ones are deleted, so the log is bounded"),
  MEMORY_SYNC(
      "memory.sync", "false", "true or false", "whether acknowledged clips survive power loss"),
  MEMORY_FREE_SPACE_FLOOR(
      "memory.freeSpaceFloorMegabytes", "500", "0 to 1000000000 MB", "no start with less"),
  MEMORY_REDUCERS(
      "memory.reducers",
      "the pack's own",
      "off, unchanged, alike, differential, novelty",
      "what of a clip is not remembered once more, one after the other"),
  MEMORY_BLOCK_MINUTES(
      "memory.blockMinutes",
      "60",
      "1 to 10000000 min",
      "how long a clip's keys and values stand ready; then they are made again when needed"),
  MEMORY_KEEP_HOURS(
      "memory.keepHours",
      "0",
      "0 to 1000000 h",
      "what is older is removed, memory and video; 0 keeps it as long as there is room"),
  MEMORY_LIMIT_MEGABYTES(
      "memory.limitMegabytes",
      "0",
      "0 to 1000000000 MB",
      "what memory, index and video may take; then the oldest goes; 0 for the whole disk"),
  MEMORY_CLIPS(
      "memory.clips",
      "0",
      "0 to 100000",
      "so many clips of each stream are kept, in memory, nothing on disk; 0 keeps all on disk"),
  MEMORY_EVICTION(
      "memory.eviction",
      "medoids",
      String.join(", ", Evictions.NAMES),
      "which clips leave where only so many are kept"),
  RECORDING_ENABLED(
      "recording.enabled",
      "true",
      "true or false",
      "whether what cameras and web streams send is kept, so that moments play"),
  QUESTIONS_CONCURRENT(
      "questions.concurrent", "2", "1 to 64", "questions decoded at once; each takes a core"),
  QUESTIONS_WAITING(
      "questions.waiting", "16", "1 to 1000", "admitted questions that wait; more are refused"),
  QUESTIONS_SECONDS_MAX(
      "questions.secondsMax", "60", "1 to 3600 s", "an answer that takes longer is ended"),
  SOURCES_FILE_ROOTS(
      "sources.fileRoots", "home and working folder", "folders", "files elsewhere are not opened"),
  STREAM_ID(
      "streams[].id", "(required)", "a-z 0-9 _ -", "name of a stream to watch from the start"),
  STREAM_SOURCE(
      "streams[].source",
      "(required)",
      "address",
      "rtsp://, http(s)://, webcam:0, file, test:pattern"),
  STREAM_FPS("streams[].fps", "2", "0.1 to 30 frames/s", "sampled frames per second"),
  STREAM_PROMPT("streams[].prompt", "", "words", "what matters in this stream, for its commentary"),
  STREAM_PACE(
      "streams[].pace", "realtime", "realtime or fast", "fast reads a file as fast as possible"),
  STREAM_LOOP(
      "streams[].loop", "false", "true or false", "plays a file again and again, as a live source");

  private static final String STREAM_PREFIX = "streams[].";

  private final String path;
  private final String defaultText;
  private final String unit;
  private final String reason;

  Key(String path, String defaultText, String unit, String reason) {
    this.path = path;
    this.defaultText = defaultText;
    this.unit = unit;
    this.reason = reason;
  }

  public String path() {
    return path;
  }

  public String defaultText() {
    return defaultText;
  }

  public String unit() {
    return unit;
  }

  public String reason() {
    return reason;
  }

  /** Whether it takes a list; in a variable, its parts are separated by commas. */
  public boolean isList() {
    return this == SOURCES_FILE_ROOTS
        || this == MEMORY_REDUCERS
        || this == SERVER_ALLOWED_HOSTS
        || this == SERVER_ALLOWED_ORIGINS;
  }

  /** Whether it is set once per entry of {@code streams}, in the file only. */
  public boolean isOfStream() {
    return path.startsWith(STREAM_PREFIX);
  }

  /** The environment variable that overrides it: {@code log.filesMax} as ONLOOKER_LOG_FILES_MAX. */
  public String variable() {
    String words = path.replaceAll("([a-z])([A-Z])", "$1_$2").replace('.', '_');
    return "ONLOOKER_" + words.toUpperCase(Locale.ROOT);
  }

  public static Optional<Key> ofPath(String path) {
    return Arrays.stream(values()).filter(key -> key.path.equals(path)).findFirst();
  }

  static Optional<Key> ofVariable(String variable) {
    return Arrays.stream(values())
        .filter(key -> !key.isOfStream() && key.variable().equals(variable))
        .findFirst();
  }

  static boolean isSection(String path) {
    return Arrays.stream(values()).anyMatch(key -> key.path.startsWith(path + "."));
  }

  /** The name of {@code names} with the fewest letters to change. */
  static String nearest(String name, List<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(known -> editDistance(name, known)))
        .orElseThrow();
  }

  /** Letters to insert, delete or replace to make one word the other (Levenshtein). */
  private static int editDistance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
