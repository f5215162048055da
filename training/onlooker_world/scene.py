"""What one moment of the drawn world holds, in fractions of the frame, and how it is made up.

A Scene is a Shot (background, light, weather, sensor noise) and up to four Placed items from back
to front. It says nothing about pixels: paint.py draws it at any size.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from onlooker_world.lexicon import COLORS, SHAPES, THINGS, article

VISIBLE = 0.35
HIDDEN = 0.10
HEIGHTS = (0.12, 0.45)
WIDEST = 0.6
KINDS = ("plain", "gradient", "noise", "stripes", "checks", "dots", "waves", "horizon")
WEATHERS = ("clear", "rain", "snow")
PLACES = (("top left", "top", "top right"), ("left", "middle", "right"),
          ("bottom left", "bottom", "bottom right"))
EDGE, CORE = 0.31, (0.4, 0.6)


@dataclass(frozen=True)
class Item:
    """Something that can be in a frame; two equal items are two of the same.

    kind: "thing", "shape" or "sign". name: what answers call it ("dog", "red circle", "sign").
    index: place in THINGS, else -1. shape, color: names, for shapes. rgb: the fill, or the board
    of a sign. filled: False draws the outline alone. ratio: width / height of shapes and signs.
    """

    kind: str
    name: str
    index: int = -1
    shape: str = ""
    color: str = ""
    rgb: tuple[int, int, int] = (0, 0, 0)
    filled: bool = True
    ratio: float = 1.0


@dataclass(frozen=True)
class Placed:
    """An item in a frame: centre and height as fractions of the frame's width and height.

    text: what a sign says at this moment.
    """

    item: Item
    x: float
    y: float
    height: float
    flip: bool = False
    text: str = ""


@dataclass(frozen=True)
class Backdrop:
    """What is behind the items. kind: one of KINDS; first, second: RGB 0 to 255; angle in
    radians; scale: size of the pattern as a fraction of the frame's height; seed: of the noise."""

    kind: str
    first: tuple[float, float, float]
    second: tuple[float, float, float]
    angle: float = 0.0
    scale: float = 0.2
    seed: int = 0


@dataclass(frozen=True)
class Shot:
    """What the camera shows from `start` seconds on, until the next shot.

    light: gain per RGB channel; night: whether it is dark. weather: one of WEATHERS. noise:
    standard deviation of the sensor noise, 0 to 255.
    """

    start: float
    backdrop: Backdrop
    light: tuple[float, float, float] = (1.0, 1.0, 1.0)
    night: bool = False
    weather: str = "clear"
    noise: float = 0.0

    @cached_property
    def gain(self) -> tuple[float, float, float]:
        """The light on items: dimmed far less than the background, so that colours keep names."""
        return tuple(1 - 0.12 * (1 - channel) for channel in self.light)


@dataclass(frozen=True)
class Scene:
    """One moment. seconds: media time, by which rain and snow fall."""

    shot: Shot
    objects: tuple[Placed, ...]
    seconds: float = 0.0


def thing_item(index: int) -> Item:
    return Item("thing", THINGS[index].name, index)


def sample_shape(rng: np.random.Generator) -> Item:
    """A shape of a random colour within the colour's range; one in four is an outline."""
    shape = str(rng.choice(SHAPES))
    color = COLORS[rng.integers(len(COLORS))]
    rgb = tuple(int(v) for v in rng.integers(color.low, np.add(color.high, 1)))
    if color.name in ("black", "white", "gray"):
        rgb = (rgb[0],) * 3
    ratio = 1.0
    if shape == "rectangle":
        ratio = float(rng.uniform(2.0, 3.0)) if rng.random() < 0.75 else 1 / float(
            rng.uniform(2.0, 2.5))
    elif shape == "oval":
        ratio = float(rng.uniform(1.5, 1.9))
    return Item("shape", f"{color.name} {shape}", -1, shape, color.name, rgb,
                bool(rng.random() < 0.75), round(ratio, 3))


def sample_sign(rng: np.random.Generator) -> Item:
    boards = ((250, 250, 245), (250, 215, 60), (20, 90, 170), (20, 110, 60), (170, 25, 30),
              (35, 35, 40))
    return Item("sign", "sign", rgb=boards[rng.integers(len(boards))], ratio=2.1)


def sample_shot(rng: np.random.Generator, start: float, plain: bool = False) -> Shot:
    """A random shot; plain: of one colour, by day, in clear weather."""
    kind = "plain" if plain else str(rng.choice(KINDS, p=[.16, .2, .16, .1, .09, .09, .1, .1]))
    first = rng.uniform(40, 235, 3)
    if rng.random() < 0.5:
        first = first.mean() + 0.35 * (first - first.mean())
    apart = rng.uniform(40, 90) if kind in ("gradient", "horizon") else rng.uniform(12, 40)
    second = np.clip(first + rng.choice([-1, 1], 3) * rng.uniform(0.5, 1, 3) * apart, 0, 255)
    night = bool(not plain and rng.random() < 0.25)
    level = rng.uniform(0.3, 0.5) if night else rng.uniform(0.85, 1.0)
    light = np.clip(level * np.array([0.85, 0.92, 1.15] if night else rng.uniform(.94, 1.06, 3)),
                    0, 1)
    backdrop = Backdrop(kind, _rounded(first), _rounded(second),
                        round(float(rng.uniform(0, np.pi)), 3),
                        round(float(rng.uniform(0.08, 0.3)), 3), int(rng.integers(1 << 30)))
    weather = "clear" if plain else str(rng.choice(WEATHERS, p=[.7, .16, .14]))
    return Shot(start, backdrop, _rounded(light, 3), night, weather,
                float(rng.choice([0, 0, 2, 4, 6])))


def _rounded(values: np.ndarray, digits: int = 0) -> tuple[float, float, float]:
    return tuple(round(float(v), digits) for v in values)


def stands_out(rgb: tuple[float, ...], shot: Shot, least: float) -> bool:
    """Whether that colour, lit as an item, is at least so far (RGB distance) from the backdrop."""
    lit = np.array(rgb) * shot.gain
    return all(np.linalg.norm(lit - np.array(c) * shot.light) >= least
               for c in (shot.backdrop.first, shot.backdrop.second))


def place_name(x: float, y: float) -> str | None:
    """Which of the nine places of the frame a centre lies in; None near a border of two."""
    found = []
    for value in (x, y):
        zone = 0 if value <= EDGE else 2 if value >= 1 - EDGE else None
        if CORE[0] <= value <= CORE[1]:
            zone = 1
        if zone is None:
            return None
        found.append(zone)
    return PLACES[found[1]][found[0]]


def indefinite(name: str) -> str:
    """The name with its indefinite article."""
    return f"{article(name)} {name}"
