"""A start for the decoder that already holds, roughly, the circuits its questions need.

From a random start recall forms as a phase change after hours on a small machine. Here the
first three layers start close to what such a model ends up with; training does the rest and may
undo any of it. The residual stream starts with rooms of its own for each kind of content:

    MEANING  which thing, orthogonal vectors       MINUTE, SECOND  the number of a label token
    MARK     what kind of token                    AT_MINUTE, AT_SECOND  the time a token is about
    ASKED    the thing a question names

Layer 0: visual tokens take the time of their clip from its opening label; `<s>` tokens take
the minute before them. Layer 1: the places where an answer is written take the time of the
nearest label (the question's, else the newest clip's) and the nearest name. Layer 2: they read
the things of the clip with that time, and the time of the newest visual token with that name;
sinks catch the attention when nothing matches, and say so (EMPTY, UNFOUND). A set is told in
lexicon order, which ORDER favours; feed-forward parts of layers 2 and 4 take told names off the
set and say "and" while a thing is left. RoPE gives nearness on fast pairs; content is matched on
slow ones.
"""

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from . import tokenizer as tok
from .lexicon import THINGS, plural

MEANING = slice(0, 48)
MINUTE, SECOND = slice(48, 80), slice(80, 112)
AT_MINUTE, AT_SECOND = slice(112, 144), slice(144, 176)
ASKED = slice(176, 224)
MARKS = 224
NAME, OBJECT, VISUAL, OPEN_M, OPEN_S, CLOSE_M, CLOSE_S, SINK, ANSWER = range(MARKS, MARKS + 9)
SLOWEST = 15
SCRATCH, ORDER, UNFOUND, EMPTY = range(MARKS + 9, MARKS + 13)
CODE = [*range(7, 15), *range(23, 31)]
"""Rows of a head on the slow rotary pairs, but the slowest, which carries marks."""

ANSWER_WORDS = ("A", "An", "Ġa", "Ġan", "Ġand", ".", "At", "Ġat", "Ġ", "Y", "es", ",", "No", "N",
                "o", "Never", "Nothing", "Yes")


def spread(count: int, size: int, generator: torch.Generator) -> Tensor:
    """Unit vectors [count, size] pushed apart from each other."""
    x = torch.randn(count, size, generator=generator).requires_grad_()
    optimiser = torch.optim.Adam([x], 0.02)
    with torch.enable_grad():
        for _ in range(150):
            cosine = F.normalize(x, dim=1) @ F.normalize(x, dim=1).T - torch.eye(count)
            optimiser.zero_grad()
            (cosine ** 6).sum().backward()
            optimiser.step()
    return F.normalize(x.detach(), dim=1)


class Head:
    """One key head of one layer, with its two query heads, being wired."""

    def __init__(self, model, layer: int, kv: int):
        decoder = model.decoder
        c, block = decoder.config, decoder.layers[layer]
        self.size = c.head_dim
        groups = c.num_attention_heads // c.num_key_value_heads
        self.key = block.k.weight.view(-1, self.size, c.hidden_size)[kv]
        self.value = block.v.weight.view(-1, self.size, c.hidden_size)[kv]
        rows = slice(kv * groups, (kv + 1) * groups)
        self.query = block.q.weight.view(-1, self.size, c.hidden_size)[rows]
        self.out = block.o.weight.view(c.hidden_size, -1, self.size)[:, rows]
        for part in (self.key, self.query, self.value, self.out):
            part.mul_(0.02)

    def near(self, asking: int, offered: int, pairs: tuple[int, ...], gain: float) -> None:
        """Tokens with the mark `asking` look at the nearest with the mark `offered`."""
        for pair in pairs:
            self.query[:, pair, asking] = gain
            self.key[pair, offered] = gain

    def mark(self, asking: int, offered: dict[int, float], gain: float) -> None:
        """Tokens marked `asking` prefer those with the marks `offered`, wherever they are."""
        self.query[:, SLOWEST, asking] = gain
        for mark, weight in offered.items():
            self.key[SLOWEST, mark] = gain * weight

    def match(self, asking: slice, offered: slice, code: Tensor, gain: float) -> None:
        """Tokens look for the same content; code [rows of CODE, size of the room]."""
        for g in range(len(self.query)):
            self.query[g, CODE, asking] = gain * code
        self.key[CODE, offered] = gain * code

    def copy(self, source: slice, target: slice, gain: float, through: Tensor | None = None):
        """What is looked at is copied from one room to another (at most d dimensions), through
        a matrix [target size, source size] if given."""
        count, queries = source.stop - source.start, self.out.shape[1]
        half = (gain / queries) ** 0.5
        self.value[:count, source] = torch.eye(count) * half
        for g in range(queries):
            self.out[target, g, :count] = (torch.eye(count) if through is None else through) * half

    def flag(self, source: int, target: int, gain: float) -> None:
        """One mark of what is looked at is copied too, through the head's last value row."""
        half = (gain / self.out.shape[1]) ** 0.5
        self.value[-1] = 0
        self.value[-1, source] = half
        self.out[:, :, -1] = 0
        self.out[target, :, -1] = half


@torch.no_grad()
def embeddings(model, tokenizer: Tokenizer, generator: torch.Generator) -> dict[str, Tensor]:
    """Fills the table and the visual vectors; returns the vectors of each room."""
    weight = model.decoder.embed.weight
    size = weight.shape[1]
    basis = torch.linalg.qr(torch.randn(48, 48, generator=generator))[0]
    rooms = {"thing": basis[:len(THINGS)]}
    for kind, count in (("minute", tok.MINUTES), ("second", tok.SECONDS)):
        halves = [spread(count, len(CODE), generator) for _ in range(2)]
        rooms[kind] = torch.cat(halves, dim=1) * 0.5 ** 0.5
    weight.copy_(torch.randn(weight.shape, generator=generator) * 0.8 * size ** -0.5)
    labels = (("M", "minute", MINUTE, OPEN_M), ("m", "minute", MINUTE, CLOSE_M),
              ("S", "second", SECOND, OPEN_S), ("s", "second", SECOND, CLOSE_S))
    for form, kind, room, mark in labels:
        for i, number in enumerate(rooms[kind]):
            row = weight[tokenizer.token_to_id(f"<{form}{i:02d}>")]
            row.mul_(0.15)
            row[room] += number
            row[mark] += 0.7
    for token in tok.SINKS:
        weight[tokenizer.token_to_id(token)] *= 0.3
        weight[tokenizer.token_to_id(token), SINK] += 1
    for word in (tok.ASSISTANT, *ANSWER_WORDS):
        if tokenizer.token_to_id(word) is not None:
            weight[tokenizer.token_to_id(word), ANSWER] += 0.7
            weight[tokenizer.token_to_id(word), ORDER] += 1.5
    for words, mark in ((("N", "No", "Never"), UNFOUND), (("Nothing",), EMPTY)):
        for word in words:
            if tokenizer.token_to_id(word) is not None:
                weight[tokenizer.token_to_id(word), mark] += 0.7
    for form in "ms":
        for i in range(tok.MINUTES if form == "m" else tok.SECONDS):
            weight[tokenizer.token_to_id(f"<{form}{i:02d}>"), ANSWER] += 0.35
    taken: set[int] = set()
    words = [(k, form) for k, thing in enumerate(THINGS) for n in thing.names
             for form in (n, plural(n))]
    for k, word in sorted(words, key=lambda pair: pair[1].count(" ")):
        last = tokenizer.encode(f" {word}").ids[-1]
        if last in taken or not tokenizer.id_to_token(last).startswith("Ġ"):
            continue
        taken.add(last)
        weight[last] *= 0.3
        weight[last, MEANING] += rooms["thing"][k]
        weight[last, NAME] += 0.6
        if word == THINGS[k].name:
            weight[last, ANSWER] += 0.5
            weight[last, ORDER] += 0.6 * (0.5 - k / len(THINGS))
    vectors = model.table.vectors
    vectors.copy_(torch.randn(vectors.shape, generator=generator) * 0.1 * size ** -0.5)
    vectors[:, MEANING] += rooms["thing"]
    vectors[:, OBJECT] += 0.7
    model.table.background.zero_()
    model.table.background[SCRATCH] += 1.3
    model.table.place.mul_(0.5)
    model.table.place[:, VISUAL] += 0.5
    return rooms


@torch.no_grad()
def wire(model, tokenizer: Tokenizer, seed: int = 0) -> None:
    """Sets the start of a `LanguageModel` of hidden size 256 and heads of 32."""
    generator = torch.Generator().manual_seed(seed)
    rooms = embeddings(model, tokenizer, generator)

    def weight_of(token: str) -> Tensor:
        return model.decoder.embed.weight[tokenizer.token_to_id(token)]

    for layer in model.decoder.layers:
        layer.down.weight.zero_()
        layer.o.weight.mul_(0.06)
    for kv, mark, source, target in ((0, OPEN_M, MINUTE, AT_MINUTE),
                                     (1, OPEN_S, SECOND, AT_SECOND)):
        head = Head(model, 0, kv)
        head.near(VISUAL, mark, (4, 5), 1.5)
        head.copy(source, target, 0.075)
    for kv, mark, source, target in ((2, CLOSE_M, MINUTE, AT_MINUTE),
                                     (3, CLOSE_S, SECOND, AT_SECOND)):
        head = Head(model, 0, kv)
        head.near(CLOSE_S, mark, (1, 2, 3), 1.0)
        head.copy(source, target, 0.075)
    for kv, room in ((0, AT_MINUTE), (1, AT_SECOND)):
        head = Head(model, 1, kv)
        head.near(ANSWER, CLOSE_S, (3, 4), 1.6)
        head.copy(room, room, 0.12)
    for kv, part in ((2, slice(0, 32)), (3, slice(32, 48))):
        head = Head(model, 1, kv)
        head.mark(ANSWER, {NAME: 1.0}, 2.0)
        head.copy(part, slice(ASKED.start + part.start, ASKED.start + part.stop), 0.08)
    rows = len(CODE)
    number = torch.eye(rows, 32) * 2 ** 0.5
    for kv, part in ((0, slice(0, 32)), (1, slice(32, 48))):
        head = Head(model, 2, kv)
        head.match(AT_MINUTE, AT_MINUTE, number, 0.65)
        head.match(AT_SECOND, AT_SECOND, number, 1.05)
        head.mark(ANSWER, {OBJECT: 1.0, SINK: 0.74}, 1.8)
        head.copy(part, part, 0.4)
        if kv == 1:
            head.flag(SINK, EMPTY, 0.2)
    thing = spread(len(THINGS), rows, generator).T @ rooms["thing"]
    for kv, source, target in ((2, AT_MINUTE, MINUTE), (3, AT_SECOND, SECOND)):
        head = Head(model, 2, kv)
        head.match(ASKED, MEANING, thing, 1.8)
        head.near(ANSWER, OBJECT, (5, 6), 1.3)
        head.mark(ANSWER, {SINK: 1.0}, 1.5)
        head.copy(source, target, 0.3)
        if kv == 3:
            head.flag(SINK, UNFOUND, 0.2)
    telling(model, rooms["thing"], weight_of("Ġand") - weight_of("."))


def telling(model, things: Tensor, ending: Tensor) -> None:
    """Feed-forward parts: names already told are taken off the set; "and" while one is left."""
    told, still = model.decoder.layers[2], model.decoder.layers[4]
    count = MEANING.stop
    told.gate.weight[:count] = 0
    told.gate.weight[:count, ANSWER] = 2.0
    told.up.weight[:count] = 0
    told.up.weight[:count, ASKED] = torch.eye(count) * 0.25
    told.down.weight[MEANING, :count] = torch.eye(count) * -0.7
    count = len(things)
    still.gate.weight[:count] = 0
    still.gate.weight[:count, MEANING] = things
    still.up.weight[:count] = 0
    still.up.weight[:count, ANSWER] = 0.5
    still.down.weight[:, :count] = 0.15 * (ending / ending.norm())[:, None]
