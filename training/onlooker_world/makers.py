"""Makes the single questions: what to ask about at a moment, its answer and its evidence.

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

from onlooker_world import answers, paint
from onlooker_world.episode import direction
from onlooker_world.families import When
from onlooker_world.lexicon import COLORS, SHAPES, THING, THINGS
from onlooker_world.scene import Item, place_name
from onlooker_world.truth import Appearance, Sighting, Span, Truth

SETTLED = 1.0
"""Seconds on both sides of a time in which nothing that matters may change."""
NEAR_ENTRIES = 1.5
"""Things that enter closer together than this have no clear order."""
ALIKE = 120.0
"""RGB distance below which a thing could be taken for one of a shape's colour."""
MOST_TIMES = 5
LOOK_BACK = 8.0
"""Seconds before "what has just changed" in which nothing else may have."""
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


class Makers:
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

    def make(self, key: str, asked: float, kind: frozenset[str], positive: bool, low: float,
             high: float) -> Draft | None:
        """One try at a question of the key, asked then, for a frame with those slots; low, high:
        the wanted age of its evidence."""
        return getattr(self, "_" + key)(asked, kind, positive, low, high)

    def after_entry(self, earliest: float, latest: float, low: float, high: float) -> float:
        """A time to ask what changed: so long after something came while nothing left."""
        asked = earliest
        for _ in range(40):
            moment, _ = self.rng.choice(self.enters)
            asked = round(2 * (moment + self.rng.uniform(max(low, 1.5), high))) / 2
            since = min(moment, asked - LOOK_BACK)
            if earliest <= asked <= latest and not self._edges(
                    self.exits, since, asked + SETTLED) and not self._altered(since, asked + 1):
                break
        return min(max(asked, earliest), latest)

    # Times

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

    # Sets

    def _now(self, asked, kind, positive, low, high) -> Draft | None:
        return self._set("now", asked, kind, positive, low, high)

    def _at(self, asked, kind, positive, low, high) -> Draft | None:
        return self._set("at", asked, kind, positive, low, high)

    def _set(self, task, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None or bool(made[2]) != positive:
            return None
        t, when, found = made
        return Draft(task, answers.set_answer([s.name for s in found]), self._around(t, asked),
                     (when,), when=when, t=t, subject=found[0] if len(found) == 1 else None)

    def _edges(self, edges: list[tuple[float, str]], start: float, end: float) -> list[str]:
        """Whose edges lie in [start, end)."""
        return [name for _, name in edges[bisect_left(edges, (start,)):bisect_left(edges, (end,))]]

    def _cut(self, start: float, end: float) -> bool:
        return any(start <= shot.start < end for shot in self.truth.shots)

    def _altered(self, start: float, end: float) -> bool:
        """Whether something other than coming and going happened: a cut, a new text or size."""
        return self._cut(start, end) or any(a < end and b >= start for a, b in self.alterations)

    def _arrived(self, start: float, end: float) -> list[str] | None:
        """What came from start to end, all of it new; None where that is not clear."""
        before = self.truth.steady(start - SETTLED, start + SETTLED)
        after = self.truth.steady(end - SETTLED, end + min(SETTLED, self.truth.seconds - end))
        if before is None or after is None or self._edges(self.blurs, start - 2, end + 2):
            return None
        names = self._edges(self.enters, start, end)
        unclear = len(set(names)) < len(names) or len(names) > 4
        return None if unclear or {s.name for s in before} & set(names) else names

    def _arrivals(self, start: float, end: float, names: list[str]) -> tuple[Span, ...]:
        if not names:
            return ((start, end),)
        low = bisect_left(self.enters, (start,))
        return tuple((t, min(t + 2, end)) for t, _ in self.enters[low:low + len(names)])

    def _changed(self, asked, kind, positive, low, high) -> Draft | None:
        """What came and is still there; nothing else may have changed."""
        when = None
        if "t" in kind:
            past = self._past(asked, max(low, 5), min(high + 10, 70))
            if past is None:
                return None
            start, when = past
            ago = asked - start
            when = answers.since(start) if start == int(start) and self.rng.random() < 0.6 \
                else answers.within(start, asked, asked) if ago == int(ago) and (
                    ago < 60 or ago % 60 == 0) else answers.since(start)
            if when.bare and start != int(start):
                return None
        else:
            start = asked - 5
            if self._edges(self.enters, asked - LOOK_BACK, start):
                return None
        quiet = start if "t" in kind else asked - LOOK_BACK
        if self._altered(quiet, asked + SETTLED) or self._edges(self.exits, quiet, asked + SETTLED):
            return None
        names = self._arrived(start, asked)
        if names is None or bool(names) != positive or "t" not in kind and len(names) > 1:
            return None
        return Draft("changed", answers.set_answer(names), self._arrivals(start, asked, names),
                     (when,), when=when)

    def _gone(self, asked, kind, positive, low, high) -> Draft | None:
        """What was there at a moment and has left since, while nothing came."""
        ago = self.rng.choice((10, 15, 20, 30, 40, 50))
        start = asked - ago
        before = self.truth.steady(start - SETTLED, start + SETTLED)
        after = self.truth.steady(asked - SETTLED, asked + SETTLED)
        names = self._edges(self.exits, start, asked)
        if not positive or not names or before is None or after is None or len(
                set(names)) < len(names) or self._edges(self.enters, start, asked) \
                or self._edges(self.blurs, start - 2, asked + 2) \
                or self._altered(start, asked + SETTLED) \
                or {s.name for s in after} & set(names):
            return None
        low_edge = bisect_left(self.exits, (start,))
        evidence = tuple((t - 1, t + 1) for t, _ in self.exits[low_edge:low_edge + len(names)])
        when = answers.within(start, asked, asked)
        return Draft("changed", answers.set_answer(names), evidence, ("gone", when), when=when)

    def _between(self, asked, kind, positive, low, high) -> Draft | None:
        past = self._past(asked, max(low, 3), high)
        if past is None:
            return None
        end = float(int(past[0]))
        start = end - self.rng.choice((6, 8, 10, 12, 15))
        if start < 2:
            return None
        names = self._arrived(start, end)
        if names is None or bool(names) != positive:
            return None
        when = answers.within(start, end, asked)
        return Draft("changed", answers.set_answer(names), self._arrivals(start, end, names),
                     ("between", when), when=when)

    # Order

    def _before(self, asked, kind, positive, low, high) -> Draft | None:
        return self._order("before", asked, positive, low, high)

    def _after(self, asked, kind, positive, low, high) -> Draft | None:
        return self._order("after", asked, positive, low, high)

    def _order(self, task, asked, positive, low, high) -> Draft | None:
        if not positive:
            return self._no_order(task, asked)
        for name in self.rng.sample(self.names, min(40, len(self.names))):
            history = self._history(name, asked)
            if history and len(history) == 1 and (made := self._neighbour(
                    task, history[0], asked)):
                if low <= made.age(asked) < high:
                    return made
        return None

    def _no_order(self, task: str, asked: float) -> Draft | None:
        """After the last that came, nothing; before and after what never came, nothing."""
        low = bisect_left(self.enters, (asked + SETTLED,))
        if task == "after" and low and self.rng.random() < 0.6:
            moment, name = self.enters[low - 1]
            history = self._history(name, asked)
            if moment > asked - 2 or not history or len(history) > 1 or self._edges(
                    self.blurs, moment - 2, asked + 2):
                return None
            return Draft(task, answers.set_answer([]), ((moment, asked),), (name,),
                         name=self._synonym(name))
        name = self._unseen(asked)
        return Draft(task, answers.set_answer([]), (), (name,), name=self._synonym(name))

    def _neighbour(self, task: str, one: Appearance, asked: float) -> Draft | None:
        """What entered right before (after) the appearance. Every reading agrees (strict) where
        that was all there was to see before, or came when the first had gone."""
        name = one.sightings[0].name
        place = bisect_left(self.enters, (one.start, name))
        step = -1 if task == "before" else 1
        around = self.enters[max(place - 2, 0):place + 3]
        if not 0 <= place + step < len(self.enters) or any(
                b[0] - a[0] < NEAR_ENTRIES for a, b in zip(around, around[1:])):
            return None
        moment, other = self.enters[place + step]
        start, end = min(moment, one.start), max(moment, one.start)
        if other == name or end > asked - 2 or self._edges(self.blurs, start - 2, end + 2):
            return None
        if task == "before":
            alone = self.truth.steady(one.sightings[0].stay.start - 1.2,
                                      one.sightings[0].stay.start - 0.2)
            strict = alone is not None and [s.name for s in alone] == [other]
        else:
            strict = moment >= one.end + 0.5
        return Draft(task, answers.set_answer([other]), ((start, min(end + 2, asked)),), (name,),
                     name=self._synonym(name), subject=one.sightings[0], strict=strict)

    # Appearances

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
    def _spans(history: list[Appearance]) -> tuple[Span, ...]:
        return tuple((a.start, a.end) for a in history)

    def _named(self, task, answer, evidence, name, **more) -> Draft:
        return Draft(task, answer, evidence, (name,), name=self._synonym(name), **more)

    def _never(self, task: str, asked: float, answer: dict) -> Draft:
        return self._named(task, answer, (), self._unseen(asked))

    def _ever(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("ever", asked, answers.ever_answer(None))
        found = self._candidate(asked, -1, low, high)
        if found is None:
            return None
        last = min(found[1][-1].end, asked)
        return self._named("ever", answers.ever_answer(last), self._spans(found[1]), found[0])

    def _first_seen(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("first_seen", asked, answers.moment_answer(None))
        found = self._candidate(asked, 0, low, high)
        if found is None:
            return None
        name, history = found
        return self._named("first_seen", answers.moment_answer(history[0].start),
                           self._spans(history[:1]), name, subject=history[0].sightings[0])

    def _last_seen(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("last_seen", asked, answers.moment_answer(None))
        found = self._candidate(asked, -1, low, high, gone=True)
        if found is None:
            return None
        name, history = found
        return self._named("last_seen", answers.moment_answer(history[-1].end),
                           self._spans(history[-1:]), name, subject=history[-1].sightings[0])

    def _all_times(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("all_times", asked, answers.moments_answer([]))
        found = self._candidate(asked, None, low, high)
        if found is None or len(found[1]) > MOST_TIMES or any(a.broken for a in found[1]):
            return None
        name, history = found
        return self._named("all_times", answers.moments_answer([a.start for a in history]),
                           self._spans(history), name)

    def _how_often(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("how_often", asked, answers.often_answer(0))
        found = self._candidate(asked, None, low, high)
        if found is None or len(found[1]) >= len(answers.TIMES) or any(
                a.broken for a in found[1]):
            return None
        name, history = found
        return self._named("how_often", answers.often_answer(len(history)), self._spans(history),
                           name)

    def _how_long(self, asked, kind, positive, low, high) -> Draft | None:
        found = self._candidate(asked, -1, low, high, gone=True)
        if found is None or found[1][-1].doubtful:
            return None
        name, last = found[0], found[1][-1]
        if last.end - last.start < 2:
            return None
        return self._named("how_long", answers.duration_answer(last.end - last.start),
                           self._spans([last]), name)

    # Numbers

    def _count_now(self, asked, kind, positive, low, high) -> Draft | None:
        found = self.truth.steady(asked - 2 * SETTLED, asked + SETTLED)
        if found is None or not positive and "n" not in kind and found:
            return None
        if "n" not in kind:
            if positive != bool(found):
                return None
            return Draft("count_now", answers.number_answer(len(found)),
                         self._around(asked, asked), ())
        counts = Counter(s.name for s in found)
        if not positive:
            name = self._unseen(asked) if self.rng.random() < 0.3 else self.rng.choice(self.names)
            if counts[name]:
                return None
        elif not counts:
            return None
        else:
            name, number = self.rng.choice(sorted(counts.items()))
            if number == 1 and self.rng.random() < 0.75:
                return None
        return Draft("count_now", answers.number_answer(counts[name], name),
                     self._around(asked, asked), (name,), name=self._synonym(name))

    def _count_different(self, asked, kind, positive, low, high) -> Draft | None:
        """How many names were visible in a stretch, or since the start."""
        if "t" not in kind:
            start, end, when = 0.0, asked, None
        elif low == 0:
            end = asked
            start = end - self.rng.choice((10, 15, 20, 30, 40, 50, 60))
            when = answers.within(start, end, asked)
        else:
            past = self._past(asked, low, high)
            if past is None:
                return None
            start = float(int(past[0]))
            end = start + self.rng.choice((10, 15, 20, 30, 45, 60))
            when = answers.within(start, end, asked)
        if start < 0 or end > asked or end != asked and end > asked - 2:
            return None
        edges = [e for e in (start, end) if e > 0]
        if any(self.truth.steady(e - SETTLED, e + SETTLED) is None for e in edges):
            return None
        firsts: dict[str, Span] = {}
        for s in self.truth.near(start, end) if when else self.truth.sightings:
            spans = [(max(a, start), min(b, end)) for a, b in s.visible if a < end and b > start]
            if spans and s.name not in firsts:
                firsts[s.name] = spans[0]
        hinted = {name for name, spans in self.truth.glimpses.items()
                  if any(a < end and b > start for a, b in spans)}
        if not firsts or hinted - set(firsts) or len(firsts) > 30:
            return None
        return Draft("count_different", answers.number_answer(len(firsts), "different thing"),
                     tuple(firsts.values()), (when,), when=when)

    # One thing at one moment

    def _where(self, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None or not (unique := self._unique(made[2])):
            return None
        t, when, _ = made
        sighting = self.rng.choice(unique)
        place = self._place(sighting, t)
        if place is None or place == "middle" and self.rng.random() < 0.3:
            return None
        return self._about("where", answers.place_answer(place), sighting, t, asked, when)

    def _about(self, task, answer, sighting, t, asked, when) -> Draft:
        evidence = ((max(t - 1, 0.0), min(t + 1, asked)),)
        return Draft(task, answer, evidence, (sighting.name, when),
                     name=self._spoken(sighting.stay.item), when=when, subject=sighting, t=t)

    @staticmethod
    def _place(sighting: Sighting, t: float) -> str | None:
        """Where it is, all through the seconds around t; None where that changes."""
        found = {place_name(p.x, p.y) for p in
                 (sighting.stay.at(s) for s in (t - 1, t, t + 1, t + 1.5))}
        return found.pop() if len(found) == 1 else None

    def _motion(self, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None or not (unique := self._unique(made[2])):
            return None
        t, when, _ = made
        wanted = self.rng.choice(("left", "right", "up", "down", "still"))
        for sighting in unique:
            if self._doing(sighting, t) == wanted:
                return self._about("motion", answers.motion_answer(wanted), sighting, t, asked,
                                   when)
        return None

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

    def _color(self, asked, kind, positive, low, high) -> Draft | None:
        return self._figure("color", asked, kind, low, high)

    def _shape(self, asked, kind, positive, low, high) -> Draft | None:
        return self._figure("shape", asked, kind, low, high)

    def _figure(self, task, asked, kind, low, high) -> Draft | None:
        """The colour of the one shape of its form, or the form of the one of its colour."""
        made = self._moment(asked, kind, low, high)
        if made is None:
            return None
        t, when, found = made
        shapes = [s for s in found if s.stay.item.kind == "shape"]
        given = "shape" if task == "color" else "color"
        counts = Counter(getattr(s.stay.item, given) for s in shapes)
        unique = [s for s in shapes if counts[getattr(s.stay.item, given)] == 1]
        if not unique:
            return None
        sighting = self.rng.choice(unique)
        item = sighting.stay.item
        if task == "shape" and any(
                math.dist(paint.mean_color(s.stay.item), item.rgb) < ALIKE
                for s in found if s.stay.item.kind != "shape"):
            return None
        answer = answers.color_answer(item.color) if task == "color" \
            else answers.shape_answer(item.shape)
        spans = tuple((a, min(b, asked)) for a, b in sighting.visible if a <= t < b)
        if when is not None:
            spans = ((t - 1, t + 1),)
        return Draft(task, answer, spans, (item.name, when), when=when, color=item.color,
                     shape=item.shape, subject=sighting, t=t)

    def _sign(self, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None:
            return None
        t, when, found = made
        signs = [s for s in found if s.name == "sign"]
        if len(signs) != 1:
            return None
        texts = {signs[0].stay.text(t + d) for d in (-1.5, -1, 0, 1, 2)}
        legible = any(a <= t - 1 and t + 1 <= b for a, b in signs[0].clear)
        if len(texts) != 1 or not legible:
            return None
        return self._about("sign", answers.sign_answer(texts.pop()), signs[0], t, asked, when)

    def _happening(self, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None:
            return None
        t, when, found = made
        facts = {}
        for sighting in found:
            doing = self._doing(sighting, t)
            if doing is None or facts.setdefault(sighting.name, doing) != doing:
                return None
        told = sorted(((name, answers.VERBS[doing]) for name, doing in facts.items()),
                      key=lambda fact: (fact[1] == "stand", fact[1] not in answers.DOES))
        if self._cut(t - 2, t + 2):
            return None
        weather = self.truth.shot_at(t).weather
        if weather != "clear":
            told.append((weather, "fall"))
        idle = all(verb in ("stand", "fall") for _, verb in told)
        if not told or idle and self.rng.random() < 0.7:
            return None
        counts = Counter(s.name for s in found)
        return Draft("happening", answers.happening_answer(told, counts),
                     ((max(t - 1, 0.0), min(t + 1, asked)),), (when,), when=when, t=t)

    def _unknowable(self, asked, kind, positive, low, high) -> Draft | None:
        """About somebody who was seen, where the frame names one."""
        history = self._history(name := self.rng.choice(self.names), asked)
        if not history or history[-1].end < asked - 900:
            return None
        return Draft("unknowable", answers.unknowable_answer(), (),
                     (self.rng.random(),), name=self._synonym(name) if "n" in kind else "")

    # Follow-ups

    def base_of(self, key: str) -> str:
        """What may be asked before a follow-up of that key."""
        return {"beside": "where", "and_where": "at", "and_motion": "where",
                "and_color": "at", "and_before": "at", "and_after": "at",
                "and_long": "last_seen", "again": "first_seen"}[key]

    def follow(self, key: str, base: Draft, asked: float) -> Draft | None:
        """What comes after the base question; None where "it" or the answer would not be clear."""
        if base.subject is None:
            return None
        made = getattr(self, "_follow_" + key.removeprefix("and_"))(base, asked)
        return made

    def _follow_beside(self, base: Draft, asked: float) -> Draft | None:
        found = self.truth.steady(base.t - SETTLED, base.t + SETTLED)
        if found is None or len(found) > 2 or len(found) == 1 and self.rng.random() < 0.5:
            return None
        names = [s.name for s in found if s is not base.subject]
        return Draft("at", answers.set_answer(names), base.evidence, (), continues="at")

    def _follow_where(self, base: Draft, asked: float) -> Draft | None:
        place = self._place(base.subject, base.t)
        if place is None:
            return None
        return Draft("where", answers.place_answer(place), base.evidence, (), continues="where")

    def _follow_motion(self, base: Draft, asked: float) -> Draft | None:
        doing = self._doing(base.subject, base.t)
        if doing not in ("left", "right", "up", "down", "still") or doing == "still" \
                and self.rng.random() < 0.6:
            return None
        return Draft("motion", answers.motion_answer(doing), base.evidence, (),
                     continues="motion")

    def _follow_color(self, base: Draft, asked: float) -> Draft | None:
        color = base.subject.stay.item.color
        if not color:
            return None
        return Draft("color", answers.color_answer(color), base.evidence, (), continues="color")

    def _follow_before(self, base: Draft, asked: float) -> Draft | None:
        return self._follow_order("before", base, asked)

    def _follow_after(self, base: Draft, asked: float) -> Draft | None:
        return self._follow_order("after", base, asked)

    def _follow_order(self, task: str, base: Draft, asked: float) -> Draft | None:
        history = self._history(base.subject.name, asked)
        if not history or len(history) > 1:
            return None
        made = self._neighbour(task, history[0], asked)
        if made is None or not made.strict:
            return None
        return Draft(task, made.answer, made.evidence, (), continues=task)

    def _follow_long(self, base: Draft, asked: float) -> Draft | None:
        history = self._history(base.subject.name, asked)
        if not history or history[-1].doubtful or history[-1].end - history[-1].start < 2:
            return None
        last = history[-1]
        return Draft("how_long", answers.duration_answer(last.end - last.start),
                     self._spans([last]), (), continues="how_long")

    def _follow_again(self, base: Draft, asked: float) -> Draft | None:
        history = self._history(base.subject.name, asked)
        if not history or history[0].broken or history[0].end > asked - 2 or (
                len(history) > 1) != (self.rng.random() < 0.5):
            return None
        moment = min(history[-1].end, asked) if len(history) > 1 else None
        return Draft("ever", answers.ever_answer(moment), self._spans(history), (),
                     continues="ever")
