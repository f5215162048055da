package org.onlooker.memory;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URL;
import java.net.URLConnection;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * RocksDB's native library, unpacked once into a folder of ours. Left alone, RocksDB unpacks 17 MB
 * into the temporary folder at every start, and leaves them there when the process is killed.
 */
final class RocksNative {
  // RocksDB.loadLibrary(List) adds "jni" once more to the name that its jar has
  private static final String NAME_LOOKED_FOR = Environment.getJniLibraryFileName("rocksdbjni");

  private RocksNative() {}

  /** Loads the library from {@code folder}, unpacking it first when it is not there. */
  static synchronized void load(Path folder) {
    try {
      RocksDB.loadLibrary(List.of(unpack(folder).toAbsolutePath().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException("RocksDB's library cannot be unpacked to " + folder, e);
    }
  }

  /** The folder that holds the library; its name changes with the library's content. */
  private static Path unpack(Path folder) throws IOException {
    String name = Environment.getJniLibraryFileName("rocksdb");
    URL resource = RocksDB.class.getResource("/" + name);
    if (resource == null) {
      throw new FileNotFoundException(name + ": rocksdbjni has no library for this machine");
    }
    URLConnection connection = resource.openConnection();
    connection.setUseCaches(false);
    try (InputStream library = connection.getInputStream()) {
      Path target = folder.resolve("rocksdb-" + version(connection)).resolve(NAME_LOOKED_FOR);
      if (!Files.exists(target) || Files.size(target) != connection.getContentLengthLong()) {
        Files.createDirectories(target.getParent());
        Path part = Files.createTempFile(target.getParent(), name, ".part");
        Files.copy(library, part, StandardCopyOption.REPLACE_EXISTING);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
      }
      return target.getParent();
    }
  }

  private static String version(URLConnection connection) throws IOException {
    return connection instanceof JarURLConnection jar
        ? Long.toHexString(jar.getJarEntry().getCrc())
        : "local";
  }
}
