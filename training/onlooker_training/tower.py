"""The vision tower of onlooker-mini: two pictures become what is in the second, item by item.

    tower = load(weights)                    # float32, eval mode; see `load`
    slots, embeds = tower(pixels)

    pixels  float32 [n, 2, 3, 192, 192]  the two frames of a clip, RGB, (value / 255 - 0.5) / 0.5,
                                         letterboxed and centred, the rest filled with 127
    slots   float32 [n, SLOTS + 1, SLOT] what is there, item by item, and the sky (see slots.py)
    embeds  float32 [n, EMBED]           of length 1: for recall

A convolutional stem brings both frames, one over the other as six channels, to a 12x12 grid; four
pre-norm attention blocks mix it (learned positions). Each cell says which kind covers it and
whether the centre of an item lies in it, which colour, how it moves, and its box. The SLOTS
strongest centres become slots (peaks of centre times kind, kind by kind, as in CenterNet,
arXiv:1904.07850 section 3, but on kinds read from dense cells). The strongest sign is cut out of
the second picture and read by a small network of its own (`Reader`).
"""

from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors import safe_open
from torch import Tensor, nn

from onlooker_training.pictures import GRID, KINDS, MOTIONS, SIZE, TEXTS
from onlooker_training.slots import SLOTS, arrange, bumps
from onlooker_world.lexicon import COLORS, THINGS
from onlooker_world.scene import WEATHERS

WIDTH = 192
EMBED = 128
SIGN = len(KINDS) - 1
SIGN_RATIO = 2.1
CROP = (24, 64)
KEPT = 0.3
"""A centre of this strength is an item."""
STRANGE = 0.06
"""Doubt (see Tower.doubt) above which a picture is unlike all that was drawn."""
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


class Reader(nn.Module):
    """What a sign says: a picture of it [n, 1, *CROP] to logits [n, len(TEXTS)]."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(1, 32, 3, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
            down(32, 64), Residual(64), down(64, 96), Residual(96),
            nn.Conv2d(96, 96, (CROP[0] // 4, 1), bias=False), nn.BatchNorm2d(96), nn.ReLU())
        self.out = nn.Linear(96 * (CROP[1] // 4), len(TEXTS))

    def forward(self, crops: Tensor) -> Tensor:
        return self.out(self.stem(crops).flatten(1))


def crop(pictures: Tensor, boxes: Tensor) -> Tensor:
    """Cuts signs out, as gray pictures of mean 0 and deviation 1.

    pictures [n, 3, SIZE, SIZE] in -1..1, boxes [n, 3] (centre x, y, height in fractions of the
    picture) to [n, 1, *CROP].
    """
    rows = torch.linspace(-0.5, 0.5, CROP[0])
    columns = torch.linspace(-0.5, 0.5, CROP[1])
    y = boxes[:, 1:2] + boxes[:, 2:3] * rows
    x = boxes[:, 0:1] + boxes[:, 2:3] * SIGN_RATIO * columns
    n = boxes.shape[0]
    grid = torch.stack((x[:, None, :].expand(n, *CROP), y[:, :, None].expand(n, *CROP)), dim=-1)
    gray = pictures.mean(dim=1, keepdim=True)
    cut = F.grid_sample(gray, grid * 2 - 1, padding_mode="border", align_corners=False)
    cut = cut - cut.mean(dim=(2, 3), keepdim=True)
    return cut / (cut.square().mean(dim=(2, 3), keepdim=True) + 1e-4).sqrt()


@dataclass
class Cells:
    """What every cell says: grid [n, 144, WIDTH], kind [n, 144, KINDS + 1] and color, motion as
    logits, centre [n, 144] as a logit, box [n, 144, 5] as in pictures.Pair; sky [n, 4]: logits of
    the weathers and of night."""

    grid: Tensor
    kind: Tensor
    color: Tensor
    motion: Tensor
    centre: Tensor
    box: Tensor
    sky: Tensor


class Tower(nn.Module):
    """See the module's docstring."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(down(6, 32), down(32, 64), Residual(64), down(64, 128),
                                  *(Residual(128) for _ in range(3)), down(128, WIDTH),
                                  Residual(WIDTH))
        self.position = nn.Parameter(torch.randn(GRID * GRID, WIDTH) * 0.02)
        self.blocks = nn.ModuleList(Block(WIDTH, 6) for _ in range(4))
        self.norm = nn.LayerNorm(WIDTH)
        self.kind = nn.Linear(WIDTH, len(KINDS) + 1)
        self.look = nn.Linear(WIDTH, len(COLORS) + len(MOTIONS) + 1 + 5)
        self.sky = nn.Linear(WIDTH, len(WEATHERS) + 1)
        self.reader = Reader()
        self.meaning = nn.Parameter(torch.empty(len(KINDS) + len(COLORS), EMBED))
        nn.init.orthogonal_(self.meaning)
        middles = (torch.arange(GRID) + 0.5) / GRID
        self.register_buffer("middle", torch.stack(
            (middles.repeat(GRID), middles.repeat_interleave(GRID)), dim=1), persistent=False)

    def cells(self, pixels: Tensor) -> Cells:
        """pixels as the module's docstring has them."""
        x = self.stem(pixels.flatten(1, 2)).flatten(2).transpose(1, 2) + self.position
        for block in self.blocks:
            x = block(x)
        x = self.norm(x)
        color, motion, centre, box = self.look(x).split(
            (len(COLORS), len(MOTIONS), 1, 5), dim=-1)
        middle = self.middle.expand(x.shape[0], -1, -1)
        box = box * 0.25 + torch.cat((middle, torch.full_like(middle[..., :1], 0.2), middle), -1)
        return Cells(x, self.kind(x), color, motion, centre.squeeze(-1), box,
                     self.sky(x.mean(dim=1)))

    def chosen(self, cells: Cells) -> tuple[Tensor, Tensor]:
        """The cells of the SLOTS strongest peaks in reading order [n, SLOTS], and how sure each
        is, 0 to 1."""
        n = cells.kind.shape[0]
        kinds = cells.kind.softmax(-1)[..., :-1] * cells.centre.sigmoid()[..., None]
        heat = kinds.transpose(1, 2).reshape(n, len(KINDS), GRID, GRID)
        peaks = heat * (F.max_pool2d(heat, 3, stride=1, padding=1) == heat)
        score = peaks.amax(dim=1).flatten(1)
        best = score.topk(SLOTS, dim=1).indices
        order = (-best).topk(SLOTS, dim=1).indices
        best = best.gather(1, order)
        return best, score.gather(1, best)

    def forward(self, pixels: Tensor) -> tuple[Tensor, Tensor]:
        cells = self.cells(pixels)
        best, sure = self.chosen(cells)

        def take(values: Tensor) -> Tensor:
            return values.gather(1, best[..., None].expand(-1, -1, values.shape[-1]))

        strange = self.doubt(cells, sure) > STRANGE
        kept = (sure > KEPT) & ~strange[:, None]
        kind = take(cells.kind)[..., :-1].softmax(-1)
        box, hue, there = take(cells.box), take(cells.color), kept[..., None]
        read = self.reader(crop(pixels[:, 1], self.strongest(box, kind[..., SIGN:] * there)))
        one = decided(kind)
        shape, sign = one[..., len(THINGS):SIGN], one[..., SIGN:]
        color = decided(hue) * shape.sum(-1, keepdim=True)
        figures = (shape[..., :, None] * color[..., None, :]).flatten(2)
        items = torch.cat((one[..., :len(THINGS)], figures, sign, color,
                           decided(take(cells.motion)),
                           *(bumps(box[..., i:i + 1]) for i in (3, 4, 2)),
                           decided(read)[:, None] * sign), dim=-1)
        sky = torch.cat((decided(cells.sky[:, :-1]), (cells.sky[:, -1:] > 0).float()), dim=-1)
        hues = hue.softmax(-1) * kind[..., len(THINGS):SIGN].sum(-1, keepdim=True)
        return arrange(items, kept, sky, strange), self.embeds(kind * there, hues * there)

    @staticmethod
    def doubt(cells: Cells, sure: Tensor) -> Tensor:
        """How far a picture is from all that was drawn [n]: the mean entropy of what its cells say,
        in nats, times what is missing from 1 in the mean of how sure its items are."""
        told = cells.kind.log_softmax(-1)
        entropy = -(told.exp() * told).sum(-1).mean(-1)
        found = (sure > KEPT).to(sure.dtype)
        return entropy * (1 - (sure * found).sum(-1) / found.sum(-1).clamp(min=1))

    @staticmethod
    def strongest(box: Tensor, sign: Tensor) -> Tensor:
        """The box [n, 3] of the slot that most surely is a sign."""
        best = sign.squeeze(-1).topk(1, dim=1).indices[..., None].expand(-1, -1, 3)
        return box[..., :3].gather(1, best).squeeze(1)

    def embeds(self, kind: Tensor, color: Tensor) -> Tensor:
        """What is there, whatever the place and number: [n, SLOTS, KINDS] and [n, SLOTS, COLORS]
        to [n, EMBED] of length 1; each kind and colour has a vector."""
        there = torch.cat((kind.amax(dim=1), color.amax(dim=1)), dim=-1)
        return F.normalize(there @ F.normalize(self.meaning, dim=-1) + 1e-6, dim=-1)


def decided(scores: Tensor) -> Tensor:
    """1 for the best of the last axis, 0 for the others."""
    return F.one_hot(scores.argmax(-1), scores.shape[-1]).to(scores.dtype)


def load(path: Path = WEIGHTS) -> Tower:
    """The tower with the weights of that file, float32, in eval mode."""
    tower = Tower()
    with safe_open(path, "pt") as weights:
        tower.load_state_dict({name: weights.get_tensor(name).float()
                               if weights.get_tensor(name).is_floating_point()
                               else weights.get_tensor(name) for name in weights.keys()})
    return tower.eval()


def pixels(pictures: Tensor) -> Tensor:
    """uint8 [n, 2, SIZE, SIZE, 3] to the float32 [n, 2, 3, SIZE, SIZE] that the tower takes."""
    return pictures.permute(0, 1, 4, 2, 3).float() / 127.5 - 1
