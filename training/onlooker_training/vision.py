"""From the tower's tokens to the decoder's: a linear layer says which things each token sees,
the visual table turns that into vectors, and a linear path carries what the 41 words do not."""

import torch
from torch import Tensor, nn

from .lexicon import THINGS
from .model import VisualTable
from .tower import TOKEN_WIDTH, TOKENS


class Projector(nn.Module):
    """Tower tokens [n, 16, 256] → visual tokens [n, 16, H]."""

    def __init__(self, table: VisualTable, hidden: int):
        super().__init__()
        self.see = nn.Linear(TOKEN_WIDTH, len(THINGS))
        self.table = table
        self.rest = nn.Linear(TOKEN_WIDTH, hidden, bias=False)
        nn.init.zeros_(self.rest.weight)

    def strengths(self, tokens: Tensor) -> Tensor:
        """How surely each token sees each thing: [n, 16, 41] in 0..1."""
        return torch.sigmoid(self.see(tokens))

    def forward(self, tokens: Tensor) -> Tensor:
        return self.table(self.strengths(tokens), TOKENS) + self.rest(tokens)
