"""Draws scenes: pictures of any size, and which share of each item can be seen.

Everything that does not change from frame to frame is cached: glyphs, items at a size, lit
backgrounds. Compositing is integer arithmetic on the boxes of the items alone. The characters
are those of Noto Color Emoji (SIL Open Font Licence 1.1; Debian: fonts-noto-color-emoji); signs
are lettered in Pillow's scalable default font, Aileron (CC0).
"""

import functools
import math
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from onlooker_world.lexicon import THINGS
from onlooker_world.scene import Backdrop, Item, Placed, Scene

FONT_NAME = "NotoColorEmoji.ttf"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
                "/Library/Fonts", "~/Library/Fonts")
FONT_STRIKE = 109
"""The only size at which the bitmap version of the font can be loaded (128 px glyphs)."""
MAP_ROWS = 120
"""Truth is worked out on a frame of this many rows, whatever the size of the video."""
SMOOTH = 4
"""Shapes and signs are drawn this many times larger and then reduced."""
DROPS = 140
FLAKES = 110


@functools.cache
def font_path() -> Path:
    """Where the emoji font is; ONLOOKER_EMOJI_FONT overrides. FileNotFoundError if nowhere."""
    chosen = os.environ.get("ONLOOKER_EMOJI_FONT")
    if chosen:
        return Path(chosen)
    for folder in FONT_FOLDERS:
        for path in sorted(Path(folder).expanduser().glob(f"**/{FONT_NAME}")):
            return path
    raise FileNotFoundError(
        f"{FONT_NAME} not found under {', '.join(FONT_FOLDERS)}. Install it (Debian, Ubuntu:"
        " apt install fonts-noto-color-emoji) or set ONLOOKER_EMOJI_FONT to its path.")


@functools.cache
def glyph(thing: int) -> Image.Image:
    """The thing's picture cut to its inked box: RGBA, alpha premultiplied."""
    font = ImageFont.truetype(str(font_path()), FONT_STRIKE)
    canvas = Image.new("RGBA", (176, 176), (0, 0, 0, 0))
    ImageDraw.Draw(canvas).text((16, 16), THINGS[thing].emoji, font=font, embedded_color=True)
    box = canvas.getchannel("A").point(lambda a: 255 if a > 16 else 0).getbbox()
    if box is None:
        raise ValueError(f"{font_path()} has no picture of {THINGS[thing].name}")
    return _premultiplied(canvas.crop(box))


def _premultiplied(picture: Image.Image) -> Image.Image:
    pixels = np.asarray(picture, dtype=np.float32).copy()
    pixels[..., :3] *= pixels[..., 3:] / 255
    return Image.fromarray(np.round(pixels).astype(np.uint8), "RGBA")


def ratio(item: Item) -> float:
    """Width / height of the item."""
    if item.kind == "thing":
        picture = glyph(item.index)
        return picture.width / picture.height
    return item.ratio


@functools.cache
def mean_color(item: Item) -> tuple[float, ...]:
    """The average RGB of what is inked of the item."""
    if item.kind != "thing":
        return item.rgb
    pixels = np.asarray(glyph(item.index), dtype=np.float64)
    return tuple(pixels[..., :3].sum(axis=(0, 1)) / pixels[..., 3].sum() * 255)


@functools.lru_cache(maxsize=256)
def sprite(item: Item, height: int, flip: bool, text: str) -> np.ndarray:
    """The item so many pixels high: uint8 [height, w, 4], alpha premultiplied, read only."""
    width = max(1, round(ratio(item) * height))
    if item.kind == "thing":
        scaled = glyph(item.index).resize((width, height), Image.Resampling.BICUBIC)
    else:
        canvas = Image.new("RGBA", (width * SMOOTH, height * SMOOTH), (0, 0, 0, 0))
        (_draw_shape if item.kind == "shape" else _draw_sign)(canvas, item, text)
        scaled = _premultiplied(canvas).reduce(SMOOTH)
    pixels = np.array(np.asarray(scaled)[:, ::-1] if flip else scaled, order="C")
    np.minimum(pixels[..., :3], pixels[..., 3:], out=pixels[..., :3])
    pixels.setflags(write=False)
    return pixels


def _corners(shape: str) -> list[tuple[float, float]]:
    """The corners of a shape in a unit square."""
    if shape == "triangle":
        return [(0.5, 0), (1, 1), (0, 1)]
    if shape == "diamond":
        return [(0.5, 0), (1, 0.5), (0.5, 1), (0, 0.5)]
    if shape == "hexagon":
        return [(0.25, 0.03), (0.75, 0.03), (1, 0.5), (0.75, 0.97), (0.25, 0.97), (0, 0.5)]
    if shape == "cross":
        a, b = 0.32, 0.68
        return [(a, 0), (b, 0), (b, a), (1, a), (1, b), (b, b), (b, 1), (a, 1), (a, b), (0, b),
                (0, a), (a, a)]
    if shape == "star":
        return [(0.5 + r * math.sin(math.pi * i / 5), 0.525 - r * math.cos(math.pi * i / 5))
                for i in range(10) for r in [0.525 if i % 2 == 0 else 0.21]]
    if shape == "heart":
        return [(0.5 + math.sin(a) ** 3 * 0.5, 0.42 - (13 * math.cos(a) - 5 * math.cos(2 * a)
                - 2 * math.cos(3 * a) - math.cos(4 * a)) / 29.5)
                for a in np.linspace(0, 2 * math.pi, 60, endpoint=False)]
    if shape in ("square", "rectangle"):
        return [(0, 0), (1, 0), (1, 1), (0, 1)]
    if shape in ("circle", "oval"):
        return [(0.5 + 0.5 * math.cos(a), 0.5 + 0.5 * math.sin(a))
                for a in np.linspace(0, 2 * math.pi, 72, endpoint=False)]
    raise ValueError(f"shape is {shape!r}")


def _draw_shape(canvas: Image.Image, item: Item, _text: str) -> None:
    """Filled, or as an outline drawn inwards, a seventh of the smaller side wide (a star's: a
    sixteenth)."""
    pen = ImageDraw.Draw(canvas)
    width, height = canvas.size
    outer = [(x * (width - 1), y * (height - 1)) for x, y in _corners(item.shape)]
    pen.polygon(outer, fill=(*item.rgb, 255))
    if not item.filled:
        inside = Image.new("L", canvas.size, 0)
        ImageDraw.Draw(inside).polygon(outer, fill=255)
        part = 16 if item.shape == "star" else 7
        stroke = max(SMOOTH, min(width, height) // part)
        ImageDraw.Draw(inside).line([*outer, *outer[:2]], fill=0, width=2 * stroke, joint="curve")
        canvas.paste((0, 0, 0, 0), mask=inside)


@functools.lru_cache(maxsize=64)
def _letters(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.load_default(size)


def _draw_sign(canvas: Image.Image, item: Item, text: str) -> None:
    """A board with a border and one line of bold capitals or digits that fills it."""
    width, height = canvas.size
    ink = (15, 15, 20, 255) if sum(item.rgb) > 420 else (250, 250, 250, 255)
    pen = ImageDraw.Draw(canvas)
    border = max(SMOOTH, height // 22)
    pen.rounded_rectangle((0, 0, width - 1, height - 1), height // 10, fill=(*item.rgb, 255),
                          outline=ink, width=border)
    size = round(height * 0.72)
    stroke = max(1, size // 30)
    room = (width - 4.5 * border, height - 4 * border)
    box = pen.textbbox((0, 0), text.upper(), font=_letters(size), stroke_width=stroke)
    fits = min(1.0, room[0] / (box[2] - box[0]), room[1] / (box[3] - box[1]))
    font, stroke = _letters(max(6, int(size * fits))), max(1, int(stroke * fits))
    pen.text((width / 2, height / 2), text.upper(), font=font, fill=ink, anchor="mm",
             stroke_width=stroke, stroke_fill=ink)


@functools.lru_cache(maxsize=256)
def _inks(item: Item, height: int, flip: bool, text: str,
          gain: tuple[float, float, float]) -> tuple[np.ndarray, np.ndarray]:
    """The lit sprite's colours and 255 - alpha: uint16 [h, w, 3] and [h, w, 1]."""
    pixels = sprite(item, height, flip, text)
    lit = np.round(pixels[..., :3] * np.array(gain, dtype=np.float32)).astype(np.uint16)
    return lit * 255 + 127, (255 - pixels[..., 3:]).astype(np.uint16)


@functools.lru_cache(maxsize=4)
def _mix(backdrop: Backdrop, width: int, height: int) -> np.ndarray:
    """How much of the second colour each pixel has: float32 [height, width], 0 to 1."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / height
    across = x * math.cos(backdrop.angle) + y * math.sin(backdrop.angle)
    along = y * math.cos(backdrop.angle) - x * math.sin(backdrop.angle)
    u, v = across / backdrop.scale, along / backdrop.scale
    if backdrop.kind == "plain":
        return np.zeros_like(x)
    if backdrop.kind == "gradient":
        return (across - across.min()) / (np.ptp(across) + 1e-6)
    if backdrop.kind == "noise":
        return _smooth_noise(backdrop, width, height)
    if backdrop.kind == "stripes":
        return (np.mod(u, 1) < 0.5).astype(np.float32)
    if backdrop.kind == "checks":
        return np.mod(np.floor(u) + np.floor(v), 2)
    if backdrop.kind == "dots":
        return ((np.mod(u, 1) - 0.5) ** 2 + (np.mod(v, 1) - 0.5) ** 2 < 0.08).astype(np.float32)
    if backdrop.kind == "waves":
        return 0.5 + 0.5 * np.sin(6.28 * u + 1.5 * np.sin(3.14 * v))
    if backdrop.kind == "horizon":
        return np.clip((y - 0.45 - backdrop.scale) * height / 2 + 0.5, 0, 1)
    raise ValueError(f"background kind is {backdrop.kind!r}")


def _smooth_noise(backdrop: Backdrop, width: int, height: int) -> np.ndarray:
    """Random values on a coarse grid, bicubically spread over the frame; [height, width]."""
    rng = np.random.default_rng(backdrop.seed)
    cells = max(3, round(1.5 / backdrop.scale))
    coarse = Image.fromarray(rng.random((cells, cells), dtype=np.float32), "F")
    return np.clip(np.asarray(coarse.resize((width, height), Image.Resampling.BICUBIC)), 0, 1)


@functools.lru_cache(maxsize=4)
def lit_backdrop(backdrop: Backdrop, light: tuple[float, float, float], width: int,
                 height: int) -> np.ndarray:
    """The background in that light: uint8 [height, width, 3], read only."""
    first, second = (np.array(c, dtype=np.float32) for c in (backdrop.first, backdrop.second))
    picture = first + (second - first) * _mix(backdrop, width, height)[..., None]
    picture = np.clip(picture * np.array(light, dtype=np.float32) + 0.5, 0, 255).astype(np.uint8)
    picture.setflags(write=False)
    return picture


def corner(placed: Placed, width: int, height: int) -> tuple[int, int, int, int]:
    """Left and top edge, width and height in pixels of the item in a frame of that size."""
    h = max(2, round(placed.height * height))
    w = max(1, round(ratio(placed.item) * h))
    return round(placed.x * width - w / 2), round(placed.y * height - h / 2), w, h


def _overlap(box: tuple[int, int, int, int], width: int, height: int):
    """Slices of the frame and of the sprite where the two meet; None if they do not."""
    left, top, w, h = box
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + w, width), min(top + h, height)
    if x0 >= x1 or y0 >= y1:
        return None
    return ((slice(y0, y1), slice(x0, x1)),
            (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)))


def render(scene: Scene, width: int, height: int) -> np.ndarray:
    """Draws the scene: uint8 [height, width, 3], RGB, without sensor noise."""
    shot = scene.shot
    picture = lit_backdrop(shot.backdrop, shot.light, width, height).copy()
    for placed in scene.objects:
        box = corner(placed, width, height)
        where = _overlap(box, width, height)
        if where is not None:
            inks, keep = _inks(placed.item, box[3], placed.flip, placed.text, shot.gain)
            below = picture[where[0]]
            np.floor_divide(below * keep[where[1]] + inks[where[1]], 255, out=below,
                            casting="unsafe")
    if shot.weather != "clear":
        _fall(picture, shot.weather, shot.night, scene.seconds)
    return picture


@functools.cache
def _sky(count: int) -> np.ndarray:
    """Where drops start and how fast they are: float32 [4, count], x, y, speed, sway, 0 to 1."""
    return np.random.default_rng(count).random((4, count), dtype=np.float32)


def _fall(picture: np.ndarray, weather: str, night: bool, seconds: float) -> None:
    """Rain as slanted streaks, snow as swaying flakes, half transparent over everything."""
    height, width = picture.shape[:2]
    x, y, speed, sway = _sky(DROPS if weather == "rain" else FLAKES)
    if weather == "rain":
        steps = np.arange(max(3, round(0.05 * height)), dtype=np.float32)
        rows = ((y + (1.4 + 0.5 * speed) * seconds) % 1.05)[:, None] * height - steps
        columns = (x * width)[:, None] + steps * 0.15
        rows, columns = rows.ravel(), columns.ravel()
    else:
        size = max(1, round(0.011 * height))
        dy, dx = (d.ravel() for d in np.mgrid[0:size, 0:size])
        rows = ((y + (0.12 + 0.1 * speed) * seconds) % 1.02)[:, None] * height + dy
        drift = x + 0.02 * np.sin(6.28 * (sway + 0.3 * seconds))
        rows, columns = rows.ravel(), ((drift % 1)[:, None] * width + dx).ravel()
    rows, columns = rows.astype(np.intp), columns.astype(np.intp)
    inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width)
    rows, columns = rows[inside], columns[inside]
    tone = (110 if night else 160) if weather == "rain" else (190 if night else 245)
    strength = 3 if weather == "snow" else 2
    old = picture[rows, columns].astype(np.uint16)
    picture[rows, columns] = (old * (4 - strength) + tone * strength) // 4


class Grain:
    """Sensor noise for frames of one size; every frame takes another stretch of one pool."""

    def __init__(self, seed: int, width: int, height: int):
        count = width * height * 3
        self._pool = np.random.default_rng([seed, 0xF11]).standard_normal(
            count + (1 << 16), dtype=np.float32)
        self._scaled: dict[float, np.ndarray] = {}

    def over(self, picture: np.ndarray, level: float, frame: int) -> np.ndarray:
        """The picture with noise of that standard deviation."""
        if level not in self._scaled:
            self._scaled = {level: np.round(self._pool * level).clip(-127, 127).astype(np.int8)}
        start = frame * 7919 % (1 << 16)
        part = self._scaled[level][start:start + picture.size].reshape(picture.shape)
        noisy = np.add(picture, part, dtype=np.int16)
        return np.clip(noisy, 0, 255, out=noisy).astype(np.uint8)


@dataclass
class Seen:
    """What can be seen of one item in a frame of MAP_ROWS rows.

    share: the seen part of the item's whole area, whether inside the frame or not. box: left,
    top, right, bottom of what lies inside the frame, in fractions of it; all 0 if nothing does.
    """

    share: float
    box: tuple[float, float, float, float]


@dataclass
class Shown:
    """What an item shows in a frame of some size. area: the sum of its alpha, inside the frame or
    not; alpha: float32, what is left of it at `where` (rows, columns) when everything in front
    has been taken away; None if nothing of it lies inside the frame."""

    area: float
    where: tuple[slice, slice] | None = None
    alpha: np.ndarray | None = None


def shown(objects: tuple[Placed, ...], width: int, height: int) -> list[Shown]:
    """For each object, from back to front, what it shows in a frame of that size."""
    layers = []
    for placed in objects:
        box = corner(placed, width, height)
        alpha = sprite(placed.item, box[3], placed.flip, placed.text)[..., 3]
        layers.append((alpha, _overlap(box, width, height)))
    found = []
    for i, (alpha, where) in enumerate(layers):
        one = Shown(max(1.0, float(alpha.sum(dtype=np.int64))))
        if where is not None:
            one.where, one.alpha = where[0], alpha[where[1]].astype(np.float32)
            for other in layers[i + 1:]:
                _hide(one.alpha, one.where, other)
        found.append(one)
    return found


def coverage(objects: tuple[Placed, ...], aspect: float) -> list[Seen]:
    """For each object, from back to front, what can be seen of it. aspect: width / height."""
    width, height = round(MAP_ROWS * aspect), MAP_ROWS
    found = []
    for one in shown(objects, width, height):
        if one.where is None:
            found.append(Seen(0.0, (0.0, 0.0, 0.0, 0.0)))
            continue
        rows, columns = one.where
        found.append(Seen(float(one.alpha.sum()) / one.area, (
            columns.start / width, rows.start / height, columns.stop / width,
            rows.stop / height)))
    return found


def _hide(left: np.ndarray, where: tuple[slice, slice], other: tuple) -> None:
    """Takes away from `left`, which lies at `where`, what the other layer covers."""
    alpha, place = other
    if place is None:
        return
    (rows, columns), (inner_rows, inner_columns) = place
    y0, y1 = max(where[0].start, rows.start), min(where[0].stop, rows.stop)
    x0, x1 = max(where[1].start, columns.start), min(where[1].stop, columns.stop)
    if y0 < y1 and x0 < x1:
        top, edge = inner_rows.start - rows.start, inner_columns.start - columns.start
        front = alpha[y0 + top:y1 + top, x0 + edge:x1 + edge].astype(np.float32)
        left[y0 - where[0].start:y1 - where[0].start,
             x0 - where[1].start:x1 - where[1].start] *= 1 - front * np.float32(1 / 255)
