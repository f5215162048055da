"""Streams as the frozen tower sees them: what stage C builds its contexts from.

    python -m onlooker_training.bank --first 700000 --count 12 --seconds 1800 --out cache/bank

Each stream is drawn, encoded to H.264 and decoded again, two frames a second, as the product would
see it; what the tower says of every clip is kept in one file per stream: slots float16 [seconds,
SLOTS + 1, SLOT]. The truth is worked out again from the seed when it is needed.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from onlooker_training import pictures, tower
from onlooker_training.pictures import ITEMS
from onlooker_training.slots import LAYOUT, part
from onlooker_training.streams import FPS, Stream
from onlooker_training.train_tower import REPORTING_SEED
from onlooker_world.script import Script
from onlooker_world.world import CRF, record

VIDEO_FPS = 8
SIZES = {4 / 3: (320, 240), 16 / 9: (320, 180), 1.0: (240, 240), 9 / 16: (180, 320)}
BATCH = 32


def frames(path: Path, wanted: Iterator[int], box: tuple[int, int, int, int]) -> Iterator[np.ndarray]:
    """The frames of a video with those numbers, letterboxed: uint8 [SIZE, SIZE, 3]."""
    left, top, width, height = box
    number = next(wanted)
    with av.open(str(path)) as video:
        for i, frame in enumerate(video.decode(video=0)):
            if i != number:
                continue
            small = frame.reformat(width, height, "rgb24", interpolation="BILINEAR").to_ndarray()
            picture = np.full((pictures.SIZE, pictures.SIZE, 3), pictures.PAD, dtype=np.uint8)
            picture[top:top + height, left:left + width] = small
            yield picture
            number = next(wanted, -1)


@torch.no_grad()
def seen(eye: tower.Tower, path: Path, seconds: int, aspect: float) -> Tensor:
    """What the tower says of every clip: float16 [seconds, SLOTS + 1, SLOT]."""
    step = VIDEO_FPS // FPS
    shown = frames(path, iter(range(0, seconds * VIDEO_FPS, step)), pictures.letterbox(aspect))
    told, batch = [], []
    for first in shown:
        batch.append(np.stack((first, next(shown))))
        if len(batch) == BATCH:
            told.append(eye(tower.pixels(torch.from_numpy(np.stack(batch))))[0].half())
            batch = []
    if batch:
        told.append(eye(tower.pixels(torch.from_numpy(np.stack(batch))))[0].half())
    return torch.cat(told)


def fill(eye: tower.Tower, seed: int, seconds: int, folder: Path) -> None:
    """Draws the stream of a seed and writes what the tower says of it."""
    aspect = Stream.aspect_of(seed)
    crf = int(np.random.default_rng([seed, 0xC2F]).integers(CRF[0], CRF[1] + 1))
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "stream.mp4"
        record(Script(seed, seconds, aspect), path, VIDEO_FPS, SIZES[aspect], crf)
        save_file({"slots": seen(eye, path, seconds, aspect)}, folder / f"{seed}.safetensors")


def load(folder: Path) -> list[tuple[Stream, np.ndarray]]:
    """Every stream of a folder with its slots."""
    found = []
    for path in sorted(folder.glob("*.safetensors")):
        slots = load_file(path)["slots"].numpy()
        stream = Stream(int(path.stem), len(slots))
        stream.listed = [tuple(ITEMS[part(row, "item")] for row in clip if row[LAYOUT.present[0]])
                         for clip in slots]
        found.append((stream, slots))
    if not found:
        raise FileNotFoundError(f"{folder} holds no streams: run onlooker_training.bank first")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", type=int, default=700_000)
    parser.add_argument("--count", type=int, default=12)
    parser.add_argument("--seconds", type=int, default=1800)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--reporting", action="store_true", help="allow the seeds of reports")
    parser.add_argument("--weights", type=Path, default=tower.WEIGHTS)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    if args.first + args.count > REPORTING_SEED and not args.reporting:
        parser.error(f"seeds from {REPORTING_SEED} on are for reporting")
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    eye, begin = tower.load(args.weights), time.time()
    for seed in range(args.first, args.first + args.count):
        fill(eye, seed, args.seconds, args.out)
        print(f"stream {seed} after {(time.time() - begin) / 60:.1f} min", flush=True)


if __name__ == "__main__":
    main()
