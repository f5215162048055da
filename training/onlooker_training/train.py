"""Training, one command per stage; each is resumable from the weights it writes.

    python -m onlooker_training.train --stage A --minutes 40
"""

import argparse
import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from . import tokenizer as tok
from . import tower as towers
from .contexts import Assembler, Shape, text_batch
from .decoder import DecoderConfig
from .model import LanguageModel, accuracy, initialise, seeded
from .muon import Optimisers
from .text_head import TextHead
from .vision import Projector

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "models" / "onlooker-mini"
WEIGHTS = ROOT / "training" / "weights"


def store(module: torch.nn.Module, path: Path, steps: int) -> None:
    """Writes fp16 safetensors, in place of the old file only when complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {k: v.detach().half().contiguous() for k, v in module.state_dict().items()}
    save_file(state, str(path) + ".part", metadata={"steps": str(steps)})
    Path(str(path) + ".part").replace(path)


def restore(module: torch.nn.Module, path: Path) -> None:
    module.load_state_dict({k: v.float() for k, v in load_file(str(path)).items()})


def load_parts(trained: bool = True):
    """Decoder, tower, projector, text head and embedding settings, in fp32 and eval mode."""
    torch.manual_seed(0)
    tokenizer = tok.load(PACK)
    model = LanguageModel(DecoderConfig(vocab_size=tokenizer.get_vocab_size()))
    projector = Projector(model.table, model.decoder.config.hidden_size)
    tower, head, settings = towers.Tower(), TextHead(), {}
    if trained:
        restore(model, WEIGHTS / "language.safetensors")
        if (WEIGHTS / "vision.safetensors").exists():
            restore(torch.nn.ModuleDict({"tower": tower, "projector": projector}),
                    WEIGHTS / "vision.safetensors")
        else:
            tower = towers.load()
        if (WEIGHTS / "text_head.safetensors").exists():
            restore(head, WEIGHTS / "text_head.safetensors")
            settings = json.loads((WEIGHTS / "text_head.json").read_text())
    return model.decoder.eval(), tower.eval(), projector.eval(), head.eval(), settings


class Curriculum:
    """Stage A difficulty: a level is left when its answers are nearly all right."""

    LEVELS = (
        Shape(contexts=12, clips=1, rows=2, columns=3, objects=41, question_tokens=160),
        Shape(contexts=12, clips=2, rows=2, columns=3, objects=41, question_tokens=192),
        Shape(contexts=12, clips=4, rows=2, columns=3, objects=41, question_tokens=224),
        Shape(contexts=12, clips=8, rows=2, columns=3, objects=41, question_tokens=256),
        Shape(contexts=10, clips=8, frames=1, question_tokens=256),
        Shape(contexts=8, clips=8, frames=2, question_tokens=256),
    )

    def __init__(self, level: int):
        self.level = level

    def shape(self, rng) -> Shape:
        level = self.level
        if level and rng.random() < 0.25:
            level = rng.randrange(level)
        base = self.LEVELS[level]
        clips = rng.randint(max(1, base.clips // 2), base.clips)
        return replace(base, clips=clips, window=rng.choice((0, 1, 1, 2)))

    def passed(self, rates: dict[str, float]) -> bool:
        return self.level + 1 < len(self.LEVELS) and min(rates.values()) > 0.85


def stage_a(args: argparse.Namespace) -> None:
    """Decoder on strengths in place of pictures."""
    rng, noise = seeded(args.seed), np.random.default_rng(args.seed)
    tokenizer = tok.load(PACK)
    assembler = Assembler(tokenizer)
    model = LanguageModel(DecoderConfig(vocab_size=tokenizer.get_vocab_size()))
    if args.resume:
        restore(model, args.out)
    else:
        initialise(model, tokenizer, args.seed)
    optimisers = Optimisers(model, args.matrix_lr, args.lr, "decoder.layers")
    curriculum = Curriculum(args.level)
    counts: dict[str, list[int]] = {}
    losses, begin, step, entered = [], time.time(), 0, 0
    model.train()
    while (spent := (time.time() - begin) / 60) < args.minutes:
        shape = curriculum.shape(rng)
        batch, strengths = text_batch(rng, assembler, shape, noise)
        with torch.autocast("cpu", torch.bfloat16):
            visual = model.table(strengths.flatten(0, 1), shape.rows * shape.columns)
            loss, right = model.loss(batch, visual.reshape(shape.contexts, -1, visual.shape[-1]))
        loss.backward()
        cool = min(1.0, (1 - spent / args.minutes) / 0.25 + 0.02)
        optimisers.step(min(1.0, (step + 1) / 40) * cool)
        losses.append(loss.item())
        accuracy(batch, right, counts)
        step += 1
        if step % args.every == 0:
            rates = {t: r / max(1, n) for t, (r, n) in sorted(counts.items())}
            print(f"{spent:6.2f} min step {step} level {curriculum.level} "
                  f"loss {sum(losses) / len(losses):.3f} "
                  + " ".join(f"{t} {r:.3f}" for t, r in rates.items()), flush=True)
            if curriculum.passed(rates):
                curriculum.level += 1
            counts, losses = {}, []
        if step % (args.every * 5) == 0:
            store(model, args.out, step)
    store(model, args.out, step)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=["A"], required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--level", type=int, default=0)
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--lr", type=float, default=2e-3)
    parser.add_argument("--matrix-lr", type=float, default=0.02)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--out", type=Path, default=WEIGHTS / "language.safetensors")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    {"A": stage_a}[args.stage](args)


if __name__ == "__main__":
    main()
