"""Pairs of pictures of made-up moments, with the truth that the vision tower learns from.

A pair is what a clip shows: one moment and half a second later. The scenes are those of
onlooker_world, but each is drawn for itself: no picture is shown twice.
"""

import functools
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from onlooker_world import paint
from onlooker_world.lexicon import COLORS, SHAPES, THINGS, WORDS
from onlooker_world.scene import (HEIGHTS, HIDDEN, VISIBLE, WEATHERS, WIDEST, Item, Placed, Scene,
                                  Shot, sample_shape, sample_shot, sample_sign, stands_out,
                                  thing_item)

SIZE = 192
CELL = 16
GRID = SIZE // CELL
PAD = 127
GAP = 0.5
"""Seconds between the two pictures."""
KINDS = (*(thing.name for thing in THINGS), *SHAPES, "sign")
"""What an item can be, in class order; a shape's colour is a class of its own."""
FIGURES = tuple(f"{color.name} {shape}" for shape in SHAPES for color in COLORS)
ITEMS = (*(thing.name for thing in THINGS), *FIGURES, "sign")
"""What an item is called, in the order of slots: things, shapes with their colours, signs."""
MOTIONS = ("still", "left", "right", "up", "down", "grow", "shrink")
TEXTS = (*WORDS, *(str(n) for n in range(100)))
ASPECTS = ((4, 3), (16, 9), (1, 1), (9, 16))
MOST = 9
UNSURE = -100


def kind_of(item: Item) -> int:
    """The class of an item, an index into KINDS."""
    if item.kind == "thing":
        return item.index
    return len(THINGS) + (SHAPES.index(item.shape) if item.kind == "shape" else len(SHAPES))


def color_of(item: Item) -> int:
    """The class of a shape's colour; UNSURE for anything else."""
    return [c.name for c in COLORS].index(item.color) if item.kind == "shape" else UNSURE


def letterbox(aspect: float) -> tuple[int, int, int, int]:
    """Left, top, width and height, in pixels of the picture, of a frame of width / height."""
    width, height = (SIZE, round(SIZE / aspect)) if aspect >= 1 else (round(SIZE * aspect), SIZE)
    return (SIZE - width) // 2, (SIZE - height) // 2, width, height


@dataclass(frozen=True)
class Pair:
    """Two pictures and what is in the second.

    pictures: uint8 [2, SIZE, SIZE, 3], letterboxed. Per item, in MOST places: kind, color, motion
    int64 [MOST] (UNSURE where there is none), cell int64 [MOST] (the grid cell of the centre of
    what is seen of it, -1 for no item or one that is not surely visible), box float32 [MOST, 5]
    (centre x, y and height in fractions of the picture, centre x, y in fractions of the frame).
    cells int64 [GRID·GRID]: the kind that covers the cell, len(KINDS) for none, UNSURE. quiet bool
    [GRID·GRID]: no centre may be asked for there, because an item is half hidden. sky int64 [2]:
    weather, night.
    """

    pictures: np.ndarray
    kind: np.ndarray
    color: np.ndarray
    motion: np.ndarray
    cell: np.ndarray
    box: np.ndarray
    cells: np.ndarray
    quiet: np.ndarray
    sky: np.ndarray


def degrade(picture: np.ndarray, rng: np.random.Generator, size: tuple[int, int],
            how: tuple[float, float, int, int]) -> np.ndarray:
    """What cameras and codecs do to a picture on its way to `size` (width, height): blur by how[0]
    pixels of the result, noise of deviation how[1], JPEG of quality how[2] (0: none), scaling by
    filter how[3]. uint8 [height, width, 3]."""
    image = Image.fromarray(picture)
    blur, noise, quality, scaling = how
    if blur:
        image = image.filter(ImageFilter.GaussianBlur(blur * picture.shape[1] / size[0]))
    if noise:
        grain = _grain()[rng.integers(1 << 18):][:picture.size].reshape(picture.shape)
        noisy = np.asarray(image, dtype=np.float32) + grain * np.float32(noise)
        image = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    if quality:
        coded = io.BytesIO()
        image.save(coded, "JPEG", quality=quality, subsampling=2)
        image = Image.open(coded)
    return np.asarray(image.resize(size, scaling) if image.size != size else image)


def sample_degrading(rng: np.random.Generator) -> tuple[float, float, int, int]:
    """How both pictures of a pair are degraded; see `degrade`."""
    return (float(rng.uniform(0.2, 0.9)) if rng.random() < 0.2 else 0.0,
            float(rng.uniform(1, 8)) if rng.random() < 0.35 else 0.0,
            int(rng.integers(22, 90)) if rng.random() < 0.75 else 0,
            int(rng.choice([Image.Resampling.BILINEAR, Image.Resampling.BICUBIC,
                            Image.Resampling.BOX])))


@functools.cache
def _grain() -> np.ndarray:
    """Gaussian noise drawn once; pictures take stretches of it."""
    return np.random.default_rng(7).standard_normal((1 << 18) + 640 * 640 * 3, dtype=np.float32)


def sample_text(rng: np.random.Generator) -> str:
    return str(rng.integers(100)) if rng.random() < 0.35 else WORDS[rng.integers(len(WORDS))]


def _sample_item(rng: np.random.Generator, shot: Shot) -> Item:
    """Something that stands out from the backdrop."""
    for _ in range(12):
        kind = rng.choice(3, p=[0.62, 0.31, 0.07])
        item = (thing_item(int(rng.integers(len(THINGS)))) if kind == 0
                else sample_shape(rng) if kind == 1 else sample_sign(rng))
        if stands_out(paint.mean_color(item), shot, 90 if kind == 1 else 45):
            break
    return item


def _moves(rng: np.random.Generator, placed: Placed, aspect: float) -> tuple[Placed, int]:
    """Where the item was GAP seconds before, and the motion that led here (UNSURE: oblique)."""
    chance = rng.random()
    if chance < 0.4:
        return placed, 0
    if chance < 0.5:
        motion = int(rng.choice([5, 6]))
        step = placed.height * rng.uniform(0.06, 0.12) * (1 if motion == 5 else -1)
        return _with(placed, height=placed.height - step), motion
    step = rng.uniform(0.1, 0.3) * GAP
    if chance < 0.6:
        angle = rng.uniform(0, 2 * np.pi)
        dx, dy = step * np.cos(angle), step * np.sin(angle)
        across, down = abs(dx) * aspect, abs(dy)
        if across >= 2 * down or down >= 2 * across:
            return placed, 0
        return _with(placed, x=placed.x - dx, y=placed.y - dy), UNSURE
    motion = int(rng.integers(1, 5))
    dx, dy = {1: (-step, 0), 2: (step, 0), 3: (0, -step), 4: (0, step)}[motion]
    return _with(placed, x=placed.x - dx, y=placed.y - dy), motion


def _with(placed: Placed, **changes: float) -> Placed:
    return Placed(**{**placed.__dict__, **{k: float(v) for k, v in changes.items()}})


def _sample_places(rng: np.random.Generator, aspect: float, items: list[Item]) -> list[Placed]:
    """Each item somewhere, one in five cut by an edge, many beside or partly behind another."""
    placed: list[Placed] = []
    for item in items:
        low = 0.16 if item.kind == "sign" else HEIGHTS[0]
        high = max(min(HEIGHTS[1] if len(items) < 5 else 0.3, WIDEST * aspect / paint.ratio(item)),
                   low)
        height = low * (high / low) ** rng.random()
        width = height * paint.ratio(item) / aspect
        out = 0.25 if rng.random() < 0.2 else 0.0
        x, y = (rng.uniform(side * (0.5 - out), 1 - side * (0.5 - out))
                for side in (min(width, 0.9), height))
        if placed and rng.random() < 0.45:
            other = placed[rng.integers(len(placed))]
            reach = (width + other.height * paint.ratio(other.item) / aspect) / 2
            x = other.x + reach * rng.uniform(0.42, 0.9) * rng.choice([-1, 1])
            y = other.y + rng.uniform(-0.35, 0.35) * (height + other.height) / 2
        text = sample_text(rng) if item.kind == "sign" else ""
        flip = item.kind == "thing" and bool(rng.random() < 0.5)
        placed.append(Placed(item, float(x), float(y), float(height), flip, text))
    return placed


def _sample_objects(rng: np.random.Generator, shot: Shot, aspect: float,
                    crowded: bool) -> tuple[Placed, ...]:
    count = int(rng.integers(5, MOST + 1)) if crowded else int(
        rng.choice(5, p=[0.06, 0.2, 0.26, 0.26, 0.22]))
    items = [_sample_item(rng, shot) for _ in range(count)]
    if count > 1 and rng.random() < 0.2:
        items[1] = items[0]
        if count > 2 and rng.random() < 0.4:
            items[2] = items[0]
    for _ in range(6):
        placed = tuple(_sample_places(rng, aspect, items))
        shares = [seen.share for seen in paint.coverage(placed, aspect)]
        if sum(share < VISIBLE for share in shares) <= (1 if rng.random() < 0.15 else 0):
            break
    return placed


def sample(rng: np.random.Generator, crowds: float = 0.0) -> Pair:
    """A pair drawn from a fresh scene; crowds: the share of pairs with five to nine items."""
    ratio = ASPECTS[rng.choice(len(ASPECTS), p=[0.62, 0.2, 0.1, 0.08])]
    aspect = ratio[0] / ratio[1]
    shot = sample_shot(rng, 0.0)
    second = _sample_objects(rng, shot, aspect, bool(rng.random() < crowds))
    moved = [_moves(rng, placed, aspect) for placed in second]
    motion = np.array([m for _, m in moved], dtype=np.int64)
    before, was = shot, tuple(p for p, _ in moved)
    if rng.random() < 0.03:
        before = sample_shot(rng, 0.0)
        was = _sample_objects(rng, before, aspect, False)
        motion[:] = UNSURE
    box = letterbox(aspect)
    zoom = float(rng.choice([1.0, 1.35, 1.7, 2.2], p=[0.25, 0.25, 0.42, 0.08]))
    how, t = sample_degrading(rng), float(rng.uniform(0, 100))
    pictures = np.full((2, SIZE, SIZE, 3), PAD, dtype=np.uint8)
    for i, scene in enumerate((Scene(before, was, t), Scene(shot, second, t + GAP))):
        drawn = paint.render(scene, round(box[2] * zoom), round(box[3] * zoom))
        pictures[i, box[1]:box[1] + box[3], box[0]:box[0] + box[2]] = degrade(
            drawn, rng, (box[2], box[3]), how)
    return Pair(pictures, *labels(second, motion, box),
                np.array([WEATHERS.index(shot.weather), shot.night], dtype=np.int64))


def labels(objects: tuple[Placed, ...], motion: np.ndarray,
           frame: tuple[int, int, int, int]) -> tuple[np.ndarray, ...]:
    """kind, color, motion, cell, box, cells and quiet of a Pair, for the items of a frame that is
    letterboxed so."""
    left, top, width, height = frame
    kind, color, ways, cell = (np.full(MOST, UNSURE, dtype=np.int64) for _ in range(4))
    cell[:] = -1
    boxes = np.zeros((MOST, 5), dtype=np.float32)
    shares = np.zeros((MOST + 1, GRID, GRID), dtype=np.float32)
    quiet = np.zeros((GRID, GRID), dtype=bool)
    for i, (placed, seen) in enumerate(zip(objects, paint.shown(objects, width, height))):
        if seen.where is None:
            continue
        kind[i], color[i], ways[i] = kind_of(placed.item), color_of(placed.item), motion[i]
        boxes[i] = ((left + placed.x * width) / SIZE, (top + placed.y * height) / SIZE,
                    placed.height * height / SIZE, placed.x, placed.y)
        inked = np.zeros((SIZE, SIZE), dtype=np.float32)
        rows, columns = seen.where
        inked[top + rows.start:top + rows.stop, left + columns.start:left + columns.stop] = \
            seen.alpha / 255
        shares[i] = inked.reshape(GRID, CELL, GRID, CELL).mean(axis=(1, 3))
        share = float(seen.alpha.sum()) / seen.area
        middle = _middle(inked)
        if share >= VISIBLE:
            cell[i] = middle[0] * GRID + middle[1]
        elif share >= HIDDEN:
            quiet[max(middle[0] - 1, 0):middle[0] + 2, max(middle[1] - 1, 0):middle[1] + 2] = True
    return kind, color, ways, cell, boxes, _owners(kind, cell, shares), quiet.ravel()


def _middle(inked: np.ndarray) -> tuple[int, int]:
    """Row and column of the cell of the centroid."""
    rows, columns = inked.sum(axis=1), inked.sum(axis=0)
    whole = max(float(rows.sum()), 1e-6)
    places = np.arange(SIZE, dtype=np.float32)
    return (int(np.clip(rows @ places / whole, 0, SIZE - 1)) // CELL,
            int(np.clip(columns @ places / whole, 0, SIZE - 1)) // CELL)


def _owners(kind: np.ndarray, cell: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Which kind covers each cell: [GRID·GRID]."""
    flat = shares.reshape(len(shares), -1)
    most = flat.argmax(axis=0)
    top, whole = flat.max(axis=0), flat.sum(axis=0)
    cells = np.full(GRID * GRID, UNSURE, dtype=np.int64)
    cells[whole < 0.03] = len(KINDS)
    owned = (top >= 0.25) & (top >= 0.6 * whole)
    cells[owned] = kind[most[owned]]
    for i in np.flatnonzero(cell >= 0):
        cells[cell[i]] = kind[i]
    return cells
