"""The language side of onlooker-mini: decoder and the table that turns what the tower says of
a cell into a token of the decoder's space.

A visual token is the strength-weighted sum of one learned vector per object, a background
vector and a place vector (probabilistic visual tokens, after Ovis, Lu et al. 2024,
arXiv 2405.20797).
"""

import random

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .contexts import Batch
from .decoder import Decoder, DecoderConfig
from .lexicon import THINGS


FIRST = 1.5


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
        """Mean cross-entropy over answer tokens, against all that would be right together, the
        first of each answer counting FIRST times, because it decides (Yes or No, Nothing or A);
        per token whether the best one is right."""
        where = batch.targets >= 0
        first = where & ~F.pad(where[:, :-1], (1, 0))
        weight = torch.where(first, FIRST, 1.0)[where]
        hidden = self(batch, visual)[where]
        logits = self.decoder.logits(hidden).float()
        rights = torch.cat((batch.targets[..., None], batch.equals), dim=-1)[where]
        known = logits.gather(1, rights.clamp(min=0)).masked_fill(rights < 0, -torch.inf)
        losses = logits.logsumexp(1) - known.logsumexp(1)
        right = (logits.argmax(-1, keepdim=True) == rights).any(1)
        return (losses * weight).sum() / weight.sum(), right


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
