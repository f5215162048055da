"""Builds a random-weight idefics3/smolvlm pack and its golden outputs.

    python -m onlooker_training.random_packs --out DIR [--golden DIR] [--check] [dimensions]

The defaults make the tiny pack of the parity tests; larger dimensions make packs of true size
for benches. `--golden` writes what `transformers` computes with the same weights; `--check`
replays a golden folder on the pack with ONNX Runtime, prints the largest differences and fails
if one is outside its tolerance.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import torch

from . import reference_text as text
from .reference_arrays import GoldenWriter
from .reference_check import check
from .reference_export import export_pack_graphs
from .reference_goldens import (
    build_scene,
    write_cache,
    write_generation,
    write_prompts,
    write_vision,
)
from .reference_model import MODEL_CLASSES, Dimensions, SpecialIds, build_model, config_json
from .reference_streams import write_chunked, write_streams


def main(arguments: list[str] | None = None) -> int:
    options = parse(arguments)
    dims = Dimensions(**{name: getattr(options, name) for name in Dimensions.__dataclass_fields__})
    fp16_cache = options.kv_dtype == "float16"
    if options.check:
        report = check(options.out, options.golden)
        print(report.text())
        return 1 if report.failures() else 0
    model = write_pack(options.out, dims, options.decoder, fp16_cache, options.seed)
    if options.golden:
        write_goldens(options.golden, options.out, dims, model, fp16_cache)
    return 0


def parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="onlooker_training.random_packs", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="pack folder")
    parser.add_argument("--golden", type=Path, help="golden folder")
    parser.add_argument("--check", action="store_true", help="only replay --golden on --out")
    parser.add_argument("--decoder", choices=("plain", "gqa"), default="plain")
    parser.add_argument("--kv-dtype", choices=("float32", "float16"), default="float32")
    parser.add_argument("--seed", type=int, default=0)
    for name, field in Dimensions.__dataclass_fields__.items():
        choices = sorted(MODEL_CLASSES) if name == "model_type" else None
        parser.add_argument("--" + name.replace("_", "-"), type=type(field.default),
                            default=field.default, choices=choices)
    options = parser.parse_args(arguments)
    if options.check and not options.golden:
        parser.error("--check needs --golden")
    if options.decoder == "gqa" and options.kv_dtype == "float16":
        parser.error("--kv-dtype float16 needs --decoder plain")
    if options.decoder == "gqa" and options.text_hidden // options.heads % 16:
        parser.error("--decoder gqa needs a head size that is a multiple of 16")
    return options


def write_pack(folder: Path, dims: Dimensions, decoder: str, fp16_cache: bool,
               seed: int) -> torch.nn.Module:
    """Writes configuration, tokenizer and graphs; returns the model behind them."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer = text.build_tokenizer(dims.vocab)
    text.write_tokenizer(tokenizer, folder)
    ids = SpecialIds(*(tokenizer.token_to_id(token) for token in
                       (text.IMAGE, text.START, text.END, text.END_OF_UTTERANCE)))
    _write_json(folder / "config.json", config_json(dims, ids))
    _write_json(folder / "generation_config.json", {
        "bos_token_id": ids.bos, "eos_token_id": ids.end_of_utterance,
        "pad_token_id": ids.im_end})
    _write_json(folder / "preprocessor_config.json", preprocessor_json(dims))
    _write_json(folder / "processor_config.json", {
        "image_seq_len": dims.tokens_per_image, "processor_class": _processor_class(dims)})
    model = build_model(dims, ids, seed)
    kv_dtype = torch.float16 if fp16_cache else torch.float32
    export_pack_graphs(model, folder, decoder, kv_dtype)
    return model


def write_goldens(folder: Path, pack: Path, dims: Dimensions, model: torch.nn.Module,
                  fp16_cache: bool) -> None:
    """Writes the golden topics; a fp16 cache gets those of one prompt, not those of streams."""
    golden = GoldenWriter(folder)
    scene = build_scene(dims, model, pack, folder, fp16_cache)
    write_vision(scene, golden)
    write_prompts(scene, golden)
    write_generation(scene, golden)
    write_cache(scene, golden)
    write_chunked(golden)
    if not fp16_cache:
        write_streams(scene, golden)
    golden.close()


def preprocessor_json(dims: Dimensions) -> dict:
    """preprocessor_config.json as SmolVLM packs have it, with this model's sizes."""
    return {
        "processor_class": _processor_class(dims),
        "image_processor_type": _processor_class(dims).replace("Processor", "ImageProcessor"),
        "do_convert_rgb": True,
        "do_image_splitting": True,
        "do_normalize": True,
        "do_pad": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": [0.5, 0.5, 0.5],
        "image_std": [0.5, 0.5, 0.5],
        "max_image_size": {"longest_edge": dims.image_size},
        "resample": 1,
        "rescale_factor": 1 / 255,
        "size": {"longest_edge": 4 * dims.image_size},
        **({"video_sampling": {"fps": 1, "max_frames": 64,
                               "video_size": {"longest_edge": dims.image_size}}}
           if dims.model_type == "smolvlm" else {}),
    }


def _processor_class(dims: Dimensions) -> str:
    return {"smolvlm": "SmolVLMProcessor", "idefics3": "Idefics3Processor"}[dims.model_type]


def _write_json(path: Path, value: dict) -> None:
    path.write_text(json.dumps(value, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
