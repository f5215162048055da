package org.onlooker.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Copies of what is remembered and recorded, made while streams are watched, and streams brought
 * back from them.
 *
 * <p>A backup is a folder of {@code backups} below the data folder: {@code memory}, a memory of its
 * own, and {@code segments}. Both are hard links where the disk allows it, so that a backup takes a
 * moment, and room only as what it shares is removed. It can be copied elsewhere as it is. The
 * index is left out: it is built from memory. What is removed later stays in earlier backups.
 */
public final class Backups {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");
  private static final String UNFINISHED = ".unfinished-";

  private final Path root;
  private final MemoryStore store;
  private final Segments segments;
  private final Streams streams;

  /** @param root need not exist */
  public Backups(Path root, MemoryStore store, Segments segments, Streams streams) {
    this.root = root;
    this.store = store;
    this.segments = segments;
    this.streams = streams;
  }

  /** The names of all backups, sorted. */
  public synchronized List<String> list() {
    try (Stream<Path> folders = Files.isDirectory(root) ? Files.list(root) : Stream.empty()) {
      return folders
          .map(folder -> folder.getFileName().toString())
          .filter(name -> NAME.matcher(name).matches())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failed("the backups cannot be listed", e);
    }
  }

  /**
   * Makes a backup of all streams; it has that name once it is whole.
   *
   * @return its folder
   * @throws Refused when the name is taken or cannot be one
   */
  public synchronized Path create(String name) throws Refused {
    Path folder = folder(name);
    if (Files.exists(folder)) {
      throw new Refused(
          Refused.Kind.ALREADY_EXISTS, "backup \"" + name + "\" exists; choose another name");
    }
    Path unfinished = root.resolve(UNFINISHED + name);
    try {
      delete(unfinished);
      Files.createDirectories(unfinished);
      segments.backup(Files.createDirectory(unfinished.resolve("segments")));
      store.backup(unfinished.resolve("memory"));
      return Files.move(unfinished, folder);
    } catch (IOException e) {
      throw failed("backup \"" + name + "\" cannot be made", e);
    }
  }

  /**
   * Brings back, and watches again, the streams of a backup of which there is nothing here.
   *
   * @throws Refused when there is no such backup, or nothing of it that is not here already
   */
  public synchronized List<StreamId> restore(String name) throws Refused {
    Path folder = folder(name);
    if (!Files.isDirectory(folder)) {
      throw new Refused(
          Refused.Kind.NOT_FOUND,
          "no backup \"" + name + "\"; there are: " + String.join(", ", list()));
    }
    List<StreamId> restored = new ArrayList<>();
    for (StreamRecord stream : store.restore(folder.resolve("memory"))) {
      segments.restore(folder.resolve("segments"), stream.spec().id());
      streams.resume(stream);
      restored.add(stream.spec().id());
    }
    if (restored.isEmpty()) {
      throw new Refused(
          Refused.Kind.ALREADY_EXISTS,
          "every stream of backup \"" + name + "\" is here already; remove one with its memory to"
              + " bring it back");
    }
    return restored;
  }

  private static StoreException failed(String what, IOException cause) {
    return new StoreException(StoreException.Reason.FAILED, what + ": " + cause, cause);
  }

  private Path folder(String name) throws Refused {
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          Refused.Kind.INVALID,
          "a backup's name has a-z, 0-9, _ and -, at most 64, not \"" + name + "\"");
    }
    return root.resolve(name);
  }

  private static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
