"""Runs the `transformers` model step by step, with caches, positions and masks as given.

All tensors have batch size 1, which the arrays leave out.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import nn
from transformers import DynamicCache

KeysValues = list[tuple[torch.Tensor, torch.Tensor]]
"""Per layer: keys and values, f32 [KV,T,d]."""


@dataclass(frozen=True)
class Step:
    """What a forward pass over n tokens gave: logits [n,V] and the rows it added per layer."""

    logits: torch.Tensor
    added: KeysValues
    raw_keys: list[torch.Tensor]
    past: KeysValues


class RoundingCache(DynamicCache):
    """A cache that stores fp16: the reference for packs whose `past_key_values` are float16."""

    def update(self, key_states, value_states, *args, **kwargs):
        return super().update(key_states.half().float(), value_states.half().float(),
                              *args, **kwargs)


class ReferenceRunner:
    """The language model of an idefics3/smolvlm model, driven by hand."""

    def __init__(self, model: nn.Module, fp16_cache: bool = False) -> None:
        self.model = model
        self.text = model.model.text_model
        self.cache_class = RoundingCache if fp16_cache else DynamicCache

    @torch.no_grad()
    def features(self, pixel_values: torch.Tensor, mask: torch.Tensor | None = None):
        """Image features f32 [n,tokens,H] of pixel_values f32 [n,3,e,e], mask bool [n,e,e]."""
        mask = None if mask is None else mask[None]
        return self.model.get_image_features(pixel_values[None], mask).pooler_output

    @torch.no_grad()
    def embeds(self, ids: list[int], features: torch.Tensor | None = None) -> torch.Tensor:
        """Rows f32 [n,H] of the ids, image tokens replaced in order by feature rows."""
        tokens = torch.tensor(ids)
        rows = self.model.get_input_embeddings()(tokens).clone()
        if features is not None:
            rows[tokens == self.model.config.image_token_id] = features.flatten(0, 1)
        return rows

    @torch.no_grad()
    def step(self, embeds: torch.Tensor, positions: range | list[int],
             past: KeysValues | None = None, allowed: torch.Tensor | None = None) -> Step:
        """Runs new rows [n,H] at `positions` after `past`; `allowed` bool [n,P+n] or causal."""
        cache = self.cache_class(config=self.model.config.text_config)
        for layer, (key, value) in enumerate(past or []):
            cache.update(key[None], value[None], layer)
        raw: list[torch.Tensor] = []
        hooks = [layer.self_attn.k_proj.register_forward_hook(
            lambda module, inputs, output: raw.append(self._heads(output[0])))
            for layer in self.text.layers]
        past_length = past[0][0].shape[1] if past else 0
        try:
            hidden = self.text(
                inputs_embeds=embeds[None],
                attention_mask=self._bias(len(embeds), past_length, allowed),
                position_ids=torch.tensor([list(positions)]),
                past_key_values=cache, use_cache=True).last_hidden_state
        finally:
            for hook in hooks:
                hook.remove()
        full = [(layer.keys[0], layer.values[0]) for layer in cache.layers]
        added = [(key[:, past_length:], value[:, past_length:]) for key, value in full]
        return Step(self.model.lm_head(hidden)[0], added, raw, full)

    def greedy(self, step: Step, count: int, first_position: int) -> list[int]:
        """`count` tokens decoded greedily after `step`, the first fed at `first_position`."""
        tokens = [int(step.logits[-1].argmax())]
        while len(tokens) < count:
            position = first_position + len(tokens) - 1
            step = self.step(self.embeds(tokens[-1:]), [position], step.past)
            tokens.append(int(step.logits[-1].argmax()))
        return tokens

    @torch.no_grad()
    def rotate(self, raw_keys: list[torch.Tensor], positions: list[int]) -> list[torch.Tensor]:
        """Keys as cached at `positions`, from raw keys [KV,T,d] per layer, by the model's RoPE."""
        index = torch.tensor([positions])
        cos, sin = self.text.rotary_emb(raw_keys[0], index)
        half = raw_keys[0].shape[-1] // 2
        return [raw * cos + torch.cat((-raw[..., half:], raw[..., :half]), dim=-1) * sin
                for raw in raw_keys]

    def _heads(self, projected: torch.Tensor) -> torch.Tensor:
        head_dim = self.model.config.text_config.head_dim
        return projected.unflatten(-1, (-1, head_dim)).transpose(0, 1).clone()

    @staticmethod
    def _bias(length: int, past_length: int, allowed: torch.Tensor | None) -> torch.Tensor:
        """The 4-D additive mask f32 [1,1,n,P+n]."""
        if allowed is None:
            allowed = torch.ones(length, past_length + length).tril(past_length) > 0
        bias = torch.zeros(allowed.shape).masked_fill(~allowed, torch.finfo(torch.float32).min)
        return bias[None, None]


def stack_keys(layers: KeysValues) -> torch.Tensor:
    """f32 [layers,KV,T,d]."""
    return torch.stack([key for key, _ in layers])


def stack_values(layers: KeysValues) -> torch.Tensor:
    """f32 [layers,KV,T,d]."""
    return torch.stack([value for _, value in layers])


def concat(parts: list[KeysValues]) -> KeysValues:
    """The parts one after the other, per layer."""
    return [(torch.cat([part[i][0] for part in parts], dim=1),
             torch.cat([part[i][1] for part in parts], dim=1)) for i in range(len(parts[0]))]
