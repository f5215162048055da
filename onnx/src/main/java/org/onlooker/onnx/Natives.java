package org.onlooker.onnx;

import ai.onnxruntime.OrtEnvironment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/**
 * Where ONNX Runtime and the tokenizers library unpack their native code. Left alone, the first
 * unpacks into a new temporary folder at each start (left behind by a kill), the second into the
 * user's home.
 */
public final class Natives {
  private static final String TELEMETRY_SWITCH = "ORT_DISABLE_TELEMETRY";
  private static final String ROOT = "ai/onnxruntime/native/";

  private Natives() {}

  /**
   * Unpacks into {@code folder}, once per version; to be called before any model is loaded.
   *
   * @throws UncheckedIOException when the folder cannot be written
   */
  public static void unpackTo(Path folder) {
    try {
      Files.createDirectories(folder);
      System.setProperty("DJL_CACHE_DIR", folder.toAbsolutePath().toString());
      System.setProperty("ENGINE_CACHE_DIR", folder.toAbsolutePath().toString());
      System.setProperty("onnxruntime.native.path", unpackOnnxRuntime(folder).toString());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot unpack the native code of ONNX Runtime into " + folder, e);
    }
    keepOffline();
  }

  /**
   * Stops both libraries from going online. The tokenizers library looks for downloads and
   * reports its use; ONNX Runtime 1.29 on Linux sends telemetry (and writes {@code
   * mat-debug-*.log} into the temporary folder) unless an environment variable says no, which is
   * set here for this process.
   */
  static void keepOffline() {
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    Linker linker = Linker.nativeLinker();
    linker.defaultLookup().find("setenv").ifPresent(setenv -> callSetenv(linker, setenv));
  }

  private static void callSetenv(Linker linker, MemorySegment setenv) {
    MethodHandle handle = linker.downcallHandle(
        setenv,
        FunctionDescriptor.of(
            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    try (Arena arena = Arena.ofConfined()) {
      int failed = (int)
          handle.invokeExact(arena.allocateFrom(TELEMETRY_SWITCH), arena.allocateFrom("1"), 1);
      if (failed != 0) {
        throw new IllegalStateException("cannot set " + TELEMETRY_SWITCH);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("cannot set " + TELEMETRY_SWITCH, e);
    }
  }

  private static Path unpackOnnxRuntime(Path folder) throws IOException {
    URL marker = OrtEnvironment.class.getResource("OrtEnvironment.class");
    if (marker == null || !(marker.openConnection() instanceof JarURLConnection connection)) {
      throw new IOException("ONNX Runtime was not loaded from a jar");
    }
    connection.setUseCaches(false);
    try (JarFile jar = connection.getJarFile()) {
      String jarName = Path.of(jar.getName()).getFileName().toString().replace(".jar", "");
      Path target = folder.resolve(jarName).toAbsolutePath();
      Files.createDirectories(target);
      for (JarEntry entry : libraries(jar)) {
        unpack(jar, entry, target);
      }
      return target;
    }
  }

  private static List<JarEntry> libraries(JarFile jar) throws IOException {
    String prefix = ROOT + platform() + "/";
    List<JarEntry> entries = jar.stream()
        .filter(entry -> entry.getName().startsWith(prefix))
        .filter(entry -> !entry.isDirectory())
        .filter(entry -> entry.getName().indexOf('/', prefix.length()) < 0)
        .toList();
    if (entries.isEmpty()) {
      throw new IOException("ONNX Runtime has no native code for " + platform());
    }
    return entries;
  }

  /** Moves a finished copy into place, so that a kill never leaves half a library. */
  private static void unpack(JarFile jar, JarEntry entry, Path target) throws IOException {
    String name = entry.getName();
    Path file = target.resolve(name.substring(name.lastIndexOf('/') + 1));
    if (Files.exists(file) && Files.size(file) == entry.getSize()) {
      return;
    }
    Path part = Files.createTempFile(target, "unpacking", ".part");
    try (InputStream in = jar.getInputStream(entry)) {
      Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String platform() {
    String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    String name = os.contains("mac") ? "osx" : os.contains("win") ? "win" : "linux";
    return name + (arm ? "-aarch64" : "-x64");
  }
}
