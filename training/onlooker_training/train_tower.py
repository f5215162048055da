"""Pretrains the vision tower on drawn pairs of pictures: what is where, its colour, its motion.

    python -m onlooker_training.train_tower --minutes 40 --crowds 0.5
    python -m onlooker_training.train_tower --minutes 30 --crowds 0.1 --resume --seed 2
        --matrix-rate 0.004 --rate 6e-4
    python -m onlooker_training.train_tower --check

Losses: the kind that covers each cell; whether a centre lies in it (focal); and, in the cells of
centres, colour, motion and box; the sky. Crowds of up to nine items first, because each pair then
teaches more. The learning rate falls to zero over the given minutes, so a run may be cut into
several with --resume, each with its own rise and fall. No pair comes twice: shown three times, pairs
were learnt by heart (the loss of a kind was 0.4 on them and 0.7 on new ones). Seeds below 1,000,000
are for training; the pairs of `evaluate` come from seeds above. --check only evaluates the saved
weights.
The reader of signs is trained apart (train_reader.py) and left as it is.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from onlooker_training import pictures, tower
from onlooker_training.muon import orthogonalise
from onlooker_training.pictures import FIGURES, GRID, KINDS, UNSURE
from onlooker_training.slots import BUMPS, LAYOUT, number_of, part
from onlooker_world.lexicon import COLORS, THINGS

REPORTING_SEED = 1_000_000
FIELDS = ("pictures", "kind", "color", "motion", "cell", "box", "cells", "quiet", "sky")
NEAR = 0.1
"""Weight of "no centre here" in the cells around a centre."""
EMPTY = len(KINDS)


class Drawn(IterableDataset):
    """Endless batches of the fields of pictures.Pair."""

    def __init__(self, seed: int, batch: int, crowds: float):
        self.seed, self.batch, self.crowds = seed, batch, crowds

    def __iter__(self):
        torch.set_num_threads(1)
        worker = get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            yield stacked([pictures.sample(rng, self.crowds) for _ in range(self.batch)])


def stacked(pairs: list[pictures.Pair]) -> tuple[Tensor, ...]:
    return tuple(torch.from_numpy(np.stack([getattr(p, name) for p in pairs]))
                 for name in FIELDS)


def centre_targets(cell: Tensor, quiet: Tensor) -> tuple[Tensor, Tensor]:
    """cell [n, MOST], quiet [n, 144] to target and weight [n, 144]."""
    n = cell.shape[0]
    target = torch.zeros(n, GRID * GRID + 1).scatter_(1, cell.clamp(min=-1) % (GRID * GRID + 1), 1)
    target = target[:, :-1]
    around = F.max_pool2d(target.view(n, 1, GRID, GRID), 3, 1, 1).flatten(1)
    weight = torch.where(around > 0, NEAR, 1.0).masked_fill(quiet, 0.0)
    return target, torch.where(target > 0, 1.0, weight)


def loss_of(model: tower.Tower, batch: tuple[Tensor, ...]) -> tuple[Tensor, dict[str, float]]:
    """The sum of the losses over a batch of pictures.Pair fields, and its parts."""
    picture, kind, color, motion, cell, box, cells, quiet, sky = batch
    with torch.autocast("cpu", torch.bfloat16):
        told = model.cells(tower.pixels(picture))
    kinds = told.kind.float()
    parts = {"kind": sum(F.cross_entropy(kinds[part], cells[part])
                         for part in (cells == EMPTY, (cells >= 0) & (cells < EMPTY)))}
    target, weight = centre_targets(cell, quiet)
    centre = told.centre.float()
    raw = F.binary_cross_entropy_with_logits(centre, target, reduction="none")
    miss = torch.where(target > 0, 1 - centre.sigmoid(), centre.sigmoid())
    parts["centre"] = (raw * miss.square() * weight).sum() / target.sum().clamp(min=1)
    row, place = (cell >= 0).nonzero(as_tuple=True)
    where = cell[row, place]
    parts["own"] = F.cross_entropy(kinds[row, where], kind[row, place])
    parts["color"] = classes(told.color.float()[row, where], color[row, place])
    parts["motion"] = classes(told.motion.float()[row, where], motion[row, place])
    parts["box"] = 8 * F.l1_loss(told.box.float()[row, where], box[row, place])
    said = told.sky.float()
    parts["sky"] = 0.3 * (F.cross_entropy(said[:, :-1], sky[:, 0])
                          + F.binary_cross_entropy_with_logits(said[:, -1], sky[:, 1].float()))
    return sum(parts.values()), {name: part.item() for name, part in parts.items()}


def classes(logits: Tensor, target: Tensor) -> Tensor:
    """Cross-entropy where the target is known; 0 where none is."""
    known = target != UNSURE
    return F.cross_entropy(logits[known], target[known]) if known.any() else logits.sum() * 0


@torch.no_grad()
def evaluate(model: tower.Tower, count: int, seed: int) -> dict[str, float]:
    """Figures on `count` unseen pairs of up to four items: exact sets of kinds with their colours
    (pairs with a half hidden item left out), precision and recall of kinds, colours, motions
    and places of what was found."""
    model.eval()
    rng = np.random.default_rng(seed)
    tally = {name: [0.0, 0] for name in ("exact", "precision", "recall", "color", "motion",
                                         "place")}
    for _ in range(0, count, 32):
        pairs = [pictures.sample(rng) for _ in range(32)]
        slots, _ = model(tower.pixels(stacked(pairs)[0]))
        for pair, row in zip(pairs, slots.numpy()):
            compare(pair, row[:-1], tally)
    model.train()
    return {name: round(right / max(1, n), 4) for name, (right, n) in tally.items()}


def kind_of_slot(slot: np.ndarray) -> int:
    """The kind of a slot's likeliest item."""
    item = part(slot, "item")
    figure = item - len(THINGS)
    if figure < 0:
        return item
    return len(THINGS) + figure // len(COLORS) if figure < len(FIGURES) else tower.SIGN


def compare(pair: pictures.Pair, row: np.ndarray, tally: dict[str, list]) -> None:
    """Adds what the slots [SLOTS, SLOT] say of a pair to the tally."""
    layout = LAYOUT
    found = [slot for slot in row for _ in range(number_of(slot))]
    real = [i for i in np.flatnonzero(pair.cell >= 0)]
    left, matched = list(real), []
    for slot in found:
        same = [i for i in left if pair.kind[i] == kind_of_slot(slot)]
        if same:
            left.remove(same[0])
            matched.append((same[0], slot))

    def add(name: str, right: bool) -> None:
        tally[name][0] += right
        tally[name][1] += 1

    for i, slot in matched:
        if pair.color[i] != UNSURE:
            add("color", pair.color[i] == slot[slice(*layout.color)].argmax())
        if pair.motion[i] != UNSURE:
            add("motion", pair.motion[i] == slot[slice(*layout.motion)].argmax())
        told = [float(slot[slice(*part)] @ np.linspace(0, 1, BUMPS)
                      / slot[slice(*part)].sum()) for part in (layout.x, layout.y)]
        add("place", max(abs(told[0] - pair.box[i, 3]), abs(told[1] - pair.box[i, 4])) < 0.05)
    tally["precision"][0] += len(matched)
    tally["precision"][1] += len(found)
    tally["recall"][0] += len(matched)
    tally["recall"][1] += len(real)
    if not pair.quiet.any() and len(real) <= 4:
        add("exact", not left and len(found) == len(real) and all(
            pair.color[i] in (UNSURE, slot[slice(*layout.color)].argmax())
            for i, slot in matched))


def save(model: tower.Tower, path: Path) -> None:
    """Writes the tower as float16 safetensors, whole or not at all; a reader that is already in
    the file stays."""
    state = {k: v.half().contiguous() if v.is_floating_point() else v.contiguous()
             for k, v in model.state_dict().items()}
    if path.exists():
        state |= {k: v for k, v in load_file(path).items() if k.startswith("reader.")}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file(state, part)
    part.replace(path)


class Muon(torch.optim.Optimizer):
    """Muon (see muon.py) for weights of any shape: the first axis against all the others."""

    def __init__(self, params, lr: float, momentum: float = 0.95, decay: float = 0.02):
        super().__init__(params, {"lr": lr, "momentum": momentum, "decay": decay})

    @torch.no_grad()
    def step(self, closure=None):
        """One step; update of a rows x columns matrix scaled by sqrt(max(1, rows/columns))."""
        for group in self.param_groups:
            for p in group["params"]:
                mean = self.state[p].setdefault("momentum", torch.zeros_like(p))
                mean.lerp_(p.grad, 1 - group["momentum"])
                flat = p.grad.lerp(mean, group["momentum"]).flatten(1)
                update = orthogonalise(flat[None])[0].view_as(p).to(p.dtype)
                scale = max(1.0, flat.shape[0] / flat.shape[1]) ** 0.5
                p.mul_(1 - group["lr"] * group["decay"]).add_(update, alpha=-group["lr"] * scale)


def optimisers(model: tower.Tower, args: argparse.Namespace) -> list[torch.optim.Optimizer]:
    """Muon for the inner matrices, AdamW for the rest; the reader is left out."""
    parameters = [(n, p) for n, p in model.named_parameters()
                  if not n.startswith(("reader.", "meaning"))]
    inner = [p for n, p in parameters if p.ndim >= 2 and n.startswith(("stem.", "blocks."))
             and not n.startswith("stem.0.")]
    taken = {id(p) for p in inner}
    outer = [p for _, p in parameters if id(p) not in taken]
    return [torch.optim.AdamW(outer, args.rate, betas=(0.9, 0.98), weight_decay=0.01),
            Muon(inner, args.matrix_rate)]


def train(args: argparse.Namespace, model: tower.Tower) -> None:
    """Runs for args.minutes, saving and evaluating every few minutes."""
    steppers = optimisers(model, args)
    highest = [o.param_groups[0]["lr"] for o in steppers]
    trained = [p for o in steppers for p in o.param_groups[0]["params"]]
    batches = iter(DataLoader(Drawn(args.seed, args.batch, args.crowds), batch_size=None,
                              num_workers=args.workers,
                              prefetch_factor=4 if args.workers else None))
    start, step, means, saved = time.time(), 0, {}, time.time()
    while (passed := (time.time() - start) / (args.minutes * 60)) < 1:
        factor = min(1, (step + 1) / 60) * 0.5 * (1 + math.cos(math.pi * passed))
        loss, parts = loss_of(model, next(batches))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        for optimizer, rate in zip(steppers, highest):
            optimizer.param_groups[0]["lr"] = rate * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        step += 1
        means = {k: 0.98 * means.get(k, v) + 0.02 * v for k, v in parts.items()}
        if step % 25 == 0:
            print(f"{(time.time() - start) / 60:5.1f} min step {step} pairs {step * args.batch} "
                  + " ".join(f"{k} {v:.3f}" for k, v in means.items()), flush=True)
        if time.time() - saved > args.save_minutes * 60:
            saved = time.time()
            save(model, args.weights)
            print(evaluate(model, 320, REPORTING_SEED), flush=True)
    save(model, args.weights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--crowds", type=float, default=0.2)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--matrix-rate", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--save-minutes", type=float, default=5)
    parser.add_argument("--weights", type=Path, default=tower.WEIGHTS)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.seed >= REPORTING_SEED:
        parser.error(f"--seed must be below {REPORTING_SEED}: higher seeds are for reporting")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    model = tower.load(args.weights) if args.resume or args.check else tower.Tower()
    model.to(memory_format=torch.channels_last)
    if not args.check:
        train(args, model.train())
    print(evaluate(model, 1024, REPORTING_SEED + 1))


if __name__ == "__main__":
    main()
