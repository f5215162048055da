"""Draws the world: emoji objects on simple backgrounds, at any size, with the truth beside.

A Scene says what is where in fractions of the frame, so that one description gives the 320x240
picture of a video and the 128x128 letterboxed picture a vision tower is trained on. `render`
draws it, `coverage` says which pixels of which object can be seen.

An object counts as visible when at least VISIBLE of its area is inside the frame and not hidden
by another object; below HIDDEN it counts as absent; between the two it is ambiguous, and
neither a label nor a question may depend on it.
"""

import functools
import io
import math
import os
from dataclasses import dataclass, replace

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from onlooker_training.lexicon import THINGS
from onlooker_world.paint import FONT_STRIKE, font_path

VISIBLE = 0.35
HIDDEN = 0.10
ASPECTS = ((1, 1), (4, 3), (16, 9), (9, 16))
HEIGHTS = (0.12, 0.45)
PAD = 127
GRID = 8


@functools.cache
def glyph(thing: int) -> Image.Image:
    """The object's picture cut to its inked box: RGBA, alpha premultiplied."""
    font = ImageFont.truetype(str(font_path()), FONT_STRIKE)
    canvas = Image.new("RGBA", (176, 176), (0, 0, 0, 0))
    ImageDraw.Draw(canvas).text((16, 16), THINGS[thing].emoji, font=font, embedded_color=True)
    box = canvas.getchannel("A").point(lambda a: 255 if a > 16 else 0).getbbox()
    pixels = np.asarray(canvas.crop(box), dtype=np.float32).copy()
    pixels[..., :3] *= pixels[..., 3:] / 255
    return Image.fromarray(np.round(pixels).astype(np.uint8), "RGBA")


@functools.lru_cache(maxsize=6000)
def sprite(thing: int, height: int, flip: bool) -> np.ndarray:
    """The object `height` pixels high: uint8 [height, w, 4], alpha premultiplied, read only."""
    picture = glyph(thing)
    width = max(1, round(picture.width * height / picture.height))
    scaled = np.asarray(picture.resize((width, height), Image.Resampling.BICUBIC))
    scaled = np.array(scaled[:, ::-1] if flip else scaled, order="C")
    np.minimum(scaled[..., :3], scaled[..., 3:], out=scaled[..., :3])
    scaled.setflags(write=False)
    return scaled


@dataclass(frozen=True)
class Placed:
    """An object in a frame: centre x, y and height as fractions of the frame's width/height."""

    thing: int
    x: float
    y: float
    height: float
    flip: bool = False


@dataclass(frozen=True)
class Background:
    """What is behind the objects. kind: plain, gradient, noise, stripes, checks or dots.

    first, second: RGB 0–255. angle in radians; scale: size of the pattern as a fraction of the
    frame's height. seed fixes the noise.
    """

    kind: str
    first: tuple[float, float, float]
    second: tuple[float, float, float]
    angle: float = 0.0
    scale: float = 0.2
    seed: int = 0


@dataclass(frozen=True)
class Scene:
    """One moment: background, light (a gain per RGB channel) and objects from back to front."""

    background: Background
    light: tuple[float, float, float]
    objects: tuple[Placed, ...]


@functools.lru_cache(maxsize=8)
def backdrop(background: Background, width: int, height: int) -> np.ndarray:
    """The background alone: float32 [height, width, 3], read only."""
    first = np.array(background.first, dtype=np.float32)
    second = np.array(background.second, dtype=np.float32)
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    across = x * math.cos(background.angle) + y * math.sin(background.angle)
    along = y * math.cos(background.angle) - x * math.sin(background.angle)
    if background.kind == "plain":
        mix = np.zeros_like(x)
    elif background.kind == "gradient":
        mix = (across - across.min()) / (np.ptp(across) + 1e-6)
    elif background.kind == "noise":
        mix = _smooth_noise(background, width, height)
    elif background.kind == "stripes":
        mix = (np.mod(across / background.scale, 1) < 0.5).astype(np.float32)
    elif background.kind == "checks":
        mix = np.mod(np.floor(across / background.scale) + np.floor(along / background.scale), 2)
    elif background.kind == "dots":
        u = np.mod(across / background.scale, 1) - 0.5
        v = np.mod(along / background.scale, 1) - 0.5
        mix = (u * u + v * v < 0.08).astype(np.float32)
    else:
        raise ValueError(f"background kind is {background.kind!r}")
    picture = first + (second - first) * mix[..., None]
    picture.setflags(write=False)
    return picture


def _smooth_noise(background: Background, width: int, height: int) -> np.ndarray:
    """Random values on a coarse grid, bicubically spread over the frame; [height, width]."""
    rng = np.random.default_rng(background.seed)
    cells = max(2, round(1 / background.scale))
    coarse = Image.fromarray(rng.random((cells, cells), dtype=np.float32), "F")
    return np.clip(np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)), 0, 1)


def corner(placed: Placed, width: int, height: int) -> tuple[np.ndarray, int, int]:
    """The object's sprite for a frame of that size, and its left and top edge in pixels."""
    pixels = sprite(placed.thing, max(2, round(placed.height * height)), placed.flip)
    left = round(placed.x * width - pixels.shape[1] / 2)
    top = round(placed.y * height - pixels.shape[0] / 2)
    return pixels, left, top


def _overlap(pixels: np.ndarray, left: int, top: int, width: int, height: int):
    """Slices (frame rows, frame columns) and the part of the sprite there; None if outside."""
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + pixels.shape[1], width), min(top + pixels.shape[0], height)
    if x0 >= x1 or y0 >= y1:
        return None
    return (slice(y0, y1), slice(x0, x1)), pixels[y0 - top:y1 - top, x0 - left:x1 - left]


def render(scene: Scene, width: int, height: int) -> np.ndarray:
    """Draws the scene: uint8 [height, width, 3], RGB, without any noise."""
    picture = backdrop(scene.background, width, height).copy()
    for placed in scene.objects:
        part = _overlap(*corner(placed, width, height), width, height)
        if part is not None:
            where, pixels = part
            keep = 1 - pixels[..., 3:].astype(np.float32) * (1 / 255)
            picture[where] = picture[where] * keep + pixels[..., :3]
    picture *= np.array(scene.light, dtype=np.float32)
    return np.clip(picture + 0.5, 0, 255, out=picture).astype(np.uint8)


@dataclass
class Seen:
    """What can be seen of one object: alpha float32 [h, w] in 0..1 at that left and top edge.

    share: the seen part of the object's whole area, whether inside the frame or not.
    """

    left: int
    top: int
    alpha: np.ndarray
    share: float

    def hide(self, other: "Seen") -> None:
        """Takes away what the other, in front, covers."""
        x0, x1 = max(self.left, other.left), min(self.left + self.alpha.shape[1],
                                                 other.left + other.alpha.shape[1])
        y0, y1 = max(self.top, other.top), min(self.top + self.alpha.shape[0],
                                               other.top + other.alpha.shape[0])
        if x0 < x1 and y0 < y1:
            before = other.alpha[y0 - other.top:y1 - other.top, x0 - other.left:x1 - other.left]
            self.alpha[y0 - self.top:y1 - self.top, x0 - self.left:x1 - self.left] *= 1 - before


def coverage(scene: Scene, width: int, height: int) -> list[Seen]:
    """For each object of the scene, in its order, what can be seen of it in such a frame."""
    found: list[Seen] = []
    for placed in scene.objects:
        pixels, left, top = corner(placed, width, height)
        part = _overlap(pixels, left, top, width, height)
        inside = np.zeros((0, 0)) if part is None else part[1][..., 3].astype(np.float32) / 255
        seen = Seen(max(left, 0), max(top, 0), inside, area(pixels))
        for behind in found:
            behind.hide(seen)
        found.append(seen)
    for seen in found:
        seen.share = float(seen.alpha.sum()) / seen.share
    return found


def area(pixels: np.ndarray) -> float:
    """The area of a sprite in pixels, partly transparent ones counted in part."""
    return max(1.0, float(pixels[..., 3].sum(dtype=np.int64)) / 255)


def in_cells(seen: Seen, left: int, top: int, step: int) -> np.ndarray:
    """The share of each cell that the object covers: float32 [GRID, GRID].

    left, top: where the frame lies in the square; step: the side of a cell in pixels.
    """
    h, w = seen.alpha.shape
    x, y = seen.left + left, seen.top + top
    i0, j0, i1, j1 = y // step, x // step, -(-(y + h) // step), -(-(x + w) // step)
    padded = np.zeros(((i1 - i0) * step, (j1 - j0) * step), dtype=np.float32)
    padded[y - i0 * step:y - i0 * step + h, x - j0 * step:x - j0 * step + w] = seen.alpha
    cells = np.zeros((GRID, GRID), dtype=np.float32)
    cells[i0:i1, j0:j1] = padded.reshape(i1 - i0, step, j1 - j0, step).mean(axis=(1, 3))
    return cells


def letterbox(size: int, width: int, height: int) -> tuple[int, int, int, int]:
    """Where a width x height frame lies in a size x size square: left, top, width, height."""
    scale = size / max(width, height)
    w, h = max(1, round(width * scale)), max(1, round(height * scale))
    return (size - w) // 2, (size - h) // 2, w, h


def sample_background(rng: np.random.Generator) -> Background:
    """A random background; the two colours of a pattern are kept near each other."""
    kind = rng.choice(["plain", "gradient", "noise", "stripes", "checks", "dots"],
                      p=[0.24, 0.24, 0.22, 0.1, 0.1, 0.1])
    first = rng.uniform(20, 245, 3)
    reach = 110 if kind in ("gradient", "noise") else 45
    second = np.clip(first + rng.uniform(-reach, reach, 3), 0, 255)
    return Background(str(kind), tuple(first.tolist()), tuple(second.tolist()),
                      float(rng.uniform(0, math.pi)), float(rng.uniform(0.08, 0.4)),
                      int(rng.integers(1 << 31)))


def sample_light(rng: np.random.Generator) -> tuple[float, float, float]:
    """Day (two thirds), dusk or night: a gain per channel."""
    if rng.random() < 0.67:
        gains = rng.uniform(0.85, 1.1) * rng.uniform(0.94, 1.06, 3)
    elif rng.random() < 0.5:
        gains = rng.uniform(0.6, 0.9) * np.array([1.1, 0.95, 0.8])
    else:
        gains = rng.uniform(0.4, 0.7) * np.array([0.85, 0.95, 1.2])
    return tuple(gains.tolist())


def sample_placed(rng: np.random.Generator, thing: int, aspect: float) -> Placed:
    """The object at a random place of a frame with that aspect; one in six overhangs an edge."""
    height = float(rng.uniform(*HEIGHTS))
    picture = glyph(thing)
    width = height * picture.width / picture.height / aspect
    if width > 0.6:
        height, width = height * 0.6 / width, 0.6
    x, y = rng.uniform(width / 2, 1 - width / 2), rng.uniform(height / 2, 1 - height / 2)
    if rng.random() < 1 / 6:
        side = rng.integers(4)
        x = {0: rng.uniform(-0.3, 0.3) * width, 1: 1 + rng.uniform(-0.3, 0.3) * width}.get(side, x)
        y = {2: rng.uniform(-0.3, 0.3) * height,
             3: 1 + rng.uniform(-0.3, 0.3) * height}.get(side, y)
    return Placed(thing, float(x), float(y), height, bool(rng.random() < 0.5))


def sample_scene(rng: np.random.Generator, width: int, height: int,
                 counts: tuple[float, ...] = (0.12, 0.22, 0.33, 0.33)) -> Scene:
    """A random scene of 0 to len(counts)-1 different objects; counts: their probabilities.

    At least VISIBLE of each object is seen, so that the labels are certain, and no object hides
    more than half of what another would show without it.
    """
    things = rng.choice(len(THINGS), rng.choice(len(counts), p=counts), replace=False)
    scene, found = Scene(sample_background(rng), sample_light(rng), ()), []
    for thing in things:
        for _ in range(8):
            placed = sample_placed(rng, int(thing), width / height)
            trial = replace(scene, objects=scene.objects + (placed,))
            alone = coverage(replace(scene, objects=(placed,)), width, height)[0].share
            before = [*(seen.share for seen in found), alone]
            after = coverage(trial, width, height)
            if alone >= VISIBLE and all(seen.share >= max(VISIBLE, 0.5 * share)
                                        for seen, share in zip(after, before)):
                scene, found = trial, after
                break
    return scene


def sample_crowd(rng: np.random.Generator, width: int, height: int) -> Scene:
    """Up to nine different objects on a loose 3x3 grid: more to learn from per picture."""
    things = iter(rng.choice(len(THINGS), 9, replace=False))
    objects = []
    for i in rng.permutation(9):
        picture = glyph(thing := int(next(things)))
        wide = picture.width / picture.height * height / width
        tall = float(min(rng.uniform(0.14, HEIGHTS[1]), 0.42 / wide))
        if rng.random() < 0.85:
            x, y = (np.array([i % 3, i // 3]) + 0.5) / 3 + rng.uniform(-0.05, 0.05, 2)
            objects.append(Placed(thing, float(x), float(y), tall, bool(rng.random() < 0.5)))
    return Scene(sample_background(rng), sample_light(rng), tuple(objects))


def degrade(picture: np.ndarray, rng: np.random.Generator, size: tuple[int, int]) -> np.ndarray:
    """What cameras and codecs do: blur, sensor noise, block coding, rescaling, each at random.

    picture: uint8 [h, w, 3]; size: (width, height) of the result, uint8.
    """
    image = Image.fromarray(picture)
    if rng.random() < 0.25:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.2, 0.9)
                                                      * picture.shape[1] / size[0]))
    if rng.random() < 0.35:
        noise = _noise_pool()[rng.integers(1 << 18):][:picture.size].reshape(picture.shape)
        noisy = np.asarray(image, dtype=np.float32) + noise * np.float32(rng.uniform(1, 9))
        image = Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))
    if rng.random() < 0.6:
        coded = io.BytesIO()
        image.save(coded, "JPEG", quality=int(rng.integers(25, 92)), subsampling=2)
        image = Image.open(coded)
    if image.size != size:
        filters = (Image.Resampling.BILINEAR, Image.Resampling.BICUBIC, Image.Resampling.BOX,
                   Image.Resampling.LANCZOS)
        image = image.resize(size, filters[rng.integers(len(filters))])
    return np.asarray(image)


@functools.cache
def _noise_pool() -> np.ndarray:
    """Gaussian noise drawn once; frames take stretches of it."""
    return np.random.default_rng(7).standard_normal((1 << 18) + 640 * 640 * 3, dtype=np.float32)


@dataclass(frozen=True)
class Sample:
    """A training picture with its truth.

    picture: uint8 [size, size, 3], letterboxed. seen: float32 [41], 1 where the thing is
    visible, 0 where absent, 0.5 where that is ambiguous (in crowds only). cells: float32
    [41, 8, 8], the share of each cell's area that the thing's seen pixels cover. sizes:
    {thing: height as a fraction of the frame}.
    """

    picture: np.ndarray
    seen: np.ndarray
    cells: np.ndarray
    sizes: dict[int, float]


def sample(rng: np.random.Generator, size: int = 128, crowds: float = 0.0) -> Sample:
    """Draws one training picture of size x size (a multiple of GRID) from a fresh scene.

    crowds: the share of pictures drawn from sample_crowd instead of sample_scene.
    """
    aspect = ASPECTS[rng.choice(len(ASPECTS), p=[0.15, 0.6, 0.15, 0.1])]
    left, top, width, height = letterbox(size, *aspect)
    invent = sample_crowd if rng.random() < crowds else sample_scene
    scene = invent(rng, width, height)
    zoom = float(rng.choice([1.0, 1.5, 2.0, 2.5], p=[0.35, 0.2, 0.2, 0.25]))
    picture = np.full((size, size, 3), PAD, dtype=np.uint8)
    drawn = render(scene, round(width * zoom), round(height * zoom))
    picture[top:top + height, left:left + width] = degrade(drawn, rng, (width, height))
    seen = np.zeros(len(THINGS), dtype=np.float32)
    cells = np.zeros((len(THINGS), GRID, GRID), dtype=np.float32)
    for placed, part in zip(scene.objects, coverage(scene, width, height)):
        seen[placed.thing] = 1 if part.share >= VISIBLE else 0.5 if part.share >= HIDDEN else 0
        if part.alpha.size:
            cells[placed.thing] = in_cells(part, left, top, size // GRID)
    return Sample(picture, seen, cells, {p.thing: p.height for p in scene.objects})
