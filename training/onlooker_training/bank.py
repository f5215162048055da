"""A bank of drawn clips as the frozen tower sees them: what stage C builds its contexts from.

    python -m onlooker_training.bank --clips 8000 --out cache/bank.safetensors

A clip is two frames half a second apart: the same scene, objects moved a little; in one of eight
an object comes or goes between them, and nothing is asked that depends on it.
"""

import argparse
import random
import time
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from . import draw, tower
from .contexts import Shape
from .lexicon import THINGS
from .vision import Projector

FRAMES = 2
COUNTS = (0.13, 0.27, 0.3, 0.3)


def drawn(scene: draw.Scene, rng: np.random.Generator, aspect: tuple[int, int],
          zoom: float) -> np.ndarray:
    """The letterboxed picture uint8 [128, 128, 3] of a scene, degraded as by camera and codec."""
    left, top, width, height = draw.letterbox(tower.SIZE, *aspect)
    picture = np.full((tower.SIZE, tower.SIZE, 3), draw.PAD, dtype=np.uint8)
    raw = draw.render(scene, round(width * zoom), round(height * zoom))
    picture[top:top + height, left:left + width] = draw.degrade(raw, rng, (width, height))
    return picture


def moved(scene: draw.Scene, rng: np.random.Generator) -> draw.Scene:
    """The scene half a second later."""
    pace = rng.choice([0.0, 0.02, 0.06])
    objects = [replace(p, x=p.x + rng.normal(0, pace), y=p.y + rng.normal(0, pace))
               for p in scene.objects]
    if objects and rng.random() < 0.125:
        objects.pop(rng.integers(len(objects)))
    return replace(scene, objects=tuple(objects))


def clip(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Pictures uint8 [2, 128, 128, 3] and what is seen in both frames: 1, 0, or 0.5 if unsure,
    float32 [41]."""
    aspect = draw.ASPECTS[rng.choice(len(draw.ASPECTS), p=[0.1, 0.7, 0.15, 0.05])]
    _, _, width, height = draw.letterbox(tower.SIZE, *aspect)
    zoom = float(rng.choice([1.0, 1.5, 2.0, 2.5], p=[0.25, 0.15, 0.2, 0.4]))
    scene = draw.sample_scene(rng, width, height, COUNTS)
    scenes = [scene, moved(scene, rng)]
    if rng.random() < 0.5:
        scenes.reverse()
    seen = np.zeros((FRAMES, len(THINGS)), np.float32)
    for i, one in enumerate(scenes):
        for placed, part in zip(one.objects, draw.coverage(one, width, height)):
            share = part.share
            seen[i, placed.thing] = 1 if share >= draw.VISIBLE else 0.5 * (share >= draw.HIDDEN)
    both = np.where(seen.min(0) == seen.max(0), seen[0], 0.5)
    return np.stack([drawn(one, rng, aspect, zoom) for one in scenes]), both


@dataclass
class Bank:
    """tokens [N, 2, 16, 256] fp16, seen [N, 41]."""

    tokens: Tensor
    seen: Tensor

    def __post_init__(self):
        seen = self.seen.numpy()
        self.sure = [set(np.flatnonzero(row == 1).tolist()) for row in seen]
        self.unsure = [set(np.flatnonzero(row == 0.5).tolist()) for row in seen]
        self.showing = [np.flatnonzero(seen[:, k] == 1) for k in range(len(THINGS))]
        self.empty = np.flatnonzero(seen.max(1) == 0)

    def choose(self, rng: random.Random, clips: int) -> list[int]:
        """Clips of one context: things of a small pool come back again and again."""
        pool = rng.sample(range(len(THINGS)), rng.randint(2, 10))
        chosen: list[int] = []
        for _ in range(clips):
            if rng.random() < 0.14:
                chosen.append(int(rng.choice(self.empty)))
            elif chosen and self.sure[chosen[-1]] and rng.random() < 0.25:
                thing = rng.choice(sorted(self.sure[chosen[-1]]))
                chosen.append(int(rng.choice(self.showing[thing])))
            else:
                chosen.append(int(rng.choice(self.showing[rng.choice(pool)])))
        return chosen

    def gather(self, chosen: list[list[int]], shape: Shape, rng: random.Random) -> Tensor:
        """Tower tokens of the chosen clips: fp32 [B·C·frames, 16, 256]."""
        index = torch.tensor(chosen).flatten()
        tokens = self.tokens[index]
        if shape.frames == 1:
            tokens = tokens[:, rng.randrange(FRAMES)][:, None]
        return tokens.flatten(0, 1).float()


def load(path: Path) -> Bank:
    held = load_file(str(path))
    return Bank(held["tokens"], held["seen"])


@torch.no_grad()
def load_for(projector: Projector, path: Path) -> Bank:
    """The bank, unsure also of what the tower plainly misses or imagines: no answer can be
    learned from a thing that does not reach the decoder."""
    held = load_file(str(path))
    seen = held["seen"].clone()
    for start in range(0, len(seen), 500):
        part, truth = held["tokens"][start:start + 500], seen[start:start + 500]
        strengths = projector.strengths(part.flatten(0, 1).float()).amax(1).unflatten(0, (-1, FRAMES))
        missed = (truth == 1) & (strengths.amin(1) < 0.3)
        imagined = (truth == 0) & (strengths.amax(1) > 0.7)
        truth[missed | imagined] = 0.5
    print(f"{((seen == 0.5) & (held['seen'] != 0.5)).any(1).float().mean():.3f} of the clips: "
          "the tower misses or imagines a thing", flush=True)
    return Bank(held["tokens"], seen)


def draw_clips(path: Path, count: int, seed: int) -> None:
    """Writes uncompressed pictures uint8 [N, 2, 128, 128, 3] and their truth float32 [N, 41]."""
    rng, begin = np.random.default_rng(seed), time.time()
    shape = (count, FRAMES, tower.SIZE, tower.SIZE, 3)
    pictures, seen = np.zeros(shape, np.uint8), np.zeros((count, len(THINGS)), np.float32)
    for i in range(count):
        pictures[i], seen[i] = clip(rng)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, pictures=pictures, seen=seen)
    print(f"{count} clips drawn in {time.time() - begin:.0f} s")


@torch.no_grad()
def encode_clips(pictures: np.ndarray, weights: Path) -> Tensor:
    """Tower tokens fp16 [N, 2, 16, 256]."""
    eye, rows = tower.load(weights), []
    for start in range(0, len(pictures), 24):
        part = torch.from_numpy(pictures[start:start + 24]).flatten(0, 1)
        with torch.autocast("cpu", torch.bfloat16):
            grid = eye.grid(tower.pixels(part))
        rows.append(eye.tokens(grid.float()).half().unflatten(0, (-1, FRAMES)))
    return torch.cat(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clips", type=int, default=8000)
    parser.add_argument("--seed", type=int, default=500_000, help="below 1,000,000")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--weights", type=Path, default=tower.WEIGHTS)
    parser.add_argument("--pictures", type=Path, help="drawn clips, made if missing")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    path = args.pictures or args.out.with_suffix(".npz")
    if not path.exists():
        draw_clips(path, args.clips, args.seed)
    held, begin = np.load(path), time.time()
    tokens, seen = encode_clips(held["pictures"], args.weights), torch.from_numpy(held["seen"])
    save_file({"tokens": tokens, "seen": seen}, str(args.out))
    print(f"{len(seen)} clips encoded in {time.time() - begin:.0f} s")


if __name__ == "__main__":
    main()
