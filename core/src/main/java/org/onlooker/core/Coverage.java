package org.onlooker.core;

import java.util.ArrayList;
import java.util.List;

/** The stretches a question asks about in which nobody was watching. */
final class Coverage {
  private static final long NOW_MICROS = 5_000_000;
  private static final long MOMENT_MICROS = 2_000_000;

  private Coverage() {}

  static List<Gap> of(
      MemoryStore store, AnswerRun.Admitted admitted, TimedQuestion read, Pts asOf) {
    StreamId stream = admitted.question().stream();
    Span asked = asked(read, asOf);
    List<Gap> gaps = new ArrayList<>(store.gaps(stream, asked));
    Pts stored = store.storedThrough(stream).orElse(Pts.ZERO);
    if (admitted.now().live() && asOf.micros() - stored.micros() > NOW_MICROS) {
      Span unseen = new Span(stored, asOf);
      if (unseen.overlaps(asked)) {
        gaps.add(
            new Gap(unseen, admitted.now().trouble().orElse("the watching is behind the stream")));
      }
    }
    return gaps.stream().map(gap -> clipped(gap, asOf)).filter(Coverage::isSome).toList();
  }

  private static Span asked(TimedQuestion read, Pts asOf) {
    return switch (read.about()) {
      case NOW -> around(asOf, NOW_MICROS);
      case MOMENT -> read.moment().map(m -> around(m, MOMENT_MICROS)).orElse(Span.ALL);
      case HISTORY -> read.scope().orElse(Span.ALL).until(asOf);
    };
  }

  private static Span around(Pts pts, long micros) {
    return new Span(new Pts(Math.max(0, pts.micros() - micros)), pts.plusMicros(micros));
  }

  private static Gap clipped(Gap gap, Pts asOf) {
    return new Gap(gap.span().until(asOf), gap.reason());
  }

  private static boolean isSome(Gap gap) {
    return gap.span().start().isBefore(gap.span().end());
  }
}
