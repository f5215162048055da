package org.onlooker.onnx;

import java.util.LinkedHashSet;
import java.util.Set;

/**
 * What {@code config.json} says of the decoder.
 *
 * @param maxPositions positions the rotary embedding was trained for; a hard cap for fused graphs
 * @param imageTokenId id whose embedding rows are overwritten by visual tokens
 * @param endIds every id that ends an answer
 */
public record DecoderConfig(
    int layers,
    int hiddenSize,
    int kvHeads,
    int headDim,
    int vocabSize,
    int maxPositions,
    long imageTokenId,
    RopeConfig rope,
    Set<Long> endIds) {

  static DecoderConfig read(PackJson config, PackJson generation) {
    PackJson text = config.section("text_config");
    int heads = text.integer("num_attention_heads");
    int hidden = text.integer("hidden_size");
    int headDim = text.integerOr("head_dim", hidden / heads);
    Set<Long> endIds = new LinkedHashSet<>();
    for (PackJson json : new PackJson[] {generation, config, text}) {
      json.numbers("eos_token_id").forEach(id -> endIds.add(id.longValue()));
    }
    int imageToken = config.has("image_token_id")
        ? config.integer("image_token_id")
        : config.integer("image_token_index");
    return new DecoderConfig(
        text.integer("num_hidden_layers"),
        hidden,
        text.integerOr("num_key_value_heads", heads),
        headDim,
        text.has("vocab_size") ? text.integer("vocab_size") : config.integer("vocab_size"),
        text.integer("max_position_embeddings"),
        imageToken,
        RopeConfig.read(text, headDim),
        Set.copyOf(endIds));
  }
}
