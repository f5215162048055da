"""Replays a golden folder on a pack with ONNX Runtime alone and reports the differences."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from .reference_arrays import Golden
from .reference_check_streams import Replay
from .reference_onnx import OnnxPack, Report, rope_theta, rotate, stacked

TOLERANCE = 2e-5
FP16_TOLERANCE = 4e-3
"""fp16 rounds at 2^-11 of a value; a last-bit difference before rounding can grow to one step."""
PIXEL_TOLERANCE = 2.0


def check(pack_folder: Path, golden_folder: Path) -> Report:
    """Replays every topic that the pack's decoder can express."""
    pack, golden = OnnxPack(pack_folder), Golden(golden_folder)
    report = Report(FP16_TOLERANCE if pack.kv_type == np.float16 else TOLERANCE)
    _check_pixels(golden, report)
    _check_features(pack, golden, report)
    _check_prompts(pack, golden, report)
    _check_generation(pack, golden, report)
    _check_cache(pack, golden, report)
    _check_chunked(pack, golden, report)
    if "stream" in golden.topics:
        Replay(pack, golden, report).run()
    return report


def _check_pixels(golden: Golden, report: Report) -> None:
    """How far one direct Lanczos resize is from the library's two: the price of a single pass."""
    for case in golden.topics["preprocessing"]:
        expected = golden.array(case["pixelValues"])
        with Image.open(golden.folder / case["picture"]) as picture:
            small = picture.resize(expected.shape[:0:-1], Image.Resampling.LANCZOS)
        got = np.asarray(small, np.float32).transpose(2, 0, 1) / 127.5 - 1
        mean = float(np.abs(got - expected).mean() * 127.5)
        report.note("preprocessing, one resize, mean of 255", mean, PIXEL_TOLERANCE)


def _check_features(pack: OnnxPack, golden: Golden, report: Report) -> None:
    for case in golden.topics["features"]:
        pixels = golden.array(case["pixelValues"])[None]
        mask = np.ones((1, *pixels.shape[2:]), dtype=bool)
        mask[:, case.get("validRows", mask.shape[1]):, :] = False
        mask[:, :, case.get("validColumns", mask.shape[2]):] = False
        report.near("features", pack.features(pixels, mask)[0], golden.array(case["features"]),
                    TOLERANCE)


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
    report.near("cache, embeds", embeds, golden.array(case["embeds"]), TOLERANCE)
    logits, present = pack.step(embeds, pack.empty_cache())
    report.near("cache, logits of all rows", logits, golden.array(case["logits"]))
    report.near("cache, keys", stacked(present[0::2]), golden.array(case["keys"]))
    report.near("cache, values", stacked(present[1::2]), golden.array(case["values"]))
    raw = rotate(stacked(present[0::2]), [-p for p in case["positions"]], rope_theta(pack))
    report.near("cache, keys un-rotated", raw, golden.array(case["rawKeys"]))


def _check_chunked(pack: OnnxPack, golden: Golden, report: Report) -> None:
    case = golden.topics["chunkedPrefill"]
    embeds = golden.array(case["embeds"])
    for chunk in case["chunkTokens"]:
        logits, past = [], pack.empty_cache()
        for start in range(0, len(embeds), chunk):
            rows, past = pack.step(embeds[start:start + chunk], past)
            logits.append(rows)
        name = f"prefill in chunks of {chunk}"
        report.near(f"{name}, logits", np.concatenate(logits), golden.array(case["logits"]))
        report.near(f"{name}, keys", stacked(past[0::2]), golden.array(case["keys"]))
        report.near(f"{name}, values", stacked(past[1::2]), golden.array(case["values"]))
