"""Checks an exported pack against torch in ONNX Runtime, and prints the largest differences.

    python -m onlooker_training.verify [--pack DIR] [--random]

Logits, cached keys and query outputs in one pass; in chunks; with one in-place buffer as past
and present; at arbitrary positions; num_logits_to_keep; both outputs of the tower; text.
"""

import argparse
import copy
from pathlib import Path

import numpy as np
import onnxruntime as ort
import torch

from onlooker_training import pictures
from onlooker_training import tower as towers
from onlooker_training.decoder import Decoder, dense, rotary, rotate
from onlooker_training.export import TextGraph, VisionGraph, load_parts
from onlooker_training.train import PACK, WEIGHTS


def rounded(module: torch.nn.Module) -> torch.nn.Module:
    """The module with weights rounded to fp16, as the pack stores them."""
    module = copy.deepcopy(module)
    for name, parameter in module.named_parameters():
        if parameter.numel() >= 512:
            parameter.data = parameter.data.half().float()
    return module


def session(pack: Path, name: str) -> ort.InferenceSession:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    return ort.InferenceSession(str(pack / "onnx" / f"{name}.onnx"), options)


class Served:
    """The exported decoder, fed as the product feeds it; B = 1."""

    def __init__(self, pack: Path, decoder: Decoder):
        self.session, self.c = session(pack, "decoder_model_merged"), decoder.config
        self.names = [o.name for o in self.session.get_outputs()]

    def empty(self) -> dict[str, np.ndarray]:
        shape = (1, self.c.num_key_value_heads, 0, self.c.head_dim)
        return {f"past_key_values.{i}.{part}": np.zeros(shape, np.float32)
                for i in range(self.c.num_hidden_layers) for part in ("key", "value")}

    def run(self, embeds: np.ndarray, positions: np.ndarray, past: dict, keep: int = 0) -> dict:
        length = next(iter(past.values())).shape[2] + embeds.shape[1]
        feeds = {"inputs_embeds": embeds, "position_ids": positions[None].astype(np.int64),
                 "attention_mask": np.ones((1, length), np.int64),
                 "num_logits_to_keep": np.array(keep), **past}
        return dict(zip(self.names, self.session.run(None, feeds)))

    def past(self, outputs: dict) -> dict[str, np.ndarray]:
        return {n.replace("present", "past_key_values"): v for n, v in outputs.items()
                if n.startswith("present")}

    def in_place(self, embeds: np.ndarray, chunks: list[int]) -> np.ndarray:
        """Logits when one buffer, larger than needed, is bound as past and present."""
        binding = self.session.io_binding()
        capacity = embeds.shape[1] + 9
        shape = (1, self.c.num_key_value_heads, capacity, self.c.head_dim)
        caches = {n: ort.OrtValue.ortvalue_from_numpy(np.zeros(shape, np.float32))
                  for n in self.names if n.startswith("present")}
        done, logits = 0, []
        for size in chunks:
            rows = slice(done, done + size)
            binding.clear_binding_inputs()
            binding.clear_binding_outputs()
            binding.bind_cpu_input("inputs_embeds", np.ascontiguousarray(embeds[:, rows]))
            binding.bind_cpu_input("position_ids", np.arange(done, done + size)[None])
            binding.bind_cpu_input("attention_mask", np.ones((1, done + size), np.int64))
            binding.bind_cpu_input("num_logits_to_keep", np.array(0))
            for name, cache in caches.items():
                binding.bind_ortvalue_input(name.replace("present", "past_key_values"), cache)
                binding.bind_ortvalue_output(name, cache)
            binding.bind_output("logits")
            self.session.run_with_iobinding(binding)
            logits.append(binding.get_outputs()[-1].numpy().copy())
            done += size
        return np.concatenate(logits, axis=1)


def check_decoder(pack: Path, decoder: Decoder) -> dict[str, float]:
    decoder = rounded(decoder)
    served, c, length = Served(pack, decoder), decoder.config, 29
    ids = torch.randint(0, c.vocab_size, (1, length), generator=torch.Generator().manual_seed(1))
    embeds = decoder.embed(ids)
    causal = torch.ones(1, 1, length, length, dtype=torch.bool).tril()
    jumping = torch.arange(length) + torch.arange(length) // 7 * 50
    found = {}
    feed = embeds.detach().numpy()
    got_embeds = session(pack, "embed_tokens").run(None, {"input_ids": ids.numpy()})[0]
    found["embeddings"] = np.abs(got_embeds - feed).max()
    for name, where, first in (("logits", torch.arange(length), length),
                               ("logits from position 300", torch.arange(length) + 300, length),
                               ("logits at jumping positions", jumping, 5)):
        with torch.no_grad():
            want = decoder.logits(decoder(embeds, dense(c, where[None], causal))).numpy()
        past, pieces = served.empty(), []
        for rows in (slice(0, first), slice(first, length)):
            if rows.start < rows.stop:
                out = served.run(feed[:, rows], where.numpy()[rows], past)
                past = served.past(out)
                pieces.append(out["logits"])
        found[name] = np.abs(np.concatenate(pieces, 1) - want).max()
    whole = served.run(feed, np.arange(length), served.empty())
    past, pieces = served.empty(), []
    for rows in (slice(0, 11), slice(11, 12), slice(12, length)):
        out = served.run(feed[:, rows], np.arange(length)[rows], past)
        past = served.past(out)
        pieces.append(out["logits"])
    found["chunked logits"] = np.abs(np.concatenate(pieces, 1) - whole["logits"]).max()
    found["in-place logits"] = np.abs(
        served.in_place(feed, [11, 1, length - 12]) - whole["logits"]).max()
    kept = served.run(feed, np.arange(length), served.empty(), keep=2)["logits"]
    found["kept logits"] = np.abs(kept - whole["logits"][:, -2:]).max()
    with torch.no_grad():
        first, n = decoder.layers[0], decoder.layers[0].input_norm(embeds)
        cos, sin = rotary(c, torch.arange(length)[None, None])
        key = rotate(first.k(n).view(1, length, -1, c.head_dim).transpose(1, 2), cos, sin)
        query = first.q(n).view(1, length, -1, c.head_dim).transpose(1, 2)
    found["first keys"] = np.abs(whole["present.0.key"] - key.numpy()).max()
    found["first queries"] = np.abs(whole["query.0"] - query.numpy()).max()
    return found


def check_rest(pack: Path, decoder: Decoder, tower, projector, head) -> dict[str, float]:
    drawn = [pictures.sample(np.random.default_rng(seed)) for seed in range(3)]
    pixels = towers.pixels(torch.from_numpy(np.stack([pair.pictures for pair in drawn])))
    ids = torch.randint(0, decoder.config.vocab_size, (3, 12))
    mask = (torch.arange(12)[None] < torch.tensor([[12], [7], [4]])).long()
    with torch.no_grad():
        want = VisionGraph(rounded(tower).eval(), rounded(projector))(pixels)
        want_text = TextGraph(rounded(decoder), rounded(head))(ids, mask)
    got = session(pack, "vision_encoder").run(None, {"pixel_values": pixels.numpy()})
    text = session(pack, "text_model").run(None, {"input_ids": ids.numpy(),
                                                  "attention_mask": mask.numpy()})[0]
    return {"image_features, whole clips": np.abs(got[0].sum(1) - want[0].numpy().sum(1)).max(),
            "image_embeds": np.abs(got[1] - want[1].numpy()).max(),
            "text_embeds": np.abs(text - want_text.numpy()).max()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--random", action="store_true")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    args = parser.parse_args()
    torch.set_num_threads(1)
    decoder, tower, projector, head, _ = load_parts(args.weights, args.pack, not args.random)
    found = check_decoder(args.pack, decoder)
    found |= check_rest(args.pack, decoder, tower, projector, head)
    for name, difference in found.items():
        print(f"{name:32} {difference:.2e}")
    worst = max(found.values())
    if not worst < 2e-2:
        raise SystemExit(f"largest difference {worst:.2e}")


if __name__ == "__main__":
    main()
