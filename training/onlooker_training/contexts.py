"""Training contexts: clips with their labels, and packed questions that see only the clips.

Layout of a context (the product serves the same): sink tokens, then for each clip its opening
label, its visual tokens and its closing label, then questions. A clip's tokens see the sinks,
the clip itself and the `window` clips before it; a question sees the sinks, all clips and
itself, and its positions start right after the last clip whatever stands before it.
"""

import random
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from . import questions
from . import tokenizer as tok
from .lexicon import THINGS

GRID = 4
TASK_WEIGHTS = {"now": 0.15, "at": 0.42, "last_seen": 0.23, "ever": 0.2}
EQUALS = 2
PERIOD = tok.MINUTES * tok.SECONDS


@dataclass(frozen=True)
class Shape:
    """Difficulty of a batch. cells: visual tokens per frame (grid rows × columns)."""

    contexts: int = 16
    clips: int = 4
    frames: int = 1
    rows: int = GRID
    columns: int = GRID
    objects: int = len(THINGS)
    question_tokens: int = 256
    window: int = 1

    @property
    def visual(self) -> int:
        return self.frames * self.rows * self.columns

    @property
    def clip_tokens(self) -> int:
        return self.visual + 4


@dataclass
class Batch:
    """ids [B, T] (image id at visual places), positions [B, T], mask bool [B, 1, T, T],
    visual: places [V'] of visual tokens, targets [B, T] (-1: no loss; else the id to predict
    there), equals [B, T, 2] (-1: none; else ids that would be as right there as the target),
    owner [B, T] number of the question in its context, tasks per context."""

    ids: Tensor
    positions: Tensor
    mask: Tensor
    visual: Tensor
    targets: Tensor
    equals: Tensor
    owner: Tensor
    tasks: list[list[str]]


def sample_sets(rng: random.Random, clips: int, objects: int) -> list[set[int]]:
    """Which objects each clip shows: up to 3 of a small pool; either fresh for each clip or
    carried over from the clip before."""
    pool = rng.sample(range(objects), min(objects, rng.randint(3, 12)))
    keep = rng.choice((0.0, 0.0, 0.5, 0.8))
    sets: list[set[int]] = []
    current: set[int] = set()
    for _ in range(clips):
        size = rng.choices((0, 1, 2, 3), (0.14, 0.3, 0.31, 0.25))[0]
        if rng.random() < keep:
            current = set(current)
            if rng.random() < 0.4:
                other = rng.choice(pool)
                current = current - {other} if other in current else current | {other}
            current = set(rng.sample(sorted(current), min(3, len(current))))
        else:
            current = set(rng.sample(pool, min(size, len(pool))))
        sets.append(current)
    return sets


def sample_seconds(rng: random.Random, clips: int) -> list[int]:
    """The labels of the clips in media seconds: runs of neighbours with jumps, rising."""
    jump = rng.choice((0.0, 0.3, 0.6, 1.0))
    moment, seconds = rng.randrange(PERIOD), []
    for _ in range(clips):
        seconds.append(moment % PERIOD)
        moment += int(2 ** rng.uniform(1, 9)) if rng.random() < jump else 1
    return seconds


def draw_strengths(rng: np.random.Generator, sets: list[list[set[int]]], shape: Shape) -> Tensor:
    """Stand-ins for what the tower says of each cell: strengths [B, C, frames·cells, objects].
    An object covers a rectangle of the grid that may move a little between frames, and is told by
    the cells it covers best, as the projector does; rectangles overlap, but their middles start
    in different cells."""
    rows, columns = shape.rows, shape.columns
    b, c = len(sets), shape.clips
    out = np.zeros((b, c, shape.frames, rows, columns, len(THINGS)), np.float32)
    places = [(i, j, k, o) for i, clips in enumerate(sets) for j, s in enumerate(clips)
              for o, k in enumerate(sorted(s))]
    n = len(places)
    if n:
        i, j, k, o = np.array(places).T
        cells = rng.permuted(np.tile(np.arange(rows * columns), (b * c, 1)), axis=1)
        middle = np.stack(np.divmod(cells.reshape(b, c, -1)[i, j, o], columns), axis=1)
        size = rng.uniform(0.5, 2.0, (n, 2))
        corner = middle + rng.uniform(0.2, 0.8, (n, 2)) - size / 2
        for f in range(shape.frames):
            covers = []
            for axis, cells in ((0, rows), (1, columns)):
                low = corner[:, axis, None]
                edge = np.arange(cells)
                covers.append(np.clip(np.minimum(edge + 1, low + size[:, axis, None])
                                      - np.maximum(edge, low), 0, 1))
            cover = covers[0][:, :, None] * covers[1][:, None, :]
            seen = np.where(cover > 0.1, cover + rng.normal(0, 0.15, cover.shape), -1)
            best = seen.max((1, 2), keepdims=True)
            strength = np.exp(rng.uniform(3, 12, (n, 1, 1)) * (seen - best))
            strength *= rng.uniform(0.75, 1, (n, 1, 1)) * (best > 0)
            out[i, j, f, :, :, k] = strength
            corner = corner + rng.normal(0, 0.15, (n, 2))
    out += np.abs(rng.normal(0, 0.015, out.shape)).astype(np.float32)
    spurious = rng.random(out.shape[:5]) < 0.01
    out[spurious, rng.integers(0, len(THINGS), spurious.sum())] += 0.25
    return torch.from_numpy(out.reshape(b, c, -1, len(THINGS)).clip(0, 1))


def ask(rng: random.Random, task: str, sets: list[set[int]], seconds: list[int],
        objects: int, unsure_in: list[set[int]] | None = None,
        reporting: bool = False) -> tuple[str, str]:
    """One question about a context and its answer; two empty strings where the answer would
    depend on an object that is unsure. `unsure_in`: those objects, per clip."""
    last = len(sets) - 1
    unsure = set().union(*unsure_in) if unsure_in else set()
    phrase = questions.reporting_question if reporting else questions.training_question
    if task in ("now", "at"):
        clip = last
        if task == "at":
            empty = [i for i, s in enumerate(sets) if not s]
            clip = rng.choice(empty) if empty and rng.random() < 0.15 else rng.randint(0, last)
        if unsure_in and unsure_in[clip]:
            return "", ""
        label = tok.time_label(seconds[clip])
        text = phrase(task, rng, time=label)
        things = [THINGS[i] for i in sorted(sets[clip])]
        return text, questions.tell(rng.sample(things, len(things)))
    present = sorted(set().union(*sets) - unsure)
    absent = [i for i in range(objects) if i not in set().union(*sets) and i not in unsure]
    seen = present and rng.random() < (0.5 if task == "ever" else 0.78)
    chosen = rng.choice(present if seen else absent)
    label = None
    if seen:
        clip = max(i for i, s in enumerate(sets) if chosen in s)
        label = tok.time_label(seconds[clip])
    text = phrase(task, rng, THINGS[chosen])
    answer = questions.last_seen_answer if task == "last_seen" else questions.ever_answer
    return text, answer(label)


class Assembler:
    """Turns sets of objects and labels into token batches."""

    def __init__(self, tokenizer: Tokenizer):
        self.tokenizer = tokenizer
        self.id = tokenizer.token_to_id
        self.sinks = [self.id(s) for s in tok.SINKS]
        self.article = {self.id(f" {t.name}".replace(" ", "Ġ")): t.article for t in THINGS}

    def clip_ids(self, second: int, visual: int) -> list[int]:
        m, s = second // 60 % tok.MINUTES, second % 60
        opening = [self.id(f"<M{m:02d}>"), self.id(f"<S{s:02d}>")]
        closing = [self.id(f"<m{m:02d}>"), self.id(f"<s{s:02d}>")]
        return opening + [self.id(tok.IMAGE)] * visual + closing

    def encode(self, pairs: list[tuple[str, str]]) -> list[tuple[list[int], int]]:
        """For each (question, answer): ids, and how many of them belong to the prompt."""
        prompts = [f"{tok.USER}{q}{tok.ASSISTANT}" for q, _ in pairs]
        answers = [f"{a}{tok.END}" for _, a in pairs]
        encoded = self.tokenizer.encode_batch(prompts + answers)
        return [(encoded[i].ids + encoded[len(pairs) + i].ids, len(encoded[i].ids))
                for i in range(len(pairs))]

    def equals(self, answer: list[int]) -> list[list[int]]:
        """For each token of an answer, what else would be right there: a set may be told in any
        order, so every name that is left, and its article (after Welleck et al. 2019,
        arXiv 1902.02192: every remaining choice is a right one)."""
        names = [i for i in answer if i in self.article]
        others: list[list[int]] = []
        for place, token in enumerate(answer):
            following = answer[place + 1] if place + 1 < len(answer) else None
            if following in names:
                capital = "" if place == 0 else "Ġ"
                words = {self.article[n] for n in names}
                forms = {w if capital else w.capitalize() for w in words}
                others.append([i for i in (self.id(capital + f) for f in forms) if i != token])
            elif token in names:
                names.remove(token)
                others.append([n for n in names if self.article[n] == self.article[token]])
            else:
                others.append([])
        return others

    def batch(self, rng: random.Random, shape: Shape, sets: list[list[set[int]]],
              seconds: list[list[int]], unsure: list[list[set[int]]] | None = None,
              tasks: dict[str, float] = TASK_WEIGHTS, reporting: bool = False) -> Batch:
        """Packs every context's questions into `question_tokens` tokens."""
        b = len(sets)
        head = len(self.sinks) + shape.clips * shape.clip_tokens
        total = head + shape.question_tokens
        ids = np.full((b, total), self.id(tok.PAD))
        positions = np.zeros((b, total), np.int64)
        targets = np.full((b, total), -1)
        equals = np.full((b, total, EQUALS), -1)
        owner = np.full((b, total), -1)
        positions[:, :head] = np.arange(head)
        chosen: list[list[str]] = []
        wanted = shape.question_tokens // 12
        pairs: list[tuple[str, str]] = []
        picked: list[str] = []
        for i in range(b):
            for task in rng.choices(list(tasks), list(tasks.values()), k=wanted):
                pairs.append(ask(rng, task, sets[i], seconds[i], shape.objects,
                                 unsure[i] if unsure else None, reporting))
                picked.append(task)
        encoded = self.encode(pairs)
        for i in range(b):
            flat = list(self.sinks)
            for second in seconds[i]:
                flat += self.clip_ids(second, shape.visual)
            ids[i, :head] = flat
            at, kept = head, []
            for j in range(i * wanted, (i + 1) * wanted):
                row, prompt = encoded[j]
                if not pairs[j][0] or at + len(row) > total:
                    continue
                end = at + len(row)
                ids[i, at:end] = row
                positions[i, at:end] = head + np.arange(len(row))
                targets[i, at + prompt - 1:end - 1] = row[prompt:]
                for place, ids_there in enumerate(self.equals(row[prompt:])):
                    equals[i, at + prompt - 1 + place, :len(ids_there)] = ids_there
                owner[i, at:end] = len(kept)
                kept.append(picked[j])
                at = end
            chosen.append(kept)
        base = self.visible(shape, head, total)
        mask = base[None] & (owner[:, :, None] == owner[:, None, :])
        mask[:, :, :head] = base[:, :head]
        visual = np.nonzero(ids[0, :head] == self.id(tok.IMAGE))[0]
        tensors = [torch.from_numpy(a) for a in (ids, positions, mask[:, None], visual, targets,
                                                 equals, owner)]
        return Batch(*tensors, chosen)

    def visible(self, shape: Shape, head: int, total: int) -> np.ndarray:
        """Bool [T, T]: causal, and between clips only inside the window."""
        sinks = len(self.sinks)
        clip = np.full(total, -1)
        clip[sinks:head] = np.arange(head - sinks) // shape.clip_tokens
        mask = np.tril(np.ones((total, total), bool))
        gap = clip[:, None] - clip[None, :]
        between = (clip[:, None] >= 0) & (clip[None, :] >= 0)
        return mask & ~(between & (gap > shape.window))


def text_batch(rng: random.Random, assembler: Assembler, shape: Shape,
               noise: np.random.Generator) -> tuple[Batch, Tensor]:
    """A stage A batch and its strengths [B, C, visual, objects]."""
    sets = [sample_sets(rng, shape.clips, shape.objects) for _ in range(shape.contexts)]
    seconds = [sample_seconds(rng, shape.clips) for _ in range(shape.contexts)]
    return assembler.batch(rng, shape, sets, seconds), draw_strengths(noise, sets, shape)
