"""The question side of recall: a question, as typed, becomes a vector in the space of the
tower's `image_embeds`, near the clips that show the thing it names."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class TextHead(nn.Module):
    """Token embeddings [B, L, H] (the decoder's, frozen) and mask [B, L] → [B, D], length 1.

    Each position sees its two neighbours on either side, then one learned query pools.
    """

    def __init__(self, hidden: int = 256, size: int = 128, width: int = 384):
        super().__init__()
        self.near = nn.Linear(5 * hidden, width)
        self.token = nn.Linear(width, width)
        self.score = nn.Linear(width, 4)
        self.out = nn.Linear(4 * width, size)

    def forward(self, embeds: Tensor, mask: Tensor) -> Tensor:
        keep = mask[..., None].to(embeds.dtype)
        x = embeds * keep * embeds.shape[-1] ** 0.5
        padded = F.pad(x, (0, 0, 2, 2))
        length = x.shape[1]
        near = torch.cat([padded[:, i:i + length] for i in range(5)], dim=-1)
        x = F.gelu(self.near(near), approximate="tanh")
        x = x + F.gelu(self.token(x), approximate="tanh")
        scores = self.score(x) + (keep - 1) * 1e9
        pooled = scores.softmax(dim=1).transpose(1, 2) @ x
        return F.normalize(self.out(pooled.flatten(1)), dim=-1)
