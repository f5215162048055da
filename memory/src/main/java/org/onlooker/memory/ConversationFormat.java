package org.onlooker.memory;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.onlooker.core.Conversation;
import org.onlooker.core.Pts;
import org.onlooker.core.Span;
import org.onlooker.core.TimedQuestion.Part;
import org.onlooker.core.Turn;

/**
 * Payloads of conversations and their turns, in the words of {@link MemoryFormat}; stream, id and
 * number are in the key, {@link ConversationKeys}:
 *
 * <pre>
 * conversation  i64 number of its next turn, i32 turns kept, instant createdAt, instant updatedAt,
 *               string title
 * turn          string answerId, said question, said answer, instant askedAt, i64 asOf,
 *               i32 length, span[length] citations
 * said          string text, i32 length, part[length]
 * part          i8 0, string words; or i8 1, i64 moment
 * </pre>
 */
final class ConversationFormat {
  private static final byte WORDS = 0;
  private static final byte MOMENT = 1;

  /**
   * A conversation and where its next turn goes.
   *
   * @param next number of that turn
   */
  record Head(Conversation conversation, long next) {
    Head with(Turn turn) {
      return new Head(conversation.with(turn), next + 1);
    }

    /** Number of the oldest turn that is kept. */
    long first() {
      return next - conversation.turnCount();
    }
  }

  private ConversationFormat() {}

  static byte[] head(byte[] key, Head head) {
    Conversation conversation = head.conversation();
    byte[] title = MemoryFormat.utf8(conversation.title());
    ByteBuffer to = MemoryFormat.frame(Long.BYTES
        + Integer.BYTES
        + 2 * MemoryFormat.INSTANT_BYTES
        + MemoryFormat.stringBytes(title));
    to.putLong(head.next()).putInt(conversation.turnCount());
    MemoryFormat.putInstant(to, conversation.createdAt());
    MemoryFormat.putInstant(to, conversation.updatedAt());
    MemoryFormat.putString(to, title);
    return MemoryFormat.seal(ValueFrame.Kind.CONVERSATION, key, to);
  }

  static Optional<Head> head(byte[] key, byte[] value) {
    return MemoryFormat.open(ValueFrame.Kind.CONVERSATION, key, value).map(from -> {
      long next = from.getLong();
      int turns = from.getInt();
      Instant createdAt = MemoryFormat.instant(from);
      Instant updatedAt = MemoryFormat.instant(from);
      return new Head(
          new Conversation(
              ConversationKeys.conversation(key),
              ConversationKeys.stream(key),
              MemoryFormat.string(from),
              turns,
              createdAt,
              updatedAt),
          next);
    });
  }

  static byte[] turn(byte[] key, Turn turn) {
    byte[] answerId = MemoryFormat.utf8(turn.answerId());
    ByteBuffer to = MemoryFormat.frame(MemoryFormat.stringBytes(answerId)
        + bytes(turn.question())
        + bytes(turn.answer())
        + MemoryFormat.INSTANT_BYTES
        + Long.BYTES
        + Integer.BYTES
        + turn.citations().size() * MemoryFormat.SPAN_BYTES);
    MemoryFormat.putString(to, answerId);
    putSaid(to, turn.question());
    putSaid(to, turn.answer());
    MemoryFormat.putInstant(to, turn.askedAt());
    to.putLong(turn.asOf().micros()).putInt(turn.citations().size());
    turn.citations().forEach(span -> MemoryFormat.putSpan(to, span));
    return MemoryFormat.seal(ValueFrame.Kind.TURN, key, to);
  }

  static Optional<Turn> turn(byte[] key, byte[] value) {
    return MemoryFormat.open(ValueFrame.Kind.TURN, key, value).map(from -> {
      String answerId = MemoryFormat.string(from);
      Turn.Said question = said(from);
      Turn.Said answer = said(from);
      Instant askedAt = MemoryFormat.instant(from);
      Pts asOf = new Pts(from.getLong());
      List<Span> citations = new ArrayList<>();
      for (int left = from.getInt(); left > 0; left--) {
        citations.add(MemoryFormat.span(from));
      }
      return new Turn(answerId, question, answer, askedAt, asOf, citations);
    });
  }

  private static int bytes(Turn.Said said) {
    return MemoryFormat.stringBytes(MemoryFormat.utf8(said.text()))
        + Integer.BYTES
        + said.parts().stream().mapToInt(ConversationFormat::bytes).sum();
  }

  private static int bytes(Part part) {
    return 1
        + switch (part) {
          case Part.Words words -> MemoryFormat.stringBytes(MemoryFormat.utf8(words.text()));
          case Part.At at -> Long.BYTES;
        };
  }

  private static void putSaid(ByteBuffer to, Turn.Said said) {
    MemoryFormat.putString(to, MemoryFormat.utf8(said.text()));
    to.putInt(said.parts().size());
    for (Part part : said.parts()) {
      switch (part) {
        case Part.Words words ->
          MemoryFormat.putString(to.put(WORDS), MemoryFormat.utf8(words.text()));
        case Part.At at -> to.put(MOMENT).putLong(at.moment().micros());
      }
    }
  }

  private static Turn.Said said(ByteBuffer from) {
    String text = MemoryFormat.string(from);
    List<Part> parts = new ArrayList<>();
    for (int left = from.getInt(); left > 0; left--) {
      parts.add(
          from.get() == WORDS
              ? new Part.Words(MemoryFormat.string(from))
              : new Part.At(new Pts(from.getLong())));
    }
    return new Turn.Said(text, parts);
  }
}
