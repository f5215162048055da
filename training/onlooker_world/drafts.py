"""Questions without their words, and what all makers of them share.

A maker tries one random case and returns a Draft, or None where the case would not be clear:
where something changes within a second of the time it is about, is seen only to 10 to 35 %, or
where two honest readings of the question would have two answers.
"""

import math
import random
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

import numpy as np

from onlooker_world import answers
from onlooker_world.episode import direction
from onlooker_world.families import When
from onlooker_world.lexicon import COLORS, SHAPES, THING, THINGS
from onlooker_world.scene import Item, place_name
from onlooker_world.truth import Appearance, Sighting, Span, Truth

SETTLED = 1.0
"""Seconds on both sides of a time in which nothing that matters may change."""
NEEDS_ALL = ("all_times", "how_often", "count_different")


@dataclass(frozen=True)
class Draft:
    """A question without its words. identity: what makes it the same question; subject: what
    "it" is in a follow-up; t: the moment it is about; continues: the task a follow-up is like;
    strict: whether before and after are right also for "what was there before it came", "what
    came when it had gone"."""

    task: str
    answer: dict
    evidence: tuple[Span, ...]
    identity: tuple
    name: str = ""
    when: When | None = None
    color: str = ""
    shape: str = ""
    subject: Sighting | None = None
    t: float = 0.0
    continues: str = ""
    strict: bool = True

    def age(self, asked: float) -> float | None:
        """Seconds since the evidence: the oldest where all of it is needed, else the newest."""
        if not self.evidence:
            return None
        ends = [min(end, asked) for _, end in self.evidence]
        needs_all = self.task in NEEDS_ALL or self.continues in NEEDS_ALL
        return round(asked - (min(ends) if needs_all else max(ends)), 3)


class Maker:
    """What is known of a world, and how to speak of its times and things."""

    def __init__(self, truth: Truth, rng: random.Random):
        self.truth, self.rng = truth, rng
        self.names = sorted(truth.appearances)
        seen = [s for s in truth.sightings if s.visible]
        self.enters = sorted((s.visible[0][0], s.name) for s in seen)
        self.exits = sorted((s.visible[-1][1], s.name) for s in seen)
        self.blurs = sorted(
            [(edge, s.name) for s in seen for a, b in zip(s.visible, s.visible[1:])
             for edge in (a[1], b[0])]
            + [(span[0], name) for name, spans in truth.glimpses.items() for span in spans])

        self.alterations = [(e.start, e.end) for e in truth.events
                            if e.verb in ("changes", "grows", "shrinks")]

    def _past(self, asked: float, low: float, high: float) -> tuple[float, When] | None:
        """A moment of the wanted age and how to say it."""
        most = min(high, asked - 2)
        least = max(low, 4.0)
        if least >= most:
            return None
        age = math.exp(self.rng.uniform(math.log(least), math.log(most)))
        if self.rng.random() < 0.5:
            t = float(int(asked - age))
            return t, answers.at(t)
        unit = 5 if age < 57 else 60
        age = max(unit, round(age / unit) * unit)
        return (asked - age, answers.ago(age)) if age <= asked - 2 else None

    def _moment(self, asked: float, kind: frozenset[str], low: float,
                high: float) -> tuple[float, When | None, list[Sighting]] | None:
        """The moment asked about (now, without the slot t) and what is steadily visible then."""
        when: When | None = None
        t = asked
        if "t" in kind:
            past = self._past(asked, low, high)
            if past is None:
                return None
            t, when = past
        elif low > 0:
            return None
        # A clock time stands for a whole second, and "now" for the newest clip.
        window = (t - 2 * SETTLED, t + SETTLED) if when is None else (t - SETTLED, t + 2)
        found = self.truth.steady(*window)
        return None if found is None else (t, when, found)

    def _around(self, t: float, asked: float) -> tuple[Span, ...]:
        start, end = self.truth.stretch(t)
        return ((start, min(end, asked)),)

    @staticmethod
    def _unique(found: list[Sighting]) -> list[Sighting]:
        counts = Counter(s.name for s in found)
        return [s for s in found if counts[s.name] == 1]

    def _spoken(self, item: Item) -> str:
        """A name the item may be called by."""
        if item.kind != "thing" or self.rng.random() < 0.25:
            return item.name
        return self.rng.choice(THING[item.name].names)

    def _unseen(self, asked: float) -> str:
        """The canonical name of something that was not seen before, nor in a second from now."""
        while True:
            name = self.rng.choice(THINGS).name
            if self.rng.random() < 0.2:
                name = f"{self.rng.choice(COLORS).name} {self.rng.choice(SHAPES)}"
            first = min((spans[0].start for spans in [self.truth.appearances.get(name)] if spans),
                        default=math.inf)
            glimpse = min((s for s, _ in self.truth.glimpses.get(name, [])), default=math.inf)
            if min(first, glimpse) > asked + 2:
                return name

    def _synonym(self, name: str) -> str:
        return self.rng.choice(THING[name].names) if name in THING else name

    def _edges(self, edges: list[tuple[float, str]], start: float, end: float) -> list[str]:
        """Whose edges lie in [start, end)."""
        return [name for _, name in edges[bisect_left(edges, (start,)):bisect_left(edges, (end,))]]

    def _cut(self, start: float, end: float) -> bool:
        return any(start <= shot.start < end for shot in self.truth.shots)

    def _altered(self, start: float, end: float) -> bool:
        """Whether something other than coming and going happened: a cut, a new text or size."""
        return self._cut(start, end) or any(a < end and b >= start for a, b in self.alterations)

    def _history(self, name: str, asked: float) -> list[Appearance] | None:
        """Every appearance before; None where it comes or goes just now, or was only glimpsed."""
        history = [a for a in self.truth.appearances.get(name, []) if a.start < asked + 2]
        if any(start < asked + 2 for start, _ in self.truth.glimpses.get(name, [])):
            return None
        for one in history[-2:]:
            edges = [e for s in one.sightings for spans in (s.visible, s.unsure)
                     for span in spans for e in span]
            if any(asked - 2 < edge < asked + 2 for edge in edges):
                return None
        return history

    def _named(self, task, answer, evidence, name, **more) -> Draft:
        return Draft(task, answer, evidence, (name,), name=self._synonym(name), **more)

    @staticmethod
    def _spans(history: list[Appearance]) -> tuple[Span, ...]:
        return tuple((a.start, a.end) for a in history)

    def _candidate(self, asked: float, which: int | None, low: float, high: float,
                   gone: bool = False) -> tuple[str, list[Appearance]] | None:
        """A random name with its appearances, the chosen of which (or any) ended so long ago."""
        for name in self.rng.sample(self.names, min(25, len(self.names))):
            history = self._history(name, asked)
            if not history or gone and history[-1].end > asked:
                continue
            end = min(history[which].end if which is not None else history[0].end, asked)
            if low <= asked - end < high:
                return name, history
        return None

    @staticmethod
    def _place(sighting: Sighting, t: float) -> str | None:
        """Where it is, all through the seconds around t; None where that changes."""
        found = {place_name(p.x, p.y) for p in
                 (sighting.stay.at(s) for s in (t - 1, t, t + 1, t + 1.5))}
        return found.pop() if len(found) == 1 else None

    def _doing(self, sighting: Sighting, t: float) -> str | None:
        """Which way it moves, whether it grows, shrinks or is still, in the seconds around t;
        None where that changes or is oblique."""
        stay = sighting.stay
        moments = (t - 1, t - 0.5, t, t + 0.5, t + 1)
        if not stay.start <= t - 1 <= t + 1 < stay.end:
            return None
        knots = [(s, p.x, p.y, p.height) for s in moments for p in [stay.at(s)]]
        ways = {direction(a, b, self.truth.aspect) for a, b in zip(knots, knots[1:])}
        sizes = {int(np.sign(round(b[3] - a[3], 6))) for a, b in zip(knots, knots[1:])}
        if len(ways) > 1 or len(sizes) > 1:
            return None
        if sizes != {0}:
            return "grow" if sizes == {1} else "shrink"
        return ways.pop()
