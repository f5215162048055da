"""The language model: a Llama-type decoder (RMSNorm, SwiGLU, half-rotation RoPE, tied embedding).

Shapes: B contexts, T tokens, H hidden, d head size. Who sees whom is given from outside, so that
training can use exactly the visibility that serving has: `dense` by a mask, `packed` for contexts
of clips and questions, which skips what is never seen. Attention is written out: with heads of 32
and short contexts that is faster on a CPU than the fused kernel.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor, nn


@dataclass(frozen=True)
class DecoderConfig:
    """Dimensions, with the names of a Hugging Face Llama configuration."""

    vocab_size: int = 3584
    hidden_size: int = 256
    num_hidden_layers: int = 6
    num_attention_heads: int = 8
    num_key_value_heads: int = 4
    head_dim: int = 32
    intermediate_size: int = 704
    rope_theta: float = 100_000_000.0
    rms_norm_eps: float = 1e-5
    max_position_embeddings: int = 2048

    def to_json(self) -> dict:
        return {"model_type": "llama", **asdict(self), "tie_word_embeddings": True}


def rotary(config: DecoderConfig, positions: Tensor) -> tuple[Tensor, Tensor]:
    """cos and sin of the angles, each [..., T, d/2] fp32, for integer positions [..., T]."""
    half = config.head_dim // 2
    inverse = config.rope_theta ** (-torch.arange(half, dtype=torch.float32) * 2 / config.head_dim)
    angle = positions.float()[..., None] * inverse
    return angle.cos(), angle.sin()


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Half-rotation RoPE of x [..., d] with cos, sin that broadcast to [..., d/2]."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


Attend = Callable[[Tensor, Tensor, Tensor], Tensor]
"""Queries [..., heads, d] (scaled), keys and values [..., kv, d], none rotated yet → mixed
[..., heads, d]."""


def tables(config: DecoderConfig, positions: Tensor) -> tuple[Tensor, Tensor]:
    """cos and sin [..., 1, d/2] for `rotate`, in the dtype that matrix products have."""
    dtype = torch.bfloat16 if torch.is_autocast_enabled("cpu") else torch.float32
    cos, sin = rotary(config, positions)
    return cos[..., None, :].to(dtype), sin[..., None, :].to(dtype)


def dense(config: DecoderConfig, positions: Tensor, mask: Tensor) -> Attend:
    """Attention of [B, T] tokens at positions [B or 1, T] under a mask bool [B or 1, 1, T, T],
    true where a row may look."""
    table = tables(config, positions)
    bias = mixing_bias(mask, table[0].dtype)

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        groups = q.shape[-2] // k.shape[-2]
        k, v = (t.transpose(1, 2).repeat_interleave(groups, dim=1)
                for t in (rotate(k, *table), v))
        weights = (rotate(q, *table).transpose(1, 2) @ k.transpose(-1, -2) + bias).softmax(-1)
        return (weights.to(v.dtype) @ v).transpose(1, 2)
    return attend


@dataclass
class Packing:
    """How the tokens of many contexts lie in one row, and who sees whom.

    The row: the sinks once, for they are the same everywhere; all clips of all contexts, the same
    number of tokens each; all question tokens. before: per clip the clips that it sees [C, W], with
    seen_before bool [C, W]; clips: per context those that its questions see [B, K], with
    seen_clips bool [B, K]; asked: per context and question its tokens' places among the question
    tokens [B, Q, L] (0 where there is none), with length [B, Q]; ahead: per clip how many clips it
    is before the next one that questions see [C], 0 for those.
    """

    sinks: int
    clip_tokens: int
    before: Tensor
    seen_before: Tensor
    clips: Tensor
    seen_clips: Tensor
    asked: Tensor
    length: Tensor
    ahead: Tensor
    levels: int = 0

    def __post_init__(self):
        self.clip_count = len(self.before)
        inside = torch.arange(self.asked.shape[2]) < self.length[..., None]
        self.valid = inside.flatten().nonzero().flatten()
        places = self.asked.flatten()[self.valid]
        self.order = self.valid[places.argsort()]
        n, w = self.clip_tokens, self.before.shape[1]
        causal = torch.ones(n, n, dtype=torch.bool).tril()
        seen = self.seen_before.repeat_interleave(n, dim=1)[:, None, :].expand(-1, n, -1)
        self.clip_mask = torch.cat((torch.ones(self.clip_count, n, self.sinks, dtype=torch.bool),
                                    seen, causal.expand(self.clip_count, -1, -1)), dim=-1)
        self.sink_mask = torch.ones(self.sinks, self.sinks, dtype=torch.bool).tril()
        b, q, length = self.asked.shape
        own = torch.ones(length, length, dtype=torch.bool).tril()
        prefix = torch.cat((torch.ones(b, self.sinks, dtype=torch.bool),
                            self.seen_clips.repeat_interleave(n, dim=1)), dim=1)
        self.ask_mask = torch.cat((prefix[:, None, None, :].expand(-1, q, length, -1),
                                   own.expand(b, q, -1, -1)), dim=-1)

    def within(self, reach: int) -> tuple[Tensor, "Packing"]:
        """The places in the row of all but the clips that are further ahead, and their packing."""
        stay = self.ahead <= reach
        inside = torch.cat((torch.ones(self.sinks, dtype=torch.bool),
                            stay.repeat_interleave(self.clip_tokens),
                            torch.ones(int(self.length.sum()), dtype=torch.bool)))
        if stay.all():
            return inside.nonzero().flatten(), self
        place = (stay.cumsum(0) - 1).clamp(min=0)
        before, seen = self.before[stay], self.seen_before[stay]
        return inside.nonzero().flatten(), replace(
            self, before=place[before], seen_before=seen & stay[before], clips=place[self.clips],
            ahead=self.ahead[stay])


class Local:
    """Rotations within a watched window: the sinks stand right before the clips that a clip sees,
    as they do in the product, wherever its block is served later."""

    def __init__(self, config: DecoderConfig, p: Packing):
        seats, n = p.before.shape[1], p.clip_tokens
        own = p.sinks + seats * n + torch.arange(n)
        self.own = tables(config, own)
        self.before = [tables(config, own - n * (back + 1)) for back in range(seats)]
        left = [tables(config, seats * n - held * n + torch.arange(p.sinks))
                for held in range(seats + 1)]
        self.sinks = [torch.stack(part) for part in zip(*left)]
        self.held = p.seen_before.sum(1)

    def around(self, p: Packing, sink: Tensor, clips: Tensor) -> Tensor:
        """What each clip looks at: keys [sinks, kv, d] and [C, n, kv, d] → [C, s, kv, d]."""
        sinks = rotate(sink[None], *self.sinks).index_select(0, self.held)
        near = [rotate(clips.index_select(0, p.before[:, back]), *table)
                for back, table in enumerate(self.before)]
        return torch.cat((sinks, *near, rotate(clips, *self.own)), dim=1)


def packed(config: DecoderConfig, positions: Tensor, packing: Packing) -> Attend:
    """Attention over a packed row at positions [N]: each clip and each question looks only where
    it may."""
    p = packing
    clips_end = p.sinks + p.clip_count * p.clip_tokens
    table, local = tables(config, positions), Local(config, p)
    sink_bias, clip_bias, ask_bias = (mixing_bias(mask, table[0].dtype) for mask in
                                      (p.sink_mask[None], p.clip_mask, p.ask_mask))

    def attend(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        clip_k, clip_v, clip_q = (t[p.sinks:clips_end].unflatten(0, (p.clip_count, p.clip_tokens))
                                  for t in (k, v, q))
        near = clip_v.index_select(0, p.before.flatten()).unflatten(0, p.before.shape)
        around_v = torch.cat((v[:p.sinks].expand(p.clip_count, -1, -1, -1), near.flatten(1, 2),
                              clip_v), dim=1)
        clips = mix(rotate(clip_q, *local.own), local.around(p, k[:p.sinks], clip_k), around_v,
                    clip_bias)
        if p.levels:
            stored = [coarse(t, p.levels).flatten(0, 1) for t in (clip_k, clip_v)]
            k, v = (torch.cat((t[:p.sinks], kept, t[clips_end:]))
                    for t, kept in zip((k, v), stored))
            clip_v = stored[1].unflatten(0, (p.clip_count, p.clip_tokens))
        q, k = rotate(q, *table), rotate(k, *table)
        sinks = mix(q[None, :p.sinks], k[None, :p.sinks], v[None, :p.sinks],
                    sink_bias)
        served = k[p.sinks:clips_end].unflatten(0, (p.clip_count, p.clip_tokens))
        asked = self_and_prefix(p, q[clips_end:], (k[clips_end:], k[:p.sinks], served),
                                (v[clips_end:], v[:p.sinks], clip_v), ask_bias)
        return torch.cat((sinks.flatten(0, 1), clips.flatten(0, 1), asked))
    return attend


def self_and_prefix(p: Packing, q: Tensor, keys: tuple, values: tuple, bias: Tensor) -> Tensor:
    """The question tokens' part of `packed`: each sees the sinks, its context's clips and its own
    question. keys and values: those of question tokens, sinks and clips; bias: of p.ask_mask."""
    b, n, length = p.asked.shape
    places = p.asked.flatten()

    def prefix(sink: Tensor, clip: Tensor) -> Tensor:
        shown = clip.index_select(0, p.clips.flatten()).unflatten(0, p.clips.shape)
        return torch.cat((sink.expand(b, -1, -1, -1), shown.flatten(1, 2)), dim=1)

    def own(tokens: Tensor) -> Tensor:
        return tokens.index_select(0, places).view(b * n, length, *tokens.shape[1:])

    queries = own(q)
    before_k, before_v = prefix(keys[1], keys[2]), prefix(values[1], values[2])
    own_k, own_v = own(keys[0]), own(values[0])
    kv, groups = own_k.shape[-2], q.shape[-2] // own_k.shape[-2]
    grouped = queries.unflatten(-2, (kv, groups))
    far = grouped.view(b, n * length, kv, groups, -1).permute(0, 2, 3, 1, 4).flatten(2, 3)
    far = (far @ before_k.permute(0, 2, 3, 1)).unflatten(2, (groups, n, length))
    near = grouped.permute(0, 2, 3, 1, 4).flatten(2, 3)
    near = (near @ own_k.permute(0, 2, 3, 1)).unflatten(2, (groups, length)).unflatten(0, (b, n))
    scores = torch.cat((far, near.permute(0, 2, 3, 1, 4, 5)), dim=-1)
    weights = (scores + bias[:, None, None]).softmax(-1).to(q.dtype)
    split = before_k.shape[1]
    far, near = weights[..., :split], weights[..., split:]
    mixed = (far.flatten(2, 4) @ before_v.transpose(1, 2)).unflatten(2, (groups, n, length))
    near = near.permute(0, 3, 1, 2, 4, 5).flatten(0, 1).flatten(2, 3) @ own_v.transpose(1, 2)
    near = near.unflatten(2, (groups, length)).unflatten(0, (b, n)).permute(0, 2, 3, 1, 4, 5)
    out = (mixed + near).permute(0, 3, 4, 1, 2, 5).flatten(3, 4).flatten(0, 2)
    return out.index_select(0, p.order)


def coarse(x: Tensor, levels: int) -> Tensor:
    """x [C, n, kv, d] as if rounded to that many steps per channel, but with noise in place of
    rounding, so that gradients pass."""
    flat = x.detach().flatten(0, 1)
    step = (flat.amax(0) - flat.amin(0)) / levels
    return x + (torch.rand_like(x) - 0.5) * step


def mixing_bias(mask: Tensor, dtype: torch.dtype) -> Tensor:
    return torch.zeros(mask.shape, dtype=dtype).masked_fill_(~mask, -1e9)


def mix(q: Tensor, k: Tensor, v: Tensor, bias: Tensor) -> Tensor:
    """q [n, t, heads, d], k and v [n, s, kv, d], bias [n, t, s] → [n, t, heads, d]."""
    kv = k.shape[2]
    groups = q.shape[2] // kv
    grouped = q.unflatten(2, (kv, groups)).permute(0, 2, 3, 1, 4)
    scores = grouped.flatten(2, 3) @ k.permute(0, 2, 3, 1)
    scores = scores.unflatten(2, (groups, q.shape[1])) + bias[:, None, None]
    weights = scores.softmax(-1).to(v.dtype)
    mixed = weights.flatten(2, 3) @ v.transpose(1, 2)
    return mixed.unflatten(2, (groups, q.shape[1])).permute(0, 3, 1, 2, 4).flatten(2, 3)


class RmsNorm(nn.Module):
    def __init__(self, size: int, eps: float):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(size))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return F.rms_norm(x, (x.shape[-1],), self.weight.to(x.dtype), self.eps)


class Layer(nn.Module):
    """One block: attention and SwiGLU, each with a norm before it and a residual around it."""

    def __init__(self, c: DecoderConfig):
        super().__init__()
        self.c = c
        q, kv = c.num_attention_heads * c.head_dim, c.num_key_value_heads * c.head_dim
        self.input_norm = RmsNorm(c.hidden_size, c.rms_norm_eps)
        self.q = nn.Linear(c.hidden_size, q, bias=False)
        self.k = nn.Linear(c.hidden_size, kv, bias=False)
        self.v = nn.Linear(c.hidden_size, kv, bias=False)
        self.o = nn.Linear(q, c.hidden_size, bias=False)
        self.post_norm = RmsNorm(c.hidden_size, c.rms_norm_eps)
        self.gate = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.up = nn.Linear(c.hidden_size, c.intermediate_size, bias=False)
        self.down = nn.Linear(c.intermediate_size, c.hidden_size, bias=False)

    def forward(self, x: Tensor, attend: Attend) -> Tensor:
        """x [..., H]."""
        size = self.c.head_dim
        n = self.input_norm(x)
        q, k, v = (part(n).unflatten(-1, (-1, size)) for part in (self.q, self.k, self.v))
        y = attend(q * size ** -0.5, k, v)
        x = x + self.o(y.flatten(-2))
        n = self.post_norm(x)
        return x + self.down(F.silu(self.gate(n)) * self.up(n))


class Decoder(nn.Module):
    """inputs_embeds [..., H] → hidden [..., H]; `logits` applies the tied head."""

    def __init__(self, config: DecoderConfig):
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RmsNorm(config.hidden_size, config.rms_norm_eps)
        self.reset()

    def forward(self, x: Tensor, attend: Attend) -> Tensor:
        """Returns the normed hidden."""
        for layer in self.layers:
            x = layer(x, attend)
        return self.norm(x)

    def over(self, x: Tensor, positions: Tensor, packing: Packing) -> Tensor:
        """`forward` of a packed row [N, H]. A clip that questions do not see leaves the row before
        the first layer from which nothing that they see can hang on it; its hidden is 0."""
        window, left = packing.before.shape[1], torch.arange(len(x))
        for depth, layer in enumerate(self.layers):
            rows, packing = packing.within(window * (len(self.layers) - 1 - depth))
            x, left = x[rows], left[rows]
            x = layer(x, packed(self.config, positions[left], packing))
        hidden = self.norm(x)
        return hidden.new_zeros(len(positions), x.shape[-1]).index_copy(0, left, hidden)

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.embed.weight)

    @torch.no_grad()
    def reset(self) -> None:
        """Plain start: unit-length embeddings, rows of unit length elsewhere."""
        for weight in self.parameters():
            if weight.ndim == 2:
                nn.init.normal_(weight, std=weight.shape[1] ** -0.5)
