"""Accuracy of the trained parts on clips and sentence frames that training never saw.

    python -m onlooker_training.bank --seed 1000000 --clips 1500 --out cache/reporting.safetensors
    python -m onlooker_training.evaluate --bank cache/reporting.safetensors

Whole answers must be right. `blind` is the same model on empty pictures. The product measures
the served accuracy; this is the quick check between stages.
"""

import argparse
from pathlib import Path

import torch

from . import bank as banks
from . import tokenizer as tok
from .contexts import Assembler, Shape
from .model import accuracy, seeded
from .train import PACK, ROOT, WEIGHTS, bank_batch, language_model, projector_of, restore


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--bank", type=Path,
                        default=ROOT / "training/cache/reporting.safetensors")
    parser.add_argument("--batches", type=int, default=10)
    parser.add_argument("--window", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tokenizer, bank = tok.load(PACK), banks.load(args.bank)
    model = language_model(tokenizer)
    restore(model, args.weights / "language.safetensors")
    projector = projector_of(model, args.weights / "vision.safetensors")
    assembler = Assembler(tokenizer)
    for clips in (1, 2, 4, 8):
        shape = Shape(contexts=6, clips=clips, frames=2, question_tokens=320, window=args.window)
        rng = seeded(1_000_000 + clips)
        counts: dict[str, list[int]] = {}
        blind: dict[str, list[int]] = {}
        for _ in range(args.batches):
            batch, tokens = bank_batch(rng, assembler, bank, shape, reporting=True)
            visual = projector(tokens).reshape(shape.contexts, -1, model.table.vectors.shape[1])
            accuracy(batch, model.loss(batch, visual)[1], counts)
            empty = model.table(torch.zeros(1, shape.visual, len(model.table.vectors)))
            empty = empty.repeat(shape.contexts, shape.clips, 1)
            accuracy(batch, model.loss(batch, empty)[1], blind)
        print(f"{clips} clips: " + "  ".join(
            f"{task} {right / n:.3f} of {n} (blind {blind[task][0] / n:.3f})"
            for task, (right, n) in sorted(counts.items())), flush=True)


if __name__ == "__main__":
    main()
