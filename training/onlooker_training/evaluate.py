"""Accuracy of the trained parts on streams and sentence frames that training never saw.

    python -m onlooker_training.bank --first 1000100 --count 3 --reporting --out cache/reporting
    python -m onlooker_training.evaluate --bank cache/reporting

Whole answers must be right. `blind` is the same model on slots that say nothing (notes stay). Then
what serving from stored blocks costs: the same contexts encoded afresh, and gathered from the
stream as they are, as int8, as int4. The product measures accuracy; this is the quick check between
stages.
"""

import argparse
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch

from onlooker_training import bank as banks
from onlooker_training import tokenizer as tok
from onlooker_training.contexts import ALL, GHOSTS, Assembler, Composer
from onlooker_training.model import accuracy, seeded
from onlooker_training.train import PACK, WEIGHTS, language_model, restore
from onlooker_world.families import Wording


@dataclass(frozen=True)
class Form:
    """How clips come before the model: encoded behind so many others of their stream, stored with so
    many levels (0: as they are)."""

    name: str
    ghosts: int
    levels: int


FORMS = (Form("gathered as int8", GHOSTS, 255), Form("gathered as they are", GHOSTS, 0),
         Form("gathered as int4", GHOSTS, 15), Form("encoded afresh", 0, 0))


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
    streams = [stream for stream, _ in held.values()]
    composer = Composer(streams, wording, rng, replace(ALL, strange=0.0))
    made = [[composer.context() for _ in range(8)] for _ in range(args.batches)]

    def told(form: Form, blind: bool = False) -> dict[str, list[int]]:
        """Right and all answers of every task."""
        assembler, counts = Assembler(tokenizer, seeded(1_000_001), form.ghosts), {}
        for contexts in made:
            batch = assembler.batch(contexts)
            batch.packing.levels = form.levels
            slots = torch.from_numpy(np.concatenate(
                [held[stream.seed][1][clip].astype(np.float32) for stream, clip in batch.shown]))
            accuracy(batch, model.loss(batch, slots * (not blind))[1], counts)
        return counts

    served = {form.name: told(form) for form in FORMS}
    without = told(FORMS[0], blind=True)
    for task, (right, n) in sorted(served[FORMS[0].name].items()):
        print(f"{task:16} {right / n:.3f} of {n:4}  blind {without[task][0] / n:.3f}")
    for name, counts in served.items():
        rights, numbers = zip(*counts.values())
        print(f"{name:22} {sum(rights) / sum(numbers):.3f} of {sum(numbers)}")


if __name__ == "__main__":
    main()
