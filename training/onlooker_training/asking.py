"""Questions about a world, from its truth alone.

questions.json is {"video","questions":[…]}; each question is

    {"id","task","askedAt","question","answer","accepted":[…],"evidence":[[s,e],…],
     "objects":[…] or "moment": seconds or null or "seen": true or false}

task: now, at, last_seen or ever. askedAt, evidence and moment: seconds of media time; evidence
spans are half-open. Any string of `accepted` is right, compared without case and final stop; the
last key is the same for scorers that compare sets (now, at), moments within TOLERANCE seconds
(last_seen, null for never) or yes and no (ever).

No answer changes within a second of the time it is about, and none depends on a thing that is
seen to 10–35 %. Yes and no are equally frequent; one in five answers of now and at is "nothing",
of last_seen "never".
"""

import itertools
import random
from collections.abc import Callable

import numpy as np

from onlooker_training import questions as phrasing
from onlooker_training.lexicon import THINGS

TASKS = ("now", "at", "last_seen", "ever")
TOLERANCE = 2.0
RARE = 0.2
FIRST_ASKED = {"now": 4, "at": 20, "last_seen": 20, "ever": 20}


def questions(table: np.ndarray, fps: int, count: int, seed: int) -> list[dict]:
    """About `count` questions in equal parts, by askedAt; table: see world.states.

    ValueError if the world is too short or too full to balance the answers.
    """
    asker = _Asker(table, fps, random.Random(f"{seed} asking"))
    asked = []
    for task in TASKS:
        number = count // len(TASKS)
        few = round(number * (0.5 if task == "ever" else RARE))
        asked += asker.take(task, False, few) + asker.take(task, True, number - few)
    asked.sort(key=lambda q: (q["askedAt"], q["task"]))
    return [{"id": f"q{i:03}", **q} for i, q in enumerate(asked, 1)]


class _Asker:
    def __init__(self, table: np.ndarray, fps: int, rng: random.Random):
        self.table, self.fps, self.rng = table, fps, rng
        self.seconds = len(table) / fps

    def take(self, task: str, positive: bool, count: int) -> list[dict]:
        """`count` different questions whose answer is (or is not) nothing, never or no."""
        make: Callable[[float, bool], tuple | None] = getattr(self, "_" + task)
        taken: dict[tuple, dict] = {}
        for _ in range(4000):
            if len(taken) == count:
                break
            asked = self.rng.randrange(2 * FIRST_ASKED[task], 2 * int(self.seconds) - 2) / 2
            made = make(asked, positive)
            if made is not None and made[0] not in taken:
                taken[made[0]] = {"task": task, "askedAt": asked, **made[1]}
        if len(taken) < count:
            raise ValueError(f"only {len(taken)} of {count} {task} questions"
                             f" ({'positive' if positive else 'negative'}) fit into this world;"
                             " ask for fewer, or make it longer")
        return list(taken.values())

    def _part(self, start: float, end: float) -> np.ndarray:
        first, last = round(start * self.fps), round(end * self.fps)
        return self.table[max(first, 0):max(last, 0) + 1]

    def _steady(self, start: float, end: float) -> list[int] | None:
        """The things visible all through the span; None where it changes or is unsure."""
        part = self._part(start, end)
        if end > self.seconds or (part == 1).any() or (part != part[0]).any():
            return None
        return np.flatnonzero(part[0] == 2).tolist()

    def _span(self, things: list[int], t: float) -> list[list[float]]:
        """The stretch around t during which just these things are visible."""
        same = ((self.table == 2) == np.isin(np.arange(len(THINGS)), things)).all(axis=1)
        i = j = round(t * self.fps)
        while i > 0 and same[i - 1]:
            i -= 1
        while j < len(same) and same[j]:
            j += 1
        return [[round(i / self.fps, 3), round(j / self.fps, 3)]]

    def _set(self, key: tuple, question: str, things: list[int], t: float) -> tuple:
        names = [THINGS[i] for i in things]
        return key, {"question": question, "answer": phrasing.describe(names),
                     "accepted": _orders([thing.name for thing in names]),
                     "evidence": self._span(things, t),
                     "objects": [thing.name for thing in names]}

    def _now(self, asked: float, positive: bool) -> tuple | None:
        things = self._steady(asked - 2, asked + 1)
        if things is None or bool(things) != positive:
            return None
        question = phrasing.reporting_question("now", self.rng)
        return (asked,), self._set((), question, things, asked)[1]

    def _at(self, asked: float, positive: bool) -> tuple | None:
        ago = self.rng.choice([a for a in (5, 8, 10, 15, 20, 25, 30, 40, 45, 50, 60, 75, 90, 120,
                                           150, 180, 240, 300, 600) if a <= asked - 2])
        if self.rng.random() < 0.5:
            ago += self.rng.randrange(0, 5)
            ago += asked % 1
            when = "at " + clock(asked - ago)
        else:
            when = ago_words(ago)
        t = asked - ago
        things = None if t < 1 else self._steady(t - 1, t + 2)
        if things is None or bool(things) != positive:
            return None
        question = phrasing.reporting_question("at", self.rng, time=when)
        return self._set((asked, t), question, things, t)

    def _seen(self, thing: int, asked: float) -> list[list[float]]:
        """Where the thing is visible before askedAt."""
        column = self.table[:round(asked * self.fps), thing] == 2
        edges = np.flatnonzero(np.diff(np.concatenate(([0], column.astype(np.int8), [0]))))
        return [[round(float(a) / self.fps, 3), round(float(b) / self.fps, 3)]
                for a, b in zip(edges[::2], edges[1::2])]

    def _candidate(self, asked: float, positive: bool) -> tuple[int, list] | None:
        """A random thing that was (or was not) visible before, and where."""
        upto = self._part(0, asked + 1)
        if not positive:
            unseen = np.flatnonzero((upto == 0).all(axis=0)).tolist()
            return (self.rng.choice(unseen), []) if unseen else None
        seen = np.flatnonzero((upto == 2).any(axis=0)).tolist()
        if not seen:
            return None
        thing = self.rng.choice(seen)
        where = self._seen(thing, asked)
        long_enough = any(b - a >= 1.5 for a, b in where)
        return (thing, where) if where and long_enough else None

    def _last_seen(self, asked: float, positive: bool) -> tuple | None:
        found = self._candidate(asked, positive)
        if found is None:
            return None
        thing, where = found
        moment = None
        if where:
            moment = where[-1][1]
            after = self.table[round((moment + 0.75) * self.fps):
                               round((asked + 1) * self.fps) + 1, thing]
            here = (self._part(asked - 2, asked + 1)[:, thing] == 2).all()
            gone = moment <= asked - 2 and not after.any()
            if not (gone or here and self.rng.random() < 0.05):
                return None
            if where[-1][1] - where[-1][0] < 1.5:
                return None
        question = phrasing.reporting_question("last_seen", self.rng, THINGS[thing])
        time = None if moment is None else clock(min(moment, asked))
        return (thing, moment, asked // 15), {
            "question": question, "answer": phrasing.last_seen_answer(time),
            "accepted": ["never"] if moment is None else [
                f"at {clock(s)}" for s in range(max(0, int(np.ceil(moment - TOLERANCE))),
                                                int(moment + TOLERANCE) + 1)],
            "evidence": where[-1:], "moment": moment}

    def _ever(self, asked: float, positive: bool) -> tuple | None:
        found = self._candidate(asked - 1 if positive else asked, positive)
        if found is None:
            return None
        thing, where = found
        where = self._seen(thing, asked)
        question = phrasing.reporting_question("ever", self.rng, THINGS[thing])
        time = clock(min(where[-1][1], asked)) if where else None
        return (thing, question), {
            "question": question, "answer": phrasing.ever_answer(time),
            "accepted": ["yes", f"yes, at {time}"] if where else ["no"],
            "evidence": where, "seen": bool(where)}


def clock(seconds: float) -> str:
    """83.4 as 1:23, as a player shows it."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def ago_words(seconds: int) -> str:
    """40 as "40 seconds ago", 60 as "a minute ago", 120 as "two minutes ago"."""
    minutes = {60: "a minute", 120: "two minutes", 180: "three minutes", 240: "four minutes",
               300: "five minutes", 600: "ten minutes"}
    return f"{minutes.get(seconds, f'{seconds} seconds')} ago"


def _orders(names: list[str]) -> list[str]:
    """The names as a sentence, in every order; "nothing" for none."""
    sentences = []
    for order in itertools.permutations(names):
        listed = [phrasing.indefinite(name) for name in order]
        sentences.append(" and ".join([", ".join(listed[:-1]), listed[-1]])
                         if len(listed) > 1 else listed[0] if listed else "nothing")
    return sentences
