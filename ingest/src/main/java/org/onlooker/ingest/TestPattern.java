package org.onlooker.ingest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A drawn picture for every moment, the same for the same seed: one to three coloured shapes that
 * cross a dark ground, each in a lane of its own, a new set every four seconds, and the seconds
 * since the start at the lower edge.
 */
final class TestPattern {
  static final int WIDTH = 640;
  static final int HEIGHT = 360;
  static final long DEFAULT_SEED = 7;
  static final int GROUND_RGB = 0x202428;
  private static final long SCENE_MICROS = 4_000_000;
  private static final int LANE_HEIGHT = 100;
  private static final int RADIUS = 40;
  private static final int DIGIT_WIDTH = 16;
  private static final int DIGIT_HEIGHT = 30;
  private static final int STROKE = 4;

  /** Segments a to g of each digit, lowest bit first. */
  private static final int[] DIGITS = {0x3f, 0x06, 0x5b, 0x4f, 0x66, 0x6d, 0x7d, 0x07, 0x7f, 0x6f};

  enum Shape {
    CIRCLE,
    SQUARE,
    TRIANGLE
  }

  /** Named colours, far apart from each other. */
  enum Ink {
    RED(0xe02020),
    GREEN(0x20a040),
    BLUE(0x2050e0),
    YELLOW(0xf0d020),
    PURPLE(0x9030c0),
    WHITE(0xf0f0f0);

    final int rgb;

    Ink(int rgb) {
      this.rgb = rgb;
    }
  }

  /** A shape with its centre in pixels. */
  record Item(Shape shape, Ink ink, int x, int y) {}

  private final long seed;

  TestPattern(long seed) {
    this.seed = seed;
  }

  /** What is to be seen at a time, from the upper lane to the lower. */
  List<Item> itemsAt(long ptsMicros) {
    long scene = Math.floorDiv(ptsMicros, SCENE_MICROS);
    double progress = (double) Math.floorMod(ptsMicros, SCENE_MICROS) / SCENE_MICROS;
    Random random = new Random(seed * 1_000_003 + scene);
    List<Ink> inks = new ArrayList<>(Arrays.asList(Ink.values()));
    Collections.shuffle(inks, random);
    int count = 1 + random.nextInt(3);
    List<Item> items = new ArrayList<>();
    for (int lane = 0; lane < count; lane++) {
      Shape shape = Shape.values()[random.nextInt(Shape.values().length)];
      double along = random.nextBoolean() ? progress : 1 - progress;
      int x = (int) Math.round(RADIUS + along * (WIDTH - 2 * RADIUS));
      items.add(new Item(shape, inks.get(lane), x, lane * LANE_HEIGHT + LANE_HEIGHT / 2));
    }
    return List.copyOf(items);
  }

  /** RGB24 pixels, {@code WIDTH * HEIGHT * 3} bytes, row-major. */
  byte[] draw(long ptsMicros) {
    byte[] pixels = new byte[WIDTH * HEIGHT * 3];
    fill(pixels, 0, 0, WIDTH, HEIGHT, GROUND_RGB);
    for (Item item : itemsAt(ptsMicros)) {
      drawItem(pixels, item);
    }
    drawSeconds(pixels, Math.floorDiv(ptsMicros, 1_000_000L));
    return pixels;
  }

  private static void drawItem(byte[] pixels, Item item) {
    for (int dy = -RADIUS; dy <= RADIUS; dy++) {
      int half = switch (item.shape) {
        case SQUARE -> RADIUS;
        case CIRCLE -> (int) Math.sqrt(RADIUS * RADIUS - dy * dy);
        case TRIANGLE -> (dy + RADIUS) / 2;
      };
      fill(pixels, item.x - half, item.y + dy, 2 * half + 1, 1, item.ink.rgb);
    }
  }

  private static void drawSeconds(byte[] pixels, long seconds) {
    String text = Long.toString(seconds);
    int top = HEIGHT - DIGIT_HEIGHT - STROKE;
    for (int i = 0; i < text.length(); i++) {
      int left = STROKE + i * (DIGIT_WIDTH + 2 * STROKE);
      drawDigit(pixels, left, top, DIGITS[Math.floorMod(text.charAt(i) - '0', 10)]);
    }
  }

  private static void drawDigit(byte[] pixels, int left, int top, int segments) {
    int half = DIGIT_HEIGHT / 2;
    int right = left + DIGIT_WIDTH - STROKE;
    int bottom = top + DIGIT_HEIGHT - STROKE;
    int[][] boxes = {
      {left, top, DIGIT_WIDTH, STROKE},
      {right, top, STROKE, half},
      {right, top + half, STROKE, half},
      {left, bottom, DIGIT_WIDTH, STROKE},
      {left, top + half, STROKE, half},
      {left, top, STROKE, half},
      {left, top + half - STROKE / 2, DIGIT_WIDTH, STROKE}
    };
    for (int i = 0; i < boxes.length; i++) {
      if ((segments >> i & 1) == 1) {
        fill(pixels, boxes[i][0], boxes[i][1], boxes[i][2], boxes[i][3], Ink.WHITE.rgb);
      }
    }
  }

  private static void fill(byte[] pixels, int left, int top, int width, int height, int rgb) {
    int right = Math.min(WIDTH, left + width);
    for (int y = Math.max(0, top); y < Math.min(HEIGHT, top + height); y++) {
      for (int x = Math.max(0, left); x < right; x++) {
        int i = (y * WIDTH + x) * 3;
        pixels[i] = (byte) (rgb >> 16);
        pixels[i + 1] = (byte) (rgb >> 8);
        pixels[i + 2] = (byte) rgb;
      }
    }
  }
}
