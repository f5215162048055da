package org.onlooker.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import org.onlooker.core.Answer;
import org.onlooker.core.AnswerListener;
import org.onlooker.core.Citation;
import org.onlooker.core.ClipKey;
import org.onlooker.core.CommentaryListener;
import org.onlooker.core.ConversationId;
import org.onlooker.core.Question;
import org.onlooker.core.Refused;
import org.onlooker.core.Remark;
import org.onlooker.core.StreamId;

/**
 * One stream in a terminal: its commentary as it comes, and answers to what is typed. While an
 * answer is being written, remarks wait for its end.
 */
final class Terminal {
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);

  private final App app;
  private final StreamId stream;
  private final ConversationId conversation = ConversationId.fresh();
  private final List<String> held = new ArrayList<>();
  private boolean answering;

  Terminal(App app, StreamId stream) {
    this.app = app;
    this.stream = stream;
  }

  /** Says where the page is, and speaks from now on. */
  void open() {
    System.out.println("Onlooker is at " + app.address() + " and watches \"" + stream + "\".");
    System.out.println("It says what changes; type a question and Enter to ask. Ctrl-C stops it.");
    app.commentary().listen(new Ear());
    Thread.ofPlatform().daemon().name("terminal").start(this::read);
  }

  private void read() {
    try (var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isBlank()) {
          ask(line.strip());
        }
      }
    } catch (IOException e) {
      System.err.println("onlooker: the keyboard cannot be read: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(String text) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    synchronized (this) {
      answering = true;
    }
    try {
      app.answerer().ask(Question.of(stream, text).in(conversation), new Writer(done));
      done.await();
    } catch (Refused | IllegalArgumentException e) {
      System.out.println("(" + e.getMessage() + ")");
    } finally {
      release();
    }
  }

  private synchronized void release() {
    answering = false;
    held.forEach(System.out::println);
    held.clear();
  }

  private synchronized void show(Remark remark) {
    String time = CLOCK.format(remark.startTime().atZone(ZoneId.systemDefault()));
    String line = "[" + time + "] " + remark.text();
    if (answering) {
      held.add(line);
    } else {
      System.out.println(line);
    }
  }

  /** Shows remarks of this stream whole. */
  private final class Ear implements CommentaryListener {
    @Override
    public void delta(ClipKey clip, String text) {}

    @Override
    public void done(Remark remark) {
      if (remark.stream().equals(stream)) {
        show(remark);
      }
    }
  }

  /** Writes an answer as it comes. */
  private record Writer(CountDownLatch done) implements AnswerListener {
    @Override
    public void delta(String text) {
      System.out.print(text);
      System.out.flush();
    }

    @Override
    public void citation(Citation citation) {}

    @Override
    public void done(Answer answer) {
      answer.reason().ifPresent(reason -> System.out.print(" (" + reason + ")"));
      System.out.println();
      done.countDown();
    }
  }
}
