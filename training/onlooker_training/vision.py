"""From the tower's tokens to the decoder's: a linear layer says which things each token sees,
the visual table turns that into vectors, and a linear path carries what the 41 words do not."""

import torch
from torch import Tensor, nn

from .lexicon import THINGS
from .model import VisualTable
from .tower import TOKEN_WIDTH, TOKENS

SHARPNESS = 3.0
"""A token one logit below the best tells a thing exp(-3) as strongly."""


class Projector(nn.Module):
    """Tower tokens [n, 16, 256] → visual tokens [n, 16, H]."""

    def __init__(self, table: VisualTable, hidden: int):
        super().__init__()
        self.see = nn.Linear(TOKEN_WIDTH, len(THINGS))
        self.table = table
        self.rest = nn.Linear(TOKEN_WIDTH, hidden, bias=False)
        nn.init.zeros_(self.rest.weight)

    def strengths(self, tokens: Tensor) -> Tensor:
        """How surely each thing is seen, told by the tokens that see it best: [n, 16, 41] in
        0..1. A large thing then weighs as much as a small one beside it; with plain sigmoids it
        had ten times the tokens, and the small one was left out of what is told."""
        logits = self.see(tokens)
        best = logits.amax(1, keepdim=True)
        return torch.sigmoid(best) * torch.exp(SHARPNESS * (logits - best))

    def forward(self, tokens: Tensor) -> Tensor:
        return self.table(self.strengths(tokens), TOKENS) + self.rest(tokens)
