"""Accuracy of the trained parts on streams and sentence frames that training never saw.

    python -m onlooker_training.bank --first 1000100 --count 3 --reporting --out cache/reporting
    python -m onlooker_training.evaluate --bank cache/reporting

Whole answers must be right. `blind` is the same model on slots that say nothing. The product
measures the served accuracy; this is the quick check between stages.
"""

import argparse
from pathlib import Path

import numpy as np
import torch

from onlooker_training import bank as banks
from onlooker_training import tokenizer as tok
from onlooker_training.contexts import Assembler, Composer
from onlooker_training.model import accuracy, seeded
from onlooker_training.train import PACK, WEIGHTS, language_model, restore
from onlooker_world.families import Wording


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--bank", type=Path, required=True)
    parser.add_argument("--batches", type=int, default=20)
    parser.add_argument("--training-frames", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tokenizer, rng = tok.load(args.pack), seeded(1_000_000)
    model = language_model(tokenizer)
    restore(model, args.weights / "language.safetensors")
    held = {stream.seed: (stream, slots) for stream, slots in banks.load(args.bank)}
    wording = Wording.training() if args.training_frames else Wording.reporting()
    composer = Composer([stream for stream, _ in held.values()], wording, rng)
    assembler = Assembler(tokenizer, rng)
    counts: dict[str, list[int]] = {}
    blind: dict[str, list[int]] = {}
    for _ in range(args.batches):
        batch = assembler.batch([composer.context() for _ in range(8)])
        slots = torch.from_numpy(np.concatenate(
            [held[stream.seed][1][clip].astype(np.float32) for stream, clip in batch.shown]))
        accuracy(batch, model.loss(batch, slots)[1], counts)
        accuracy(batch, model.loss(batch, torch.zeros_like(slots))[1], blind)
    for task, (right, n) in sorted(counts.items()):
        print(f"{task:16} {right / n:.3f} of {n:4}  blind {blind[task][0] / n:.3f}")


if __name__ == "__main__":
    main()
