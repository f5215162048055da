"""Training, one command per stage; each is resumable from the weights it writes.

    python -m onlooker_training.train --stage A --minutes 40
"""

import argparse
import json
import random
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file

from . import bank as banks
from . import tokenizer as tok
from . import tower as towers
from .contexts import Assembler, Batch, Shape, sample_seconds, text_batch
from .decoder import DecoderConfig
from .model import LanguageModel, accuracy, seeded
from .muon import Optimisers
from .text_head import TextHead, stage_e
from .vision import Projector
from .wiring import wire

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


def load_parts(weights: Path, trained: bool = True):
    """Decoder, tower, projector, text head and embedding settings, in fp32 and eval mode."""
    torch.manual_seed(0)
    model = language_model(tok.load(PACK))
    tower, head, settings = towers.Tower(), TextHead(), {}
    projector = Projector(model.table, model.decoder.config.hidden_size)
    if trained:
        restore(model, weights / "language.safetensors")
        projector = projector_of(model, weights / "vision.safetensors")
        held = load_file(str(weights / "vision.safetensors"))
        tower.load_state_dict({k.removeprefix("tower."): v.float() for k, v in held.items()
                               if k.startswith("tower.")})
        restore(head, weights / "text_head.safetensors")
        settings = json.loads((weights / "text_head.json").read_text())
    return model.decoder.eval(), tower.eval(), projector.eval(), head.eval(), settings


class Curriculum:
    """Stage A difficulty: a level is left when sets are read well, or after `PATIENCE` reports."""

    PATIENCE = 16

    LEVELS = (
        Shape(contexts=12, clips=1, rows=2, columns=3, objects=41, question_tokens=160),
        Shape(contexts=12, clips=2, rows=2, columns=3, objects=41, question_tokens=192),
        Shape(contexts=12, clips=4, rows=2, columns=3, objects=41, question_tokens=224),
        Shape(contexts=12, clips=8, rows=2, columns=3, objects=41, question_tokens=256),
        Shape(contexts=10, clips=8, frames=1, question_tokens=256),
        Shape(contexts=8, clips=8, frames=2, question_tokens=256),
    )

    def __init__(self, level: int):
        self.level, self.reports = level, 0

    def shape(self, rng) -> Shape:
        level = self.level
        if level and rng.random() < 0.25:
            level = rng.randrange(level)
        base = self.LEVELS[level]
        clips = rng.randint(max(1, base.clips // 2), base.clips)
        return replace(base, clips=clips, window=rng.choice((0, 1, 1, 2)))

    def report(self, rates: dict[str, float]) -> None:
        self.reports += 1
        passed = min(rates["at"], rates["now"]) > 0.75 or self.reports >= self.PATIENCE
        if passed and self.level + 1 < len(self.LEVELS):
            self.level, self.reports = self.level + 1, 0


class Run:
    """The loop all language stages share: time, schedule, counts, checkpoints."""

    def __init__(self, args: argparse.Namespace, save):
        self.args, self.save = args, save
        self.begin, self.step_number = time.time(), 0
        self.counts: dict[str, list[int]] = {}
        self.losses: list[float] = []

    @property
    def spent(self) -> float:
        """Minutes."""
        return (time.time() - self.begin) / 60

    def going(self) -> bool:
        return self.spent < self.args.minutes

    def factor(self) -> float:
        """Learning rate: 40 steps up, flat, down over the last `--cool` of the time."""
        cool = min(1.0, (1 - self.spent / self.args.minutes) / self.args.cool + 0.02)
        return min(1.0, (self.step_number + 1) / 40) * max(cool, 0.0)

    def done(self, loss: float, note: str) -> dict[str, float] | None:
        """Counts a step; every `--every` steps prints and returns the rates since the last."""
        self.losses.append(loss)
        self.step_number += 1
        if self.step_number % (self.args.every * 4) == 0:
            self.save(self.step_number)
        if self.step_number % self.args.every:
            return None
        rates = {t: r / max(1, n) for t, (r, n) in sorted(self.counts.items())}
        print(f"{self.spent:6.2f} min step {self.step_number} {note} "
              f"loss {sum(self.losses) / len(self.losses):.3f} "
              + " ".join(f"{t} {r:.3f}" for t, r in rates.items()), flush=True)
        self.counts, self.losses = {}, []
        return rates


def rates(args: argparse.Namespace) -> dict[str, float]:
    return {"attention": args.attention_lr, "feed_forward": args.forward_lr, "rest": args.lr}


def language_model(tokenizer) -> LanguageModel:
    return LanguageModel(DecoderConfig(vocab_size=tokenizer.get_vocab_size()))


def stage_a(args: argparse.Namespace) -> None:
    """Decoder on drawn strengths in place of pictures."""
    rng, noise = seeded(args.seed), np.random.default_rng(args.seed)
    tokenizer = tok.load(PACK)
    assembler, model = Assembler(tokenizer), language_model(tokenizer)
    path = args.weights / "language.safetensors"
    if args.resume:
        restore(model, path)
    else:
        wire(model, tokenizer, args.seed)
    optimisers = Optimisers(model, rates(args))
    curriculum = Curriculum(args.level)
    run = Run(args, lambda step: store(model, path, step))
    while run.going():
        shape = curriculum.shape(rng)
        batch, strengths = text_batch(rng, assembler, shape, noise)
        with torch.autocast("cpu", torch.bfloat16):
            visual = model.table(strengths.flatten(0, 1), shape.rows * shape.columns)
            loss, right = model.loss(batch, visual.reshape(shape.contexts, -1, visual.shape[-1]))
        loss.backward()
        optimisers.step(run.factor())
        accuracy(batch, right, run.counts)
        reached = run.done(loss.item(), f"level {curriculum.level}")
        if reached:
            curriculum.report(reached)
    store(model, path, run.step_number)


def projector_of(model: LanguageModel, path: Path) -> Projector:
    """The projector as last stored with the tower, sharing the model's visual table."""
    projector = Projector(model.table, model.decoder.config.hidden_size)
    held = load_file(str(path))
    for name in ("see.weight", "see.bias", "rest.weight"):
        projector.get_parameter(name).data = held[f"projector.{name}"].float()
    return projector


def store_vision(tower: towers.Tower, projector: Projector, weights: Path, steps: int) -> None:
    store(torch.nn.ModuleDict({"tower": tower, "projector": projector}),
          weights / "vision.safetensors", steps)


def stage_b(args: argparse.Namespace) -> None:
    """The projector starts as the tower's own token head: what a token sees, thing by thing.
    Because stage A learned from strengths, no training is needed to get here."""
    model = language_model(tok.load(args.pack))
    restore(model, args.weights / "language.safetensors")
    projector = Projector(model.table, model.decoder.config.hidden_size)
    held = load_file(str(args.weights / "tower.safetensors"))
    projector.see.weight.data = held["heads.token.weight"].float()
    projector.see.bias.data = held["heads.token.bias"].float()
    store_vision(towers.load(args.weights / "tower.safetensors"), projector, args.weights, 0)


def stage_c(args: argparse.Namespace) -> None:
    """Decoder and projector on drawn clips as the frozen tower sees them (see bank.py)."""
    rng = seeded(args.seed)
    tokenizer = tok.load(PACK)
    assembler, model = Assembler(tokenizer), language_model(tokenizer)
    path = args.weights / "language.safetensors"
    restore(model, path)
    projector = projector_of(model, args.weights / "vision.safetensors")
    bank = banks.load_for(projector, args.bank)
    tower = towers.load(args.weights / "tower.safetensors")
    whole = torch.nn.ModuleDict({"language": model, "projector": projector})
    optimisers = Optimisers(whole, rates(args))

    def save(step: int) -> None:
        store(model, path, step)
        store_vision(tower, projector, args.weights, step)

    run = Run(args, save)
    while run.going():
        frames = rng.choice((1, 2, 2))
        shape = Shape(contexts=12 // frames, clips=rng.choice((1, 2, 3, 4, 5, 6, 7, 8, 8, 8)),
                      frames=frames, question_tokens=256, window=rng.choice((0, 1, 1)))
        batch, tokens = bank_batch(rng, assembler, bank, shape)
        with torch.autocast("cpu", torch.bfloat16):
            visual = projector(tokens)
            loss, right = model.loss(batch, visual.reshape(shape.contexts, -1, visual.shape[-1]))
        loss.backward()
        optimisers.step(run.factor())
        accuracy(batch, right, run.counts)
        run.done(loss.item(), "pictures")
    save(run.step_number)


def bank_batch(rng: random.Random, assembler: Assembler, bank: banks.Bank, shape: Shape,
               reporting: bool = False) -> tuple[Batch, torch.Tensor]:
    """Contexts of clips from the bank and their tower tokens [B·C·frames, 16, 256]."""
    chosen = [bank.choose(rng, shape.clips) for _ in range(shape.contexts)]
    seconds = [sample_seconds(rng, shape.clips) for _ in range(shape.contexts)]
    sets = [[bank.sure[i] for i in clips] for clips in chosen]
    unsure = [[bank.unsure[i] for i in clips] for clips in chosen]
    batch = assembler.batch(rng, shape, sets, seconds, unsure, reporting=reporting)
    return batch, bank.gather(chosen, shape, rng)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    stages = {"A": stage_a, "B": stage_b, "C": stage_c, "E": stage_e}
    parser.add_argument("--stage", choices=stages, required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--level", type=int, default=2)
    parser.add_argument("--cool", type=float, default=0.25, help="share of the time")
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--lr", type=float, default=5e-4)
    parser.add_argument("--attention-lr", type=float, default=0.001)
    parser.add_argument("--forward-lr", type=float, default=0.0015)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--pack", type=Path, default=PACK, help="where the tokenizer is")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder")
    parser.add_argument("--bank", type=Path, default=ROOT / "training/cache/bank.safetensors")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    stages[args.stage](args)


if __name__ == "__main__":
    main()
