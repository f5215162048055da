"""The vision tower of onlooker-mini: a 128x128 picture becomes 16 tokens and one embedding.

    tower = load(weights)                    # float32, eval mode; see `load`
    tokens, embeds = tower(pixels)

    pixels  float32 [n, 3, 128, 128]   RGB, (value / 255 - 0.5) / 0.5; the frame letterboxed and
                                       centred, the rest filled with 127
    tokens  float32 [n, 16, 256]       row-major 4x4 grid of the picture, layer-normalised:
                                       what the projector of the language model takes
    embeds  float32 [n, 128]           of length 1: attention-pooled, for recall

A convolutional stem goes down to an 8x8 grid of 192 channels, three pre-norm attention blocks
mix it (learned positions), 2x2 space-to-depth and a linear layer make 16 tokens of 256.
2.4 million parameters. Only convolutions, batch and layer norms, matrix products, GELU (tanh
form) and softmax are used; the batch is free, so that the graph exports as it stands.

Weights: training/weights/tower.safetensors, float16, keys as in `Tower.state_dict()`; the heads
used in pretraining are in it too, under the prefix `heads.` (`Heads` below): their rows of
`heads.thing.weight` [41, 128] are the learned vector of each thing in the space of `embeds`.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import Tensor, nn

from onlooker_training.lexicon import THINGS

SIZE = 128
GRID = 8
TOKENS = 16
WIDTH = 192
TOKEN_WIDTH = 256
EMBED = 128
WEIGHTS = Path(__file__).resolve().parents[1] / "weights" / "tower.safetensors"


class Residual(nn.Module):
    """Two 3x3 convolutions beside an identity; [n, c, h, w] to the same."""

    def __init__(self, channels: int):
        super().__init__()
        self.first = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(channels)
        self.second = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.norm2 = nn.BatchNorm2d(channels)

    def forward(self, x: Tensor) -> Tensor:
        y = F.relu(self.norm1(self.first(x)))
        return F.relu(x + self.norm2(self.second(y)))


def down(inputs: int, outputs: int) -> nn.Sequential:
    """Halves the grid: [n, inputs, 2h, 2w] to [n, outputs, h, w]."""
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, stride=2, padding=1, bias=False),
                         nn.BatchNorm2d(outputs), nn.ReLU())


class Block(nn.Module):
    """Pre-norm self-attention and a feed-forward layer of four times the width; [n, t, w]."""

    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.up = nn.Linear(width, 4 * width)
        self.down = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        n, t, w = x.shape
        qkv = self.qkv(self.norm1(x)).view(n, t, 3, self.heads, w // self.heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = F.scaled_dot_product_attention(q, k, v)
        x = x + self.out(mixed.transpose(1, 2).reshape(n, t, w))
        return x + self.down(F.gelu(self.up(self.norm2(x)), approximate="tanh"))


class Tower(nn.Module):
    """See the module's docstring."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(down(3, 32), down(32, 64), Residual(64), down(64, 128),
                                  Residual(128), down(128, WIDTH))
        self.position = nn.Parameter(torch.randn(GRID * GRID, WIDTH) * 0.02)
        self.blocks = nn.ModuleList(Block(WIDTH, 6) for _ in range(3))
        self.norm = nn.LayerNorm(WIDTH)
        self.token = nn.Linear(4 * WIDTH, TOKEN_WIDTH)
        self.token_norm = nn.LayerNorm(TOKEN_WIDTH)
        self.score = nn.Linear(TOKEN_WIDTH, 8)
        self.value = nn.Linear(TOKEN_WIDTH, 8 * 64)
        self.embed = nn.Linear(8 * 64, EMBED)

    def grid(self, pixels: Tensor) -> Tensor:
        """The 8x8 grid before space-to-depth: [n, 64, 192], row-major."""
        x = self.stem(pixels).flatten(2).transpose(1, 2) + self.position
        for block in self.blocks:
            x = block(x)
        return self.norm(x)

    def tokens(self, grid: Tensor) -> Tensor:
        """[n, 64, 192] to [n, 16, 256]: each token is a 2x2 square of the grid."""
        n, half = grid.shape[0], GRID // 2
        squares = grid.view(n, half, 2, half, 2, WIDTH).permute(0, 1, 3, 2, 4, 5)
        return self.token_norm(self.token(squares.reshape(n, TOKENS, 4 * WIDTH)))

    def embeds(self, tokens: Tensor) -> Tensor:
        """[n, 16, 256] to [n, 128] of length 1: eight learned queries, each its own values."""
        n = tokens.shape[0]
        weights = self.score(tokens).softmax(dim=1).transpose(1, 2).unsqueeze(2)
        values = self.value(tokens).view(n, TOKENS, 8, 64).transpose(1, 2)
        return F.normalize(self.embed(torch.matmul(weights, values).reshape(n, 8 * 64)), dim=-1)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        tokens = self.tokens(self.grid(pixels))
        return tokens, self.embeds(tokens)


class Heads(nn.Module):
    """What pretraining asks of the tower; not exported.

    cell: class of each of the 64 cells, 41 things and background last. token: which things each
    of the 16 tokens sees. thing, scale, bias: a vector per thing whose scaled cosine with the
    embedding says whether the thing is in the frame (the sigmoid loss of SigLIP,
    arXiv:2303.15343 section 3, with several positives).
    """

    def __init__(self):
        super().__init__()
        self.cell = nn.Linear(WIDTH, len(THINGS) + 1)
        self.token = nn.Linear(TOKEN_WIDTH, len(THINGS))
        self.thing = nn.Linear(EMBED, len(THINGS), bias=False)
        self.scale = nn.Parameter(torch.tensor(20.0).log())
        self.bias = nn.Parameter(torch.tensor(-5.0))
        nn.init.constant_(self.token.bias, -3.0)

    def frame(self, embeds: Tensor) -> Tensor:
        """Logits [n, 41] of each thing being in the frame, from embeds [n, 128]."""
        vectors = F.normalize(self.thing.weight, dim=-1)
        return embeds @ vectors.T * self.scale.exp() + self.bias


def load(path: Path = WEIGHTS) -> Tower:
    """The tower with the weights of that file, float32, in eval mode."""
    tower = Tower()
    with safe_open(path, "pt") as weights:
        tower.load_state_dict({name: weights.get_tensor(name).float() for name in weights.keys()
                               if not name.startswith("heads.")})
    return tower.eval()


def pixels(pictures: Tensor) -> Tensor:
    """uint8 [n, 128, 128, 3] to the float32 [n, 3, 128, 128] that the tower takes."""
    return pictures.permute(0, 3, 1, 2).float() / 127.5 - 1
