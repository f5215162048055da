"""What could be seen, and when: gathered frame by frame, kept per stay.

A frame's picture of an item is visible when at least VISIBLE of the item's area is inside the
frame and not hidden, absent below HIDDEN, and unsure between; no question depends on an unsure
one. It is clear from CLEAR on: only then a sign can be asked about.
"""

import functools
from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field

from onlooker_world.paint import Seen
from onlooker_world.scene import HIDDEN, VISIBLE, Shot
from onlooker_world.episode import Episode, Event, Stay

CLEAR = 0.97
BREAK = 2.0
LONGEST_STAY = 60.0
"""Seconds; no episode, and so no stay, is longer."""

Span = tuple[float, float]


class _Spans(list):
    """Half-open [start, end) stretches of frames, in order, closed up while they touch."""

    def add(self, frame: int, fps: float) -> None:
        start, end = round(frame / fps, 3), round((frame + 1) / fps, 3)
        if self and self[-1][1] == start:
            start = self.pop()[0]
        self.append((start, end))


@dataclass
class Sighting:
    """One stay and when it could be seen."""

    stay: Stay
    visible: _Spans = field(default_factory=_Spans)
    unsure: _Spans = field(default_factory=_Spans)
    clear: _Spans = field(default_factory=_Spans)

    @property
    def name(self) -> str:
        return self.stay.item.name

    def state(self, start: float, end: float) -> bool | None:
        """Visible (or not at all) all through the stretch; None where that changes."""
        if _covers(self.visible, start, end):
            return True
        return None if _touches(self.visible, start, end) or _touches(self.unsure, start, end) \
            else False


def _covers(spans: list[Span], start: float, end: float) -> bool:
    return any(a <= start and end < b for a, b in spans)


def _touches(spans: list[Span], start: float, end: float) -> bool:
    return any(a <= end and start < b for a, b in spans)


@dataclass(frozen=True)
class Appearance:
    """A name is about: from when its first stay is visible to when its last is no more."""

    start: float
    end: float
    sightings: tuple[Sighting, ...]

    @property
    def doubtful(self) -> bool:
        """Whether it could not be seen all the time."""
        return len(self.sightings) > 1 or len(self.sightings[0].visible) > 1


    @property
    def broken(self) -> bool:
        """Whether it was out of sight for so long in between that it may count as two."""
        spans = sorted(span for s in self.sightings for span in s.visible)
        until = spans[0][1]
        for start, end in spans:
            if start > until + BREAK:
                return True
            until = max(until, end)
        return False


class Truth:
    """Everything that questions are answered from. aspect: width / height of the frames."""

    def __init__(self, fps: float, aspect: float):
        self.fps, self.aspect, self.seconds = fps, aspect, 0.0
        self.sightings: list[Sighting] = []
        self.shots: list[Shot] = []
        self.events: list[Event] = []
        self._open: dict[int, Sighting] = {}

    def begin(self, episode: Episode) -> None:
        """To be called before the frames of the episode."""
        self._open = {stay.number: Sighting(stay) for stay in episode.stays}
        self.sightings += sorted(self._open.values(), key=lambda s: s.stay.start)
        self.shots += episode.shots
        self.events += episode.events
        self.seconds = episode.end

    def frame(self, frame: int, present: list[Stay], seen: list[Seen]) -> None:
        """What could be seen in that frame of those who were there."""
        for stay, one in zip(present, seen):
            sighting = self._open[stay.number]
            if one.share >= VISIBLE:
                sighting.visible.add(frame, self.fps)
                if one.share >= CLEAR:
                    sighting.clear.add(frame, self.fps)
            elif one.share >= HIDDEN:
                sighting.unsure.add(frame, self.fps)

    @functools.cached_property
    def _starts(self) -> list[float]:
        self.sightings.sort(key=lambda s: s.stay.start)
        return [s.stay.start for s in self.sightings]

    def near(self, start: float, end: float) -> list[Sighting]:
        """Everything that is there at some time of the stretch, seen or not."""
        low = bisect_left(self._starts, start - LONGEST_STAY)
        high = bisect_right(self._starts, end)
        return [s for s in self.sightings[low:high] if s.stay.end >= start]

    def steady(self, start: float, end: float) -> list[Sighting] | None:
        """What is visible all through the stretch, by left edge; None where that changes."""
        if start < 0 or end > self.seconds:
            return None
        found = []
        for sighting in self.near(start, end):
            state = sighting.state(start, end)
            if state is None:
                return None
            if state:
                found.append(sighting)
        return sorted(found, key=lambda s: s.stay.at((start + end) / 2).x)

    def stretch(self, t: float, reach: float = 30.0) -> Span:
        """The stretch around t with just the same things visible, at most `reach` each way."""
        edges = {e for s in self.near(t - reach, t + reach)
                 for a, b in s.visible for e in (a, b)}
        return (max([e for e in edges if e <= t], default=max(t - reach, 0.0)),
                min([e for e in edges if e > t], default=min(t + reach, self.seconds)))

    @functools.cached_property
    def appearances(self) -> dict[str, list[Appearance]]:
        """Per name, in order; stays of one name that overlap are one appearance."""
        found: dict[str, list[Appearance]] = {}
        until: dict[str, float] = {}
        self._starts
        for sighting in self.sightings:
            if not sighting.visible:
                continue
            start, end = sighting.visible[0][0], sighting.visible[-1][1]
            told = found.setdefault(sighting.name, [])
            if told and sighting.stay.start < until[sighting.name] + 1:
                last = told.pop()
                told.append(Appearance(min(last.start, start), max(last.end, end),
                                       (*last.sightings, sighting)))
            else:
                told.append(Appearance(start, end, (sighting,)))
            until[sighting.name] = max(sighting.stay.end, until.get(sighting.name, 0.0))
        return found

    @functools.cached_property
    def glimpses(self) -> dict[str, list[Span]]:
        """Per name, the stays of it that were never visible but may have been seen."""
        found: dict[str, list[Span]] = {}
        for s in self.sightings:
            if s.unsure and not s.visible:
                found.setdefault(s.name, []).append((s.unsure[0][0], s.unsure[-1][1]))
        return found

    def shot_at(self, t: float) -> Shot:
        return self.shots[bisect_right(self.shots, t, key=lambda shot: shot.start) - 1]
