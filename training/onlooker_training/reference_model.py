"""Random-weight idefics3/smolvlm models, built with `transformers` from a handful of dimensions.

The weights are drawn here, not by `transformers`: its default initialisation (std 0.02) makes a
small model repeat one token, so that "the same greedy tokens" would prove nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from transformers import (
    Idefics3Config,
    Idefics3ForConditionalGeneration,
    SmolVLMConfig,
    SmolVLMForConditionalGeneration,
)

MODEL_CLASSES = {
    "smolvlm": (SmolVLMConfig, SmolVLMForConditionalGeneration),
    "idefics3": (Idefics3Config, Idefics3ForConditionalGeneration),
}


@dataclass(frozen=True)
class Dimensions:
    """The sizes of a model; lengths in pixels or counts, `rope_theta` without unit."""

    model_type: str = "smolvlm"
    vision_layers: int = 2
    vision_hidden: int = 64
    vision_heads: int = 4
    vision_ffn: int = 128
    image_size: int = 64
    patch_size: int = 16
    scale_factor: int = 2
    text_layers: int = 3
    text_hidden: int = 64
    text_ffn: int = 128
    heads: int = 4
    kv_heads: int = 2
    vocab: int = 512
    rope_theta: float = 10000.0
    max_positions: int = 2048
    rms_norm_eps: float = 1e-5

    def __post_init__(self) -> None:
        if self.model_type not in MODEL_CLASSES:
            raise ValueError(f"model_type {self.model_type} is none of {sorted(MODEL_CLASSES)}")
        _divides("patch_size", self.patch_size, "image_size", self.image_size)
        _divides("scale_factor", self.scale_factor, "patches per side", self.patches_per_side)
        _divides("vision_heads", self.vision_heads, "vision_hidden", self.vision_hidden)
        _divides("heads", self.heads, "text_hidden", self.text_hidden)
        _divides("kv_heads", self.kv_heads, "heads", self.heads)
        if self.head_dim % 2:
            raise ValueError(f"RoPE needs an even head size, got {self.head_dim}")

    @property
    def patches_per_side(self) -> int:
        return self.image_size // self.patch_size

    @property
    def tokens_per_image(self) -> int:
        return (self.patches_per_side // self.scale_factor) ** 2

    @property
    def head_dim(self) -> int:
        return self.text_hidden // self.heads


@dataclass(frozen=True)
class SpecialIds:
    """Token ids that the model's configuration names."""

    image: int
    bos: int
    im_end: int
    end_of_utterance: int


def _divides(part_name: str, part: int, whole_name: str, whole: int) -> None:
    if part <= 0 or whole % part:
        raise ValueError(f"{part_name}={part} must divide {whole_name}={whole}")


def config_json(dims: Dimensions, ids: SpecialIds) -> dict:
    """The pack's config.json.

    A smolvlm pack names theta `rope_theta`, as published packs do; an idefics3 pack uses the
    `rope_parameters` form that `transformers` 5 writes. Readers have to know both. The nested
    `eos_token_id` is <|im_end|>, although answers end with <end_of_utterance>: so do published
    configurations.
    """
    theta = (
        {"rope_theta": dims.rope_theta}
        if dims.model_type == "smolvlm"
        else {"rope_parameters": {"rope_theta": dims.rope_theta, "rope_type": "default"}}
    )
    class_name = MODEL_CLASSES[dims.model_type][1].__name__
    return {
        "architectures": [class_name],
        "model_type": dims.model_type,
        "image_token_id": ids.image,
        "scale_factor": dims.scale_factor,
        "pad_token_id": ids.im_end,
        "bos_token_id": ids.bos,
        "eos_token_id": ids.end_of_utterance,
        "tie_word_embeddings": False,
        "use_cache": True,
        "vision_config": {
            "model_type": f"{dims.model_type}_vision",
            "hidden_size": dims.vision_hidden,
            "intermediate_size": dims.vision_ffn,
            "num_hidden_layers": dims.vision_layers,
            "num_attention_heads": dims.vision_heads,
            "num_channels": 3,
            "image_size": dims.image_size,
            "patch_size": dims.patch_size,
            "hidden_act": "gelu_pytorch_tanh",
            "layer_norm_eps": 1e-6,
        },
        "text_config": {
            "model_type": "llama",
            "hidden_size": dims.text_hidden,
            "intermediate_size": dims.text_ffn,
            "num_hidden_layers": dims.text_layers,
            "num_attention_heads": dims.heads,
            "num_key_value_heads": dims.kv_heads,
            "head_dim": dims.head_dim,
            "vocab_size": dims.vocab,
            "max_position_embeddings": dims.max_positions,
            "rms_norm_eps": dims.rms_norm_eps,
            "hidden_act": "silu",
            "rope_interleaved": False,
            "tie_word_embeddings": False,
            "bos_token_id": ids.bos,
            "eos_token_id": ids.im_end,
            "pad_token_id": ids.im_end,
            **theta,
        },
    }


def build_model(dims: Dimensions, ids: SpecialIds, seed: int) -> torch.nn.Module:
    """A model in evaluation mode, fp32, eager attention; equal seeds give equal weights."""
    config_class, model_class = MODEL_CLASSES[dims.model_type]
    config = config_class.from_dict(config_json(dims, ids))
    config._attn_implementation = "eager"
    model = model_class(config).eval()
    _draw_weights(model, seed)
    return model


@torch.no_grad()
def _draw_weights(model: torch.nn.Module, seed: int) -> None:
    """Weights that keep activations near unit size, so that every path matters to the outcome."""
    generator = torch.Generator().manual_seed(seed)
    for name, weight in model.named_parameters():
        noise = torch.randn(weight.shape, generator=generator)
        if name.endswith("embed_tokens.weight"):
            weight.copy_(noise)
        elif name.endswith("position_embedding.weight"):
            weight.copy_(0.3 * noise)
        elif weight.ndim >= 2:
            weight.copy_(noise * weight[0].numel() ** -0.5)
        elif name.endswith("bias"):
            weight.copy_(0.1 * noise)
        else:
            weight.copy_(1 + 0.1 * noise)
