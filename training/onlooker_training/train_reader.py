"""Trains the tower's reader of signs on drawn signs, cut out as the tower cuts them out.

    python -m onlooker_training.train_reader --minutes 12
    python -m onlooker_training.train_reader --check

Each sign is drawn alone at the size and with the losses that signs in videos have; the box is off
by as much as the tower's own boxes are. Writes only the reader's part of the weights file.
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset

from onlooker_training import pictures, tower
from onlooker_training.pictures import PAD, SIZE, TEXTS
from onlooker_training.train_tower import REPORTING_SEED
from onlooker_world import paint
from onlooker_world.scene import Placed, Scene, sample_shot, sample_sign

PIXELS = (15, 64)
MARGIN = 1.35
SLIP = 0.06
"""Standard deviation of a box's centre, and of its height, in heights."""
POOL = 12_000
FRESH = 0.4


def sample(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, int]:
    """A picture uint8 [h, w, 3] with a sign, its box in pixels (centre x, y, height), its text."""
    high = PIXELS[0] * (PIXELS[1] / PIXELS[0]) ** rng.random()
    size = (round(high * tower.SIGN_RATIO * MARGIN), round(high * MARGIN))
    text = int(rng.integers(len(TEXTS)))
    shot = sample_shot(rng, 0.0)
    placed = Placed(sample_sign(rng), 0.5, 0.5, 1 / MARGIN, text=TEXTS[text])
    zoom = float(rng.choice([1.0, 1.35, 1.7, 2.5], p=[0.2, 0.25, 0.4, 0.15]))
    drawn = paint.render(Scene(shot, (placed,), float(rng.uniform(0, 100))),
                         round(size[0] * zoom), round(size[1] * zoom))
    picture = pictures.degrade(drawn, rng, size, pictures.sample_degrading(rng))
    return picture, np.array([size[0] / 2, size[1] / 2, size[1] / MARGIN]), text


class Signs(IterableDataset):
    """Endless batches of crops [n, 1, *CROP] and texts [n]; most signs come again out of a pool,
    cut out by another box."""

    def __init__(self, seed: int, batch: int):
        self.seed, self.batch = seed, batch

    def __iter__(self):
        torch.set_num_threads(1)
        rng = np.random.default_rng(self.seed)
        pool: list[tuple] = []
        while True:
            pool += [sample(rng) for _ in range(round(self.batch * FRESH))]
            fresh = pool[-round(self.batch * FRESH):]
            old = rng.integers(len(pool), size=self.batch - len(fresh))
            yield crops(rng, fresh + [pool[i] for i in old])
            pool = pool[-POOL:]


def crops(rng: np.random.Generator, signs: list[tuple]) -> tuple[Tensor, Tensor]:
    """Signs as the tower cuts them out, by boxes that are a little off."""
    shown = np.full((len(signs), SIZE, SIZE, 3), PAD, dtype=np.uint8)
    boxes = np.stack([box * 1.0 for _, box, _ in signs])
    for place, (picture, _, _) in zip(shown, signs):
        place[:picture.shape[0], :picture.shape[1]] = picture
    boxes += rng.normal(0, SLIP, boxes.shape) * boxes[:, 2:]
    pixels = torch.from_numpy(shown).permute(0, 3, 1, 2).float() / 127.5 - 1
    return (tower.crop(pixels, torch.from_numpy((boxes / SIZE).astype(np.float32))),
            torch.tensor([text for _, _, text in signs]))


def save(reader: tower.Reader, path: Path) -> None:
    """Puts the reader into the tower's weights file."""
    state = load_file(path)
    for name, value in reader.state_dict().items():
        state[f"reader.{name}"] = value.half() if value.is_floating_point() else value
    part = path.with_suffix(".part")
    save_file({k: v.contiguous() for k, v in state.items()}, part)
    part.replace(path)


@torch.no_grad()
def evaluate(reader: tower.Reader, count: int, seed: int) -> float:
    """The share of unseen signs that are read rightly."""
    reader.eval()
    rng, right = np.random.default_rng(seed), 0
    for _ in range(0, count, 128):
        shown, texts = crops(rng, [sample(rng) for _ in range(128)])
        right += int((reader(shown).argmax(1) == texts).sum())
    reader.train()
    return right / (count + -count % 128)


def train(args: argparse.Namespace, reader: tower.Reader) -> None:
    optimiser = torch.optim.AdamW(reader.parameters(), args.rate, weight_decay=0.02)
    batches = iter(DataLoader(Signs(args.seed, args.batch), batch_size=None, num_workers=1,
                              prefetch_factor=4))
    begin, step, loss_mean = time.time(), 0, None
    while (spent := (time.time() - begin) / 60) < args.minutes:
        shown, texts = next(batches)
        optimiser.param_groups[0]["lr"] = args.rate * min(1, (step + 1) / 100) * min(
            1.0, 1.6 * (1 - spent / args.minutes) + 0.01)
        with torch.autocast("cpu", torch.bfloat16):
            logits = reader(shown)
        loss = F.cross_entropy(logits.float(), texts, label_smoothing=0.02)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        loss_mean = loss.item() if loss_mean is None else 0.98 * loss_mean + 0.02 * loss.item()
        if step % 100 == 0:
            print(f"{spent:5.1f} min step {step} loss {loss_mean:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--batch", type=int, default=96)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--weights", type=Path, default=tower.WEIGHTS)
    parser.add_argument("--resume", action="store_true")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args()
    if args.seed >= REPORTING_SEED:
        parser.error(f"--seed must be below {REPORTING_SEED}: higher seeds are for reporting")
    torch.set_num_threads(args.threads)
    torch.manual_seed(args.seed)
    reader = tower.load(args.weights).reader if args.resume or args.check else tower.Reader()
    if not args.check:
        train(args, reader.train())
        save(reader, args.weights)
    print(f"right {evaluate(reader, 1280, REPORTING_SEED):.4f}")


if __name__ == "__main__":
    main()
