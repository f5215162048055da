"""Questions about a world, from its truth alone.

questions.json is {"video","questions":[…]}; each question is {"id","task","askedAt","question",
"answer","accepted":[…],"evidence":[[s,e],…],"age", …truth}. Times are seconds of media time;
evidence spans are half-open and end at askedAt at the latest; age: seconds between askedAt and
the end of the evidence that must be remembered longest, null without evidence. The truth that
scorers compare:

    objects     now, at, changed, before, after: a set of names, [] for nothing
    seen        ever: whether it was seen
    moment      first_seen, last_seen: seconds, null for never; right within 2 s
    moments     all_times: the start of every appearance
    number      count_now, count_different, how_often
    duration    how_long: seconds; right within 5 %, at least 1 s
    place, direction, color, shape, text      where, motion, color, shape, sign
    facts       happening: [[subject, verb],…]; right when one is told and no other
    declines    unknowable: true

A follow_up has "follows", the id of the question before it in the same conversation, "continues",
the task it is like, and that task's truth. No answer changes within a second of the time it is
about, and none depends on what is seen to 10 to 35 %. Yes and no are equally frequent; a fifth of
the answers that can be "nothing", "never" or "none" are. Ages are spread evenly over AGES where
the world is long enough and the task allows it (now and count_now are about now).
"""

import dataclasses
import math
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from onlooker_world import families
from onlooker_world.families import TASKS, Wording
from onlooker_world.makers import Draft, Makers
from onlooker_world.truth import Truth

AGES = ((0.0, 5.0), (5.0, 60.0), (60.0, 600.0), (600.0, 3600.0), (3600.0, math.inf))
AGE_NAMES = ("0-5 s", "5-60 s", "1-10 min", "10-60 min", "> 1 h", "none")
RARE = 0.2
BALANCED = ("ever",)
NOTHING = ("now", "at", "changed", "before", "after", "first_seen", "last_seen", "all_times",
           "count_now", "how_often")
NOW_ONLY = ("now", "count_now")
TIMELESS = ("unknowable",)
EARLIEST = 6.0
TRIES = 500
"""How often a question of a wanted age is tried before another age is taken."""
LAST_TRIES = 6000
FAILED = 0.1
"""How much of a follow-up a try that failed counts, so that rare kinds do not use up all tries."""
RECENT = 60.0
"""Seconds; "what changed" is asked of longer stretches only with both their ends."""
MOST_ALIKE = 4
"""Questions of one task that rest on the same evidence; ten times as many where a world has no
others."""


def wording(frames: str, typed: Path | None) -> Wording:
    """The stock of that name ("training" or "reporting"), or the hand-typed file's."""
    if typed is not None:
        return Wording.typed(typed)
    return Wording.training() if frames == "training" else Wording.reporting()


def age_of(seconds: float | None) -> int:
    """The index in AGE_NAMES of an age."""
    if seconds is None:
        return len(AGES)
    return next(i for i, (low, high) in enumerate(AGES) if low <= seconds < high)


def table(asked: list[dict]) -> str:
    """How many questions there are per task and age, as text."""
    counts = Counter((q["task"], age_of(q["age"])) for q in asked)
    rows = [f"{'':16}" + "".join(f"{name:>11}" for name in (*AGE_NAMES, "all"))]
    for task in TASKS:
        row = [counts[task, i] for i in range(len(AGE_NAMES))]
        rows.append(f"{task:16}" + "".join(f"{n:11}" for n in (*row, sum(row))))
    row = [sum(counts[task, i] for task in TASKS) for i in range(len(AGE_NAMES))]
    return "\n".join([*rows, f"{'all':16}" + "".join(f"{n:11}" for n in (*row, sum(row)))])


def questions(truth: Truth, count: int, seed: int, stock: Wording) -> list[dict]:
    """At least `count` questions in equal parts per task, by askedAt.

    ValueError if the world is too short for so many.
    """
    return _Asker(truth, random.Random(f"{seed} asking"), stock).ask(count)


@dataclass
class _Asked:
    """A question with its place in time; follows: the one before it."""

    askedAt: float
    draft: Draft
    text: str
    follows: "_Asked | None" = None
    entry: dict = field(default_factory=dict)


class _Asker:
    def __init__(self, truth: Truth, rng: random.Random, stock: Wording):
        self.truth, self.rng, self.stock = truth, rng, stock
        self.makers = Makers(truth, rng)
        self.taken: set[tuple] = set()
        self.alike: Counter[tuple] = Counter()
        self.most_alike = MOST_ALIKE
        self.followed: dict[str, float] = dict.fromkeys(families.FOLLOWS, 0.0)

    def ask(self, count: int) -> list[dict]:
        each = math.ceil(count / len(TASKS))
        found = self._take("follow_up", each)
        for task in TASKS:
            if task != "follow_up":
                had = sum(a.draft.task == task for a in found)
                found += self._take(task, each - had, had)
        found.sort(key=lambda a: (a.askedAt, a.follows is not None, a.draft.task, a.text))
        for number, asked in enumerate(found, 1):
            asked.entry["id"] = f"q{number:04}"
        return [self._entry(asked) for asked in found]

    def _entry(self, asked: _Asked) -> dict:
        draft = asked.draft
        evidence = [[round(a, 3), round(min(b, asked.askedAt), 3)] for a, b in draft.evidence]
        entry = asked.entry | {
            "task": draft.task, "askedAt": asked.askedAt, "question": asked.text,
            "answer": draft.answer["answer"], "accepted": draft.answer["accepted"],
            "evidence": evidence, "age": draft.age(asked.askedAt)}
        entry |= {k: v for k, v in draft.answer.items() if k not in ("answer", "accepted")}
        if asked.follows is not None:
            entry |= {"follows": asked.follows.entry["id"], "continues": draft.continues}
        return entry

    def _take(self, task: str, count: int, had: int = 0) -> list[_Asked]:
        """`count` different questions of the task, spread over ages and kinds of answer, beside
        those there are already, all of which have an answer other than "never" or "nothing"."""
        found: list[_Asked] = []
        share = 0.5 if task in BALANCED else RARE if task in NOTHING else 0.0
        few = min(round((count + had) * share), max(count, 0))
        for positive, wanted in ((False, few), (True, count - few)):
            ages = self._ages(task)
            quota = [wanted // len(ages) + (i < wanted % len(ages)) for i in range(len(ages))]
            missing = 0
            for age, number in list(zip(ages, quota))[::-1]:
                got = self._some(task, positive, [age], number + missing // 2)
                missing += number - sum(a.follows is not None or task != "follow_up"
                                        for a in got)
                found += got
            for self.most_alike in (MOST_ALIKE, 10 * MOST_ALIKE):
                if missing > 0:
                    got = self._some(task, positive, ages, missing, LAST_TRIES)
                    found += got
                    missing -= sum(a.follows is not None or task != "follow_up" for a in got)
            self.most_alike = MOST_ALIKE
            if missing > 0:
                raise ValueError(
                    f"{missing} {task} questions ({'positive' if positive else 'negative'}) of"
                    f" {count} do not fit into this world; ask for fewer, or make it longer")
        return found

    def _ages(self, task: str) -> list[int]:
        if task in NOW_ONLY or task in TIMELESS:
            return [0]
        return [i for i, (low, _) in enumerate(AGES) if low * 1.1 + 20 < self.truth.seconds]

    def _some(self, task: str, positive: bool, ages: list[int], count: int,
              tries: int = TRIES) -> list[_Asked]:
        """Up to `count` questions whose evidence is of one of these ages."""
        found: list[_Asked] = []
        number = 0
        for _ in range(tries + tries * max(count, 0) // 4):
            if number >= count:
                break
            low, high = AGES[self.rng.choice(ages)]
            made = self._one(task, positive, low, high)
            if made:
                found += made
                number += 1
        return found

    def _one(self, task: str, positive: bool, low: float, high: float) -> list[_Asked]:
        """One question (a follow-up with the one before it); none where it does not work out."""
        latest = int(2 * (self.truth.seconds - 2))
        earliest = int(2 * max(EARLIEST, low + 8))
        if earliest >= latest:
            return []
        asked = self.rng.randrange(earliest, latest) / 2
        if task == "follow_up":
            return self._conversation(asked, low, high)
        keys = [k for k in (task, *families.KEY_TASK)
                if families.KEY_TASK.get(k, k) == task and self.stock.kinds(k)]
        key = self.rng.choice(keys if low >= RECENT else keys + 4 * keys[:1])
        if positive and (after := self._after(key)):
            most = high if key in ("before", "after") else min(high, RECENT)
            asked = after(earliest / 2, latest / 2, low, most)
        draft = self._draft(key, asked, positive, low, high)
        return [draft] if draft else []

    def _after(self, key: str) -> Callable[[float, float, float, float], float] | None:
        """How to choose the time of a question that suits few times."""
        return {"changed": self.makers.after_entry, "gone": self.makers.after_exit,
                "before": self.makers.after_only, "after": self.makers.after_only}.get(key)

    def _draft(self, key: str, asked: float, positive: bool, low: float,
               high: float) -> _Asked | None:
        kind = self.rng.choice(self.stock.kinds(key))
        draft = self.makers.make(key, asked, kind, positive, low, high)
        if draft is None or positive and not self._of_age(draft, asked, low, high):
            return None
        return self._worded(key, kind, draft, asked)

    def _of_age(self, draft: Draft, asked: float, low: float, high: float) -> bool:
        age = draft.age(asked)
        return age is None or low <= age < high

    def _worded(self, key: str, kind: frozenset[str], draft: Draft,
                asked: float) -> _Asked | None:
        """Puts the draft into words; None if it was asked before or no frame suits it."""
        same = (asked // 2, draft.task, draft.identity)
        frame = self.stock.frame(key, kind, self.rng)
        alike = (draft.task, draft.evidence)
        if same in self.taken or self.alike[alike] >= self.most_alike or not suits(frame, draft):
            return None
        self.taken.add(same)
        self.alike[alike] += bool(draft.evidence)
        text = families.fill(frame, draft.name, draft.when, draft.color, draft.shape)
        return _Asked(asked, draft, self.stock.worded(text, self.rng))

    def _conversation(self, asked: float, low: float, high: float) -> list[_Asked]:
        """A question and one that follows it."""
        keys = [k for k in families.FOLLOWS if self.stock.kinds(k)]
        key = self.rng.choices(keys, [(1 + self.followed[k]) ** -2 for k in keys])[0]
        made = self._followed(key, asked, low, high)
        self.followed[key] += 1 if made else FAILED
        return made

    def _followed(self, key: str, asked: float, low: float, high: float) -> list[_Asked]:
        """A question and a follow-up of that key."""
        base_key = self.makers.base_of(key)
        kinds = self.stock.kinds(base_key)
        if low >= 5 and base_key in ("where", "at"):
            kinds = [k for k in kinds if "t" in k]
        if not kinds:
            return []
        kind = self.rng.choice(kinds)
        base = self.makers.make(base_key, asked, kind, True, low, high)
        draft = base and self.makers.follow(key, base, asked)
        if draft is None or not self._of_age(draft, asked, low, high):
            return []
        first = self._worded(base_key, kind, base, asked)
        if first is None:
            return []
        frame = self.stock.frame(key, frozenset(), self.rng)
        second = _Asked(asked, dataclasses.replace(draft, task="follow_up"),
                        self.stock.worded(frame, self.rng), first)
        return [first, second]


_DEMANDS = (
    ("left or", "place", ("left", "right")), ("side", "place", ("left", "right")),
    ("up or", "place", ("top", "bottom")), ("corner", "place", (" ",)),
    ("left or", "direction", ("left", "right")), ("up or", "direction", ("up", "down")),
    ("which side", "direction", ("left", "right")),
    ("to which side", "direction", ("left", "right")),
)


_LOOSE = ("was there", "was here", "on screen", "see ", "gone", "left", "went", "replaced")


def suits(frame: str, draft: Draft) -> bool:
    """Whether the answer fits what a frame presumes: "is it left or right", "which number"."""
    said, answer = frame.lower(), draft.answer
    if not draft.strict and any(words in said for words in _LOOSE):
        return False
    for words, key, parts in _DEMANDS:
        if words in said and key in answer and not any(p in answer[key] for p in parts):
            return False
    if "text" in answer and ("number" in said or "word" in said):
        return answer["text"].isdigit() == ("number" in said)
    if answer.get("number", 1) not in (1, 2) and "two" in said and "one" in said:
        return False
    return not (answer.get("number") == 0 and "one [n] or more" in said)
