"""What stands in the slots that the tower tells of a clip, and how items come to stand there.

A clip is told by SLOTS + 1 slots of SLOT values each. The first hold one item each, in reading
order; then comes one that says where the list ends, then nothing; the last is the sky's. Items
that are alike share a slot, which says how many they are. Each item says after which other it
comes, so that a reader finds its way down the list by what it told last.
"""

from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from onlooker_training.pictures import ITEMS, MOTIONS, TEXTS
from onlooker_world.lexicon import COLORS
from onlooker_world.scene import WEATHERS

SLOTS = 5
BUMPS = 8
"""Places along an axis at which a coordinate is told by how near it is."""
NUMBERS = 3
"""How many alike: one, two, three or more."""


@dataclass(frozen=True)
class Layout:
    """Where in a slot each content stands, as (start, end). All up to `text` is of the item alone,
    the rest comes from `arrange`: follows: the item before it in the list; start: it is the first;
    end: the list ends here; number: how many are alike; total: items in all (the sky's slot). The
    list of a picture that is unlike all that was drawn never ends, and its total is any number."""

    item: tuple[int, int] = (0, len(ITEMS))
    color: tuple[int, int] = (len(ITEMS), len(ITEMS) + len(COLORS))
    motion: tuple[int, int] = (color[1], color[1] + len(MOTIONS))
    x: tuple[int, int] = (motion[1], motion[1] + BUMPS)
    y: tuple[int, int] = (x[1], x[1] + BUMPS)
    height: tuple[int, int] = (y[1], y[1] + BUMPS)
    text: tuple[int, int] = (height[1], height[1] + len(TEXTS))
    sky: tuple[int, int] = (text[1], text[1] + len(WEATHERS) + 1)
    is_sky: tuple[int, int] = (sky[1], sky[1] + 1)
    total: tuple[int, int] = (is_sky[1], is_sky[1] + SLOTS + 1)
    present: tuple[int, int] = (total[1], total[1] + 1)
    follows: tuple[int, int] = (present[1], present[1] + len(ITEMS))
    start: tuple[int, int] = (follows[1], follows[1] + 1)
    end: tuple[int, int] = (start[1], start[1] + 1)
    number: tuple[int, int] = (end[1], end[1] + NUMBERS)


LAYOUT = Layout()
OWN = LAYOUT.text[1]
"""Values of a slot that are of its item alone."""
SLOT = LAYOUT.number[1]


def arrange(items: Tensor, kept: Tensor, sky: Tensor, strange: Tensor) -> Tensor:
    """Slots float32 [n, SLOTS + 1, SLOT] of items [n, SLOTS, OWN], each decided for one kind, of
    which those are `kept` (bool [n, SLOTS]), and sky [n, WEATHERS + 1]; strange (bool [n]): the
    picture is unlike all that was drawn, so nothing is kept of it."""
    kept = kept & ~strange[:, None]
    kinds = items[..., slice(*LAYOUT.item)]
    both = kept[:, :, None] & kept[:, None, :]
    alike = (kinds @ kinds.transpose(1, 2) > 0) & both
    places = torch.arange(SLOTS)
    again = (alike & (places[None, :] < places[:, None])).any(dim=2)
    stays = kept & ~again
    order = (-torch.where(stays, places, places + SLOTS)).topk(SLOTS, dim=1).indices
    stays = stays.gather(1, order)
    number = alike.sum(dim=2).clamp(min=1, max=NUMBERS).gather(1, order)
    there = stays[..., None].to(items.dtype)
    items = items.gather(1, order[..., None].expand(-1, -1, items.shape[-1])) * there
    kind = items[..., slice(*LAYOUT.item)]
    before = F.pad(stays[:, :-1], (1, 0), value=True)
    first = torch.zeros_like(there) + (places == 0)[:, None]
    ends = (before & ~stays & ~strange[:, None])[..., None].to(items.dtype)
    numbers = F.one_hot(number - 1, NUMBERS) * there
    rows = torch.cat((items, torch.zeros_like(items[..., :LAYOUT.present[0] - OWN]), there,
                      F.pad(kind[:, :-1], (0, 0, 1, 0)), first, ends, numbers), dim=-1)
    total = (F.one_hot(kept.sum(dim=1), SLOTS + 1).bool() | strange[:, None]).to(items.dtype)
    above = torch.cat((torch.zeros_like(items[:, 0]), sky, torch.ones_like(sky[:, :1]), total,
                       torch.zeros_like(rows[:, 0, LAYOUT.present[0]:])), dim=-1)
    return torch.cat((rows, above[:, None]), dim=1)


def strangers(slots: Tensor) -> Tensor:
    """The same slots [n, SLOTS + 1, SLOT] as of pictures unlike all that was drawn."""
    n = len(slots)
    return arrange(torch.zeros(n, SLOTS, OWN), torch.zeros(n, SLOTS, dtype=torch.bool),
                   slots[:, -1, slice(*LAYOUT.sky)], torch.ones(n, dtype=torch.bool))


def part(slot: np.ndarray, name: str) -> int:
    """The index that a part of a slot [SLOT], named as in Layout, is decided for."""
    return int(slot[slice(*getattr(LAYOUT, name))].argmax())


def number_of(slot: np.ndarray) -> int:
    """How many items a slot [SLOT] stands for."""
    numbers = slot[slice(*LAYOUT.number)]
    return int(numbers.argmax()) + 1 if numbers.any() else 0


def bumps(values: Tensor) -> Tensor:
    """[..., 1] in 0..1 to [..., BUMPS]: how near each of evenly spread places is."""
    places = torch.linspace(0, 1, BUMPS)
    return torch.exp(-((values - places) * (BUMPS - 1)).square() * 0.7)
