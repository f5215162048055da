"""The language side of onlooker-mini: the projector, which turns the tower's slots into tokens of
the decoder's space, and the decoder.

A visual token is the sum of one learned vector per content of its slot: kind, colour, motion,
place, size, text, sky, and where it stands in the clip's list (slots.py).
"""

import random

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from onlooker_training.contexts import Batch
from onlooker_training.decoder import Decoder, DecoderConfig
from onlooker_training.slots import SLOT

FIRST = 1.5


class LanguageModel(nn.Module):
    """projector: slots [..., SLOT] → visual tokens [..., H]."""

    def __init__(self, config: DecoderConfig):
        super().__init__()
        self.decoder = Decoder(config)
        self.projector = nn.Linear(SLOT, config.hidden_size)

    def forward(self, batch: Batch, slots: Tensor) -> Tensor:
        """Normed hidden states [N, H], 0 for clips that no question sees; slots [V, SLOT] fill the
        batch's visual places."""
        x = self.decoder.embed(batch.ids)
        x = x.index_copy(0, batch.visual, self.projector(slots).to(x.dtype))
        return self.decoder.over(x, batch.positions, batch.packing)

    def loss(self, batch: Batch, slots: Tensor) -> tuple[Tensor, Tensor]:
        """Mean cross-entropy over answer tokens, the first of each answer counting FIRST times,
        because it decides (Yes or No, Nothing or A); per token whether the best one is right."""
        where = batch.targets >= 0
        first = where & ~F.pad(where[:-1], (1, 0))
        weight = torch.where(first, FIRST, 1.0)[where]
        hidden = self(batch, slots)[where]
        logits = self.decoder.logits(hidden).float()
        targets = batch.targets[where]
        losses = F.cross_entropy(logits, targets, reduction="none")
        right = logits.argmax(-1) == targets
        return (losses * weight).sum() / weight.sum(), right


def accuracy(batch: Batch, right: Tensor, into: dict[str, list[int]]) -> None:
    """Adds whole answers: into[task] = [right, asked]."""
    wrong = set(batch.owner[batch.targets >= 0][~right].tolist())
    for number, task in enumerate(batch.tasks):
        count = into.setdefault(task, [0, 0])
        count[0] += number not in wrong
        count[1] += 1


def seeded(seed: int) -> random.Random:
    torch.manual_seed(seed)
    return random.Random(seed)
