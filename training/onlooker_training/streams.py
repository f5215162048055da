"""Streams of the drawn world as the decoder meets them: second by second, item by item.

A `Stream` is worked out from the script alone, without painting: what stands in each clip's second
frame, and all that questions are asked from. Its clips are then told either by `imagined` slots
(what a good tower would say, with its kinds of error) or by those of the real tower (bank.py).
"""

import random
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from onlooker_training import pictures
from onlooker_training.pictures import ITEMS, MOTIONS, TEXTS
from onlooker_training.slots import LAYOUT, OWN, SLOTS, arrange, bumps
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
    """One item in one clip. name: what answers call it; item: an index into ITEMS; sure: enough of
    it is seen; told: the tower tells of it, now and then when too little is seen; motion: an index
    into MOTIONS, -1 where it is oblique; text: what a sign that is wholly seen says."""

    name: str
    item: int
    color: int
    motion: int
    x: float
    y: float
    height: float
    sure: bool
    told: bool
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
    """truth: what questions are asked from; moments: one per second; listed: per clip the names of
    its items in the order of its slots, as far as that is known."""

    def __init__(self, seed: int, seconds: int, aspect: float | None = None):
        self.seed = seed
        self.aspect = aspect or self.aspect_of(seed)
        self.script = Script(seed, seconds, self.aspect)
        self.truth = Gathered(FPS, self.aspect)
        for _ in watch(self.script, FPS, self.truth):
            pass
        self.truth.shots.sort(key=lambda shot: shot.start)
        frames = self.truth.frames
        self._coin = random.Random(seed)
        self.moments = [self._moment(frames[2 * c + 1], c + 1 / FPS)
                        for c in range(len(frames) // FPS)]
        self.listed = [tuple(s.name for s in sorted(m.sights, key=reading_order))
                       for m in self.moments]
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
        sure = seen.share >= VISIBLE
        return Sight(item.name, ITEM[item.name], max(pictures.color_of(item), -1),
                     self._motion(stay, t), placed.x, placed.y, placed.height,
                     sure, sure or self._coin.random() < 0.5, text)

    def _motion(self, stay: Stay, t: float) -> int:
        one, other = stay.at(max(t - 1 / FPS, stay.start)), stay.at(t)
        if abs(one.height - other.height) > 1e-6:
            return MOTIONS.index("grow" if other.height > one.height else "shrink")
        way = direction((0, one.x, one.y), (0, other.x, other.y), self.aspect)
        return MOTIONS.index(way) if way else -1


def imagined(moments: list[Moment], rng: np.random.Generator) -> Tensor:
    """Slots as a good tower would tell these clips: float32 [clips, SLOTS + 1, SLOT]."""
    items = np.zeros((len(moments), SLOTS, OWN), dtype=np.float32)
    kept = np.zeros((len(moments), SLOTS), dtype=bool)
    sky = np.zeros((len(moments), len(WEATHERS) + 1), dtype=np.float32)
    for i, moment in enumerate(moments):
        told = [s for s in moment.sights if s.told and rng.random() < 0.992]
        for place, sight in enumerate(sorted(told, key=reading_order)[:SLOTS]):
            fancy(items[i, place], sight, rng)
            kept[i, place] = True
        if rng.random() < 0.004 and len(told) < SLOTS:
            decide(items[i, len(told), slice(*LAYOUT.item)], rng.integers(len(ITEMS)), rng)
            kept[i, len(told)] = True
        decide(sky[i, :-1], moment.weather, rng)
        sky[i, -1] = moment.night
    return arrange(torch.from_numpy(items), torch.from_numpy(kept), torch.from_numpy(sky),
                   torch.zeros(len(moments), dtype=torch.bool))


def reading_order(sight: Sight) -> tuple[int, float]:
    """As the tower lists what it sees, nearly."""
    return int(sight.y * 9), sight.x


def fancy(row: np.ndarray, sight: Sight, rng: np.random.Generator) -> None:
    """Writes what a good tower would say of an item to row [OWN]."""
    layout = LAYOUT
    decide(row[slice(*layout.item)], sight.item, rng)
    if sight.color >= 0:
        decide(row[slice(*layout.color)], sight.color, rng)
    motion = sight.motion if sight.motion >= 0 else rng.integers(len(MOTIONS))
    decide(row[slice(*layout.motion)], motion, rng)
    for part, value in ((layout.x, sight.x), (layout.y, sight.y),
                        (layout.height, sight.height * min(1, 192 / 256))):
        row[slice(*part)] = bumps(torch.tensor([value + rng.normal(0, 0.012)])).numpy()
    if sight.item == SIGN:
        text = TEXT_INDEX.get(sight.text, rng.integers(len(TEXTS)))
        decide(row[slice(*layout.text)], text, rng)


def decide(row: np.ndarray, index: int, rng: np.random.Generator) -> None:
    """Writes a decision that is rarely wrong."""
    row[index if rng.random() < 0.995 else rng.integers(len(row))] = 1
