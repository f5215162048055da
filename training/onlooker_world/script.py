"""What happens in a drawn world: episodes, one after the other, for as long as is asked.

An episode lasts 16 to 44 seconds. It has one plot (a shape alone, things that cross, meet, hide
behind another, come in twos and threes, grow or shrink, a sign that changes) and further things
that come, stand and go around it, never more than MOST at a time. Each begins with a camera cut;
some have another in the middle. Between episodes nothing is there for some seconds, or the next
begins at once.

A world has a cast; in every PERIOD seconds only a part of it is about, the first of that part far
more than the last, so that some things are seen all the time and some only once in hours. Two appearances of one name are at least APART
seconds apart or overlap. `episodes` makes them in order of time and keeps only the last end of
each name, so a world of any length takes the same memory.
"""

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from onlooker_world import paint
from onlooker_world.lexicon import THINGS, WORDS
from onlooker_world.scene import (HEIGHTS, WIDEST, Item, Placed, Scene, Shot, sample_shape,
                                  sample_shot, sample_sign, stands_out, thing_item)

MOST = 4
APART = 6.0
PERIOD = 300.0
CAST_THINGS, CAST_SHAPES = 75, 45
ABOUT_THINGS, ABOUT_SHAPES = 14, 7
EPISODE = (16.0, 44.0)
QUIET = (3.0, 7.0)
STEP = 0.5
"""Seconds between the moments at which a new stay is checked against the others."""
SPEED = (0.1, 0.3)
SIDES = ("left", "right", "top", "bottom")
THING_CONTRAST, SHAPE_CONTRAST = 45, 90


@dataclass(frozen=True)
class Stay:
    """One item from when it comes to when it goes.

    number: no other stay of the world has it. knots: (seconds, x, y, height), moving and growing evenly between. depth: items of greater
    depth are drawn in front. texts: (seconds, text) from when on a sign says what.
    """

    number: int
    item: Item
    knots: tuple[tuple[float, float, float, float], ...]
    flip: bool = False
    depth: float = 0.0
    texts: tuple[tuple[float, str], ...] = ()

    @property
    def start(self) -> float:
        return self.knots[0][0]

    @property
    def end(self) -> float:
        return self.knots[-1][0]

    def text(self, t: float) -> str:
        """What a sign says at t seconds; empty for anything else."""
        said = ""
        for since, text in self.texts:
            if since <= t:
                said = text
        return said

    def at(self, t: float) -> Placed:
        """Where the item is at t seconds, which must lie between start and end."""
        i = min(max(bisect_right(self.knots, t, key=lambda k: k[0]), 1), len(self.knots) - 1)
        one, other = self.knots[i - 1], self.knots[i]
        part = (t - one[0]) / max(other[0] - one[0], 1e-9)
        x, y, height = (a + (b - a) * part for a, b in zip(one[1:], other[1:]))
        return Placed(self.item, x, y, height, self.flip, self.text(t))


@dataclass(frozen=True)
class Event:
    """Something that happens from start to end seconds. verb: enters, appears, leaves, vanishes,
    moves, stops, crosses, meets, hides behind, joins, grows, shrinks, changes. object: a
    direction, another item's name, a number or a sign's new text."""

    start: float
    end: float
    subject: str
    verb: str
    object: str = ""


@dataclass(frozen=True)
class Episode:
    """A stretch of the world. shots: the first begins with it."""

    start: float
    end: float
    shots: tuple[Shot, ...]
    stays: tuple[Stay, ...]
    events: tuple[Event, ...]

    def shot_at(self, t: float) -> Shot:
        return [shot for shot in self.shots if shot.start <= t][-1]

    def present(self, t: float) -> list[Stay]:
        """Who is there at t seconds, from back to front."""
        return [stay for stay in self.stays if stay.start <= t < stay.end]

    def scene_at(self, t: float) -> Scene:
        return Scene(self.shot_at(t), tuple(stay.at(t) for stay in self.present(t)), t)


def direction(one: tuple, other: tuple, aspect: float) -> str | None:
    """Which way the way between two knots leads; "still" or None where it is oblique."""
    dx, dy = (other[1] - one[1]) * aspect, other[2] - one[2]
    if max(abs(dx), abs(dy)) < 1e-6:
        return "still"
    if abs(dx) >= 2.5 * abs(dy):
        return "right" if dx > 0 else "left"
    if abs(dy) >= 2.5 * abs(dx):
        return "down" if dy > 0 else "up"
    return None


class Script:
    """All that happens in the world of a seed. aspect: width / height of its frames; loop:
    nothing is there at both ends and the first background comes back."""

    def __init__(self, seed: int, seconds: float, aspect: float, loop: bool = False):
        if seconds < EPISODE[0]:
            raise ValueError(f"seconds is {seconds}, at least {EPISODE[0]} are needed")
        self.seed, self.seconds, self.aspect, self.loop = seed, seconds, aspect, loop
        rng = np.random.default_rng([seed, 0xCA57])
        self.things = [thing_item(int(i)) for i in rng.permutation(len(THINGS))[:CAST_THINGS]]
        shapes: dict[str, Item] = {}
        while len(shapes) < CAST_SHAPES:
            item = sample_shape(rng)
            shapes.setdefault(item.name, item)
        self.shapes = list(shapes.values())

    def about(self, t: float) -> tuple[list[Item], list[Item]]:
        """The things and the shapes that may come at t seconds."""
        rng = np.random.default_rng([self.seed, 0xAB0, int(t // PERIOD)])
        found = []
        for cast, count in ((self.things, ABOUT_THINGS), (self.shapes, ABOUT_SHAPES)):
            weights = 1 / np.arange(2, len(cast) + 2) ** 0.8
            chosen = rng.choice(len(cast), count, replace=False, p=weights / weights.sum())
            found.append([cast[i] for i in chosen])
        return found[0], found[1]

    def episodes(self) -> Iterator[Episode]:
        """The episodes in order; together they cover all seconds without a gap."""
        start, index, number = 0.0, 0, 0
        last_end: dict[str, float] = {}
        first: Shot | None = None
        while start < self.seconds:
            rng = np.random.default_rng([self.seed, 0xE91, index])
            end, quiet = self._length(rng, start)
            stage = _Stage(rng, self, start, quiet, last_end, number)
            if self.loop and end == self.seconds:
                first = first or stage.shots[0]
                stage.shots = [Shot(start, first.backdrop, first.light, first.night,
                                    first.weather, first.noise)]
            if quiet - start >= EPISODE[0] - 6:
                stage.play()
            first = first or stage.shots[0]
            episode = Episode(start, end, tuple(stage.shots),
                              tuple(sorted(stage.stays, key=lambda s: (s.depth, s.number))),
                              tuple(sorted(stage.events + stage.told(),
                                           key=lambda e: (e.start, e.subject, e.verb))))
            number = next(stage.numbers)
            for stay in stage.stays:
                last_end[stay.item.name] = max(stay.end, last_end.get(stay.item.name, 0.0))
            yield episode
            start, index = end, index + 1

    def _length(self, rng: np.random.Generator, start: float) -> tuple[float, float]:
        """When the episode ends, and from when on nothing is there."""
        margin = 2.0 if self.loop else 0.0
        length = float(rng.uniform(*EPISODE))
        quiet = float(rng.uniform(*QUIET)) if rng.random() < 0.55 else 0.0
        end = round(start + length + quiet, 1)
        if end > self.seconds - EPISODE[0]:
            end, quiet = self.seconds, max(quiet, margin)
        return end, end - quiet


class _Stage:
    """Where one episode is put together."""

    def __init__(self, rng: np.random.Generator, script: Script, start: float, end: float,
                 last_end: dict[str, float], number: int):
        self.rng, self.aspect, self.start, self.end = rng, script.aspect, start, end
        self.things, self.shapes = script.about(start)
        self.opening = start + (2.0 if script.loop and start == 0 else 0.3)
        self.last_end, self.numbers = last_end, itertools.count(number)
        self.stays: list[Stay] = []
        self.events: list[Event] = []
        self.plots = (self._solo, self._crossing, self._meeting, self._hiding, self._counting,
                      self._growing, self._sign, self._together)
        self.plot = int(rng.choice(len(self.plots), p=[.07, .15, .12, .14, .14, .1, .18, .1]))
        self.shots = [sample_shot(rng, start, plain=self.plot == 0)]
        if self.plot and rng.random() < 0.35:
            cut = round(start + float(rng.uniform(0.35, 0.65)) * (end - start), 1)
            self.shots.append(sample_shot(rng, cut))

    def play(self) -> None:
        """The plot, then whatever else fits."""
        self.plots[self.plot]()
        if self.plot:
            for _ in range(int((self.end - self.start) / 2.2)):
                self._extra()

    # Choosing

    def _uniform(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def _pick(self, kind: str | None = None) -> Item | None:
        """An item that is not in this episode yet, was not there just before, and stands out."""
        if kind is None:
            kind = str(self.rng.choice(["thing", "shape", "sign"], p=[.64, .27, .09]))
        taken = {stay.item.name for stay in self.stays}
        for _ in range(20):
            if kind == "sign":
                item, least = sample_sign(self.rng), THING_CONTRAST
            else:
                cast = self.things if kind == "thing" else self.shapes
                weights = 1 / np.arange(2, len(cast) + 2)
                item = cast[self.rng.choice(len(cast), p=weights / weights.sum())]
                least = THING_CONTRAST if kind == "thing" else SHAPE_CONTRAST
            recent = self.last_end.get(item.name, -math.inf) > self.start - APART
            same_look = item.kind == "shape" and any(
                s.item.kind == "shape" and (s.item.shape == item.shape
                                            or s.item.color == item.color)
                for s in self.stays) and self.rng.random() < 0.6
            if item.name not in taken and not recent and not same_look and all(
                    stands_out(paint.mean_color(item), shot, least) for shot in self.shots):
                return item
        return None

    def _height(self, item: Item, low: float = HEIGHTS[0], high: float = HEIGHTS[1]) -> float:
        if item.kind == "sign":
            low = max(low, 0.16)
        high = max(min(high, WIDEST * self.aspect / paint.ratio(item)), HEIGHTS[0])
        return self._uniform(min(low, high), high)

    def _width(self, item: Item, height: float) -> float:
        return height * paint.ratio(item) / self.aspect

    def _text(self) -> str:
        if self.rng.random() < 0.4:
            return str(self.rng.integers(100))
        return WORDS[self.rng.integers(len(WORDS))]

    def _spot(self, width: float, height: float) -> tuple[float, float]:
        """A place for a centre: mostly inside, one in five cut by an edge."""
        out = 0.22 if self.rng.random() < 0.2 else 0.0
        w, h = width * (0.5 - out), height * (0.5 - out)
        return self._uniform(w, 1 - w), self._uniform(h, 1 - h)

    def _beside(self, width: float, height: float, t: float) -> tuple[float, float] | None:
        """A place that overlaps somebody who is there at t; None if nobody is."""
        present = [s for s in self.stays if s.start + 1 <= t < s.end - 1]
        if not present:
            return None
        other = present[self.rng.integers(len(present))].at(t)
        reach = (width + self._width(other.item, other.height)) / 2
        x = other.x + reach * self._uniform(0.42, 0.6) * self.rng.choice([-1, 1])
        y = other.y + self._uniform(-0.3, 0.3) * (height + other.height) / 2
        inside = 0.3 * width < x < 1 - 0.3 * width and 0.4 * height < y < 1 - 0.4 * height
        return (float(x), float(y)) if inside else None

    # Paths

    def _outside(self, side: str, x: float, y: float, width: float,
                 height: float) -> tuple[float, float]:
        return {"left": (-width / 2, y), "right": (1 + width / 2, y), "top": (x, -height / 2),
                "bottom": (x, 1 + height / 2)}[side]

    def _side(self) -> str:
        return str(self.rng.choice(SIDES, p=[.3, .3, .2, .2]))

    def _travel(self, one: tuple[float, float], other: tuple[float, float]) -> float:
        return max(math.dist(one, other) / self._uniform(*SPEED), 0.5)

    def _visit(self, item: Item, height: float, spot: tuple[float, float], start: float,
               hold: float, enter: str | None, leave: str | None, **more) -> Stay:
        """Comes from a side (or is there at once), stands for `hold` seconds, and goes."""
        width = self._width(item, height)
        knots = [(start, *spot, height)]
        if enter:
            outside = self._outside(enter, *spot, width, height)
            knots = [(start, *outside, height),
                     (start + self._travel(outside, spot), *spot, height)]
        knots.append((knots[-1][0] + hold, *spot, height))
        if leave:
            outside = self._outside(leave, *spot, width, height)
            knots.append((knots[-1][0] + self._travel(spot, outside), *outside, height))
        return self._stay(item, knots, **more)

    def _cross(self, item: Item, height: float, start: float, side: str) -> Stay:
        """From one side straight to the other."""
        width = self._width(item, height)
        x, y = self._uniform(width / 2, 1 - width / 2), self._uniform(height / 2, 1 - height / 2)
        other = {"left": "right", "right": "left", "top": "bottom", "bottom": "top"}[side]
        one, two = (self._outside(s, x, y, width, height) for s in (side, other))
        return self._stay(item, [(start, *one, height),
                                 (start + self._travel(one, two), *two, height)])

    def _stay(self, item: Item, knots: list, depth: float | None = None,
              texts: tuple = ()) -> Stay:
        if item.kind == "sign" and not texts:
            texts = ((knots[0][0], self._text()),)
        flip = item.kind == "thing" and bool(self.rng.random() < 0.5)
        return Stay(next(self.numbers), item,
                    tuple(tuple(float(v) for v in knot) for knot in knots), flip,
                    self._uniform(0, 1) if depth is None else depth, texts)

    # Fitting

    def _add(self, stay: Stay, hiding: bool = False) -> bool:
        """Takes the stay if it ends in time and hides nobody too much; hiding: even if it does."""
        if stay.start < self.opening or stay.end > self.end:
            return False
        for t in np.arange(stay.start, stay.end, STEP):
            others = [s for s in self.stays if s.start - 0.5 <= t < s.end + 0.5]
            if len(others) >= MOST or not hiding and self._hidden(stay, others, float(t)):
                return False
        self.stays.append(stay)
        return True

    def _hidden(self, stay: Stay, others: list[Stay], t: float) -> bool:
        """Whether the boxes of stay and another cover each other by more than half."""
        box = self._box(stay, t)
        for other in others:
            if other.start <= t < other.end:
                rival = self._box(other, t)
                wide = min(box[2], rival[2]) - max(box[0], rival[0])
                high = min(box[3], rival[3]) - max(box[1], rival[1])
                behind = box if stay.depth < other.depth else rival
                area = (behind[2] - behind[0]) * (behind[3] - behind[1])
                if wide > 0 and high > 0 and wide * high > 0.48 * area:
                    return True
        return False

    def _box(self, stay: Stay, t: float) -> tuple[float, float, float, float]:
        placed = stay.at(t)
        w, h = self._width(placed.item, placed.height) / 2, placed.height / 2
        return placed.x - w, placed.y - h, placed.x + w, placed.y + h

    # Plots

    def _extra(self) -> None:
        """One more item that comes, stands or crosses, and goes."""
        item = self._pick()
        if item is None:
            return
        for _ in range(8):
            start = self._uniform(self.opening, max(self.end - 5, self.opening + 0.1))
            height = self._height(item)
            if self.rng.random() < 0.16:
                done = self._add(self._cross(item, height, start, self._side()))
            else:
                hold = self._uniform(4, 12)
                spot = self._spot(self._width(item, height), height)
                if self.rng.random() < 0.8:
                    spot = self._beside(self._width(item, height), height,
                                        start + 3 + hold / 2) or spot
                enter, leave = (self._side() if self.rng.random() < 0.75 else None
                                for _ in range(2))
                done = self._add(self._visit(item, height, spot, start, hold, enter, leave))
            if done:
                return

    def _solo(self) -> None:
        """A shape alone on a plain background, again and again in another way."""
        t = self.opening
        while t < self.end - 8 and (item := self._pick("shape")):
            height = self._height(item)
            if self.rng.random() < 0.6:
                stay = self._cross(item, height, t, self._side())
            else:
                spot = self._spot(self._width(item, height), height)
                stay = self._visit(item, height, spot, t, self._uniform(3, 6), self._side(), None)
            t = stay.end + 1.0 if self._add(stay) else t + 1.0

    def _crossing(self) -> None:
        """Two or three things cross, each its own way."""
        for _ in range(3):
            if item := self._pick():
                start = self._uniform(self.opening, max(self.end - 8, self.opening + 0.1))
                stay = self._cross(item, self._height(item, high=0.35), start, self._side())
                if self._add(stay):
                    way = {"left": "right", "right": "left", "up": "up", "down": "down"}
                    going = direction(stay.knots[0], stay.knots[1], self.aspect)
                    self.events.append(Event(stay.start, stay.end, item.name, "crosses",
                                             going if going in way else ""))

    def _meeting(self) -> None:
        """Two come from opposite sides and stop next to each other."""
        one, two = self._pick("thing"), None
        if one is None:
            return
        for _ in range(6):
            two = self._pick()
            if two is not None and two.name != one.name:
                break
        if two is None or two.name == one.name:
            return
        t, hold = self.opening + self._uniform(0, 2), self._uniform(4, 8)
        sizes = [self._height(item, high=0.38) for item in (one, two)]
        widths = [min(self._width(i, h), 0.45) for i, h in zip((one, two), sizes)]
        y = self._uniform(max(sizes) / 2, 1 - max(sizes) / 2)
        middle = self._uniform(widths[0], 1 - widths[1])
        first = self._visit(one, sizes[0], (middle - widths[0] * 0.48, y), t, hold, "left",
                            self._side())
        second = self._visit(two, sizes[1], (middle + widths[1] * 0.48, y), t, hold, "right",
                             self._side())
        if self._add(first) and self._add(second):
            met = max(first.knots[1][0], second.knots[1][0])
            until = min(first.knots[2][0], second.knots[2][0])
            if until > met:
                self.events.append(Event(met, until, one.name, "meets", two.name))

    def _hiding(self) -> None:
        """One goes behind a larger one, stays there, and comes out on the other side."""
        large, small = self._pick("thing"), self._pick("thing")
        if large is None or small is None or large.name == small.name:
            return
        h1 = self._height(large, low=0.34)
        w1 = self._width(large, h1)
        h2 = min(h1 * self._uniform(0.6, 0.85), 0.8 * w1 * self.aspect / paint.ratio(small))
        if h2 < HEIGHTS[0]:
            return
        w2 = self._width(small, h2)
        spot = (self._uniform(0.32, 0.68), self._uniform(h1 / 2, 1 - h1 / 2))
        t = self.opening
        hold = self._uniform(2.5, 4.5)
        going = 1 if self.rng.random() < 0.5 else -1
        start = t + 3 + self._uniform(0, 2)
        way = [(-w2 / 2, spot[1]), (spot[0], spot[1]), (1 + w2 / 2, spot[1])][::going]
        arrive = start + self._travel(way[0], way[1])
        go = self._travel(way[1], way[2])
        hider = self._stay(small, [(start, *way[0], h2), (arrive, *way[1], h2),
                                   (arrive + hold, *way[1], h2),
                                   (arrive + hold + go, *way[2], h2)], depth=0.2)
        cover = self._visit(large, h1, spot, t, hider.end - t, self._side(), None, depth=0.8)
        if cover.end <= self.end and self._add(cover) and self._add(hider, hiding=True):
            self.events.append(Event(arrive, arrive + hold, small.name, "hides behind",
                                     large.name))

    def _counting(self) -> None:
        """Two or three of the same, one after the other."""
        item = self._pick(str(self.rng.choice(["thing", "thing", "shape"])))
        if item is None:
            return
        t, until = self.opening + self._uniform(0, 2), self.end - self._uniform(0, 3)
        most = 3 if self.rng.random() < 0.45 else 2
        height, number = self._height(item, high=0.28), 0
        for _ in range(20):
            spot = self._spot(self._width(item, height), height)
            hold = until - t - 7
            if number == most or hold < 4:
                return
            stay = self._visit(item, height, spot, t, hold * self._uniform(0.6, 1), self._side(),
                               self._side() if self.rng.random() < 0.7 else None)
            apart = all(self._far(stay, s) for s in self.stays if s.item == item)
            if apart and (not number or stay.start < min(s.end for s in self.stays)) \
                    and self._add(stay):
                number += 1
                if number > 1:
                    self.events.append(Event(stay.start, stay.knots[1][0], item.name, "joins",
                                             str(number)))
                t += self._uniform(2.5, 5)

    def _far(self, one: Stay, other: Stay) -> bool:
        """Whether two of the same stand clear of each other."""
        a, b = one.knots[1], other.knots[1]
        width = self._width(one.item, one.knots[0][3])
        return abs(a[1] - b[1]) > width * 1.05 or abs(a[2] - b[2]) > one.knots[0][3] * 1.05

    def _growing(self) -> None:
        """Something stands, grows or shrinks by a half or more, and stands on."""
        item = self._pick()
        if item is None:
            return
        large = self._height(item, low=0.28)
        small = max(large * self._uniform(0.4, 0.6), HEIGHTS[0])
        first, last = (small, large) if self.rng.random() < 0.5 else (large, small)
        width = self._width(item, large)
        spot = (self._uniform(width / 2, 1 - width / 2), self._uniform(large / 2, 1 - large / 2))
        t = self.opening + self._uniform(0, 3)
        change = t + self._uniform(3, 5)
        done = change + self._uniform(2.5, 4)
        self._add(self._stay(item, [(t, *spot, first), (change, *spot, first),
                                    (done, *spot, last),
                                    (done + self._uniform(3, 6), *spot, last)]))

    def _sign(self) -> None:
        """A sign that says one thing after the other."""
        item = self._pick("sign")
        if item is None:
            return
        height = self._height(item, low=0.2)
        width = self._width(item, height)
        spot = (self._uniform(width / 2, 1 - width / 2), self._uniform(height / 2, 1 - height / 2))
        start = self.opening + self._uniform(0, 2)
        hold = min(self.end - start - 5, self._uniform(10, 24))
        if hold < 6:
            return
        texts, t = [(start, self._text())], start
        while (t := t + self._uniform(5, 9)) < start + hold - 4:
            if (text := self._text()) != texts[-1][1]:
                texts.append((round(t, 1), text))
        enter = str(self.rng.choice(["left", "right"])) if self.rng.random() < 0.4 else None
        self._add(self._visit(item, height, spot, start, hold, enter, None, texts=tuple(texts),
                              depth=0.9))

    def _together(self) -> None:
        """Three come in soon after each other and stand."""
        for i in range(3):
            if item := self._pick():
                height = self._height(item, high=0.4)
                spot = self._spot(self._width(item, height), height)
                self._add(self._visit(item, height, spot, self.opening + 2 * i,
                                      self._uniform(6, 12), self._side(), self._side()))

    # Telling

    def told(self) -> list[Event]:
        """The events that the paths themselves tell."""
        return [event for stay in self.stays for event in self._told(stay)]

    def _told(self, stay: Stay) -> Iterator[Event]:
        name, knots = stay.item.name, stay.knots
        ways = [direction(a, b, self.aspect) for a, b in zip(knots, knots[1:])]
        outside = [not (0 <= k[1] <= 1 and 0 <= k[2] <= 1) for k in (knots[0], knots[-1])]
        entered = knots[1][0] if outside[0] else stay.start
        yield Event(stay.start, entered, name, "enters" if outside[0] else "appears",
                    ways[0] if outside[0] and ways[0] else "")
        left = knots[-2][0] if outside[1] else stay.end
        yield Event(left, stay.end, name, "leaves" if outside[1] else "vanishes",
                    ways[-1] if outside[1] and ways[-1] else "")
        for i, (a, b, way) in enumerate(zip(knots, knots[1:], ways)):
            if way == "still":
                if i and ways[i - 1] != "still":
                    yield Event(a[0], b[0], name, "stops")
                if b[3] != a[3]:
                    yield Event(a[0], b[0], name, "grows" if b[3] > a[3] else "shrinks")
            elif way:
                yield Event(a[0], b[0], name, "moves", way)
        for since, text in stay.texts[1:]:
            yield Event(since, since, name, "changes", text)
