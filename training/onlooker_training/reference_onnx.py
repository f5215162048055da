"""A pack run with ONNX Runtime alone, and a report of differences."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer


class OnnxPack:
    """The three sessions of a pack; batch size 1, caches f32 or f16 [layers*2][1,KV,T,d]."""

    def __init__(self, folder: Path) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        graphs = ("vision_encoder", "embed_tokens", "decoder_model_merged")
        self.vision, self.embed, self.decoder = (
            ort.InferenceSession(folder / "onnx" / f"{name}.onnx", options,
                                 providers=["CPUExecutionProvider"]) for name in graphs)
        self.config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
        self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        inputs = {i.name: i for i in self.decoder.get_inputs()}
        self.past_names = [name for name in inputs if name.startswith("past_key_values.")]
        self.kv_type = (np.float16 if "float16" in inputs[self.past_names[0]].type
                        else np.float32)
        self.kv_shape = inputs[self.past_names[0]].shape
        self.has_positions = "position_ids" in inputs
        self.has_num_logits = "num_logits_to_keep" in inputs

    def features(self, pixels: np.ndarray, mask: np.ndarray | None = None) -> np.ndarray:
        """f32 [n,tokens,H] of pixel_values f32 [n,3,e,e], mask bool [n,e,e] (default: all)."""
        if mask is None:
            mask = np.ones((len(pixels), *pixels.shape[2:]), dtype=bool)
        return self.vision.run(None, {"pixel_values": pixels[None],
                                      "pixel_attention_mask": mask[None]})[0]

    def embeds(self, ids: list[int], features: np.ndarray | None = None) -> np.ndarray:
        """Rows f32 [n,H], image tokens replaced by feature rows."""
        tokens = np.array(ids, dtype=np.int64)
        rows = self.embed.run(None, {"input_ids": tokens[None]})[0][0]
        if features is not None:
            rows[tokens == self.config["image_token_id"]] = features.reshape(-1, rows.shape[-1])
        return rows

    def empty_cache(self) -> list[np.ndarray]:
        shape = (1, self.kv_shape[1], 0, self.kv_shape[3])
        return [np.zeros(shape, self.kv_type) for _ in self.past_names]

    def step(self, embeds: np.ndarray, past: list[np.ndarray], positions=None,
             mask=None, keep: int = 0) -> tuple[np.ndarray, list[np.ndarray]]:
        """Logits f32 [K,V] and the present cache; positions default to past length + i."""
        length = past[0].shape[2]
        total = length + len(embeds)
        feeds = dict(zip(self.past_names, past, strict=True))
        feeds["inputs_embeds"] = embeds[None]
        feeds["attention_mask"] = np.ones((1, total), np.int64) if mask is None else mask[None]
        if self.has_positions:
            positions = range(length, total) if positions is None else positions
            feeds["position_ids"] = np.array([list(positions)], dtype=np.int64)
        elif positions is not None and list(positions) != list(range(length, total)):
            raise ValueError("this graph takes positions from the past length")
        if self.has_num_logits:
            feeds["num_logits_to_keep"] = np.array(keep, dtype=np.int64)
        out = self.decoder.run(None, feeds)
        return out[0][0], out[1:]

    def greedy(self, logits: np.ndarray, past: list[np.ndarray], count: int,
               first_position: int | None = None) -> tuple[list[int], np.ndarray]:
        """`count` tokens after `logits`, and the logits of the last."""
        tokens = [int(logits[-1].argmax())]
        while len(tokens) < count:
            at = None if first_position is None else [first_position + len(tokens) - 1]
            logits, past = self.step(self.embeds(tokens[-1:]), past, at, keep=1)
            tokens.append(int(logits[-1].argmax()))
        return tokens, logits[-1]


class Report:
    """Collects the largest difference, or the count of equal cases, per line."""

    def __init__(self, tolerance: float) -> None:
        self.tolerance = tolerance
        self.worst: dict[str, float] = {}
        self.allowed: dict[str, float] = {}
        self.counts: dict[str, list[int]] = {}

    def near(self, name: str, got: np.ndarray, expected: np.ndarray,
             tolerance: float | None = None) -> None:
        """The largest absolute difference must stay within the tolerance."""
        if got.shape != expected.shape:
            raise AssertionError(f"{name}: shape {got.shape}, expected {expected.shape}")
        worst = float(np.abs(got.astype(np.float64) - expected).max())
        self.note(name, worst, self.tolerance if tolerance is None else tolerance)

    def note(self, name: str, figure: float, tolerance: float = math.inf) -> None:
        """A figure that is shown; it is judged only if a tolerance is given."""
        self.worst[name] = max(figure, self.worst.get(name, 0.0))
        self.allowed[name] = tolerance

    def equal(self, name: str, got, expected) -> None:
        count = self.counts.setdefault(name, [0, 0])
        count[0] += got == expected
        count[1] += 1

    def failures(self) -> list[str]:
        """Names of lines outside their tolerance (a NaN is outside) or not all equal."""
        return ([name for name, worst in self.worst.items() if not worst <= self.allowed[name]]
                + [name for name, (equal, total) in self.counts.items() if equal < total])

    def text(self) -> str:
        rows = [f"{name:48} {worst:.1e}"
                + (f"  (allowed {self.allowed[name]:.0e})" if math.isfinite(self.allowed[name])
                   else "") for name, worst in self.worst.items()]
        rows += [f"{name:48} {equal}/{total} equal"
                 for name, (equal, total) in self.counts.items()]
        return "\n".join(rows + [f"FAILED: {name}" for name in self.failures()])


def stacked(layers: list[np.ndarray]) -> np.ndarray:
    """f32 [layers,KV,T,d]."""
    return np.concatenate(layers).astype(np.float32)


def rope_theta(pack: OnnxPack) -> float:
    text = pack.config["text_config"]
    return text.get("rope_theta") or text["rope_parameters"]["rope_theta"]


def rotate(keys: np.ndarray, by: list[int], theta: float) -> np.ndarray:
    """Moves keys [layers,KV,T,d] by `by` positions each: half-rotation RoPE, fp32 angles."""
    half = keys.shape[-1] // 2
    inverse = (1 / theta ** (np.arange(half, dtype=np.float32) / np.float32(half)))
    angle = np.array(by, np.float32)[:, None] * inverse.astype(np.float32)
    cos, sin = np.cos(angle), np.sin(angle)
    first, second = keys[..., :half], keys[..., half:]
    return np.concatenate((first * cos - second * sin, second * cos + first * sin), axis=-1)


def layers_of(keys: np.ndarray, values: np.ndarray, dtype) -> list[np.ndarray]:
    """[layers,KV,T,d] keys and values as the graph's inputs, key and value in turn."""
    pairs = zip(keys.astype(dtype), values.astype(dtype), strict=True)
    return [np.ascontiguousarray(side[None]) for pair in pairs for side in pair]
