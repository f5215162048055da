package org.onlooker.language.onnx;

import ai.onnxruntime.OnnxTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.onlooker.core.KvBlock;
import org.onlooker.core.KvShape;
import org.onlooker.language.FloatKind;
import org.onlooker.language.Rope;
import org.onlooker.onnx.Tensors;

/**
 * The keys and values of one sequence, off the Java heap, as a graph takes them: {@code [1,
 * kvHeads, rows, headDim]} per layer, keys rotated to their positions.
 *
 * <p>Two layouts. In place: rows stand {@code capacity} apart from head to head and one buffer is
 * past and present at once; the graph writes only the new rows. Dense: rows stand {@code length}
 * apart, and a second buffer takes the graph's present (a copy of the past with the new rows behind
 * it) and becomes the past.
 *
 * <p>Used by one thread. Closed when no run is under way.
 */
final class KvCache implements AutoCloseable {
  private final Arena arena = Arena.ofShared();
  private final KvShape shape;
  private final FloatKind kind;
  private final int capacity;
  private final boolean inPlace;
  private final List<OnnxTensor> tensors = new ArrayList<>();
  private MemorySegment keys;
  private MemorySegment values;
  private MemorySegment nextKeys;
  private MemorySegment nextValues;
  private int length;

  /**
   * An empty cache.
   *
   * @param capacity most rows it will hold
   */
  KvCache(KvShape shape, FloatKind kind, int capacity, boolean inPlace) {
    this.shape = shape;
    this.kind = kind;
    this.capacity = capacity;
    this.inPlace = inPlace;
    long bytes = (long) shape.floatsPerToken() * capacity * kind.bytes();
    this.keys = arena.allocate(bytes, 64);
    this.values = arena.allocate(bytes, 64);
    this.nextKeys = inPlace ? keys : arena.allocate(bytes, 64);
    this.nextValues = inPlace ? values : arena.allocate(bytes, 64);
  }

  int length() {
    return length;
  }

  int capacity() {
    return capacity;
  }

  /** A layer's past: keys, then values. Closed with {@link #releaseTensors}. */
  List<OnnxTensor> past(int layer) {
    int rows = stride(length);
    return List.of(tensor(keys, layer, rows), tensor(values, layer, rows));
  }

  /** Where a layer's present goes when {@code newRows} are run: keys, then values. */
  List<OnnxTensor> present(int layer, int newRows) {
    int rows = stride(length + newRows);
    return List.of(tensor(nextKeys, layer, rows), tensor(nextValues, layer, rows));
  }

  boolean inPlace() {
    return inPlace;
  }

  void releaseTensors() {
    tensors.forEach(OnnxTensor::close);
    tensors.clear();
  }

  /** Makes the present the past, after a run of {@code newRows}. */
  void advance(int newRows) {
    length += newRows;
    swap();
  }

  /** Adds rows whose content {@link #put} writes. */
  void grow(int newRows) {
    relayout(length, length + newRows);
    length += newRows;
  }

  /** Removes {@code count} rows from {@code from} on; the later ones move up. */
  void drop(int from, int count) {
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (int head = 0; head < shape.kvHeads(); head++) {
        dropInHead(layer, head, from, count);
      }
    }
    length -= count;
    swap();
  }

  private void dropInHead(int layer, int head, int from, int count) {
    long old = index(layer, head, 0, length);
    long fresh = index(layer, head, 0, length - count);
    if (!inPlace) {
      copyRows(old, fresh, from);
    }
    int behind = length - from - count;
    copyRows(
        old + (long) (from + count) * shape.headDim(),
        fresh + (long) from * shape.headDim(),
        behind);
  }

  private void relayout(int oldLength, int newLength) {
    if (inPlace) {
      return;
    }
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (int head = 0; head < shape.kvHeads(); head++) {
        copyRows(index(layer, head, 0, oldLength), index(layer, head, 0, newLength), oldLength);
      }
    }
    swap();
  }

  /** Rows of keys and values from the past's buffers to the present's. */
  private void copyRows(long from, long to, int rows) {
    int floats = rows * shape.headDim();
    kind.copyTo(keys, from, kind, nextKeys, to, floats);
    kind.copyTo(values, from, kind, nextValues, to, floats);
  }

  private void swap() {
    MemorySegment oldKeys = keys;
    MemorySegment oldValues = values;
    keys = nextKeys;
    values = nextValues;
    nextKeys = oldKeys;
    nextValues = oldValues;
  }

  /** Writes a block of raw keys into rows from {@code row} on, rotated by {@code turns}. */
  void put(KvBlock block, int row, Rope.Turns turns) {
    for (int layer = 0; layer < shape.layers(); layer++) {
      putLayer(layer, block, block.tokenCount(), row, turns, 0);
    }
  }

  /**
   * Writes one layer of a block's first {@code count} tokens into rows from {@code row} on.
   *
   * @param turn which of {@code turns} is the first token's
   */
  void putLayer(int layer, KvBlock block, int count, int row, Rope.Turns turns, int turn) {
    putLayerKeys(layer, block, count, row, turns, turn);
    for (int head = 0; head < shape.kvHeads(); head++) {
      FloatKind.F32.copyTo(
          block.values(),
          block.rowOffset(layer, head, 0),
          kind,
          values,
          index(layer, head, row, length),
          count * shape.headDim());
    }
  }

  /** Writes only the keys of a block whose values already stand in these rows. */
  void putKeys(KvBlock block, int row, Rope.Turns turns) {
    for (int layer = 0; layer < shape.layers(); layer++) {
      putLayerKeys(layer, block, block.tokenCount(), row, turns, 0);
    }
  }

  private void putLayerKeys(
      int layer, KvBlock block, int count, int row, Rope.Turns turns, int turn) {
    for (int head = 0; head < shape.kvHeads(); head++) {
      for (int token = 0; token < count; token++) {
        long from = block.rowOffset(layer, head, token);
        long to = index(layer, head, row + token, length);
        turns.turn(turn + token, FloatKind.F32, block.keys(), from, kind, keys, to);
        copyRest(turns, FloatKind.F32, block.keys(), from, kind, keys, to);
      }
    }
  }

  /** Copies rows from {@code row} on into a block, their rotation taken off by {@code turns}. */
  KvBlock read(int row, int count, Rope.Turns turns) {
    KvBlock block = KvBlock.allocate(shape, count);
    for (int layer = 0; layer < shape.layers(); layer++) {
      for (int head = 0; head < shape.kvHeads(); head++) {
        long from = index(layer, head, row, length);
        long to = block.rowOffset(layer, head, 0);
        kind.copyTo(values, from, FloatKind.F32, block.values(), to, count * shape.headDim());
        for (int token = 0; token < count; token++) {
          long step = (long) token * shape.headDim();
          turns.turn(token, kind, keys, from + step, FloatKind.F32, block.keys(), to + step);
          copyRest(turns, kind, keys, from + step, FloatKind.F32, block.keys(), to + step);
        }
      }
    }
    return block;
  }

  /** The columns that partial rotary leaves alone. */
  private void copyRest(
      Rope.Turns turns,
      FloatKind fromKind,
      MemorySegment from,
      long fromIndex,
      FloatKind toKind,
      MemorySegment to,
      long toIndex) {
    int turned = turns.columns();
    if (turned < shape.headDim()) {
      fromKind.copyTo(
          from, fromIndex + turned, toKind, to, toIndex + turned, shape.headDim() - turned);
    }
  }

  /** One float of the rotated keys. */
  float key(int layer, int head, int row, int column) {
    return kind.get(keys, index(layer, head, row, length) + column);
  }

  private int stride(int rows) {
    return inPlace ? capacity : rows;
  }

  private long index(int layer, int head, int row, int rows) {
    return (((long) layer * shape.kvHeads() + head) * stride(rows) + row) * shape.headDim();
  }

  private OnnxTensor tensor(MemorySegment memory, int layer, int rows) {
    long floats = (long) shape.kvHeads() * rows * shape.headDim();
    MemorySegment slice = memory.asSlice(layer * floats * kind.bytes(), floats * kind.bytes());
    OnnxTensor tensor =
        Tensors.floats(kind == FloatKind.F16, slice, 1, shape.kvHeads(), rows, shape.headDim());
    tensors.add(tensor);
    return tensor;
  }

  @Override
  public void close() {
    releaseTensors();
    arena.close();
  }
}
