package org.onlooker.vision.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtSession;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.onlooker.core.EncodedFrames;
import org.onlooker.core.Picture;
import org.onlooker.core.PictureSpec;
import org.onlooker.core.VisualEncoder;
import org.onlooker.core.VisualTokens;
import org.onlooker.onnx.ExecutionProvider;
import org.onlooker.onnx.ModelPack;
import org.onlooker.onnx.OnnxModel;
import org.onlooker.onnx.PackException;
import org.onlooker.onnx.Tensors;
import org.onlooker.onnx.VisionConfig;
import org.onlooker.vision.PixelNormalizer;
import org.onlooker.vision.UnitVector;

/**
 * The idefics3 / SmolVLM vision tower: {@code pixel_values} f32 {@code [1, n, 3, edge, edge]} to
 * {@code image_features} {@code [n, tokens, hidden]}, one picture per frame, never tiled. A clip's
 * frames go through in one run. A second output {@code image_embeds} {@code [n, dim]}, where the
 * pack has it, gives the clip's embedding.
 *
 * <p>A tower with a temporal patch of k pictures takes {@code [n / k, k, 3, edge, edge]} and gives
 * {@code n / k} groups; the last picture is repeated where a clip has too few.
 */
public final class OnnxVisualEncoder implements VisualEncoder {
  private static final String PIXELS = "pixel_values";
  private static final String PIXEL_MASK = "pixel_attention_mask";
  private static final String FEATURES = "image_features";
  private static final String EMBEDDINGS = "image_embeds";

  private final OnnxModel tower;
  private final VisionConfig config;
  private final int hiddenSize;
  private final PixelNormalizer normalizer;

  private OnnxVisualEncoder(OnnxModel tower, ModelPack pack) {
    this.tower = tower;
    this.config = pack.vision();
    this.hiddenSize = pack.decoder().hiddenSize();
    this.normalizer = new PixelNormalizer(config);
  }

  /**
   * Loads the tower of a pack.
   *
   * @throws PackException when the graph is not the one that the pack's config describes
   */
  public static OnnxVisualEncoder load(ModelPack pack, ExecutionProvider provider, int threads) {
    OnnxModel tower = OnnxModel.load(pack.graph("vision_encoder"), provider, threads);
    try {
      check(tower, pack);
      return new OnnxVisualEncoder(tower, pack);
    } catch (RuntimeException e) {
      tower.close();
      throw e;
    }
  }

  private static void check(OnnxModel tower, ModelPack pack) {
    PictureSpec picture = pack.vision().picture();
    tower.requireOnlyInputs(Set.of(PIXELS, PIXEL_MASK));
    tower.requireInput(PIXELS, -1, -1, 3, picture.height(), picture.width());
    if (tower.takes(PIXEL_MASK)) {
      tower.requireInput(PIXEL_MASK, -1, -1, picture.height(), picture.width());
    }
    tower.requireOutput(
        FEATURES, -1, pack.vision().tokensPerFrame(), pack.decoder().hiddenSize());
  }

  @Override
  public PictureSpec pictures() {
    return config.picture();
  }

  @Override
  public EncodedFrames encode(List<Picture> pictures) {
    int width = config.picture().width();
    int height = config.picture().height();
    long floats = PixelNormalizer.floats(width, height);
    int patch = config.temporalPatch();
    int groups = Math.ceilDiv(pictures.size(), patch);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment pixels = arena.allocate(floats * groups * patch * Float.BYTES, 64);
      for (int i = 0; i < groups * patch; i++) {
        Picture picture = pictures.get(Math.min(i, pictures.size() - 1));
        requireSize(picture);
        normalizer.write(picture, pixels, i * floats);
      }
      return run(arena, pixels, groups);
    }
  }

  private void requireSize(Picture picture) {
    PictureSpec wanted = config.picture();
    if (picture.width() != wanted.width() || picture.height() != wanted.height()) {
      throw new IllegalArgumentException("picture of " + picture.width() + "x" + picture.height()
          + ", the tower takes " + wanted.width() + "x" + wanted.height());
    }
  }

  /** Runs the tower over {@code count} pictures, or groups of them, of {@code pixel_values}. */
  EncodedFrames run(Arena arena, MemorySegment pixels, int count) {
    int width = config.picture().width();
    int height = config.picture().height();
    int patch = config.temporalPatch();
    int clips = patch > 1 ? count : 1;
    int images = patch > 1 ? patch : count;
    boolean embeds = tower.gives(EMBEDDINGS);
    long maskBytes = tower.takes(PIXEL_MASK) ? (long) clips * images * width * height : 0;
    MemorySegment shown = arena.allocate(maskBytes).fill((byte) 1);
    try (OnnxTensor values = Tensors.floats(pixels, clips, images, 3, height, width);
        OnnxTensor mask =
            Tensors.booleans(shown, clips, maskBytes > 0 ? images : 0, height, width)) {
      Map<String, OnnxTensor> feeds = Map.of(PIXELS, values, PIXEL_MASK, mask);
      Set<String> wanted = embeds ? Set.of(FEATURES, EMBEDDINGS) : Set.of(FEATURES);
      try (OrtSession.Result result = tower.run(feeds, wanted, Map.of())) {
        float[] features = floats(tower.tensor(result, FEATURES));
        float[] embedding = embeds
            ? UnitVector.meanOf(floats(tower.tensor(result, EMBEDDINGS)), count)
            : new float[0];
        return new EncodedFrames(tokens(features, count), embedding);
      }
    }
  }

  private VisualTokens tokens(float[] features, int count) {
    int tokensPerFrame = features.length / (count * hiddenSize);
    return new VisualTokens(count, tokensPerFrame, hiddenSize, features);
  }

  private static float[] floats(OnnxTensor tensor) {
    FloatBuffer buffer = tensor.getFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  @Override
  public void close() {
    tower.close();
  }
}
