"""What happens in a drawn world: episodes, one after the other, for as long as is asked.

An episode lasts 16 to 44 seconds. It has one plot (a shape alone, things that cross, meet, hide
behind another, come in twos and threes, grow or shrink, a sign that changes) and further things
that come, stand and go around it, never more than stage.MOST at a time. Each begins with a camera
cut; some have another in the middle. Between episodes nothing is there for some seconds, or the
next begins at once.

A world has a cast; in every PERIOD seconds only a part of it is about, the first of that part far
more than the last, so that some things are seen all the time and some only once in hours. Two
appearances of one name are at least stage.APART seconds apart or overlap. `episodes` makes them in
order of time and keeps only the last end of each name, so a world of any length takes the same
memory.
"""

from collections.abc import Iterator

import numpy as np

from onlooker_world.episode import Episode
from onlooker_world.lexicon import THINGS
from onlooker_world.scene import Item, Shot, sample_shape, thing_item
from onlooker_world.stage import Stage

PERIOD = 300.0
CAST_THINGS, CAST_SHAPES = 75, 45
ABOUT_THINGS, ABOUT_SHAPES = 14, 7
EPISODE = (16.0, 44.0)
QUIET = (3.0, 7.0)
LOOP_MARGIN = 2.0
"""Seconds without anybody at both ends of a world that loops."""


class Script:
    """All that happens in the world of a seed. aspect: width / height of its frames; loop:
    nothing is there at both ends and the first background comes back; quiet: how many times longer
    than usual nothing is there between episodes."""

    def __init__(self, seed: int, seconds: float, aspect: float, loop: bool = False,
                 quiet: float = 1.0):
        if seconds < EPISODE[0]:
            raise ValueError(f"seconds is {seconds}, at least {EPISODE[0]} are needed")
        self.seed, self.seconds, self.aspect, self.loop = seed, seconds, aspect, loop
        self.quiet = quiet
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
            stage = Stage(rng, self.aspect, (start, quiet), self.about(start), last_end, number)
            if self.loop and not index:
                stage.opening = LOOP_MARGIN
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
        margin = LOOP_MARGIN if self.loop else 0.0
        length = float(rng.uniform(*EPISODE))
        quiet = self.quiet * float(rng.uniform(*QUIET)) if rng.random() < 0.55 else 0.0
        end = round(start + length + quiet, 1)
        if end > self.seconds - EPISODE[0]:
            end, quiet = self.seconds, max(quiet, margin)
        return end, end - quiet
