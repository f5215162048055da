"""The language side of onlooker-mini: decoder and the table that turns what the tower says of
a cell into a token of the decoder's space.

A visual token is the strength-weighted sum of one learned vector per object, a background
vector and a place vector (probabilistic visual tokens, after Ovis, Lu et al. 2024,
arXiv 2405.20797). The vectors start as the embeddings of the objects' names.
"""

import random

import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import Tensor, nn

from . import tokenizer as tok
from .contexts import Batch
from .decoder import Decoder, DecoderConfig
from .lexicon import THINGS, plural


FIRST = 3.0


class VisualTable(nn.Module):
    """Strengths [..., frames·cells, objects] in 0..1 → visual tokens [..., frames·cells, H]."""

    def __init__(self, objects: int, hidden: int, cells: int = 16):
        super().__init__()
        self.vectors = nn.Parameter(torch.zeros(objects, hidden))
        self.background = nn.Parameter(torch.randn(hidden) * hidden ** -0.5)
        self.place = nn.Parameter(torch.randn(cells, hidden) * 0.2 * hidden ** -0.5)

    def forward(self, strengths: Tensor, cells: int = 16) -> Tensor:
        empty = 1 - strengths.amax(-1, keepdim=True)
        tokens = strengths @ self.vectors + empty * self.background
        frames = strengths.shape[-2] // cells
        return tokens + self.place[:cells].repeat(frames, 1)


class LanguageModel(nn.Module):
    def __init__(self, config: DecoderConfig):
        super().__init__()
        self.decoder = Decoder(config)
        self.table = VisualTable(len(THINGS), config.hidden_size)

    def forward(self, batch: Batch, visual: Tensor) -> Tensor:
        """Normed hidden states [B, T, H]; visual [B, V', H] fills the batch's visual places."""
        x = self.decoder.embed(batch.ids)
        x = x.index_copy(1, batch.visual, visual.to(x.dtype))
        return self.decoder(x, batch.positions, batch.mask)

    def loss(self, batch: Batch, visual: Tensor) -> tuple[Tensor, Tensor]:
        """Mean cross-entropy over answer tokens, the first of each answer counting FIRST times,
        because it decides (Yes or No, Nothing or A); per token whether the best one is right."""
        where = batch.targets >= 0
        first = where & ~F.pad(where[:, :-1], (1, 0))
        weight = torch.where(first, FIRST, 1.0)[where]
        hidden = self(batch, visual)[where]
        logits = self.decoder.logits(hidden).float()
        targets = batch.targets[where]
        losses = F.cross_entropy(logits, targets, reduction="none")
        return (losses * weight).sum() / weight.sum(), logits.argmax(-1) == targets


@torch.no_grad()
def initialise(model: LanguageModel, tokenizer: Tokenizer, seed: int = 0) -> None:
    """Gives tokens that mean the same a common start: the four forms of a number, the names of
    an object with their plurals, and the object's visual vector; and tokens of one kind a
    common mark. Some heads start to look from kind to kind: visual tokens to the opening label
    before them, names to the sinks when nothing matches, the answer's place to the name."""
    generator = torch.Generator().manual_seed(seed)
    decoder, weight = model.decoder, model.decoder.embed.weight
    size = weight.shape[1]
    marks = torch.linalg.qr(torch.randn(size, 8, generator=generator))[0].T
    sink, name, visual, answer, *forms = marks

    def vector(scale: float = 1.0) -> Tensor:
        return torch.randn(size, generator=generator) * scale * size ** -0.5

    numbers = {pair: [vector(0.8) for _ in range(count)]
               for pair, count in (("Mm", tok.MINUTES), ("Ss", tok.SECONDS))}
    for pair, vectors in numbers.items():
        for form in pair:
            mark = forms["MSms".index(form)]
            for i, number in enumerate(vectors):
                weight[tokenizer.token_to_id(f"<{form}{i:02d}>")] = number + 0.6 * mark
    for token in tok.SINKS:
        weight[tokenizer.token_to_id(token)] = sink + vector(0.3)
    weight[tokenizer.token_to_id(tok.ASSISTANT)] = answer + vector(0.3)
    for index, thing in enumerate(THINGS):
        meaning = vector()
        for word in (form for n in thing.names for form in (f" {n}", f" {plural(n)}")):
            ids = tokenizer.encode(word).ids
            if len(ids) == 1:
                noise = vector(0.0 if word == f" {thing.name}" else 0.3)
                weight[ids[0]] = meaning + noise + 0.5 * name
        model.table.vectors[index] = meaning + 0.3 * visual + vector(0.15)
    model.table.background.copy_(0.5 * visual + vector(0.2))
    last = decoder.config.head_dim // 2 - 1
    for layer in range(2):
        decoder.attract(layer, 1, 5, visual, forms[0], 8.0)
        decoder.attract(layer, 3, 5, visual, forms[1], 8.0)
    for layer in range(1, 5):
        for kv in (0, 2):
            decoder.attract(layer, kv, last, name, sink, 4.0)
    for layer in range(2, decoder.config.num_hidden_layers):
        decoder.attract(layer, 1, last, answer, name, 4.0)


def accuracy(batch: Batch, right: Tensor, into: dict[str, list[int]]) -> None:
    """Adds whole answers: into[task] = [right, asked]."""
    flags = torch.zeros_like(batch.targets, dtype=torch.bool)
    flags[batch.targets >= 0] = ~right
    for i, tasks in enumerate(batch.tasks):
        wrong = set(batch.owner[i][flags[i]].tolist())
        for j, task in enumerate(tasks):
            count = into.setdefault(task, [0, 0])
            count[0] += j not in wrong
            count[1] += 1


def seeded(seed: int) -> random.Random:
    torch.manual_seed(seed)
    return random.Random(seed)
