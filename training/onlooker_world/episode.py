"""What an episode of the world is made of: stays, events, shots."""

from bisect import bisect_right
from dataclasses import dataclass

from onlooker_world.scene import Item, Placed, Scene, Shot


@dataclass(frozen=True)
class Stay:
    """One item from when it comes to when it goes.

    number: no other stay of the world has it. knots: (seconds, x, y, height), moving and growing
    evenly between. depth: items of greater depth are drawn in front. texts: (seconds, text)
    from when on a sign says what.
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
