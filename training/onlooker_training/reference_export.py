"""Exports an idefics3/smolvlm model as three ONNX graphs in the onnx-community layout.

The forward passes are written out here over the model's own weights: the library's forward has
data-dependent indexing and cache objects that do not export.

    vision_encoder   pixel_values f32 [b,n,3,e,e], pixel_attention_mask bool [b,n,e,e]
                     -> image_features f32 [b*n,tokens,H]
    embed_tokens     input_ids i64 [B,S] -> inputs_embeds f32 [B,S,H]
    decoder "plain"  inputs_embeds, attention_mask i64 [B,P+S], position_ids i64 [B,S],
                     num_logits_to_keep i64 [] (0 = all), past_key_values.{i}.key/.value
                     [B,KV,P,d] -> logits f32 [B,K,V], present.{i}.key/.value [B,KV,P+S,d]
    decoder "gqa"    inputs_embeds, attention_mask, past_key_values.* -> logits, present.*

"gqa" holds the same weights around `com.microsoft.GroupQueryAttention` with do_rotary=1 and no
position_ids input: the position of new token i is past length + i (ONNX Runtime's contrib
operator documentation).
"""

from __future__ import annotations

import logging
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper
from torch import nn
from torch.export import Dim

OPSET = 18
EXTERNAL_DATA_ABOVE_BYTES = 100 * 1024 * 1024
DYNAMIC = Dim.DYNAMIC


class VisionEncoder(nn.Module):
    """Vision tower and connector. Unlike the library it never drops images that are all zero."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.tower = model.model.vision_model
        self.connector = model.model.connector
        side = model.config.vision_config.image_size // model.config.vision_config.patch_size
        self.side = side
        self.register_buffer("boundaries", torch.arange(1 / side, 1.0, 1 / side))

    def forward(self, pixel_values: torch.Tensor, pixel_attention_mask: torch.Tensor):
        pixels = pixel_values.flatten(0, 1)
        mask = self._patch_mask(pixel_attention_mask.flatten(0, 1))
        hidden = self.tower.embeddings.patch_embedding(pixels).flatten(2).transpose(1, 2)
        hidden = hidden + self.tower.embeddings.position_embedding(self._positions(mask))
        bias = _mask_bias(mask.flatten(1)[:, None, None, :])
        for layer in self.tower.encoder.layers:
            hidden = layer(hidden, bias)
        return self.connector(self.tower.post_layernorm(hidden))

    def _patch_mask(self, pixel_mask: torch.Tensor) -> torch.Tensor:
        """bool [N,e,e] -> bool [N,side,side]: a patch counts if any of its pixels does."""
        edge = pixel_mask.shape[-1] // self.side
        grid = pixel_mask.reshape(-1, self.side, edge, self.side, edge)
        return grid.to(torch.int32).sum(dim=(2, 4)) > 0

    def _positions(self, mask: torch.Tensor) -> torch.Tensor:
        """Bucketised fractional coordinates (NaViT style), 0 for padded patches: i64 [N,side^2]."""
        index = torch.arange(self.side, dtype=torch.float32)
        rows = self._bucket(index, mask[:, :, 0])
        columns = self._bucket(index, mask[:, 0, :])
        positions = rows[:, :, None] * self.side + columns[:, None, :]
        return torch.where(mask, positions, torch.zeros_like(positions)).flatten(1)

    def _bucket(self, index: torch.Tensor, valid: torch.Tensor) -> torch.Tensor:
        step = 1.0 / valid.to(torch.float32).sum(dim=1, keepdim=True)
        fraction = torch.clamp(index[None, :] * step, max=1.0 - 1e-6)
        return (fraction[:, :, None] >= self.boundaries).to(torch.int64).sum(dim=-1)


class EmbedTokens(nn.Module):
    """The token embedding table."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.table = model.get_input_embeddings()

    def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
        return self.table(input_ids)


class PlainDecoder(nn.Module):
    """Llama decoder whose cache grows by Concat and whose positions are an input.

    The cache may be fp16 (`kv_dtype`): new keys and values are rounded before they are attended
    to, so that a token sees the same numbers now and later.
    """

    def __init__(self, model: nn.Module, kv_dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.text = model.model.text_model
        self.lm_head = model.lm_head
        self.config = model.config.text_config
        self.kv_dtype = kv_dtype

    def forward(self, inputs_embeds, attention_mask, position_ids, past):
        past_length, length = past[0].shape[2], inputs_embeds.shape[1]
        allowed = _causal(past_length, length)[None, None] & (attention_mask[:, None, None, :] > 0)
        bias = _mask_bias(allowed)
        angle = position_ids[:, :, None].to(torch.float32) * self.text.rotary_emb.inv_freq
        angle = torch.cat((angle, angle), dim=-1)[:, None]
        cos, sin = angle.cos(), angle.sin()
        hidden, present = inputs_embeds, []
        for i, layer in enumerate(self.text.layers):
            attended, key, value = self._attention(
                layer.self_attn, layer.input_layernorm(hidden), bias, cos, sin,
                past[2 * i], past[2 * i + 1])
            hidden = hidden + attended
            hidden = hidden + layer.mlp(layer.post_attention_layernorm(hidden))
            present += [key, value]
        return self.lm_head(self.text.norm(hidden)), present

    def _attention(self, attention, x, bias, cos, sin, past_key, past_value):
        query = _rotate(_heads(attention.q_proj(x), attention.head_dim), cos, sin)
        key = _rotate(_heads(attention.k_proj(x), attention.head_dim), cos, sin)
        value = _heads(attention.v_proj(x), attention.head_dim)
        key = torch.cat((past_key, key.to(self.kv_dtype)), dim=2)
        value = torch.cat((past_value, value.to(self.kv_dtype)), dim=2)
        groups = attention.num_key_value_groups
        keys, values = _repeat(key.to(x.dtype), groups), _repeat(value.to(x.dtype), groups)
        scores = query @ keys.transpose(2, 3) * attention.scaling + bias
        mixed = torch.softmax(scores, dim=-1) @ values
        return attention.o_proj(mixed.transpose(1, 2).flatten(2)), key, value


class GqaDecoder(nn.Module):
    """The same decoder around GroupQueryAttention; positions follow from the past length."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.text = model.model.text_model
        self.lm_head = model.lm_head
        self.config = model.config.text_config
        position = torch.arange(self.config.max_position_embeddings, dtype=torch.float32)
        angle = position[:, None] * self.text.rotary_emb.inv_freq
        self.register_buffer("cos_cache", angle.cos())
        self.register_buffer("sin_cache", angle.sin())

    def forward(self, inputs_embeds, attention_mask, past):
        last_index = (attention_mask.sum(dim=1) - 1).to(torch.int32)
        total = torch.full((), attention_mask.shape[1], dtype=torch.int32)
        hidden, present = inputs_embeds, []
        for i, layer in enumerate(self.text.layers):
            attended, key, value = self._attention(
                layer.self_attn, layer.input_layernorm(hidden), last_index, total,
                past[2 * i], past[2 * i + 1], attention_mask.shape[1])
            hidden = hidden + attended
            hidden = hidden + layer.mlp(layer.post_attention_layernorm(hidden))
            present += [key, value]
        return self.lm_head(self.text.norm(hidden)), present

    def _attention(self, attention, x, last_index, total, past_key, past_value, total_length):
        query, key, value = attention.q_proj(x), attention.k_proj(x), attention.v_proj(x)
        present_shape = (*past_key.shape[:2], total_length, past_key.shape[3])
        mixed, present_key, present_value = torch.onnx.ops.symbolic_multi_out(
            "com.microsoft::GroupQueryAttention",
            (query, key, value, past_key, past_value, last_index, total,
             self.cos_cache, self.sin_cache),
            {
                "num_heads": self.config.num_attention_heads,
                "kv_num_heads": self.config.num_key_value_heads,
                "do_rotary": 1,
                "rotary_interleaved": 0,
                "scale": float(attention.scaling),
            },
            dtypes=(query.dtype, key.dtype, value.dtype),
            shapes=(query.shape, present_shape, present_shape),
            version=1,
        )
        return attention.o_proj(mixed), present_key, present_value


def _heads(x: torch.Tensor, head_dim: int) -> torch.Tensor:
    """[B,S,heads*d] -> [B,heads,S,d]."""
    return x.unflatten(-1, (-1, head_dim)).transpose(1, 2)


def _repeat(x: torch.Tensor, groups: int) -> torch.Tensor:
    """[B,KV,T,d] -> [B,KV*groups,T,d], each head `groups` times."""
    return x[:, :, None].expand(-1, -1, groups, -1, -1).flatten(1, 2)


def _rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Half-rotation RoPE: pairs are (j, j + d/2)."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


def _causal(past_length, length) -> torch.Tensor:
    """bool [S,P+S]: a token sees the past and the new tokens up to itself."""
    row = torch.arange(length)[:, None] + past_length
    return torch.arange(past_length + length)[None, :] <= row


def _mask_bias(allowed: torch.Tensor) -> torch.Tensor:
    zero = torch.zeros((), dtype=torch.float32)
    return torch.where(allowed, zero, torch.full((), torch.finfo(torch.float32).min))


def export_pack_graphs(model: nn.Module, folder: Path, decoder: str,
                       kv_dtype: torch.dtype = torch.float32) -> None:
    """Writes the three graphs into `folder`/onnx."""
    target = folder / "onnx"
    target.mkdir(parents=True, exist_ok=True)
    config = model.config
    edge = config.vision_config.image_size
    _export(VisionEncoder(model), target / "vision_encoder.onnx",
            (torch.zeros(2, 3, 3, edge, edge), torch.ones(2, 3, edge, edge, dtype=torch.bool)),
            ({0: DYNAMIC, 1: DYNAMIC}, {0: DYNAMIC, 1: DYNAMIC}),
            {"pixel_values": ("batch_size", "num_images", 3, edge, edge),
             "pixel_attention_mask": ("batch_size", "num_images", edge, edge)},
            {"image_features": ("total_images", _tokens(config), config.text_config.hidden_size)})
    _export(EmbedTokens(model), target / "embed_tokens.onnx",
            (torch.zeros(2, 5, dtype=torch.int64),), ({0: DYNAMIC, 1: DYNAMIC},),
            {"input_ids": ("batch_size", "sequence_length")},
            {"inputs_embeds": ("batch_size", "sequence_length", config.text_config.hidden_size)})
    if decoder == "plain":
        _export_plain(model, target / "decoder_model_merged.onnx", kv_dtype)
    else:
        _export_gqa(model, target / "decoder_model_merged.onnx")


def _tokens(config) -> int:
    side = config.vision_config.image_size // config.vision_config.patch_size
    return (side // config.scale_factor) ** 2


def _decoder_io(config, kv_dtype):
    """Example tensors and axis names shared by both kinds of decoder graph."""
    text = config.text_config
    embeds = torch.zeros(2, 5, text.hidden_size)
    mask = torch.ones(2, 12, dtype=torch.int64)
    past = [torch.zeros(2, text.num_key_value_heads, 7, text.head_dim, dtype=kv_dtype)
            for _ in range(2 * text.num_hidden_layers)]
    names = [f"{i}.{part}" for i in range(text.num_hidden_layers) for part in ("key", "value")]
    kv = ("batch_size", text.num_key_value_heads)
    inputs = {
        "inputs_embeds": ("batch_size", "sequence_length", text.hidden_size),
        "attention_mask": ("batch_size", "total_sequence_length"),
    }
    past_axes = {f"past_key_values.{n}": (*kv, "past_sequence_length", text.head_dim)
                 for n in names}
    outputs = {"logits": ("batch_size", "num_logits", text.vocab_size)}
    outputs |= {f"present.{n}": (*kv, "total_sequence_length", text.head_dim) for n in names}
    return embeds, mask, past, inputs, past_axes, outputs


def _export_plain(model, path: Path, kv_dtype) -> None:
    embeds, mask, past, inputs, past_axes, outputs = _decoder_io(model.config, kv_dtype)
    positions = torch.arange(7, 12).repeat(2, 1)
    two = {0: DYNAMIC, 1: DYNAMIC}
    inputs["position_ids"] = ("batch_size", "sequence_length")
    _export(PlainDecoder(model, kv_dtype), path, (embeds, mask, positions, past),
            (two, two, two, [{0: DYNAMIC, 2: DYNAMIC} for _ in past]),
            inputs | past_axes, outputs, edit=_declare_num_logits_to_keep)


def _export_gqa(model, path: Path) -> None:
    embeds, mask, past, inputs, past_axes, outputs = _decoder_io(model.config, torch.float32)
    outputs["logits"] = ("batch_size", "sequence_length", model.config.text_config.vocab_size)
    two = {0: DYNAMIC, 1: DYNAMIC}
    _export(GqaDecoder(model), path, (embeds, mask, past),
            (two, two, [{0: DYNAMIC, 2: DYNAMIC} for _ in past]), inputs | past_axes, outputs)


def _export(module, path: Path, example, dynamic_shapes, inputs, outputs, edit=None) -> None:
    logging.getLogger("torch.onnx").setLevel(logging.ERROR)
    with torch.no_grad():
        program = torch.onnx.export(
            module.eval(), example, dynamo=True, opset_version=OPSET, verbose=False,
            dynamic_shapes=dynamic_shapes, input_names=list(inputs), output_names=list(outputs))
    graph = program.model_proto
    _name_axes(graph.graph.input, inputs)
    _name_axes(graph.graph.output, outputs)
    del graph.graph.value_info[:]
    if edit:
        edit(graph)
    _strip_traces(graph)
    _save(graph, path)


def _name_axes(values, axes: dict) -> None:
    for value in values:
        shape = value.type.tensor_type.shape
        if len(shape.dim) != len(axes[value.name]):
            raise ValueError(f"{value.name} has rank {len(shape.dim)}, not {axes[value.name]}")
        for dim, name in zip(shape.dim, axes[value.name], strict=True):
            dim.Clear()
            if isinstance(name, str):
                dim.dim_param = name
            else:
                dim.dim_value = name


def _strip_traces(graph: onnx.ModelProto) -> None:
    """Removes the exporter's notes: they hold source paths of the exporting machine."""
    del graph.metadata_props[:]
    del graph.graph.metadata_props[:]
    for part in (*graph.graph.node, *graph.graph.input, *graph.graph.output,
                 *graph.graph.initializer):
        del part.metadata_props[:]
    for node in graph.graph.node:
        node.doc_string = ""


def _declare_num_logits_to_keep(model: onnx.ModelProto) -> None:
    """Cuts the rows before the head: Slice(start = -k), so 0 keeps all and 1 the last row."""
    graph = model.graph
    head = next(node for node in graph.node if "logits" in node.output)
    hidden = head.input[0]
    constants = {"kept_shape": [1], "kept_end": [2**63 - 1], "kept_axis": [1]}
    graph.initializer.extend(
        helper.make_tensor(name, TensorProto.INT64, [1], value)
        for name, value in constants.items())
    cut = [
        helper.make_node("Neg", ["num_logits_to_keep"], ["kept_minus"]),
        helper.make_node("Reshape", ["kept_minus", "kept_shape"], ["kept_start"]),
        helper.make_node("Slice", [hidden, "kept_start", "kept_end", "kept_axis"], ["kept_rows"]),
    ]
    head.input[0] = "kept_rows"
    at = list(graph.node).index(head)
    nodes = [*graph.node[:at], *cut, *graph.node[at:]]
    del graph.node[:]
    graph.node.extend(nodes)
    graph.input.append(helper.make_tensor_value_info("num_logits_to_keep", TensorProto.INT64, []))


def _save(graph: onnx.ModelProto, path: Path) -> None:
    data = path.with_name(path.name + "_data")
    data.unlink(missing_ok=True)
    weights = sum(len(tensor.raw_data) for tensor in graph.graph.initializer)
    if weights > EXTERNAL_DATA_ABOVE_BYTES:
        onnx.save_model(graph, path, save_as_external_data=True, location=data.name)
        data.chmod(path.stat().st_mode)
    else:
        onnx.checker.check_model(graph)
        onnx.save_model(graph, path)
