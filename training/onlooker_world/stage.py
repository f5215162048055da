"""Puts one episode together: its plot, and whatever else fits around it."""

import itertools
import math
from collections.abc import Iterator

import numpy as np

from onlooker_world import paint
from onlooker_world.episode import Event, Stay, direction
from onlooker_world.lexicon import WORDS
from onlooker_world.scene import (HEIGHTS, WIDEST, Item, Shot, sample_shot, sample_sign,
                                  stands_out)

MOST = 4
APART = 6.0
STEP = 0.5
"""Seconds between the moments at which a new stay is checked against the others."""
SPEED = (0.1, 0.3)
SIDES = ("left", "right", "top", "bottom")
THING_CONTRAST, SHAPE_CONTRAST = 45, 90
LEAD_SECONDS = 0.3
"""Nobody is there so soon after an episode has begun."""


class Stage:
    """Where one episode is put together."""

    def __init__(self, rng: np.random.Generator, aspect: float, span: tuple[float, float],
                 about: tuple[list[Item], list[Item]], last_end: dict[str, float], number: int):
        """span: from when to when somebody may be there; about: the things and the shapes that
        may come; last_end: when each name was there last; number: of the first stay."""
        self.rng, self.aspect, (self.start, self.end) = rng, aspect, span
        self.things, self.shapes = about
        self.opening = self.start + LEAD_SECONDS
        self.last_end, self.numbers = last_end, itertools.count(number)
        self.stays: list[Stay] = []
        self.events: list[Event] = []
        self.plots = (self._solo, self._crossing, self._meeting, self._hiding, self._counting,
                      self._growing, self._sign, self._together)
        self.plot = int(rng.choice(len(self.plots), p=[.07, .15, .12, .14, .14, .1, .18, .1]))
        self.shots = [sample_shot(rng, self.start, plain=self.plot == 0)]
        if self.plot and rng.random() < 0.35:
            cut = round(self.start + float(rng.uniform(0.35, 0.65)) * (self.end - self.start), 1)
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
