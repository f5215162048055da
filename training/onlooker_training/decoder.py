"""The language model: a Llama-type decoder (RMSNorm, SwiGLU, half-rotation RoPE, tied embedding).

Shapes: B contexts, T tokens, H hidden, d head size. Attention is given as an additive
mask, so that training can use exactly the visibility that serving has. Attention is written out:
with heads of 32 and short contexts that is faster on a CPU than the fused kernel.
"""

from dataclasses import asdict, dataclass

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
    """Half-rotation RoPE of x [B, heads, T, d] with cos, sin [B or 1, 1, T, d/2]."""
    a, b = x.chunk(2, dim=-1)
    return torch.cat((a * cos - b * sin, b * cos + a * sin), dim=-1)


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

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor) -> Tensor:
        """x [B, T, H]; mask [B or 1, 1, T, T], 0 where a row may look, else very negative."""
        c, (b, t, _) = self.c, x.shape
        n = self.input_norm(x)
        q = self.q(n).view(b, t, -1, c.head_dim).transpose(1, 2)
        k = self.k(n).view(b, t, -1, c.head_dim).transpose(1, 2)
        v = self.v(n).view(b, t, -1, c.head_dim).transpose(1, 2)
        groups = c.num_attention_heads // c.num_key_value_heads
        k = rotate(k, cos, sin).repeat_interleave(groups, dim=1)
        q = rotate(q, cos, sin) * c.head_dim ** -0.5
        weights = (q @ k.transpose(-1, -2) + mask).softmax(-1)
        y = weights.to(v.dtype) @ v.repeat_interleave(groups, dim=1)
        x = x + self.o(y.transpose(1, 2).reshape(b, t, -1))
        n = self.post_norm(x)
        return x + self.down(F.silu(self.gate(n)) * self.up(n))


class Decoder(nn.Module):
    """inputs_embeds [B, T, H] → hidden [B, T, H]; `logits` applies the tied head."""

    def __init__(self, config: DecoderConfig):
        super().__init__()
        self.config = config
        self.embed = nn.Embedding(config.vocab_size, config.hidden_size)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.num_hidden_layers))
        self.norm = RmsNorm(config.hidden_size, config.rms_norm_eps)
        self.reset()

    def forward(self, x: Tensor, positions: Tensor, mask: Tensor) -> Tensor:
        """positions [B or 1, T] int; mask bool [B or 1, 1, T, T], true where a row may look.
        Returns the normed hidden."""
        dtype = torch.bfloat16 if torch.is_autocast_enabled("cpu") else x.dtype
        cos, sin = (part[:, None].to(dtype) for part in rotary(self.config, positions))
        mask = torch.zeros(mask.shape, dtype=dtype).masked_fill_(~mask, -1e9)
        for layer in self.layers:
            x = layer(x, cos, sin, mask)
        return self.norm(x)

    def logits(self, hidden: Tensor) -> Tensor:
        return F.linear(hidden, self.embed.weight)

    @torch.no_grad()
    def reset(self) -> None:
        """Plain start: unit-length embeddings, rows of unit length elsewhere."""
        for weight in self.parameters():
            if weight.ndim == 2:
                nn.init.normal_(weight, std=weight.shape[1] ** -0.5)
