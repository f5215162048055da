package org.onlooker.bench;

import java.util.Arrays;
import java.util.List;

/** {@code ./onlooker bench NAME [--quick] [--json] …}: runs one benchmark of {@link #TABLE}. */
public final class BenchMain {
  private static final int USAGE = 2;

  /** Takes what stands behind its name on the command line; returns the exit code. */
  @FunctionalInterface
  interface Benchmark {
    int run(List<String> arguments) throws Exception;
  }

  private record Entry(String name, String measures, Benchmark benchmark) {}

  private static final List<Entry> TABLE = List.of(
      new Entry(
          "decode", "CPU time of decode, sample and scale against ffmpeg's", DecodeBench::run),
      new Entry(
          "watch",
          "CPU time of encoding and prefilling against the bare sessions",
          WatchBench::run),
      new Entry(
          "streams",
          "streams that the machine bears, the limit, and answering meanwhile",
          StreamsBench::run),
      new Entry("recall", "recall over a million clips against the exact scan", RecallBench::run),
      new Entry(
          "answers",
          "accuracy of answers on drawn worlds, by policy and age of evidence",
          AnswersBench::run),
      new Entry(
          "memory",
          "what policy, token reduction and storage cost and save, one axis at a time",
          MemoryBench::run),
      new Entry(
          "endless",
          "time to first token and memory over a stream of eight hours",
          EndlessBench::run),
      new Entry(
          "commentary",
          "what the commentary reports of a drawn world, how soon, and how often wrongly",
          CommentaryBench::run),
      new Entry("live", "how far the live picture is behind its source", LiveBench::run),
      new Entry("crash", "what kill -9, damaged files and a full disk cost", CrashBench::run),
      new Entry(
          "sockets",
          "50 viewers and 50 askers over WebSocket, or hostile messages",
          SocketsBench::run),
      new Entry("loop", "the product beside a straightforward loop in Python", LoopBench::run),
      new Entry(
          "codec", "bytes, errors and time of stored keys and values, by codec", CodecBench::run));

  private BenchMain() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 0 || args[0].equals("--help")) {
      System.out.println(
          "Usage: onlooker bench NAME [--quick] [--json] [options of the benchmark]");
      TABLE.forEach(e -> System.out.printf("  %-10s %s%n", e.name(), e.measures()));
      System.exit(args.length == 0 ? USAGE : 0);
    }
    for (Entry entry : TABLE) {
      if (entry.name().equals(args[0])) {
        System.exit(entry.benchmark().run(Arrays.asList(args).subList(1, args.length)));
      }
    }
    System.err.println("onlooker: no benchmark \"" + args[0] + "\"; there are "
        + TABLE.stream().map(Entry::name).toList());
    System.exit(USAGE);
  }
}
