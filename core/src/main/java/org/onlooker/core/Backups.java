package org.onlooker.core;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
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
  private static final int NAME_LENGTH_MAX = 64;
  private static final String UNFINISHED = ".unfinished-";
  private static final String MEMORY = "memory";
  private static final String SEGMENTS = "segments";

  private final Path root;
  private final MemoryStore store;
  private final Segments segments;
  private final Streams streams;
  private final ReentrantLock busy = new ReentrantLock();

  /** @param root need not exist */
  public Backups(Path root, MemoryStore store, Segments segments, Streams streams) {
    this.root = root;
    this.store = store;
    this.segments = segments;
    this.streams = streams;
  }

  /** Removes what a crash left of a backup being made. */
  public void removeInterrupted() {
    for (String name : names()) {
      if (name.startsWith(UNFINISHED)) {
        try {
          FileTree.delete(root.resolve(name));
        } catch (IOException e) {
          throw failed("what is left of a backup cannot be removed", e);
        }
      }
    }
  }

  /** The names of all backups, sorted. */
  public List<String> list() {
    return names().stream()
        .filter(name -> NAME.matcher(name).matches())
        .sorted()
        .toList();
  }

  private List<String> names() {
    try (Stream<Path> files = Files.isDirectory(root) ? Files.list(root) : Stream.empty()) {
      return files.map(file -> file.getFileName().toString()).toList();
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
  public Path create(String name) throws Refused {
    Path folder = folder(name);
    return alone(() -> create(name, folder));
  }

  private Path create(String name, Path folder) throws Refused {
    if (Files.exists(folder)) {
      throw new Refused(
          Refused.Kind.ALREADY_EXISTS, "backup \"" + name + "\" exists; choose another name");
    }
    Path unfinished = root.resolve(UNFINISHED + name);
    try {
      Files.createDirectories(unfinished);
      segments.backup(Files.createDirectory(unfinished.resolve(SEGMENTS)));
      store.backup(unfinished.resolve(MEMORY));
      return Files.move(unfinished, folder);
    } catch (IOException e) {
      deleteAfter(e, unfinished);
      throw failed("backup \"" + name + "\" cannot be made", e);
    } catch (RuntimeException e) {
      deleteAfter(e, unfinished);
      throw e;
    }
  }

  private static void deleteAfter(Exception failure, Path unfinished) {
    try {
      FileTree.delete(unfinished);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /**
   * Brings back, and watches again, the streams of a backup of which there is neither a record nor
   * a clip here.
   *
   * @throws Refused when there is no such backup, or nothing of it that is not here already
   * @throws StoreException when the backup cannot be read, or the disk has no room; streams that
   *     came before stay
   */
  public List<StreamId> restore(String name) throws Refused {
    Path folder = folder(name);
    return alone(() -> restore(name, folder));
  }

  private List<StreamId> restore(String name, Path folder) throws Refused {
    if (!Files.isDirectory(folder)) {
      throw new Refused(
          Refused.Kind.NOT_FOUND, "there is no backup \"" + name + "\"; there are: " + list());
    }
    List<StreamId> restored = new ArrayList<>();
    store.restore(folder.resolve(MEMORY), stream -> {
      try {
        segments.restore(folder.resolve(SEGMENTS), stream.spec().id());
      } finally {
        streams.resume(stream);
      }
      restored.add(stream.spec().id());
    });
    if (restored.isEmpty()) {
      throw new Refused(
          Refused.Kind.ALREADY_EXISTS,
          "every stream of backup \"" + name + "\" is here already, or its memory is; remove one"
              + " with its memory to bring it back");
    }
    return restored;
  }

  /** What may be refused. */
  private interface Work<T> {
    T run() throws Refused;
  }

  private <T> T alone(Work<T> work) throws Refused {
    if (!busy.tryLock()) {
      throw new Refused(
          Refused.Kind.OVERLOADED, "another backup is being made or restored; try again then");
    }
    try {
      return work.run();
    } finally {
      busy.unlock();
    }
  }

  private static StoreException failed(String what, IOException cause) {
    return new StoreException(
        StoreException.Reason.FAILED, what + ": " + cause + "; look at the disk", cause);
  }

  private Path folder(String name) throws Refused {
    if (!NAME.matcher(name).matches()) {
      throw new Refused(
          Refused.Kind.INVALID,
          "backup name \"" + name.substring(0, Math.min(name.length(), NAME_LENGTH_MAX))
              + "\": use 1 to " + NAME_LENGTH_MAX
              + " of a-z, 0-9, _ and -, a letter or digit first");
    }
    return root.resolve(name);
  }
}
