"""Streams of the drawn world as the decoder meets them: second by second, item by item.

A `Stream` is worked out from the script alone, without painting: what stands in each clip's second
frame, and all that questions are asked from. Its clips are then told either by `imagined` slots
(what a good tower would say, with its kinds of error) or by those of the real tower (bank.py).
"""

import random
from dataclasses import dataclass

import numpy as np

from onlooker_training import pictures, tower
from onlooker_training.pictures import ITEMS, MOTIONS, TEXTS
from onlooker_world.episode import Stay, direction
from onlooker_world.lexicon import COLORS
from onlooker_world.paint import Seen
from onlooker_world.scene import HIDDEN, VISIBLE, WEATHERS, Shot
from onlooker_world.script import Script
from onlooker_world.truth import CLEAR, Truth
from onlooker_world.world import watch

FPS = 2
ASPECTS = (4 / 3, 4 / 3, 4 / 3, 16 / 9, 1.0, 9 / 16)
COLOR_NAMES = tuple(color.name for color in COLORS)
ITEM = {name: i for i, name in enumerate(ITEMS)}
SIGN = ITEM["sign"]
TEXT_INDEX = {text: i for i, text in enumerate(TEXTS)}


@dataclass(frozen=True)
class Sight:
    """One item in one clip. name: what answers call it; item: an index into ITEMS; sure: enough of it is seen; motion: an
    index into MOTIONS, -1 where it is oblique; text: what a sign that is wholly seen says."""

    name: str
    item: int
    color: int
    motion: int
    x: float
    y: float
    height: float
    sure: bool
    text: str = ""


@dataclass(frozen=True)
class Moment:
    """What one clip shows, from left to right of the picture, and its sky."""

    sights: tuple[Sight, ...]
    weather: int
    night: bool

    @property
    def names(self) -> set[str]:
        """What is surely there."""
        return {s.name for s in self.sights if s.sure}

    @property
    def doubtful(self) -> set[str]:
        return {s.name for s in self.sights if not s.sure}


class Gathered(Truth):
    """The truth, and for each frame who was there and how much of each could be seen."""

    def __init__(self, fps: float, aspect: float):
        super().__init__(fps, aspect)
        self.frames: list[list[tuple[Stay, Seen]]] = []

    def frame(self, frame: int, present: list[Stay], seen: list[Seen]) -> None:
        super().frame(frame, present, seen)
        self.frames.append(list(zip(present, seen)))


class Stream:
    """truth: what questions are asked from; moments: one per second."""

    def __init__(self, seed: int, seconds: int, aspect: float | None = None):
        self.seed = seed
        self.aspect = aspect or self.aspect_of(seed)
        self.script = Script(seed, seconds, self.aspect)
        self.truth = Gathered(FPS, self.aspect)
        for _ in watch(self.script, FPS, self.truth):
            pass
        self.truth.shots.sort(key=lambda shot: shot.start)
        frames = self.truth.frames
        self.moments = [self._moment(frames[2 * c + 1], c + 1 / FPS)
                        for c in range(len(frames) // FPS)]
        del self.truth.frames

    @staticmethod
    def aspect_of(seed: int) -> float:
        """Width / height of the frames, where nothing else is said."""
        return random.Random(seed).choice(ASPECTS)

    def _moment(self, seen: list[tuple[Stay, Seen]], t: float) -> Moment:
        shot: Shot = self.truth.shot_at(t)
        sights = [self._sight(stay, one, t) for stay, one in seen if one.share >= HIDDEN]
        return Moment(tuple(sorted(sights, key=lambda s: s.x)), WEATHERS.index(shot.weather),
                      shot.night)

    def _sight(self, stay: Stay, seen: Seen, t: float) -> Sight:
        item, placed = stay.item, stay.at(t)
        text = stay.text(t) if seen.share >= CLEAR else ""
        return Sight(item.name, ITEM[item.name], max(pictures.color_of(item), -1),
                     self._motion(stay, t), placed.x, placed.y, placed.height,
                     seen.share >= VISIBLE, text)

    def _motion(self, stay: Stay, t: float) -> int:
        one, other = stay.at(max(t - 1 / FPS, stay.start)), stay.at(t)
        if abs(one.height - other.height) > 1e-6:
            return MOTIONS.index("grow" if other.height > one.height else "shrink")
        way = direction((0, one.x, one.y), (0, other.x, other.y), self.aspect)
        return MOTIONS.index(way) if way else -1


def imagined(moment: Moment, rng: np.random.Generator) -> np.ndarray:
    """Slots as a good tower would tell the clip: float32 [SLOTS + 1, SLOT]."""
    layout = tower.LAYOUT
    out = np.zeros((tower.SLOTS + 1, tower.SLOT), dtype=np.float32)
    told = [s for s in moment.sights if rng.random() < (0.985 if s.sure else 0.5)]
    told = sorted(told, key=lambda s: (int(s.y * 9), s.x))[:tower.SLOTS]
    places = np.sort(rng.permutation(tower.SLOTS)[:len(told)])
    for place, sight in zip(places, told):
        strength = 1.0 if rng.random() < 0.93 else rng.uniform(0.3, 1)
        spread(out[place, slice(*layout.item)], sight.item, rng, strength)
        if sight.color >= 0:
            spread(out[place, slice(*layout.color)], sight.color, rng, strength)
        motion = sight.motion if sight.motion >= 0 else rng.integers(len(MOTIONS))
        spread(out[place, slice(*layout.motion)], motion, rng, strength)
        for part, value in ((layout.x, sight.x), (layout.y, sight.y),
                            (layout.height, sight.height * min(1, 192 / 256))):
            out[place, slice(*part)] = strength * bumps(value + rng.normal(0, 0.012))
        out[place, layout.present[0]] = strength
        if sight.item == SIGN:
            text = TEXT_INDEX.get(sight.text, rng.integers(len(TEXTS)))
            spread(out[place, slice(*layout.text)], text, rng, strength)
    if rng.random() < 0.004 and len(told) < tower.SLOTS:
        place = rng.choice(np.setdiff1d(np.arange(tower.SLOTS), places))
        spread(out[place, slice(*layout.item)], rng.integers(len(ITEMS)), rng,
               rng.uniform(0.1, 0.8))
    sky = slice(*layout.sky)
    spread(out[-1, sky.start:sky.stop - 1], moment.weather, rng, 1.0)
    out[-1, sky.stop - 1] = moment.night
    out[-1, layout.is_sky[0]] = 1
    return out


def bumps(value: float) -> np.ndarray:
    """As tower.bumps, for one value."""
    places = np.linspace(0, 1, tower.BUMPS)
    return np.exp(-((value - places) * (tower.BUMPS - 1)) ** 2 * 0.7).astype(np.float32)


def spread(row: np.ndarray, index: int, rng: np.random.Generator, strength: float) -> None:
    """Writes probabilities that favour the index."""
    sure = 1.0 if rng.random() < 0.8 else rng.uniform(0.6, 1.0)
    row[index] += strength * sure
    row[rng.integers(len(row))] += strength * (1 - sure)
