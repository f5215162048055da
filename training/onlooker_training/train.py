"""Training of the language side, one command per stage; each is resumable from its weights.

    python -m onlooker_training.train --stage A --minutes 40
    python -m onlooker_training.train --stage C --minutes 40 --resume
    python -m onlooker_training.train --stage E --minutes 4

A: clips are told by imagined slots (streams.py), 4 growing to 32 clips; C: by the slots of the
real tower (bank.py). Contexts are in served form in both: recalled clips behind the window that
they were watched with, at contiguous positions (contexts.py). E: text_head.py.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch.utils.data import DataLoader, IterableDataset

from onlooker_training import bank as banks
from onlooker_training import text_head
from onlooker_training import tokenizer as tok
from onlooker_training.contexts import MIXES, MOST_CLIPS, Assembler, Batch, Composer
from onlooker_training.decoder import DecoderConfig
from onlooker_training.model import LanguageModel, accuracy, seeded
from onlooker_training.muon import Optimisers
from onlooker_training.slots import strangers
from onlooker_training.streams import Stream, imagined
from onlooker_training.wiring import wire
from onlooker_world.families import Wording

ROOT = Path(__file__).resolve().parents[2]
PACK = ROOT / "models" / "onlooker-mini"
WEIGHTS = ROOT / "training" / "weights"
STREAM_SECONDS = 2400
STREAMS = 16
RENEW = 12
"""Batches after which one imagined stream is replaced by a new one."""
LEVELS = (4, 8, 16, MOST_CLIPS)
STORED_LEVELS = (0, 0, 255, 15)
"""How blocks are stored, a batch each: as they are, or in steps as of int8 or int4."""
PATIENCE = 30
"""Reports after which the level rises, whatever is reached."""
CONTEXTS = 24
"""Contexts made at a time; sorted by length, they make two batches."""


def store(module: torch.nn.Module, path: Path, steps: int) -> None:
    """Writes fp16 safetensors, in place of the old file only when complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    state = {k: v.detach().half().contiguous() for k, v in module.state_dict().items()}
    save_file(state, str(path) + ".part", metadata={"steps": str(steps)})
    Path(str(path) + ".part").replace(path)


def restore(module: torch.nn.Module, path: Path) -> None:
    module.load_state_dict({k: v.float() for k, v in load_file(str(path)).items()})


class Run:
    """The loop all language stages share: time, schedule, counts, checkpoints."""

    def __init__(self, args: argparse.Namespace, save):
        self.args, self.save = args, save
        self.begin, self.step_number = time.time(), 0
        self.reports = 0
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
        self.reports += 1
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


Told = Callable[[list[tuple[Stream, int]]], torch.Tensor]
"""What clips of streams show: float32 [clips, SLOTS + 1, SLOT]."""


class Contexts(IterableDataset):
    """Endless batches with the slots of their visual tokens [V, SLOT].

    With a bank folder the streams and what the tower says of them come from there; else streams
    are made up, one after the other replaced, and their slots imagined. level: index into LEVELS,
    which sets the most clips of a context; it may be raised while batches are drawn.
    """

    def __init__(self, args: argparse.Namespace, level):
        self.args, self.level = args, level

    def __iter__(self) -> Iterator[tuple[Batch, torch.Tensor]]:
        torch.set_num_threads(1)
        rng, noise = random.Random(self.args.seed), np.random.default_rng(self.args.seed)
        assembler = Assembler(tok.load(self.args.pack), rng)
        told: Told = lambda shown: imagined([s.moments[c] for s, c in shown], noise)  # noqa: E731
        if self.args.bank:
            held = {stream.seed: (stream, slots) for stream, slots in banks.load(self.args.bank)}
            streams = [stream for stream, _ in held.values()]
            told = lambda shown: torch.from_numpy(np.stack(  # noqa: E731
                [held[s.seed][1][c] for s, c in shown])).float()
        else:
            streams = [self._fresh(rng) for _ in range(STREAMS)]
        composer, made = Composer(
            streams, Wording.training(), rng, MIXES[self.args.mix]), 0
        while True:
            most = LEVELS[int(self.level)]
            contexts = sorted((composer.context(most) for _ in range(CONTEXTS)),
                              key=lambda context: len(context.clips))
            halves = [contexts[:CONTEXTS // 2], contexts[CONTEXTS // 2:]]
            for half in halves:
                batch = assembler.batch(half)
                batch.packing.levels = rng.choice(STORED_LEVELS)
                slots = told(batch.shown)
                slots[batch.strange] = strangers(slots[batch.strange])
                slots = slots.flatten(0, 1)
                batch.shown = []
                yield batch, slots
            made += 2
            if not self.args.bank and made % RENEW == 0:
                composer.renew(self._fresh(rng))

    @staticmethod
    def _fresh(rng: random.Random) -> Stream:
        return Stream(rng.randrange(1, 500_000), STREAM_SECONDS)


def spare_absent(grad: torch.Tensor, batch: Batch) -> None:
    """Leaves the rows of tokens alone that are neither read nor wanted in the batch: a rare one
    would be pushed away, step by step, by all that it is not."""
    present = torch.zeros(len(grad) + 1, dtype=torch.bool)
    for ids in (batch.ids, batch.targets):
        present[ids] = True
    grad[~present[:-1]] = 0


def talk(args: argparse.Namespace) -> None:
    """Stages A and C: contexts and their questions, until the time is up."""
    seeded(args.seed)
    tokenizer = tok.load(args.pack)
    model = language_model(tokenizer)
    path = args.weights / "language.safetensors"
    if args.resume:
        restore(model, path)
    else:
        wire(model, tokenizer, args.seed)
    optimisers = Optimisers(model, rates(args))
    level = torch.tensor(args.level).share_memory_()
    batches = iter(DataLoader(Contexts(args, level), batch_size=None, num_workers=1,
                              prefetch_factor=3))
    run = Run(args, lambda step: store(model, path, step))
    while run.going():
        batch, slots = next(batches)
        with torch.autocast("cpu", torch.bfloat16):
            loss, right = model.loss(batch, slots)
        loss.backward()
        spare_absent(model.decoder.embed.weight.grad, batch)
        optimisers.step(run.factor())
        accuracy(batch, right, run.counts)
        reached = run.done(loss.item(), f"level {int(level)}")
        if reached and int(level) + 1 < len(LEVELS) and (
                min(reached.get("now", 0), reached.get("at", 0)) > 0.75
                or run.reports % PATIENCE == 0):
            level += 1
    store(model, path, run.step_number)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", choices=("A", "C", "E"), required=True)
    parser.add_argument("--minutes", type=float, default=40)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--level", type=int, default=0, help="A and C: index into LEVELS")
    parser.add_argument("--mix", choices=tuple(MIXES), default="all", help="what is asked")
    parser.add_argument("--cool", type=float, default=0.25, help="share of the time")
    parser.add_argument("--every", type=int, default=50)
    parser.add_argument("--lr", type=float, default=5e-4)
    parser.add_argument("--attention-lr", type=float, default=0.001)
    parser.add_argument("--forward-lr", type=float, default=0.0015)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--pack", type=Path, default=PACK, help="where the tokenizer is")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder")
    parser.add_argument("--bank", type=Path, help="folder; stage C needs it")
    args = parser.parse_args()
    if (args.stage == "C") != (args.bank is not None):
        parser.error("stage C needs --bank, the others take none")
    torch.set_num_threads(args.threads)
    (text_head.stage_e if args.stage == "E" else talk)(args)


if __name__ == "__main__":
    main()
