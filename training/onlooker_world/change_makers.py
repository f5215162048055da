"""Makers of questions about comings and goings: what changed, in which order, how many in all."""

from bisect import bisect_left

from onlooker_world import answers
from onlooker_world.drafts import SETTLED, Draft, Maker
from onlooker_world.truth import Appearance, Span

Edges = list[tuple[float, str]]
"""Times in order, each with what came or left then."""
NEAR_ENTRIES = 1.5
"""Things that enter closer together than this have no clear order."""
LOOKS_BACK = (5, 10, 15, 20, 30, 40, 50)
"""Seconds in which something may have left."""
LOOK_BACK = 8.0
"""Seconds before "what has just changed" in which nothing else may have."""


class ChangeMakers(Maker):
    def after_entry(self, earliest: float, latest: float, low: float, high: float) -> float:
        """A time to ask what changed: so long after something came while nothing left."""
        return self._after_edge((self.enters, self.exits), earliest, latest, low, high)

    def after_exit(self, earliest: float, latest: float, low: float, high: float) -> float:
        """A time to ask what left: so long after something did while nothing came."""
        return self._after_edge((self.exits, self.enters), earliest, latest, low, high)

    def _after_edge(self, edges: tuple[Edges, Edges], earliest: float, latest: float, low: float,
                    high: float) -> float:
        wanted, unwanted = edges
        asked = earliest
        for _ in range(40):
            moment, _ = self.rng.choice(wanted)
            asked = round(2 * (moment + self.rng.uniform(max(low, 1.5), high))) / 2
            since = min(moment, asked - LOOK_BACK)
            if earliest <= asked <= latest and not self._edges(
                    unwanted, since, asked + SETTLED) and not self._altered(since, asked + 1):
                break
        return min(max(asked, earliest), latest)

    def after_only(self, earliest: float, latest: float, low: float, high: float) -> float:
        """A time, so long after something came, at which it has come only once."""
        for _ in range(40):
            first, *more = self.truth.appearances[self.rng.choice(self.names)]
            start = max(first.start + max(low, 2.0), earliest)
            end = min([first.start + high, latest, *(a.start - 2.0 for a in more[:1])])
            if start < end:
                return round(2 * self.rng.uniform(start, end)) / 2
        return earliest

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
        starts = [asked - ago for ago in self.rng.sample(LOOKS_BACK, len(LOOKS_BACK))]
        start = next((s for s in starts if self._departed(s, asked)), None)
        if not positive or start is None:
            return None
        names = self._edges(self.exits, start, asked)
        low_edge = bisect_left(self.exits, (start,))
        evidence = tuple((t - 1, t + 1) for t, _ in self.exits[low_edge:low_edge + len(names)])
        when = answers.within(start, asked, asked)
        return Draft("changed", answers.set_answer(names), evidence, ("gone", when), when=when)

    def _departed(self, start: float, end: float) -> bool:
        """Whether something left from start to end for good, which is clear, and nothing came."""
        before = self.truth.steady(start - SETTLED, start + SETTLED)
        after = self.truth.steady(end - SETTLED, end + SETTLED)
        names = self._edges(self.exits, start, end)
        return not (not names or before is None or after is None or len(set(names)) < len(names)
                    or self._edges(self.enters, start, end) or self._altered(start, end + SETTLED)
                    or self._edges(self.blurs, start - 2, end + 2)
                    or {s.name for s in after} & set(names))

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
        first = max(place - 2, 0) if task == "before" else place
        around = self.enters[first:first + 3]
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
