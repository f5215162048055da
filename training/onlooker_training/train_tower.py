"""Pretrains the vision tower on freshly drawn scenes: which things are where.

    python -m onlooker_training.train_tower --minutes 16 --crowds 0.6
    python -m onlooker_training.train_tower --minutes 22 --crowds 0.2 --resume --seed 2
        --matrix-rate 0.004 --rate 6e-4
    python -m onlooker_training.train_tower --minutes 20 --crowds 0.1 --resume --seed 3
        --matrix-rate 0.003 --rate 5e-4
    python -m onlooker_training.train_tower --check

No picture is shown twice. Four losses: the class of each cell of the 8x8 grid, the things in
each of the 16 tokens, the things in the frame by its strongest token, and by its embedding (not
in crowds). Crowds of up to nine things first, because each picture then teaches more. The
learning rate falls to zero over the given minutes, so a run may be cut into several with
--resume, each with its own rise and fall. Seeds below 1,000,000 are for training, the pictures
of `evaluate` come from seeds above. --check only evaluates the saved weights.
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

from onlooker_training import draw, tower
from onlooker_training.lexicon import THINGS
from onlooker_training.muon import orthogonalise

REPORTING_SEED = 1_000_000
SIZE_BINS = (0.12, 0.16, 0.20, 0.28, 0.36, 0.4501)


class Drawn(IterableDataset):
    """Endless batches (picture, seen, cells) as in draw.Sample, fresh in every worker."""

    def __init__(self, seed: int, batch: int, crowds: float):
        self.seed, self.batch, self.crowds = seed, batch, crowds

    def __iter__(self):
        torch.set_num_threads(1)
        worker = get_worker_info()
        rng = np.random.default_rng([self.seed, worker.id if worker else 0])
        while True:
            samples = [draw.sample(rng, tower.SIZE, self.crowds) for _ in range(self.batch)]
            yield tuple(torch.from_numpy(np.stack([getattr(s, name) for s in samples]))
                        for name in ("picture", "seen", "cells"))


def cell_targets(cells: Tensor) -> Tensor:
    """[n, 41, 8, 8] shares to int64 [n, 64]: a thing, len(THINGS) for empty, -100 for unsure."""
    shares = cells.flatten(2)
    top, thing = shares.max(dim=1)
    whole = shares.sum(dim=2).gather(1, thing)
    occupied = (top >= 0.25) | ((top > 0) & (top >= 0.3 * whole))
    target = torch.where(occupied, thing, torch.full_like(thing, -100))
    return torch.where(shares.sum(dim=1) < 0.03, torch.full_like(thing, len(THINGS)), target)


def token_targets(cells: Tensor) -> tuple[Tensor, Tensor]:
    """[n, 41, 8, 8] shares to target and weight [n, 16, 41]; the weight is 0 where unsure.

    A token sees a thing that covers 15 % of its area, or whose seen part lies there to a
    quarter, or more than in any other token.
    """
    shares = F.avg_pool2d(cells, 2).flatten(2)
    whole = shares.sum(dim=2, keepdim=True)
    most = shares.amax(dim=2, keepdim=True)
    target = (shares >= 0.15) | ((shares > 0) & ((shares >= 0.25 * whole) | (shares == most)))
    weight = target | (shares < 0.01)
    return target.float().transpose(1, 2), weight.float().transpose(1, 2)


def loss_of(model: tower.Tower, heads: tower.Heads, batch: tuple[Tensor, ...]) -> Tensor:
    """The sum of the four losses over a batch of draw.Sample fields."""
    picture, seen, cells = batch
    with torch.autocast("cpu", torch.bfloat16):
        grid = model.grid(tower.pixels(picture))
        tokens = model.tokens(grid)
        embeds = model.embeds(tokens)
        by_cell, by_token = heads.cell(grid).float(), heads.token(tokens).float()
    by_frame = heads.frame(embeds.float())
    target, weight = token_targets(cells)
    of_cell = cell_targets(cells)
    cell = sum(F.cross_entropy(by_cell[part], of_cell[part])
               for part in (of_cell == len(THINGS), (of_cell >= 0) & (of_cell < len(THINGS))))
    token = F.binary_cross_entropy_with_logits(by_token, target, weight, reduction="sum")
    sure = (seen != 0.5).float()
    few = ((seen > 0).sum(dim=1, keepdim=True) <= 3) * sure
    strongest = F.binary_cross_entropy_with_logits(by_token.amax(dim=1), seen, sure,
                                                   reduction="sum")
    frame = F.binary_cross_entropy_with_logits(by_frame, seen, few, reduction="sum")
    return 2 * cell + token / target.sum() + 0.5 * (strongest / seen.sum() + frame / len(seen))


@torch.no_grad()
def predict(model: tower.Tower, heads: tower.Heads, pictures: Tensor) -> tuple[Tensor, Tensor]:
    """uint8 [n, 128, 128, 3] to two bool [n, 41]: things in the frame by tokens, by embedding."""
    by_token, by_frame = [], []
    for part in pictures.split(64):
        tokens, embeds = model(tower.pixels(part))
        by_token.append(heads.token(tokens).amax(dim=1) > 0)
        by_frame.append(heads.frame(embeds) > 0)
    return torch.cat(by_token), torch.cat(by_frame)


def evaluate(model: tower.Tower, heads: tower.Heads, count: int, seed: int) -> dict[str, float]:
    """Figures on `count` unseen scenes: exact sets, precision, recall by height of the thing."""
    model.eval()
    rng = np.random.default_rng(seed)
    samples = [draw.sample(rng, tower.SIZE) for _ in range(count)]
    seen = np.stack([s.seen for s in samples]) > 0
    by_token, by_frame = predict(model, heads, torch.from_numpy(
        np.stack([s.picture for s in samples])))
    found = by_token.numpy()
    figures = {"exact_tokens": (found == seen).all(1).mean(),
               "exact_embedding": (by_frame.numpy() == seen).all(1).mean(),
               "precision": (found & seen).sum() / max(1, found.sum()),
               "recall": (found & seen).sum() / max(1, seen.sum())}
    pairs = [(size, found[i, thing]) for i, s in enumerate(samples)
             for thing, size in s.sizes.items()]
    for low, high in zip(SIZE_BINS, SIZE_BINS[1:]):
        hits = [hit for size, hit in pairs if low <= size < high]
        figures[f"recall_{low:.2f}_{high:.2f}"] = float(np.mean(hits)) if hits else math.nan
    model.train()
    return {name: round(float(value), 4) for name, value in figures.items()}


def save(model: tower.Tower, heads: tower.Heads, path: Path) -> None:
    """Writes tower and heads as float16 safetensors, whole or not at all."""
    state = model.state_dict() | {f"heads.{k}": v for k, v in heads.state_dict().items()}
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    save_file({k: v.half().contiguous() if v.is_floating_point() else v.contiguous()
               for k, v in state.items()}, part)
    part.replace(path)


def load_heads(path: Path) -> tower.Heads:
    """The pretraining heads saved with the tower, float32."""
    heads = tower.Heads()
    heads.load_state_dict({k.removeprefix("heads."): v.float()
                           for k, v in load_file(path).items() if k.startswith("heads.")})
    return heads


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


def train(args: argparse.Namespace, model: tower.Tower, heads: tower.Heads) -> None:
    """Runs for args.minutes, saving and evaluating every few minutes."""
    parameters = [*model.named_parameters(), *heads.named_parameters()]
    inner = [p for n, p in parameters if p.ndim >= 2 and n.startswith(("stem.", "blocks."))
             and not n.startswith("stem.0.")]
    taken = {id(p) for p in inner}
    outer = [p for _, p in parameters if id(p) not in taken]
    optimizers = [torch.optim.AdamW(outer, args.rate, betas=(0.9, 0.98), weight_decay=0.01),
                  Muon(inner, args.matrix_rate)]
    highest = [o.param_groups[0]["lr"] for o in optimizers]
    batches = iter(DataLoader(Drawn(args.seed, args.batch, args.crowds), batch_size=None,
                              num_workers=args.workers,
                              prefetch_factor=4 if args.workers else None))
    start, step, mean, saved = time.time(), 0, None, time.time()
    while (passed := (time.time() - start) / (args.minutes * 60)) < 1:
        factor = min(1, (step + 1) / 60) * 0.5 * (1 + math.cos(math.pi * passed))
        loss = loss_of(model, heads, next(batches))
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for _, p in parameters], 1.0)
        for optimizer, rate in zip(optimizers, highest):
            optimizer.param_groups[0]["lr"] = rate * factor
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        step += 1
        mean = loss.item() if mean is None else 0.98 * mean + 0.02 * loss.item()
        if step % 50 == 0:
            print(f"{(time.time() - start) / 60:5.1f} min step {step} frames {step * args.batch}"
                  f" loss {mean:.3f} factor {factor:.3f}", flush=True)
        if time.time() - saved > args.save_minutes * 60:
            saved = time.time()
            save(model, heads, args.weights)
            print(evaluate(model, heads, 384, REPORTING_SEED), flush=True)
    save(model, heads, args.weights)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--crowds", type=float, default=0.2)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--matrix-rate", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--save-minutes", type=float, default=4)
    parser.add_argument("--weights", type=Path, default=tower.WEIGHTS)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.seed >= REPORTING_SEED:
        parser.error(f"--seed must be below {REPORTING_SEED}: higher seeds are for reporting")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    model, heads = tower.Tower(), tower.Heads()
    if args.resume or args.check:
        model, heads = tower.load(args.weights), load_heads(args.weights)
    if not args.check:
        train(args, model.train(), heads)
    print(evaluate(model, heads, 2048, REPORTING_SEED + 1))


if __name__ == "__main__":
    main()
