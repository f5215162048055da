"""Training contexts: clips with their labels, and packed questions that see only the clips.

Layout of a context (the product serves the same): sink tokens, then for each clip its opening
label, its visual tokens and its closing label, then questions. A clip was prefilled behind the
`WINDOW` clips before it in the stream, whether they stand in the context or not, and those behind
theirs: those that do not are put in as ghosts, which only their successors see, at the positions
that they had. With two and with four ghosts the model read off them where a clip stood apart, and
did worse in the product, where the stream goes on before it. A question sees the sinks, all clips
and itself, and its positions start right after the last clip.
"""

import random
from dataclasses import dataclass, replace

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from onlooker_training import asking, notes
from onlooker_training import tokenizer as tok
from onlooker_training.asking import Asked, Asker
from onlooker_training.decoder import Packing
from onlooker_training.slots import SLOTS
from onlooker_training.streams import Stream
from onlooker_world import families

VISUAL = SLOTS + 1
CLIP_TOKENS = VISUAL + 4
WINDOW = 2
GHOSTS = 10
"""Clips encoded before one that stands apart: WINDOW times the layers before the last, whose keys
hang on so many. With eight a block is within 1 % of an endless stream's, with four the keys of the
last two layers were off by as much as they are long."""
MOST_CLIPS = 32
PERIOD = tok.MINUTES * tok.SECONDS
QUESTIONS = 10


@dataclass(frozen=True)
class Mix:
    """What is asked. weights: how often each task is, beside the others; made_up: how often a note
    tells what never was; most: clips of a context."""

    weights: dict[str, float]
    made_up: float = asking.MADE_UP
    most: int = MOST_CLIPS
    strange: float = 0.05


ALL = Mix({
    "now": 8, "at": 12, "changed": 16, "gone": 14, "between": 14, "before": 20, "after": 20, "ever": 8,
    "first_seen": 6, "last_seen": 7, "all_times": 20, "how_often": 20, "how_long": 12, "count_now": 8,
    "count_different": 16, "where": 7, "motion": 8, "color": 6, "shape": 6, "sign": 30,
    "happening": 9, "unknowable": 12, "beside": 3, "and_where": 2, "and_motion": 2, "and_color": 2,
    "and_before": 2, "and_after": 2, "and_long": 2, "again": 2, "changing": 60})
NOTED = ("ever", "first_seen", "last_seen", "all_times", "how_often", "how_long", "and_long",
         "again", "count_different", "changed", "between", "gone")
NOTES = Mix({task: 0.25 for task in ALL.weights} | dict.fromkeys(NOTED, 2)
            | {"how_long": 5, "all_times": 5}, 0.7, 4)
"""For the time in which copying out of notes forms."""
MIXES = {"all": ALL, "notes": NOTES}
ALONE = (("before", "after"), ("all_times", "how_often"), ("how_long",),
         ("changed", "gone", "between", "count_different"), ("changing",))
"""Tasks that may ask about the same clips and no others."""
assert set(ALL.weights) == \
    {*families.TASKS, *families.FOLLOWS, "gone", "between", "changing"} - {"follow_up"}


@dataclass(frozen=True)
class Context:
    """Clips of a stream, in order, and questions about them, all asked at one time; strange: those
    of them that are told as unlike all that was drawn."""

    stream: Stream
    clips: tuple[int, ...]
    questions: tuple[Asked, ...]
    strange: frozenset[int] = frozenset()


@dataclass
class Batch:
    """Contexts in one row of N tokens; see decoder.Packing for how they lie there.

    ids [N] (image id at visual places), positions [N], visual: places [V] of visual tokens, shown:
    (stream, clip) of every VISUAL of them, targets [N] (-1: no loss; else the id to predict
    there), owner [N]: number of the question, -1 for clips; tasks: per question.
    """

    ids: Tensor
    positions: Tensor
    visual: Tensor
    shown: list[tuple[Stream, int]]
    strange: Tensor
    targets: Tensor
    owner: Tensor
    tasks: list[str]
    packing: Packing


class Composer:
    """Makes contexts from a set of streams."""

    def __init__(self, streams: list[Stream], wording: families.Wording, rng: random.Random,
                 mix: Mix = ALL):
        self.wording, self.rng, self.mix = wording, rng, mix
        self.askers = [self._asker(stream) for stream in streams]

    def _asker(self, stream: Stream) -> Asker:
        return Asker(stream, self.wording, self.rng, self.mix.made_up)

    def renew(self, stream: Stream) -> None:
        """Takes the stream in place of the oldest."""
        self.askers = [*self.askers[1:], self._asker(stream)]

    def context(self, most: int = MOST_CLIPS) -> Context:
        """A context of at most so many clips around one leading question."""
        strange = self.rng.random() < self.mix.strange
        while True:
            made = self._plain(most)
            made = self._estranged(made) if strange else made
            if made.questions:
                return made

    def _estranged(self, context: Context) -> Context:
        """The same where all or half of the clips are strange, with questions about one clip."""
        share = self.rng.choice((0.5, 1.0))
        strange = frozenset(c for c in context.clips if self.rng.random() < share)
        newest = context.clips[-1]
        asked = tuple(replace(one, task="strange", answer=asking.UNKNOWN)
                      if one.clip(newest) in strange else one
                      for one in context.questions if one.clip(newest) is not None)
        return replace(context, questions=asked, strange=strange)

    def _plain(self, most: int) -> Context:
        most = min(most, self.mix.most)
        while True:
            asker = self.rng.choice(self.askers)
            task = self._task()
            for _ in range(60):
                asked = self._time(asker, task)
                lead = asker.ask(task, asked)
                if lead and self._fits(lead, most):
                    return self._filled(asker, asked, lead, most)

    def _time(self, asker: Asker, task: str) -> float:
        seconds = len(asker.stream.moments)
        if task == "changing":
            return self.rng.choice(sorted(asker.changing)) + 1.0
        if task == "changed" and self.rng.random() < 0.8:
            return asker.makers.after_entry(30.0, seconds - 3.0, 0.0, 40.0)
        return self.rng.randrange(60, 2 * (seconds - 2)) / 2

    def _fits(self, asked: Asked, most: int) -> bool:
        return len(asked.needs) + asked.recent <= most

    def _task(self) -> str:
        return self.rng.choices(*zip(*self.mix.weights.items()))[0]

    def _filled(self, asker: Asker, asked: float, lead: Asked, most: int) -> Context:
        newest = int(asked) - 1
        if lead.alone:
            return self._alone(asker, asked, lead)
        most = min(most, self.rng.choice((8, 12, 16, 24, 32)))
        most = max(most, len(lead.needs) + lead.recent)
        recent = max(lead.recent, 1 if self.rng.random() < 0.2 else self.rng.randint(1, 8))
        recent = max(min(recent, most - len(lead.needs)), lead.recent)
        clips = set(lead.needs) | set(range(max(newest - recent + 1, 0), newest + 1))
        taken = [lead]
        for _ in range(60):
            if len(taken) >= QUESTIONS:
                break
            task = self._task()
            one = asker.ask(task, asked)
            if one is None or one.alone or one.recent > recent:
                continue
            if len(clips | one.needs) <= most and self._new(one, taken):
                clips |= one.needs
                taken.append(one)
        for _ in range(self.rng.choice((0, 0, 1, 3, 6))):
            if len(clips) < most:
                clips.add(self.rng.randint(max(0, newest - 600), newest))
        return Context(asker.stream, tuple(sorted(clips)), tuple(taken))

    @staticmethod
    def _new(one: Asked, taken: list[Asked]) -> bool:
        return all(one.question != other.question for other in taken)

    def _alone(self, asker: Asker, asked: float, lead: Asked) -> Context:
        """The clips of one question only, and what else can be asked of them."""
        taken = [lead]
        tasks = next((tasks for tasks in ALONE if lead.task in tasks), ())
        for _ in range(16 if tasks else 0):
            one = asker.ask(self.rng.choice(tasks), asked)
            if one and one.alone and one.needs == lead.needs and self._new(one, taken):
                taken.append(one)
        return Context(asker.stream, tuple(sorted(lead.needs)), tuple(taken))


@dataclass
class _Clips:
    """The clips of one context: encoded, those that questions see being real; each with the
    position of its first token."""

    encoded: list[int]
    real: list[bool]
    places: list[int]
    end: int


@dataclass
class _Question:
    ids: list[int]
    targets: list[int]


class Assembler:
    """Turns contexts into batches; ghosts: how many clips are encoded before one that stands apart,
    none for what encoding the context's clips afresh would give."""

    def __init__(self, tokenizer: Tokenizer, rng: random.Random, ghosts: int = GHOSTS):
        self.tokenizer, self.rng, self.ghosts = tokenizer, rng, ghosts
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
        offsets = [self.rng.randrange(PERIOD) for _ in contexts]
        clips = [self.clips(context) for context in contexts]
        ids, positions = list(self.sinks), list(range(len(self.sinks)))
        visual, shown, strange = [], [], []
        for context, held, offset in zip(contexts, clips, offsets):
            for clip, place in zip(held.encoded, held.places):
                visual += range(len(ids) + 2, len(ids) + 2 + VISUAL)
                shown.append((context.stream, clip))
                strange.append(clip in context.strange)
                ids += self.clip_ids(clip + offset)
                positions += range(place, place + CLIP_TOKENS)
        head = len(ids)
        targets, owner = [-1] * head, [-1] * head
        questions = [[self.question(asked, offset) for asked in context.questions]
                     for context, offset in zip(contexts, offsets)]
        number = 0
        for held, asked in zip(clips, questions):
            for one in asked:
                ids += one.ids
                positions += range(held.end, held.end + len(one.ids))
                targets += one.targets
                owner += [number] * len(one.ids)
                number += 1
        return Batch(torch.tensor(ids), torch.tensor(positions), torch.tensor(visual), shown,
                     torch.tensor(strange), torch.tensor(targets), torch.tensor(owner),
                     [asked.task for context in contexts for asked in context.questions],
                     self.packing(clips, questions))

    def clips(self, context: Context) -> _Clips:
        """The clips of a context and, before each that stands apart, its ghosts."""
        held = _Clips([], [], [], len(tok.SINKS))
        before = -10 ** 9
        for clip in context.clips:
            for ghost in range(max(clip - self.ghosts, before + 1, 0), clip):
                held.encoded.append(ghost)
                held.real.append(False)
                held.places.append(held.end - (clip - ghost) * CLIP_TOKENS)
            held.encoded.append(clip)
            held.real.append(True)
            held.places.append(held.end)
            held.end, before = held.end + CLIP_TOKENS, clip
        return held

    def packing(self, clips: list[_Clips], questions: list[list[_Question]]) -> Packing:
        count = sum(len(held.encoded) for held in clips)
        before, seen_before = np.zeros((count, WINDOW), int), np.zeros((count, WINDOW), bool)
        most = max(sum(held.real) for held in clips)
        shown, seen = np.zeros((len(clips), most), int), np.zeros((len(clips), most), bool)
        deepest = max(len(asked) for asked in questions)
        longest = max(len(one.ids) for asked in questions for one in asked)
        ahead = np.zeros(count, int)
        places = np.zeros((len(clips), deepest, longest), int)
        lengths = np.zeros((len(clips), deepest), int)
        first = at = 0
        for i, (held, asked) in enumerate(zip(clips, questions)):
            for e, clip in enumerate(held.encoded):
                for back in range(1, WINDOW + 1):
                    if e >= back and clip - held.encoded[e - back] <= WINDOW:
                        before[first + e, back - 1] = first + e - back
                        seen_before[first + e, back - 1] = True
            for e in reversed(range(len(held.real))):
                ahead[first + e] = 0 if held.real[e] else ahead[first + e + 1] + 1
            real = [first + e for e, there in enumerate(held.real) if there]
            shown[i, :len(real)], seen[i, :len(real)] = real, True
            first += len(held.encoded)
            for j, one in enumerate(asked):
                places[i, j, :len(one.ids)] = range(at, at + len(one.ids))
                lengths[i, j] = len(one.ids)
                at += len(one.ids)
        tables = (before, seen_before, shown, seen, places, lengths, ahead)
        return Packing(len(self.sinks), CLIP_TOKENS, *map(torch.from_numpy, tables))

    def question(self, asked: Asked, offset: int) -> _Question:
        def text(words: str) -> str:
            return notes.labelled(words, lambda clip: tok.time_label(clip + offset))

        said = ""
        if asked.before is not None:
            said = f"{tok.USER}{text(asked.before[0])}{tok.ASSISTANT}" \
                f"{text(asked.before[1])}{tok.END}"
        prompt = self._encode(
            f"{said}{tok.USER}{text(asked.notes)}{text(asked.question)}{tok.ASSISTANT}")
        told = self._encode(text(asked.answer)) + [self._id(tok.END)]
        return _Question(prompt + told, [-1] * (len(prompt) - 1) + told + [-1])
