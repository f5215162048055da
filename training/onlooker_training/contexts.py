"""Training contexts: clips with their labels, and packed questions that see only the clips.

Layout of a context (the product serves the same): sink tokens, then for each clip its opening
label, its visual tokens and its closing label, then questions. A clip was prefilled behind the
`WINDOW` clips before it in the stream, whether they stand in the context or not: those that do not
are put in as ghosts, which only their successors see, at the positions that they had. A question
sees the sinks, all clips and itself, and its positions start right after the last clip.
"""

import random
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from onlooker_training import asking, tower
from onlooker_training import tokenizer as tok
from onlooker_training.asking import Asked, Asker
from onlooker_training.streams import Stream
from onlooker_world import families

VISUAL = tower.SLOTS + 1
CLIP_TOKENS = VISUAL + 4
WINDOW = 2
MOST_CLIPS = 32
EQUALS = 4
PERIOD = tok.MINUTES * tok.SECONDS
QUESTIONS = 10

WEIGHTS = {
    "now": 8, "at": 10, "changed": 4, "gone": 2, "between": 3, "before": 6, "after": 6, "ever": 8,
    "first_seen": 6, "last_seen": 7, "all_times": 6, "how_often": 6, "how_long": 5, "count_now": 6,
    "count_different": 4, "where": 7, "motion": 8, "color": 6, "shape": 5, "sign": 8,
    "happening": 5, "unknowable": 3, "beside": 2, "and_where": 1, "and_motion": 1, "and_color": 1,
    "and_before": 1, "and_after": 1, "and_long": 1, "again": 1}
assert set(WEIGHTS) == {*families.TASKS, *families.FOLLOWS, "gone", "between"} - {"follow_up"}


@dataclass(frozen=True)
class Context:
    """Clips of a stream, in order, and questions about them, all asked at one time."""

    stream: Stream
    clips: tuple[int, ...]
    questions: tuple[Asked, ...]


@dataclass
class Batch:
    """ids [B, T] (image id at visual places), positions [B, T], mask bool [B, 1, T, T],
    visual: places [V] of visual tokens in the flat [B·T], shown: (stream, clip) of every VISUAL of
    them, targets [B, T] (-1: no loss; else the id to predict there), equals [B, T, EQUALS] (-1:
    none; else ids that would be as right there as the target), owner [B, T] number of the question
    in its context, tasks per context."""

    ids: Tensor
    positions: Tensor
    mask: Tensor
    visual: Tensor
    shown: list[tuple[Stream, int]]
    targets: Tensor
    equals: Tensor
    owner: Tensor
    tasks: list[list[str]]


class Composer:
    """Makes contexts from a set of streams."""

    def __init__(self, streams: list[Stream], wording: families.Wording, rng: random.Random):
        self.askers = [Asker(stream, wording, rng) for stream in streams]
        self.wording, self.rng = wording, rng

    def renew(self, stream: Stream) -> None:
        """Takes the stream in place of the oldest."""
        self.askers = [*self.askers[1:], Asker(stream, self.wording, self.rng)]

    def context(self, most: int = MOST_CLIPS, weights: dict[str, float] = WEIGHTS) -> Context:
        """A context of at most so many clips around one leading question."""
        while True:
            asker = self.rng.choice(self.askers)
            task = self.rng.choices(list(weights), list(weights.values()))[0]
            for _ in range(60):
                asked = self._time(asker, task)
                lead = asker.ask(task, asked)
                if lead and self._fits(lead, most):
                    return self._filled(asker, asked, lead, most, weights)

    def _time(self, asker: Asker, task: str) -> float:
        seconds = len(asker.stream.moments)
        if task == "changed" and self.rng.random() < 0.8:
            return asker.makers.after_entry(30.0, seconds - 3.0, 0.0, 40.0)
        return self.rng.randrange(60, 2 * (seconds - 2)) / 2

    def _fits(self, asked: Asked, most: int) -> bool:
        return len(asked.needs) + asked.recent <= most

    def _filled(self, asker: Asker, asked: float, lead: Asked, most: int,
                weights: dict[str, float]) -> Context:
        newest = int(asked) - 1
        if lead.scope is not None:
            return self._scoped(asker, asked, lead)
        most = min(most, self.rng.choice((8, 12, 16, 24, 32)))
        most = max(most, len(lead.needs) + lead.recent)
        recent = max(lead.recent, 1 if self.rng.random() < 0.2 else self.rng.randint(1, 8))
        recent = max(min(recent, most - len(lead.needs)), lead.recent)
        clips = set(lead.needs) | set(range(max(newest - recent + 1, 0), newest + 1))
        taken = [lead]
        for _ in range(60):
            if len(taken) >= QUESTIONS:
                break
            task = self.rng.choices(list(weights), list(weights.values()))[0]
            one = asker.ask(task, asked)
            if one is None or one.scope is not None or one.recent > recent:
                continue
            if len(clips | one.needs) <= most and self._new(one, taken):
                clips |= one.needs
                taken.append(one)
        for _ in range(self.rng.choice((0, 0, 1, 3, 6))):
            if len(clips) < most:
                clips.add(self.rng.randint(max(0, newest - 600), newest))
        return self._checked(asker.stream, clips, taken)

    @staticmethod
    def _new(one: Asked, taken: list[Asked]) -> bool:
        return all(one.question != other.question for other in taken)

    def _scoped(self, asker: Asker, asked: float, lead: Asked) -> Context:
        """The clips of one stretch, and what else can be asked of it."""
        taken = [lead]
        for _ in range(24):
            one = asker.ask(self.rng.choice(("count_different", "between", "changed", "gone")), asked)
            if one and one.scope == lead.scope and self._new(one, taken):
                taken.append(one)
        return self._checked(asker.stream, set(lead.needs), taken)

    @staticmethod
    def _checked(stream: Stream, clips: set[int], taken: list[Asked]) -> Context:
        return Context(stream, tuple(sorted(clips)), tuple(taken))


@dataclass
class _Row:
    """One context as arrays of the length that it needs."""

    ids: list[int]
    positions: list[int]
    clip: list[int]
    """Per token: number of its clip in `encoded`, -1 for sinks, -2 for questions."""
    encoded: list[int]
    real: list[bool]
    targets: list[int]
    equals: list[list[int]]
    owner: list[int]
    visual: list[int]
    tasks: list[str]


class Assembler:
    """Turns contexts into batches."""

    def __init__(self, tokenizer: Tokenizer, rng: random.Random):
        self.tokenizer, self.rng = tokenizer, rng
        self.image = self._id(tok.IMAGE)
        self.sinks = [self._id(t) for t in tok.SINKS]
        self.labels = {(form, i): self._id(f"<{form}{i:02d}>") for form, count in
                       (("M", tok.MINUTES), ("S", tok.SECONDS), ("m", tok.MINUTES),
                        ("s", tok.SECONDS)) for i in range(count)}

    def _id(self, token: str) -> int:
        return self.tokenizer.token_to_id(token)

    def _encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def clip_ids(self, second: int) -> list[int]:
        minute, second = second // 60 % tok.MINUTES, second % 60
        return [self.labels["M", minute], self.labels["S", second], *[self.image] * VISUAL,
                self.labels["m", minute], self.labels["s", second]]

    def batch(self, contexts: list[Context]) -> Batch:
        rows = [self._row(context) for context in contexts]
        b, length = len(rows), max(len(row.ids) for row in rows)
        ids = np.full((b, length), self._id(tok.PAD))
        positions = np.zeros((b, length), np.int64)
        targets = np.full((b, length), -1)
        equals = np.full((b, length, EQUALS), -1)
        owner = np.full((b, length), -1)
        mask = np.zeros((b, length, length), bool)
        visual, shown = [], []
        for i, (row, context) in enumerate(zip(rows, contexts)):
            n = len(row.ids)
            ids[i, :n], positions[i, :n], targets[i, :n] = row.ids, row.positions, row.targets
            owner[i, :n] = row.owner
            for place, others in enumerate(row.equals):
                equals[i, place, :len(others[:EQUALS])] = others[:EQUALS]
            mask[i, :n, :n] = visible(row)
            mask[i, range(n, length), range(n, length)] = True
            visual += [i * length + place for place in row.visual]
            shown += [(context.stream, clip) for clip in row.encoded]
        tensors = [torch.from_numpy(a) for a in (ids, positions, mask[:, None])]
        return Batch(*tensors, torch.tensor(visual), shown,
                     *(torch.from_numpy(a) for a in (targets, equals, owner)),
                     [row.tasks for row in rows])

    def _row(self, context: Context) -> _Row:
        offset = self.rng.randrange(PERIOD)
        row = _Row(list(self.sinks), list(range(len(self.sinks))), [-1] * len(self.sinks), [], [],
                   [], [], [], [], [])
        place = len(self.sinks)
        before = -10 ** 9
        for clip in context.clips:
            ghosts = [g for g in range(clip - WINDOW, clip) if g > before and g >= 0]
            for g in ghosts:
                self._add_clip(row, g, offset, place - (clip - g) * CLIP_TOKENS, False)
            self._add_clip(row, clip, offset, place, True)
            place, before = place + CLIP_TOKENS, clip
        n = len(row.ids)
        row.targets, row.equals, row.owner = [-1] * n, [[] for _ in range(n)], [-1] * n
        for number, asked in enumerate(context.questions):
            self._add_question(row, asked, number, offset, place)
        return row

    def _add_clip(self, row: _Row, clip: int, offset: int, place: int, real: bool) -> None:
        start = len(row.ids)
        row.ids += self.clip_ids(clip + offset)
        row.positions += range(place, place + CLIP_TOKENS)
        row.clip += [len(row.encoded)] * CLIP_TOKENS
        row.visual += range(start + 2, start + 2 + VISUAL)
        row.encoded.append(clip)
        row.real.append(real)

    def _add_question(self, row: _Row, asked: Asked, number: int, offset: int,
                      place: int) -> None:
        def text(words: str) -> str:
            return asking.labelled(words, lambda clip: tok.time_label(clip + offset))

        said = ""
        if asked.before is not None:
            said = f"{tok.USER}{text(asked.before[0])}{tok.ASSISTANT}" \
                f"{text(asked.before[1])}{tok.END}"
        prompt = self._encode(f"{said}{tok.USER}{text(asked.question)}{tok.ASSISTANT}")
        told, others = self.told(text(asked.answer), asked.parts)
        n, length = len(prompt), len(prompt) + len(told)
        row.ids += prompt + told
        row.positions += range(place, place + length)
        row.clip += [-2] * length
        row.targets += [-1] * (n - 1) + told + [-1]
        row.equals += [[] for _ in range(n - 1)] + others + [[]]
        row.owner += [number] * length
        row.tasks.append(asked.task)

    def told(self, answer: str, parts: tuple[str, ...]) -> tuple[list[int], list[list[int]]]:
        """The ids of an answer with its end, and per id what would be as right in its place: a
        set may be told in any order, so any part that is left may stand there as well."""
        end = self._id(tok.END)
        if len(parts) < 2:
            ids = self._encode(answer) + [end]
            return ids, [[] for _ in ids]
        joint, stop = self._encode(" and"), self._encode(".")
        forms = [(self._encode(asking.capitalised(p)), self._encode(" " + p)) for p in parts]
        ids, others = [], []
        for i in range(len(parts)):
            later = i > 0
            own = forms[i][later]
            for j, token in enumerate(own):
                rest = {f[later][j] for f in forms[i:] if len(f[later]) > j
                        and f[later][:j] == own[:j]}
                ids.append(token)
                others.append(sorted(rest - {token}))
            ids += joint if i + 1 < len(parts) else stop
            others += [[] for _ in range(len(ids) - len(others))]
        return ids + [end], others + [[]]


def visible(row: _Row) -> np.ndarray:
    """Bool [n, n]: who sees whom; see the module's docstring."""
    clip = np.array(row.clip)
    owner = np.array(row.owner)
    encoded = np.array(row.encoded + [0, 0])
    real = np.array(row.real + [True, True])
    second = encoded[clip]
    n = len(clip)
    causal = np.tril(np.ones((n, n), bool))
    sink = clip == -1
    asks = clip == -2
    is_clip = clip >= 0
    gap = second[:, None] - second[None, :]
    near = is_clip[:, None] & is_clip[None, :] & (gap >= 0) & (gap <= WINDOW)
    seen = asks[:, None] & (is_clip & real[clip])[None, :]
    same = asks[:, None] & asks[None, :] & (owner[:, None] == owner[None, :])
    return causal & (sink[None, :] | near | seen | same)
