"""The question side of recall: a question, as typed, becomes a vector in the space of the
tower's `image_embeds`, near the clips that show the thing it names."""

import argparse
import json
import random
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from . import questions
from . import tokenizer as tok
from . import tower as towers
from .lexicon import THINGS, plural


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


def sample_text(rng: random.Random, index: int) -> str:
    """A question or a bare name that asks for one thing, as typed."""
    thing = THINGS[index]
    kind = rng.random()
    if kind < 0.8:
        return questions.training_question(rng.choice(("last_seen", "ever")), rng, thing)
    name = rng.choice(thing.names)
    return rng.choice((name, plural(name), questions.indefinite(name), f"the {name}",
                       questions.capitalised(name)))


def encode(tokenizer, texts: list[str]) -> tuple[Tensor, Tensor]:
    """ids and mask [B, L]."""
    rows = [e.ids for e in tokenizer.encode_batch(texts)]
    length = max(map(len, rows))
    ids = torch.tensor([row + [0] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    return ids, mask


def floor(text: Tensor, tower_weights: Path, pictures: Path, count: int = 300) -> float:
    """The cosine that 97 % of true pairs of a question and a clip exceed; prints how many of
    the other pairs do. text [41·k, D], k texts for each thing; pictures as bank.py draws them."""
    held = np.load(pictures)
    eye, seen = towers.load(tower_weights), torch.from_numpy(held["seen"][:count])
    frames = torch.from_numpy(held["pictures"][:count, 0])
    with torch.no_grad():
        image = torch.cat([eye(towers.pixels(part))[1] for part in frames.split(25)])
    cosine = image @ text.T
    truth = seen.repeat_interleave(len(text) // seen.shape[1], dim=1)
    value = float(cosine[truth == 1].quantile(0.03))
    false = float((cosine[truth == 0] > value).float().mean())
    print(f"recall floor {value:.3f}: 97 % of true pairs above it, {false:.2%} of the others")
    return round(value, 3)


def stage_e(args: argparse.Namespace) -> None:
    """Text head against the tower's learned vector of each thing, then the recall floor.

    The tower's own pretraining fitted `heads.thing` to `image_embeds` with the sigmoid loss and
    all labels of a frame, so a text that names a thing should lie on that thing's vector.
    """
    torch.manual_seed(args.seed)
    rng = random.Random(args.seed)
    folder = args.weights
    tokenizer = tok.load(args.pack)
    table = load_file(str(folder / "language.safetensors"))["decoder.embed.weight"].float()
    held = load_file(str(folder / "tower.safetensors"))
    things = F.normalize(held["heads.thing.weight"].float(), dim=-1)
    head = TextHead(table.shape[1], things.shape[1])
    optimiser = torch.optim.AdamW(head.parameters(), 2e-3, weight_decay=0.01)
    begin, step, right, loss_sum = time.time(), 0, 0, 0.0
    while (spent := (time.time() - begin) / 60) < args.minutes:
        optimiser.param_groups[0]["lr"] = 2e-3 * min(1.0, 2 * (1 - spent / args.minutes))
        wanted = torch.tensor([rng.randrange(len(THINGS)) for _ in range(256)])
        ids, mask = encode(tokenizer, [sample_text(rng, i) for i in wanted.tolist()])
        text = head(table[ids], mask)
        cosine = text @ things.T
        loss = F.cross_entropy(20 * cosine, wanted) + (1 - cosine.gather(1, wanted[:, None])).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        right += int((cosine.argmax(1) == wanted).sum())
        loss_sum += loss.item()
        if step % args.every == 0:
            print(f"{spent:6.2f} min step {step} loss {loss_sum / args.every:.3f} "
                  f"right {right / args.every / 256:.3f}", flush=True)
            right, loss_sum = 0, 0.0
    settings = {"dim": things.shape[1], "logit_scale": round(float(held["heads.scale"].exp()), 3),
                "logit_bias": round(float(held["heads.bias"]), 3)}
    texts = [sample_text(rng, i) for i in range(len(THINGS)) for _ in range(4)]
    ids, mask = encode(tokenizer, texts)
    with torch.no_grad():
        settings["recall_floor"] = floor(head(table[ids], mask), folder / "tower.safetensors",
                                         args.bank.with_suffix(".npz"))
    (folder / "text_head.json").write_text(json.dumps(settings, indent=2) + "\n")
    save_file({k: v.detach().half().contiguous() for k, v in head.state_dict().items()},
              str(folder / "text_head.safetensors"))
