"""A start for the decoder that already holds, roughly, the circuits its questions need.

From a random start recall forms as a phase change after hours on a small machine. Here the
first layers start close to what such a model ends up with; training does the rest and may
undo any of it. The residual stream starts with rooms of its own for each kind of content:

    MEANING  which kind, or which text             MINUTE, SECOND  the number of a label token
    ASKED    the kind a question names; on a       AT_MINUTE, AT_SECOND  the time a token is about
             visual token what its sign says       COLOR, MOTION, PLACE  of an item
    ASKED_COLOR  the colour a question names       MARKS  what kind of token
    NEXT  after which other item one is to tell, or is told

Layer 0: visual tokens take the time of their clip from its opening label; `<s>` tokens take
the minute before them. Layer 1: the places where an answer is
written take the time of the nearest label (the question's, else the newest clip's), the names and
the colours. Layer 2: they read the things of the clip with that time; the time of the newest
visual token with that name; colour, motion and place of the item with both. Layer 3: what the
sign of that time says. Sinks catch the attention when nothing matches, and say so (EMPTY,
UNFOUND). Feed-forward parts of layers 2 and 4 take told names off the set and say "and" while a
thing is left. RoPE gives nearness on fast pairs; content is matched on slow ones.
"""

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor

from onlooker_training import tokenizer as tok
from onlooker_training.pictures import FIGURES, ITEMS, MOTIONS, TEXTS
from onlooker_training.slots import BUMPS, LAYOUT, NUMBERS
from onlooker_world.lexicon import COLORS, SHAPES, THINGS, plural

MEANING, ASKED = slice(0, 64), slice(64, 128)
MINUTE, SECOND = slice(128, 144), slice(144, 160)
AT_MINUTE, AT_SECOND = slice(160, 176), slice(176, 192)
LABEL, AT = slice(128, 160), slice(160, 192)
COLOR, MOTION, PLACE = slice(192, 206), slice(206, 213), slice(213, 219)
LOOK, ASKED_COLOR = slice(192, 219), slice(219, 233)
MARKS = 233
(NAME, OBJECT, VISUAL, OPEN_M, OPEN_S, CLOSE_M, CLOSE_S, SINK, ANSWER, SCRATCH, UNFOUND, EMPTY,
 HUE, SKY) = range(MARKS, MARKS + 14)
NEXT = slice(MARKS + 14, 256)
SLOWEST = 15
CODE = [*range(5, 15), *range(21, 31)]
"""Rows of a head on the slow rotary pairs, but the slowest, which carries marks."""
STILL = 31
"""The row beside the slowest, which does not turn either."""
NEW = OPEN_M
"""The mark of what was not there before, on visual tokens."""
LAST, AFTER = 0.17, 2.5
"""How strongly the last name told is taken, and what comes after it is looked for."""
NAMES = {**{name: k for k, thing in enumerate(THINGS) for name in thing.names},
         **{figure: len(THINGS) + k for k, figure in enumerate(FIGURES)},
         "sign": len(ITEMS) - 1, "board": len(ITEMS) - 1}

ANSWER_WORDS = ("A", "An", "\u0120a", "\u0120an", "\u0120and", ".", "At", "\u0120at", "\u0120", "Yes", ",", "No",
                "Never", "Nothing", "One", "Two", "Three", "Four", "None", "It", "\u0120is", "\u0120says",
                "\u0120two", "\u0120three", "To", "On", "In", "\u0120the", "Once", "Twice")


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

    def __init__(self, model, layer: int, kv: int, keep: bool = False):
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
            part.mul_(1.0 if keep else 0.02)

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


def words_of(tokenizer: Tokenizer, word: str) -> list[int]:
    """The ids of a word as it stands alone in a sentence and at its start, where one id says it."""
    found = [tokenizer.encode(form, add_special_tokens=False).ids
             for form in (f" {word}", word.capitalize())]
    return [ids[0] for ids in found if len(ids) == 1]


def meanings(generator: torch.Generator) -> dict[str, Tensor]:
    """A vector of MEANING for each item and each name of a shape: the first len(CODE) values are
    what names are matched by, the others keep items apart. A red circle matches "circle" well and
    "red circle" best."""
    rows = len(CODE)
    codes = spread(len(THINGS) + len(SHAPES) + 1, rows, generator)
    things, shapes, sign = codes.split((len(THINGS), len(SHAPES), 1))
    hues = spread(len(COLORS), rows, generator)
    figures = F.normalize(0.75 * shapes[:, None] + 0.65 * hues[None], dim=-1).flatten(0, 1)
    apart = spread(len(ITEMS) + len(SHAPES), 64 - rows, generator)
    items = torch.cat((torch.cat((things, figures, sign)), apart[:len(ITEMS)]), dim=1)
    return {"item": items * 0.5 ** 0.5, "shape": torch.cat((shapes, apart[len(ITEMS):]), dim=1) * 0.5 ** 0.5}


@torch.no_grad()
def embeddings(model, tokenizer: Tokenizer, generator: torch.Generator) -> dict[str, Tensor]:
    """Fills the table of tokens; returns the vectors of each room."""
    weight = model.decoder.embed.weight
    size = weight.shape[1]
    rooms = {"text": spread(len(TEXTS), 64, generator),
             "minute": spread(tok.MINUTES, 16, generator),
             "second": spread(tok.SECONDS, 16, generator), **meanings(generator)}
    weight.copy_(torch.randn(weight.shape, generator=generator) * 0.8 * size ** -0.5)
    labels = (("M", "minute", MINUTE, OPEN_M), ("m", "minute", MINUTE, CLOSE_M),
              ("S", "second", SECOND, OPEN_S), ("s", "second", SECOND, CLOSE_S))
    for form, kind, room, mark in labels:
        for i, number in enumerate(rooms[kind]):
            row = weight[tokenizer.token_to_id(f"<{form}{i:02d}>")]
            row.mul_(0.15)
            row[room] += number
            row[mark] += 0.7
            if form in "ms":
                row[ANSWER] += 0.35
            if form == "s":
                row[AT_SECOND] += 0.8 * number
    for token in tok.SINKS:
        weight[tokenizer.token_to_id(token)] *= 0.3
        weight[tokenizer.token_to_id(token), SINK] += 1
    for word in (tok.ASSISTANT, *ANSWER_WORDS):
        if tokenizer.token_to_id(word) is not None:
            weight[tokenizer.token_to_id(word), ANSWER] += 0.7
    for words, mark in ((("No", "Never", "None"), UNFOUND), (("Nothing", "None"), EMPTY)):
        for word in words:
            if tokenizer.token_to_id(word) is not None:
                weight[tokenizer.token_to_id(word), mark] += 0.7
    names(weight, tokenizer, rooms)
    return rooms


def names(weight: Tensor, tokenizer: Tokenizer, rooms: dict[str, Tensor]) -> None:
    """The words for things, colours and texts."""
    taken: set[int] = set()
    words = [(rooms["item"][k], form, name == ITEMS[k]) for name, k in NAMES.items()
             for form in (name, plural(name))]
    words += [(rooms["shape"][k], form, False) for k, shape in enumerate(SHAPES)
              for form in (shape, plural(shape))]
    for meaning, word, told in words:
        last = tokenizer.encode(f" {word}", add_special_tokens=False).ids[-1]
        if last in taken or not tokenizer.id_to_token(last).startswith(("\u0120", " ")):
            continue
        taken.add(last)
        weight[last] *= 0.3
        weight[last, MEANING] += meaning
        weight[last, NAME] += 0.6
        weight[last, ANSWER] += 0.5 * told
    for k, color in enumerate(COLORS):
        for i in words_of(tokenizer, color.name):
            weight[i] *= 0.3
            weight[i, COLOR.start + k] += 0.9
            weight[i, HUE] += 0.6
            weight[i, ANSWER] += 0.5
    for k, text in enumerate(TEXTS):
        i = tokenizer.encode(f" {text.upper()}", add_special_tokens=False).ids[0]
        if i not in taken:
            weight[i] *= 0.3
            weight[i, MEANING] += 0.7 * rooms["text"][k]
            weight[i, ANSWER] += 0.3


@torch.no_grad()
def projection(projector, rooms: dict[str, Tensor]) -> None:
    """What each content of a slot adds to its token."""
    weight, bias, layout = projector.weight, projector.bias, LAYOUT
    weight.mul_(0.1)
    bias.zero_()
    bias[VISUAL], bias[SCRATCH] = 0.5, 1.3

    def columns(part: tuple[int, int]) -> Tensor:
        return weight[:, part[0]:part[1]]

    columns(layout.item)[MEANING] += rooms["item"].T
    columns(layout.color)[COLOR] += 0.7 * torch.eye(len(COLORS))
    columns(layout.motion)[MOTION] += 0.6 * torch.eye(len(MOTIONS))
    places = torch.linspace(0, 1, BUMPS)
    thirds = torch.stack([torch.exp(-((places - c) / 0.18) ** 2) for c in (0.1, 0.5, 0.9)])
    columns(layout.x)[PLACE.start:PLACE.start + 3] += 0.3 * thirds
    columns(layout.y)[PLACE.start + 3:PLACE.stop] += 0.3 * thirds
    columns(layout.text)[ASKED] += 0.7 * rooms["text"].T
    present, is_sky = layout.present[0], layout.is_sky[0]
    weight[OBJECT, present] += 0.7
    weight[SCRATCH, present] -= 1.0
    weight[SKY, is_sky] += 0.7


@torch.no_grad()
def wire(model, tokenizer: Tokenizer, seed: int = 0) -> None:
    """Sets the start of a `LanguageModel` of hidden size 256 and heads of 32."""
    generator = torch.Generator().manual_seed(seed)
    rooms = embeddings(model, tokenizer, generator)
    projection(model.projector, rooms)

    def weight_of(token: str) -> Tensor:
        return model.decoder.embed.weight[tokenizer.token_to_id(token)]

    for layer in model.decoder.layers:
        layer.down.weight.zero_()
        layer.o.weight.mul_(0.06)
    for kv, mark, source, target in ((0, OPEN_M, MINUTE, AT_MINUTE),
                                     (1, OPEN_S, SECOND, AT_SECOND)):
        head = Head(model, 0, kv)
        head.near(VISUAL, mark, (2, 3), 1.8)
        head.copy(source, target, 0.075)
    head = Head(model, 0, 2)
    head.near(CLOSE_S, CLOSE_M, (1, 2), 1.0)
    head.copy(MINUTE, AT_MINUTE, 0.075)
    answering(model)
    reading(model, generator)
    telling(model, rooms["item"], weight_of("\u0120and") - weight_of("."))
    listing(model, tokenizer, generator)
    newness(model)


def answering(model) -> None:
    """Layer 1: what a place of an answer is about."""
    head = Head(model, 1, 0)
    head.near(ANSWER, CLOSE_S, (2, 3), 1.6)
    head.copy(AT, AT, 0.12)
    for kv, part in ((1, slice(0, 32)), (2, slice(32, 64))):
        head = Head(model, 1, kv)
        head.mark(ANSWER, {NAME: 1.0}, 2.0)
        head.copy(part, slice(ASKED.start + part.start, ASKED.start + part.stop), 0.08)
    head = Head(model, 1, 3)
    head.mark(ANSWER, {NAME: 0.8, HUE: 1.0}, 2.0)
    head.copy(COLOR, ASKED_COLOR, 0.08)


def reading(model, generator: torch.Generator) -> None:
    """Layers 2 and 3: what is read from visual tokens."""
    rows = len(CODE)
    number = torch.linalg.qr(torch.randn(rows, 16, generator=generator))[0]
    other = torch.linalg.qr(torch.randn(rows, 16, generator=generator))[0]
    kind = torch.eye(rows, 64) * 2 ** 0.5
    hue = 0.6 * spread(len(COLORS), rows, generator).T
    for kv, part in ((0, slice(0, 32)), (1, slice(32, 64))):
        head = Head(model, 2, kv)
        head.match(AT_MINUTE, AT_MINUTE, number, 0.65)
        head.match(AT_SECOND, AT_SECOND, other, 1.05)
        head.mark(ANSWER, {OBJECT: 1.0, SINK: 0.74}, 1.8)
        head.copy(part, part, 0.4)
        if kv == 1:
            head.flag(SINK, EMPTY, 0.2)
    head = Head(model, 2, 2)
    head.match(ASKED, MEANING, kind, 1.8)
    head.match(ASKED_COLOR, COLOR, hue, 1.5)
    head.near(ANSWER, OBJECT, (4,), 1.6)
    head.mark(ANSWER, {SINK: 1.0, NAME: -2.0}, 1.5)
    head.copy(AT, LABEL, 0.3)
    head.flag(SINK, UNFOUND, 0.2)
    for layer, kv, source, target, gain in ((2, 3, LOOK, LOOK, 0.5),
                                            (3, 0, slice(64, 96), slice(0, 32), 2.0),
                                            (3, 1, slice(96, 128), slice(32, 64), 2.0)):
        head = Head(model, layer, kv)
        head.match(ASKED, MEANING, kind, 1.4)
        head.match(AT_MINUTE, AT_MINUTE, number, 0.6)
        head.match(AT_SECOND, AT_SECOND, other, 0.9)
        head.mark(ANSWER, {OBJECT: 1.0, SINK: 0.74, NAME: -1.5}, 1.8)
        head.copy(source, target, gain)


@torch.no_grad()
def listing(model, tokenizer: Tokenizer, generator: torch.Generator) -> None:
    """The way down a clip's list: in layer 0 the places of an answer take a code of the last name
    told (sinks stand for none); in layer 2 they look for the item that comes after it. Numbers are
    told by the form of names and by words."""
    weight, layout = model.projector.weight, LAYOUT
    rows, size, embed = len(CODE), NEXT.stop - NEXT.start, model.decoder.embed.weight
    embed[:, NEXT], weight[NEXT], model.projector.bias[NEXT] = 0, 0, 0
    for layer in model.decoder.layers:
        layer.o.weight[NEXT], layer.down.weight[NEXT] = 0, 0
        for part in (layer.q, layer.k, layer.v, layer.gate, layer.up):
            part.weight[:, NEXT] = 0
    short = torch.linalg.qr(torch.randn(MEANING.stop, size, generator=generator))[0].T
    codes = short @ weight[MEANING, slice(*layout.item)]
    start = least_like(codes, generator) * codes.norm(dim=0).mean()
    strength = 0.7 / codes.norm(dim=0).mean()
    weight[NEXT, slice(*layout.follows)] = strength * codes
    weight[NEXT, layout.start[0]] = strength * start
    for mark, value in ((OBJECT, 0.7), (EMPTY, 0.7), (SCRATCH, -1.0)):
        weight[mark, layout.end[0]] = value
    numbers = 0.4 * torch.linalg.qr(torch.randn(MEANING.stop - rows, NUMBERS,
                                                generator=generator))[0].T
    weight[rows:MEANING.stop, slice(*layout.number)] = numbers.T
    for words, number in ((("A", "An", "\u0120a", "\u0120an"), numbers[0]),
                          (("Two", "\u0120two"), numbers[1]), (("Three", "\u0120three"), numbers[2]),
                          ([f"\u0120{plural(name)}" for name in ITEMS], 0.5 * numbers[1:].sum(0)),
                          ([f" {plural(name)}" for name in ITEMS], 0.5 * numbers[1:].sum(0))):
        for word in words:
            if tokenizer.token_to_id(word) is not None:
                embed[tokenizer.token_to_id(word), rows:MEANING.stop] += number
    head = Head(model, 0, 3)
    head.near(ANSWER, NAME, (1, 2), 1.6)
    head.mark(ANSWER, {NAME: 1.0, SINK: 0.5}, 1.5)
    half = (LAST / head.out.shape[1]) ** 0.5
    head.value[:size, MEANING] = half * short
    head.value[:size, SINK] = half * 0.8 * start
    for g in range(head.out.shape[1]):
        head.out[NEXT, g, :size] = half * torch.eye(size)
    for kv in (0, 1):
        head = Head(model, 2, kv, keep=True)
        quiet = torch.linalg.svd(head.key[CODE, AT])[0][:, -size:]
        head.query[:, CODE, NEXT] = AFTER * quiet
        head.key[CODE, NEXT] = AFTER * quiet
        head.value[-1, EMPTY] = head.value[-1, SINK]


@torch.no_grad()
def newness(model, same: float = 1.2, away: float = 1.6, unseen: float = 1.4) -> None:
    """Layer 1: an item looks for its like in the clips before, not in its own; where none is, the
    sinks catch it, and it is marked NEW."""
    head, rows = Head(model, 1, 3, keep=True), len(CODE)
    for g in range(len(head.query)):
        head.query[g, CODE, :rows] += same * 2 ** 0.5 * torch.eye(rows)
    head.key[CODE, :rows] += same * 2 ** 0.5 * torch.eye(rows)
    for pair in (1, 2):
        head.query[:, pair, VISUAL] += away
        head.key[pair, VISUAL] -= away
    head.query[:, STILL, VISUAL] += unseen
    head.key[STILL, SINK] += 1.0
    head.flag(SINK, NEW, 0.15)


def least_like(codes: Tensor, generator: torch.Generator) -> Tensor:
    """A unit vector [rows] that no column of codes [rows, n] is near to."""
    tried = F.normalize(torch.randn(4096, len(codes), generator=generator), dim=1)
    return tried[(tried @ F.normalize(codes, dim=0)).amax(dim=1).argmin()]


def telling(model, items: Tensor, ending: Tensor) -> None:
    """Feed-forward parts: names already told are taken off the set; "and" while one is left."""
    told, still = model.decoder.layers[2], model.decoder.layers[4]
    count = MEANING.stop
    told.gate.weight[:count] = 0
    told.gate.weight[:count, ANSWER] = 2.0
    told.up.weight[:count] = 0
    told.up.weight[:count, ASKED] = torch.eye(count) * 0.25
    told.down.weight[MEANING, :count] = torch.eye(count) * -0.7
    count = len(items)
    still.gate.weight[:count] = 0
    still.gate.weight[:count, MEANING] = items
    still.up.weight[:count] = 0
    still.up.weight[:count, ANSWER] = 0.5
    still.down.weight[:, :count] = 0.03 * (ending / ending.norm())[:, None]
