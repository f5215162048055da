"""The question side of recall: a question, as typed, becomes a vector in the space of the
tower's `image_embeds`, near the clips that show what it names."""

import argparse
import json
import random
import time

import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from onlooker_training import tokenizer as tok
from onlooker_training import tower as towers
from onlooker_training.pictures import KINDS
from onlooker_world.families import TRAINING_BY_PATTERN, When, Wording, capitalised, fill
from onlooker_world.lexicon import COLORS, SHAPES, THINGS, plural
from onlooker_world.scene import indefinite

NAMELESS = 0.1
"""The share of texts that name nothing; their vector lies apart from all others."""
SHAPED = 0.4
"""The share of texts about a shape; there are few, but each has every colour."""
BATCH = 256
FLOOR_QUANTILE = 0.02
NAMES = (*(thing.name for thing in THINGS),
         *(f"{color.name} {shape}" for color in COLORS for shape in SHAPES))
OVER_TIME = ("ever", "first_seen", "last_seen", "all_times", "how_often", "how_long")


class TextHead(nn.Module):
    """Token embeddings [B, L, H] (the decoder's, frozen) and mask [B, L] → [B, D], length 1.

    Each position sees its two neighbours on either side, then one learned query pools.
    """

    def __init__(self, hidden: int = 256, size: int = towers.EMBED, width: int = 384):
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


class Texts:
    """Questions and bare names as typed, with the kind and colour they name (-1 for none)."""

    def __init__(self, rng: random.Random):
        self.rng, self.stock = rng, Wording.training()
        frames = [(key, kind) for key in TRAINING_BY_PATTERN for kind in self.stock.kinds(key)]
        self.naming = [f for f in frames if "n" in f[1]]
        self.nameless = [f for f in frames if not f[1] & {"n", "s", "c"}]

    def sample(self) -> tuple[str, int, int]:
        if self.rng.random() < NAMELESS:
            return self._ask(self.nameless, ""), -1, -1
        color = -1
        kind = KINDS.index(self.rng.choice(SHAPES)) if self.rng.random() < SHAPED \
            else self.rng.randrange(len(KINDS))
        name = KINDS[kind]
        if kind < len(THINGS):
            name = self.rng.choice(THINGS[kind].names)
        elif name in SHAPES and self.rng.random() < 0.9:
            color = self.rng.randrange(len(COLORS))
            name = f"{COLORS[color].name} {name}"
        if self.rng.random() < 0.75:
            return self._ask(self.naming, name), kind, color
        forms = (name, plural(name), indefinite(name), f"the {name}", capitalised(name))
        return self.rng.choice(forms), kind, color

    def _ask(self, frames: list[tuple], name: str) -> str:
        key, kind = self.rng.choice(frames)
        text = fill(self.stock.frame(key, kind, self.rng), name, When("", ""))
        return self.stock.worded(text, self.rng)


def encode(tokenizer, texts: list[str]) -> tuple[Tensor, Tensor]:
    """ids and mask [B, L]."""
    rows = [e.ids for e in tokenizer.encode_batch(texts)]
    length = max(map(len, rows))
    ids = torch.tensor([row + [0] * (length - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (length - len(row)) for row in rows])
    return ids, mask


def targets(meaning: Tensor, kinds: Tensor, colors: Tensor) -> Tensor:
    """The vectors [n, D] that texts should have: the sum of what they name, or, for those that
    name nothing, one at right angles to all kinds and colours (there is room: D is larger)."""
    vectors = F.normalize(meaning, dim=-1)
    free = torch.linalg.qr(vectors.T, mode="complete")[0][:, -1]
    named = torch.where(kinds[:, None] >= 0, vectors[kinds.clamp(min=0)], free)
    hue = vectors[len(KINDS) + colors.clamp(min=0)] * (colors[:, None] >= 0)
    return F.normalize(named + hue, dim=-1)


def floor(texts: Tensor, kinds: Tensor, meaning: Tensor) -> float:
    """The cosine that nearly all pairs of a text and a full clip that shows it exceed: four kinds
    and two colours, the one that is asked for among them."""
    vectors = F.normalize(meaning, dim=-1)
    named = kinds >= 0
    others = torch.randint(len(KINDS), (len(kinds), 3))
    hues = len(KINDS) + torch.randint(len(COLORS), (len(kinds), 2))
    clips = F.normalize(vectors[kinds.clamp(min=0)] * 0.85 + vectors[others].sum(1)
                        + vectors[hues].sum(1), dim=-1)
    cosine = (texts * clips).sum(-1)[named]
    return round(float(cosine.quantile(FLOOR_QUANTILE)), 3)


@torch.no_grad()
def naming(embed, rng: random.Random) -> dict[str, float]:
    """What the product asks of the vectors: of sentences that no training saw, one of every name
    and family, the share whose nearest name is the one they hold; how near that one is at the
    least, and all others at the most (1 and 99 % of sentences).

    embed: texts to their vectors [n, D]."""
    stock = Wording.reporting()
    kinds = {key: [k for k in stock.kinds(key) if "n" in k and "t" not in k] for key in OVER_TIME}
    asked = [fill(stock.frame(key, rng.choice(kinds[key]), rng), name, When("", ""))
             for name in NAMES for key in OVER_TIME]
    near = embed(asked) @ embed(list(NAMES)).T
    own = torch.arange(len(NAMES)).repeat_interleave(len(OVER_TIME))
    places = torch.arange(len(own))
    nearest, mine = near.argmax(1), near[places, own]
    near[places, own] = -1
    return {"right": float((nearest == own).float().mean()), "own": float(mine.quantile(0.01)),
            "other": float(near.amax(1).quantile(0.99))}


def stage_e(args: argparse.Namespace) -> None:
    """Text head against the tower's vector of each kind and colour, then the recall floor."""
    torch.manual_seed(args.seed)
    texts = Texts(random.Random(args.seed))
    tokenizer = tok.load(args.pack)
    table = load_file(str(args.weights / "language.safetensors"))["decoder.embed.weight"].float()
    meaning = load_file(str(args.weights / "tower.safetensors"))["meaning"].float()
    head = TextHead(table.shape[1])
    optimiser = torch.optim.AdamW(head.parameters(), 2e-3, weight_decay=0.01)
    begin, step, right, loss_sum = time.time(), 0, 0, 0.0

    def embed(said: list[str]) -> Tensor:
        ids, mask = encode(tokenizer, said)
        return head(table[ids], mask)

    def batch() -> tuple[Tensor, Tensor, Tensor, Tensor]:
        said, kinds, colors = zip(*(texts.sample() for _ in range(BATCH)))
        kind, color = torch.tensor(kinds), torch.tensor(colors)
        return embed(list(said)), targets(meaning, kind, color), kind, color

    while (spent := (time.time() - begin) / 60) < args.minutes:
        optimiser.param_groups[0]["lr"] = 2e-3 * min(1.0, 2 * (1 - spent / args.minutes))
        told, wanted, kind, color = batch()
        apart = 20 * told @ F.normalize(meaning, dim=-1).T
        loss = (1 - (told * wanted).sum(-1)).mean() \
            + 0.2 * F.cross_entropy(apart[:, :len(KINDS)], kind, ignore_index=-1) \
            + 0.2 * F.cross_entropy(apart[:, len(KINDS):], color, ignore_index=-1)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step += 1
        right += float(((told * wanted).sum(-1) > 0.8).float().mean())
        loss_sum += loss.item()
        if step % args.every == 0:
            print(f"{spent:6.2f} min step {step} loss {loss_sum / args.every:.3f} "
                  f"right {right / args.every:.3f}", flush=True)
            right, loss_sum = 0, 0.0
    with torch.no_grad():
        told, _, kind, _ = batch()
    print("names", {k: round(v, 3) for k, v in naming(embed, texts.rng).items()}, flush=True)
    settings = {"dim": towers.EMBED, "recall_floor": floor(told, kind, meaning)}
    (args.weights / "text_head.json").write_text(json.dumps(settings, indent=2) + "\n")
    save_file({k: v.detach().half().contiguous() for k, v in head.state_dict().items()},
              str(args.weights / "text_head.safetensors"))
