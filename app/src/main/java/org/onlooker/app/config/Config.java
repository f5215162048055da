package org.onlooker.app.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.onlooker.core.Addresses;
import org.onlooker.core.QuestionAnswerer;
import org.onlooker.core.StreamSpec;
import org.onlooker.core.Tiers;
import org.onlooker.memory.Evictions;
import org.onlooker.vision.Reducers;

/**
 * All that can be set, checked. Read from one file, overridden by the environment, then by options
 * of the command line; {@link Key} has the defaults and reasons.
 *
 * @param data where memory, index, natives and logs are kept
 * @param streams watched from the start, beside those that memory knows
 */
public record Config(
    Server server,
    Path data,
    Model model,
    Log log,
    Memory memory,
    Recording recording,
    QuestionAnswerer.Limits questions,
    Sources sources,
    List<StreamSpec> streams) {

  /** Where and for whom it serves; port 0 takes a free one. */
  public record Server(
      String host,
      int port,
      List<String> allowedHosts,
      List<String> allowedOrigins,
      Optional<Path> pageFolder) {}

  /** The pack's folder; {@code device} is cpu, cuda or auto. */
  public record Model(Path pack, String device) {}

  /** {@code level} is error, warn, info or debug. */
  public record Log(String level, Path file, int filesMax) {}

  /**
   * How memory is kept.
   *
   * @param sync whether acknowledged clips survive power loss
   * @param freeSpaceFloorMegabytes below which it does not start
   * @param reducers names of {@code Reducers}; of none, the pack's own choice
   * @param tiers how much is kept of a clip at which age
   * @param age beyond which nothing is kept, if there is such a limit
   * @param limitMegabytes of all files; 0 for any number
   * @param clips of each stream that are kept without a disk; 0 to keep them on disk
   * @param eviction of {@link Evictions#NAMES}, where clips are kept without a disk
   */
  public record Memory(
      boolean sync,
      long freeSpaceFloorMegabytes,
      List<String> reducers,
      Tiers tiers,
      Optional<Duration> age,
      long limitMegabytes,
      int clips,
      String eviction) {
    public Memory {
      reducers = List.copyOf(reducers);
    }

    /** Whether what is seen is kept beyond the life of the process. */
    public boolean isOnDisk() {
      return clips == 0;
    }
  }

  /** Whether what sources send is kept. */
  public record Recording(boolean enabled) {}

  /** Folders from which files may be watched. */
  public record Sources(List<Path> fileRoots) {}

  public Config {
    streams = List.copyOf(streams);
  }

  /**
   * Reads the configuration.
   *
   * @param file named by the user; else the usual places are tried, else all defaults hold
   * @param options keys set on the command line
   */
  public static Config load(
      Optional<Path> file, Map<Key, String> options, Surroundings surroundings)
      throws ConfigException {
    Settings settings = new Settings(surroundings);
    List<StreamSpec> streams = List.of();
    if (file.isPresent() && !Files.isRegularFile(file.get())) {
      throw new ConfigException(file.get().toString(), "there is no such configuration file");
    }
    Optional<Path> found = file.or(surroundings::configFile);
    if (found.isPresent()) {
      streams = new ConfigFile(found.get(), surroundings).read(settings);
    }
    settings.readEnvironment();
    options.forEach((key, value) -> settings.override(key, value, "command line"));
    return of(settings, streams, surroundings);
  }

  private static Config of(Settings settings, List<StreamSpec> streams, Surroundings surroundings)
      throws ConfigException {
    Path data = settings.path(Key.DATA, surroundings.dataFolder());
    List<Path> roots = List.of(surroundings.home(), surroundings.workingFolder());
    return new Config(
        new Server(
            settings.text(Key.SERVER_HOST),
            settings.integer(Key.SERVER_PORT, 0, 65_535),
            settings.texts(Key.SERVER_ALLOWED_HOSTS),
            settings.texts(Key.SERVER_ALLOWED_ORIGINS),
            settings.optionalPath(Key.SERVER_PAGE_FOLDER)),
        data,
        new Model(
            settings.path(Key.MODEL_PACK, surroundings.modelPack()),
            settings.choice(Key.MODEL_DEVICE, List.of("cpu", "cuda", "auto"))),
        new Log(
            settings.choice(Key.LOG_LEVEL, List.of("error", "warn", "info", "debug")),
            settings.path(Key.LOG_FILE, data.resolve("logs/onlooker.log")),
            settings.integer(Key.LOG_FILES_MAX, 1, 100)),
        new Memory(
            settings.truth(Key.MEMORY_SYNC),
            settings.integer(Key.MEMORY_FREE_SPACE_FLOOR, 0, 1_000_000_000),
            settings.choices(Key.MEMORY_REDUCERS, Reducers.NAMES),
            Tiers.ofBlocks(
                Duration.ofMinutes(settings.integer(Key.MEMORY_BLOCK_MINUTES, 1, 10_000_000))),
            Optional.of(settings.integer(Key.MEMORY_KEEP_HOURS, 0, 1_000_000))
                .filter(hours -> hours > 0)
                .map(Duration::ofHours),
            settings.integer(Key.MEMORY_LIMIT_MEGABYTES, 0, 1_000_000_000),
            settings.integer(Key.MEMORY_CLIPS, 0, 100_000),
            settings.choice(Key.MEMORY_EVICTION, Evictions.NAMES)),
        new Recording(settings.truth(Key.RECORDING_ENABLED)),
        new QuestionAnswerer.Limits(
            settings.integer(Key.QUESTIONS_CONCURRENT, 1, 64),
            settings.integer(Key.QUESTIONS_WAITING, 1, 1_000),
            Duration.ofSeconds(settings.integer(Key.QUESTIONS_SECONDS_MAX, 1, 3_600))),
        new Sources(settings.paths(Key.SOURCES_FILE_ROOTS, roots)),
        streams);
  }

  /** These settings with one more stream. */
  public Config watching(StreamSpec stream) {
    return watching(stream, sources.fileRoots());
  }

  /** These settings with one more stream, whose file lies in {@code folder}. */
  public Config watching(StreamSpec stream, Path folder) {
    List<Path> roots = new ArrayList<>(sources.fileRoots());
    roots.add(folder);
    return watching(stream, List.copyOf(roots));
  }

  private Config watching(StreamSpec stream, List<Path> fileRoots) {
    List<StreamSpec> more = new ArrayList<>(streams);
    more.add(stream);
    return new Config(
        server, data, model, log, memory, recording, questions, new Sources(fileRoots), more);
  }

  /** The effective values, one line per key; addresses without credentials. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(line(Key.SERVER_HOST, server.host()));
    lines.add(line(Key.SERVER_PORT, server.port()));
    lines.add(line(Key.SERVER_ALLOWED_HOSTS, server.allowedHosts()));
    lines.add(line(Key.SERVER_ALLOWED_ORIGINS, server.allowedOrigins()));
    server.pageFolder().ifPresent(f -> lines.add(line(Key.SERVER_PAGE_FOLDER, f)));
    lines.add(line(Key.DATA, data));
    lines.add(line(Key.MODEL_PACK, model.pack()));
    lines.add(line(Key.MODEL_DEVICE, model.device()));
    lines.add(line(Key.LOG_LEVEL, log.level()));
    lines.add(line(Key.LOG_FILE, log.file()));
    lines.add(line(Key.LOG_FILES_MAX, log.filesMax()));
    lines.add(line(Key.MEMORY_SYNC, memory.sync()));
    lines.add(line(Key.MEMORY_FREE_SPACE_FLOOR, memory.freeSpaceFloorMegabytes()));
    if (!memory.reducers().isEmpty()) {
      lines.add(line(Key.MEMORY_REDUCERS, memory.reducers()));
    }
    lines.add(line(Key.MEMORY_BLOCK_MINUTES, memory.tiers().blocks().toMinutes()));
    lines.add(line(Key.MEMORY_KEEP_HOURS, memory.age().map(Duration::toHours).orElse(0L)));
    lines.add(line(Key.MEMORY_LIMIT_MEGABYTES, memory.limitMegabytes()));
    lines.add(line(Key.MEMORY_CLIPS, memory.clips()));
    lines.add(line(Key.MEMORY_EVICTION, memory.eviction()));
    lines.add(line(Key.RECORDING_ENABLED, recording.enabled()));
    lines.add(line(Key.QUESTIONS_CONCURRENT, questions.concurrent()));
    lines.add(line(Key.QUESTIONS_WAITING, questions.waiting()));
    lines.add(line(Key.QUESTIONS_SECONDS_MAX, questions.answerTimeMax().toSeconds()));
    lines.add(line(Key.SOURCES_FILE_ROOTS, sources.fileRoots()));
    for (StreamSpec stream : streams) {
      lines.add("stream " + stream.id() + " = " + Addresses.redacted(stream.source()));
    }
    return lines;
  }

  private static String line(Key key, Object value) {
    return key.path() + " = " + value;
  }
}
