"""Writes the pack: four ONNX graphs, tokenizer and configuration.

    python -m onlooker_training.export --out ../models/onlooker-mini
    python -m onlooker_training.export --random --out DIR     # untrained, same dimensions

Weights are stored as fp16 and cast in the graph; all inputs and outputs are fp32 and int64. The
token table is stored once, in onnx/embed_tokens.onnx_data, which three graphs point at.
"""

import argparse
import io
import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto
from torch import Tensor, nn

from onlooker_training import asking, pictures
from onlooker_training import tokenizer as tok
from onlooker_training import tower as towers
from onlooker_training.contexts import MOST_CLIPS, VISUAL, WINDOW
from onlooker_training.decoder import Decoder, rotary
from onlooker_training.graph import OPSET, GraphBuilder, halve, share, value, write
from onlooker_training.text_head import TextHead

TABLE = "embed_tokens.weight"
TABLE_FILE = "embed_tokens.onnx_data"
PROOF_CLIPS = 3
"""Whatever comes into the drawn world stays for four seconds; the tower is wrong for one or two."""
F32, I64 = TensorProto.FLOAT, TensorProto.INT64


def array(tensor: Tensor) -> np.ndarray:
    return tensor.detach().float().numpy()


def embed_graph(decoder: Decoder) -> onnx.ModelProto:
    g = GraphBuilder()
    g.constant(TABLE, array(decoder.embed.weight))
    g.op("Gather", TABLE, "input_ids", name="inputs_embeds")
    return g.model("embed_tokens", [value("input_ids", I64, ["batch", "sequence"])],
                   [value("inputs_embeds", F32, ["batch", "sequence", decoder.config.hidden_size])])


class DecoderGraph:
    """The decoder with GroupQueryAttention: positions are honoured, one buffer may be past and
    present, queries before RoPE are outputs. See the pack's table of tensors in README.md."""

    def __init__(self, decoder: Decoder):
        self.decoder, self.c, self.g = decoder, decoder.config, GraphBuilder()

    def build(self) -> onnx.ModelProto:
        g, c = self.g, self.c
        g.constant("two", np.float32(2))
        g.constant("eps", np.float32(c.rms_norm_eps))
        g.constant("last_axis", np.array([-1]))
        g.constant("heads_shape", np.array([0, 0, c.num_attention_heads, c.head_dim]))
        self.lengths()
        cos, sin = rotary(c, torch.arange(c.max_position_embeddings))
        g.constant("cos_cache", array(cos))
        g.constant("sin_cache", array(sin))
        x = "inputs_embeds"
        for i, layer in enumerate(self.decoder.layers):
            x = self.layer(i, layer, x)
        x = self.norm(x, self.decoder.norm, "final_norm")
        x = g.op("Slice", x, "first_row", "no_end", "rows_axis", name="kept")
        g.constant(TABLE, array(self.decoder.embed.weight))
        head = g.op("Transpose", TABLE, name="lm_head", perm=[1, 0])
        g.op("MatMul", x, head, name="logits")
        return g.model("decoder_model_merged", self.inputs(), self.outputs())

    def lengths(self) -> None:
        """seqlens_k [B] and total_sequence_length from the mask; the first row with logits."""
        g = self.g
        g.constant("columns_axis", np.array([1]))
        g.constant("rows_axis", np.array([1]))
        g.constant("one", np.array(1))
        g.constant("column", np.array(1))
        g.constant("no_end", np.array([np.iinfo(np.int64).max]))
        g.constant("single", np.array([1]))
        total = g.op("ReduceSum", "attention_mask", "columns_axis", name="mask_sum", keepdims=0)
        g.op("Cast", g.op("Sub", total, "one", name="mask_last"), name="seqlens_k",
             to=TensorProto.INT32)
        shape = g.op("Shape", "attention_mask", name="mask_shape")
        g.op("Cast", g.op("Gather", shape, "column", name="mask_columns"),
             name="total_sequence_length", to=TensorProto.INT32)
        start = g.op("Neg", "num_logits_to_keep", name="minus_kept")
        g.op("Reshape", start, "single", name="first_row")

    def norm(self, x: str, module: nn.Module, name: str) -> str:
        g = self.g
        square = g.op("Pow", x, "two", name=f"{name}.square")
        mean = g.op("ReduceMean", square, "last_axis", name=f"{name}.mean", keepdims=1)
        root = g.op("Sqrt", g.op("Add", mean, "eps", name=f"{name}.eps"), name=f"{name}.root")
        scaled = g.op("Div", x, root, name=f"{name}.scaled")
        weight = g.constant(f"{name}.weight", array(module.weight))
        return g.op("Mul", scaled, weight, name=name)

    def linear(self, x: str, module: nn.Linear, name: str) -> str:
        weight = self.g.constant(f"{name}.weight", array(module.weight).T)
        return self.g.op("MatMul", x, weight, name=name)

    def layer(self, i: int, layer: nn.Module, x: str) -> str:
        g, c, p = self.g, self.c, f"layers.{i}"
        n = self.norm(x, layer.input_norm, f"{p}.input_norm")
        q, k, v = (self.linear(n, module, f"{p}.{name}") for name, module in
                   (("q", layer.q), ("k", layer.k), ("v", layer.v)))
        heads = g.op("Reshape", q, "heads_shape", name=f"{p}.heads")
        g.op("Transpose", heads, name=f"query.{i}", perm=[0, 2, 1, 3])
        past = f"past_key_values.{i}"
        attended = g.op(
            "GroupQueryAttention", q, k, v, f"{past}.key", f"{past}.value", "seqlens_k",
            "total_sequence_length", "cos_cache", "sin_cache", "position_ids",
            name=f"{p}.attention", domain="com.microsoft",
            outputs=[f"{p}.attended", f"present.{i}.key", f"present.{i}.value"],
            num_heads=c.num_attention_heads, kv_num_heads=c.num_key_value_heads,
            do_rotary=1, rotary_interleaved=0)
        x = g.op("Add", x, self.linear(attended, layer.o, f"{p}.o"), name=f"{p}.mid")
        n = self.norm(x, layer.post_norm, f"{p}.post_norm")
        gate = self.linear(n, layer.gate, f"{p}.gate")
        active = g.op("Mul", gate, g.op("Sigmoid", gate, name=f"{p}.sigmoid"), name=f"{p}.silu")
        wide = g.op("Mul", active, self.linear(n, layer.up, f"{p}.up"), name=f"{p}.wide")
        return g.op("Add", x, self.linear(wide, layer.down, f"{p}.down"), name=f"{p}.out")

    def cache(self, prefix: str, length: str) -> list[onnx.ValueInfoProto]:
        shape = ["batch", self.c.num_key_value_heads, length, self.c.head_dim]
        return [value(f"{prefix}.{i}.{part}", F32, shape)
                for i in range(self.c.num_hidden_layers) for part in ("key", "value")]

    def inputs(self) -> list[onnx.ValueInfoProto]:
        return [value("inputs_embeds", F32, ["batch", "sequence", self.c.hidden_size]),
                value("attention_mask", I64, ["batch", "total_sequence"]),
                value("position_ids", I64, ["batch", "sequence"]),
                *self.cache("past_key_values", "past_sequence"),
                value("num_logits_to_keep", I64, [])]

    def outputs(self) -> list[onnx.ValueInfoProto]:
        c = self.c
        query = ["batch", c.num_attention_heads, "sequence", c.head_dim]
        return [value("logits", F32, ["batch", "kept_sequence", c.vocab_size]),
                *self.cache("present", "present_sequence"),
                *(value(f"query.{i}", F32, query) for i in range(c.num_hidden_layers))]


class VisionGraph(nn.Module):
    """pixel_values [b, 2, 3, e, e] → image_features [b, T, H], image_embeds [b, D]."""

    def __init__(self, tower: nn.Module, projector: nn.Linear):
        super().__init__()
        self.tower, self.projector = tower, projector

    def forward(self, pixel_values: Tensor) -> tuple[Tensor, Tensor]:
        slots, embeds = self.tower(pixel_values)
        return self.projector(slots), embeds


class TextGraph(nn.Module):
    """input_ids [B, L], attention_mask [B, L] → text_embeds [B, D]."""

    def __init__(self, decoder: Decoder, head: TextHead):
        super().__init__()
        self.embed_tokens, self.head = nn.Embedding.from_pretrained(decoder.embed.weight), head

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        return self.head(self.embed_tokens(input_ids), attention_mask)


def traced(module: nn.Module, example: tuple, inputs: list[str], outputs: list[str],
           dynamic: dict) -> onnx.ModelProto:
    """torch's tracing exporter; weights keep the module's names."""
    module.eval()
    buffer = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(module, example, buffer, input_names=inputs, output_names=outputs,
                          dynamic_axes=dynamic, opset_version=OPSET, dynamo=False)
    return onnx.load_from_string(buffer.getvalue())


def vision_graph(tower: nn.Module, projector: nn.Linear) -> onnx.ModelProto:
    example = (torch.zeros(1, 2, 3, pictures.SIZE, pictures.SIZE),)
    return traced(VisionGraph(tower, projector), example, ["pixel_values"],
                  ["image_features", "image_embeds"],
                  {"pixel_values": {0: "clips"}, "image_features": {0: "clips"},
                   "image_embeds": {0: "clips"}})


def text_graph(decoder: Decoder, head: TextHead) -> onnx.ModelProto:
    example = (torch.ones(2, 7, dtype=torch.long), torch.ones(2, 7, dtype=torch.long))
    return traced(TextGraph(decoder, head), example, ["input_ids", "attention_mask"],
                  ["text_embeds"], {"input_ids": {0: "batch", 1: "sequence"},
                                    "attention_mask": {0: "batch", 1: "sequence"},
                                    "text_embeds": {0: "batch"}})


def write_graphs(folder: Path, decoder: Decoder, tower: nn.Module, projector: nn.Linear,
                 head: TextHead) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    table = array(decoder.embed.weight).astype(np.float16)
    (folder / TABLE_FILE).write_bytes(table.tobytes())
    graphs = {"embed_tokens": embed_graph(decoder),
              "decoder_model_merged": DecoderGraph(decoder).build(),
              "text_model": text_graph(decoder, head)}
    for name, model in graphs.items():
        halve(model, keep=("cos_cache", "sin_cache"))
        write(share(model, f"{TABLE}.fp16", TABLE_FILE), folder / f"{name}.onnx")
    write(halve(vision_graph(tower, projector)), folder / "vision_encoder.onnx")


def configuration(decoder: Decoder, tokenizer, settings: dict) -> dict:
    c, ident = decoder.config, tokenizer.token_to_id
    return {
        "model_type": "smolvlm",
        "architectures": ["SmolVLMForConditionalGeneration"],
        "image_token_id": ident(tok.IMAGE),
        "scale_factor": 1,
        "vision_config": {"image_size": pictures.SIZE, "patch_size": pictures.CELL,
                          "temporal_patch_size": 2, "num_channels": 3,
                          "hidden_size": towers.WIDTH, "num_hidden_layers": 3,
                          "num_attention_heads": 6},
        "text_config": {**c.to_json(), "eos_token_id": ident(tok.END),
                        "pad_token_id": ident(tok.PAD)},
        "tie_word_embeddings": True,
        "eos_token_id": ident(tok.END),
        "bos_token_id": None,
        "pad_token_id": ident(tok.PAD),
        "onlooker": {
            "name": "onlooker-mini",
            "domain": "A drawn world: up to four of 101 emoji objects, ten coloured shapes and "
                      "signs at a time. It knows nothing of real footage.",
            "fit": "letterbox",
            "pad_color": [127, 127, 127],
            "clip_seconds": 1,
            "frames_per_clip": 2,
            "sinks": "".join(tok.SINKS),
            "clip_open": "<M{mm}><S{ss}>",
            "frame": "{image}",
            "visual_tokens": VISUAL,
            "clip_close": "<m{mm}><s{ss}>",
            "time": "<m{mm}><s{ss}>",
            "question": f"{tok.USER}{{question}}{tok.ASSISTANT}",
            "window_clips": WINDOW,
            "max_context_clips": MOST_CLIPS,
            "dialogue_tokens": 96,
            "caption_question": asking.CAPTION,
            "nothing": ["nothing", asking.UNKNOWN.lower().rstrip(".")],
            "proof_clips": PROOF_CLIPS,
            "reduction": {"reducers": ["unchanged", "alike"], "picture_difference": 16,
                          "alike_cosine": 0.98, "differential_cosine": 0.9,
                          "novelty_share": 0.67},
            "embedding": {"dim": towers.EMBED, "recall_floor": 0.0, **settings},
        },
    }


def write_configuration(folder: Path, decoder: Decoder, settings: dict) -> None:
    tokenizer = tok.load(folder)
    ident = tokenizer.token_to_id
    edge = {"longest_edge": pictures.SIZE}
    preprocessor = {
        "image_processor_type": "SmolVLMImageProcessor", "do_convert_rgb": True,
        "do_resize": True, "size": edge, "resample": 2, "do_image_splitting": False,
        "max_image_size": edge, "do_rescale": True, "rescale_factor": 1 / 255,
        "do_normalize": True, "image_mean": [0.5] * 3, "image_std": [0.5] * 3, "do_pad": True,
    }
    generation = {"do_sample": False, "eos_token_id": ident(tok.END),
                  "pad_token_id": ident(tok.PAD), "max_new_tokens": 32}
    for name, content in (("config", configuration(decoder, tokenizer, settings)),
                          ("preprocessor_config", preprocessor),
                          ("generation_config", generation)):
        (folder / f"{name}.json").write_text(json.dumps(content, indent=2) + "\n")


def load_parts(weights: Path, pack: Path, trained: bool = True):
    """Decoder, tower, projector, text head and embedding settings, in fp32 and eval mode."""
    from onlooker_training.train import language_model, restore
    torch.manual_seed(0)
    model, tower, head = language_model(tok.load(pack)), towers.Tower(), TextHead()
    settings = {}
    if trained:
        restore(model, weights / "language.safetensors")
        tower = towers.load(weights / "tower.safetensors")
        restore(head, weights / "text_head.safetensors")
        settings = json.loads((weights / "text_head.json").read_text())
    return model.decoder.eval(), tower.eval(), model.projector.eval(), head.eval(), settings


def main() -> None:
    from onlooker_training.train import PACK, WEIGHTS
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PACK)
    parser.add_argument("--pack", type=Path, default=PACK, help="where the tokenizer is")
    parser.add_argument("--random", action="store_true", help="untrained weights")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    tok.save(tok.load(args.pack), args.out)
    decoder, tower, projector, head, settings = load_parts(args.weights, args.pack, not args.random)
    write_configuration(args.out, decoder, settings)
    write_graphs(args.out / "onnx", decoder, tower, projector, head)


if __name__ == "__main__":
    main()
