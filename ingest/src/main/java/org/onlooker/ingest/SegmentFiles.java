package org.onlooker.ingest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.StoreException;

/**
 * What lies in the folder of segments, version 1.
 *
 * <pre>
 * segments/.version                             "1", the version of what follows
 * segments/.cut/                                files for those who asked; emptied at each start
 * segments/STREAM/START-END.mp4                 a segment
 * segments/STREAM/START-part.mp4                a segment in the making
 * </pre>
 *
 * START and END are media time in microseconds, 16 digits, so that names sort by time. A segment is
 * fragmented MP4 (ISO/IEC 14496-12, section 8.8): {@code ftyp moov (moof mdat)* mfra?}, one video
 * track, the source's own packets. Its first packet is a keyframe, whose PTS is START; the PTS of
 * every other one is START plus its distance from the first. It is whole up to its last complete
 * {@code mdat}: what follows a crash is cut off there, and the file gets its END.
 */
final class SegmentFiles {
  private static final String VERSION = "1";
  private static final String VERSION_FILE = ".version";
  private static final String CUT_FOLDER = ".cut";
  private static final Pattern NAME = Pattern.compile("(\\d{16})-(\\d{16}|part)\\.mp4");
  private static final int BOX_HEAD_BYTES = 8;
  private static final int LONG_BOX_HEAD_BYTES = 16;

  private SegmentFiles() {}

  /** A segment's file and the media time it holds, as its name says. */
  record Found(Path path, Span span, long bytes) {}

  /** Makes the folder, or checks that it is of this version; empties the folder of cut files. */
  static void prepare(Path root) throws IOException {
    Files.createDirectories(root);
    Path version = root.resolve(VERSION_FILE);
    if (Files.notExists(version)) {
      Files.writeString(version, VERSION + "\n");
    }
    String found = Files.readString(version).strip();
    if (!found.equals(VERSION)) {
      throw new StoreException(
          StoreException.Reason.FORMAT,
          root + " holds segments of version " + found + ", this Onlooker knows " + VERSION
              + "; use the newer one, or move the folder away");
    }
    Files.createDirectories(cuts(root));
    try (Stream<Path> left = Files.list(cuts(root))) {
      for (Path file : left.toList()) {
        Files.delete(file);
      }
    }
  }

  static Path cuts(Path root) {
    return root.resolve(CUT_FOLDER);
  }

  static Path inTheMaking(Path folder, Pts start) {
    return folder.resolve(digits(start) + "-part.mp4");
  }

  static Path complete(Path folder, Span span) {
    return folder.resolve(digits(span.start()) + "-" + digits(span.end()) + ".mp4");
  }

  private static String digits(Pts pts) {
    return String.format(Locale.ROOT, "%016d", pts.micros());
  }

  /** What a file is by its name; one that a crash left in the making is mended first. */
  static Optional<Found> find(Path file) throws IOException {
    Matcher name = NAME.matcher(file.getFileName().toString());
    if (!name.matches()) {
      return Optional.empty();
    }
    Pts start = new Pts(Long.parseLong(name.group(1)));
    if (name.group(2).equals("part")) {
      return mended(file, start);
    }
    Pts end = new Pts(Long.parseLong(name.group(2)));
    return end.isBefore(start)
        ? Optional.empty()
        : Optional.of(new Found(file, new Span(start, end), Files.size(file)));
  }

  private static Optional<Found> mended(Path file, Pts start) throws IOException {
    cutTornTail(file);
    Optional<Span> held = PieceReader.spanOf(Piece.segment(file, start));
    if (held.isEmpty()) {
      Files.delete(file);
      return Optional.empty();
    }
    Span span = held.get();
    Path complete = complete(file.getParent(), span);
    Files.move(file, complete);
    return Optional.of(new Found(complete, span, Files.size(complete)));
  }

  /** Cuts a file behind its last complete {@code mdat}. */
  private static void cutTornTail(Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long whole = 0;
      long at = 0;
      while (at + BOX_HEAD_BYTES <= channel.size()) {
        ByteBuffer head = ByteBuffer.allocate(LONG_BOX_HEAD_BYTES);
        channel.read(head, at);
        long length = Integer.toUnsignedLong(head.getInt(0));
        String type =
            new String(head.array(), Integer.BYTES, Integer.BYTES, StandardCharsets.US_ASCII);
        length = length == 1 ? head.getLong(BOX_HEAD_BYTES) : length;
        if (length < BOX_HEAD_BYTES || length > channel.size() - at) {
          break;
        }
        at += length;
        whole = type.equals("mdat") ? at : whole;
      }
      channel.truncate(whole);
    }
  }
}
