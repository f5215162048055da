"""Replays a golden folder on a pack with ONNX Runtime alone and reports the differences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnxruntime as ort
from PIL import Image
from tokenizers import Tokenizer

from .reference_arrays import Golden


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

    def __init__(self) -> None:
        self.lines: dict[str, float] = {}
        self.counts: dict[str, list[int]] = {}

    def near(self, name: str, got: np.ndarray, expected: np.ndarray) -> None:
        if got.shape != expected.shape:
            raise AssertionError(f"{name}: shape {got.shape}, expected {expected.shape}")
        worst = float(np.abs(got.astype(np.float64) - expected).max())
        self.lines[name] = max(worst, self.lines.get(name, 0.0))

    def equal(self, name: str, got, expected) -> None:
        count = self.counts.setdefault(name, [0, 0])
        count[0] += got == expected
        count[1] += 1

    def text(self) -> str:
        rows = [f"{name:44} {worst:.1e}" for name, worst in self.lines.items()]
        rows += [f"{name:44} {equal}/{total} equal"
                 for name, (equal, total) in self.counts.items()]
        return "\n".join(rows)


def check(pack_folder: Path, golden_folder: Path) -> Report:
    """Replays every topic that the pack's decoder can express."""
    pack, golden, report = OnnxPack(pack_folder), Golden(golden_folder), Report()
    _check_pixels(golden, report)
    _check_features(pack, golden, report)
    _check_prompts(pack, golden, report)
    _check_generation(pack, golden, report)
    _check_cache(pack, golden, report)
    return report


def _check_pixels(golden: Golden, report: Report) -> None:
    """How far one direct Lanczos resize is from the library's two: the price of a single pass."""
    for case in golden.topics["preprocessing"]:
        expected = golden.array(case["pixelValues"])
        with Image.open(golden.folder / case["picture"]) as picture:
            small = picture.resize(expected.shape[:0:-1], Image.Resampling.LANCZOS)
        got = np.asarray(small, np.float32).transpose(2, 0, 1) / 127.5 - 1
        mean = float(np.abs(got - expected).mean() * 127.5)
        name = "preprocessing, one resize, mean of 255"
        report.lines[name] = max(mean, report.lines.get(name, 0.0))


def _check_features(pack: OnnxPack, golden: Golden, report: Report) -> None:
    for case in golden.topics["features"]:
        pixels = golden.array(case["pixelValues"])[None]
        mask = np.ones((1, *pixels.shape[2:]), dtype=bool)
        mask[:, case.get("validRows", mask.shape[1]):, :] = False
        mask[:, :, case.get("validColumns", mask.shape[2]):] = False
        report.near("features", pack.features(pixels, mask)[0], golden.array(case["features"]))


def _check_prompts(pack: OnnxPack, golden: Golden, report: Report) -> None:
    for case in golden.topics.get("prompts", []):
        ids = pack.tokenizer.encode(case["text"], add_special_tokens=False).ids
        report.equal("prompt ids", ids, case["ids"])
        decoded = pack.tokenizer.decode(ids, skip_special_tokens=False)
        report.equal("prompt text from ids", decoded, case["text"])


def prompt_embeds(pack: OnnxPack, golden: Golden, case: dict) -> np.ndarray:
    """Rows of a case that names ids and pixelValues."""
    pictures = [golden.array(name) for name in case["pixelValues"]]
    features = pack.features(np.stack(pictures)) if pictures else None
    return pack.embeds(case["ids"], features)


def _check_generation(pack: OnnxPack, golden: Golden, report: Report) -> None:
    for case in golden.topics["generation"]:
        logits, past = pack.step(prompt_embeds(pack, golden, case), pack.empty_cache(), keep=1)
        tokens, last = pack.greedy(logits, past, len(case["tokens"]))
        report.near("generation, first logits", logits[-1], golden.array(case["firstLogits"]))
        report.near("generation, last logits", last, golden.array(case["lastLogits"]))
        report.equal("generation, greedy tokens", tokens, case["tokens"])


def _check_cache(pack: OnnxPack, golden: Golden, report: Report) -> None:
    case = golden.topics["cache"]
    embeds = prompt_embeds(pack, golden, case)
    report.near("cache, embeds", embeds, golden.array(case["embeds"]))
    logits, present = pack.step(embeds, pack.empty_cache())
    report.near("cache, logits of all rows", logits, golden.array(case["logits"]))
    report.near("cache, keys", stacked(present[0::2]), golden.array(case["keys"]))
    report.near("cache, values", stacked(present[1::2]), golden.array(case["values"]))
    raw = rotate(stacked(present[0::2]), [-p for p in case["positions"]], rope_theta(pack))
    report.near("cache, keys un-rotated", raw, golden.array(case["rawKeys"]))


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
