"""Golden outputs of `transformers`: preprocessing, features, prompts, greedy answers, cache."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageDraw
from transformers import (
    Idefics3ImageProcessorPil,
    Idefics3Processor,
    PreTrainedTokenizerFast,
    SmolVLMImageProcessorPil,
)

from . import reference_text as text
from .reference_arrays import GoldenWriter
from .reference_model import Dimensions
from .reference_run import ReferenceRunner, stack_keys, stack_values

NEW_TOKENS = 24
PICTURE_SIZES = [(53, 37), (201, 117), (90, 161)]
QUESTIONS = [
    "What can you see now?",
    "Où est le chat noir ? 猫はどこ？ 🐈",
    "When did you last see the bus, before 12:30 or after 7:05?",
    "  Two  spaces,\ta tab and\na second line.",
]


@dataclass(frozen=True)
class Scene:
    """What all golden topics share."""

    dims: Dimensions
    model: torch.nn.Module
    runner: ReferenceRunner
    tokenizer: PreTrainedTokenizerFast
    processor: Idefics3Processor
    pixels: list[torch.Tensor]
    """One pixel_values array f32 [3,e,e] per picture."""

    def ids(self, prompt: str) -> list[int]:
        return self.tokenizer(prompt, add_special_tokens=False)["input_ids"]

    def features(self, pictures: list[int]) -> torch.Tensor | None:
        """Features f32 [n,tokens,H] of the pictures of these numbers, None for none."""
        if not pictures:
            return None
        return self.runner.features(torch.stack([self.pixels[i] for i in pictures]))

    def prompt_embeds(self, prompt: str, pictures: list[int]) -> torch.Tensor:
        return self.runner.embeds(self.ids(prompt), self.features(pictures))


def draw_picture(number: int) -> Image.Image:
    """A small RGB picture with slopes, edges and thin lines; the same for every run."""
    width, height = PICTURE_SIZES[number]
    across = np.linspace(0, 1, width)[None, :]
    down = np.linspace(0, 1, height)[:, None]
    planes = [np.cos(3 * across + number) * np.sin(2 * down), across * down, across - down * 0.7]
    array = np.stack([127.5 + 110 * np.broadcast_to(p, (height, width)) for p in planes], axis=-1)
    picture = Image.fromarray(np.clip(array, 0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    pen.ellipse((width * 0.1, height * 0.2, width * 0.45, height * 0.7), fill=(220, 40, 30))
    pen.rectangle((width * 0.55, height * 0.3, width * 0.9, height * 0.8), fill=(20, 60, 200),
                  outline=(255, 255, 255))
    pen.line((0, height - 1, width - 1, 0), fill=(250, 240, 30), width=2)
    return picture


def build_scene(dims: Dimensions, model: torch.nn.Module, pack: Path, folder: Path,
                fp16_cache: bool) -> Scene:
    """Draws the pictures into `folder` and prepares them with the pack's own settings."""
    tokenizer = PreTrainedTokenizerFast.from_pretrained(str(pack))
    processor_class = (SmolVLMImageProcessorPil if dims.model_type == "smolvlm"
                       else Idefics3ImageProcessorPil)
    images = processor_class.from_pretrained(str(pack))
    processor = Idefics3Processor(images, tokenizer, image_seq_len=dims.tokens_per_image)
    folder.mkdir(parents=True, exist_ok=True)
    pixels = []
    for number in range(len(PICTURE_SIZES)):
        path = folder / f"picture-{number}.png"
        draw_picture(number).save(path, optimize=True)
        with Image.open(path) as picture:
            out = images([[picture]], do_image_splitting=False, return_tensors="pt")
        pixels.append(out["pixel_values"][0, 0])
    return Scene(dims, model, ReferenceRunner(model, fp16_cache), tokenizer, processor, pixels)


def write_vision(scene: Scene, golden: GoldenWriter) -> None:
    """Topics "preprocessing" and "features"."""
    golden.topics["preprocessing"] = [
        {"picture": f"picture-{i}.png", "pixelValues": golden.array(f"pixels-{i}", pixels)}
        for i, pixels in enumerate(scene.pixels)]
    features = scene.features(list(range(len(scene.pixels))))
    valid_rows, valid_columns = scene.dims.image_size * 3 // 4, scene.dims.image_size // 2
    mask = torch.zeros(1, scene.dims.image_size, scene.dims.image_size, dtype=torch.bool)
    mask[:, :valid_rows, :valid_columns] = True
    padded = scene.runner.features(scene.pixels[0][None], mask)[0]
    golden.topics["features"] = [
        {"pixelValues": f"pixels-{i}", "features": golden.array(f"features-{i}", f)}
        for i, f in enumerate(features)]
    golden.topics["features"].append({
        "pixelValues": "pixels-0", "validRows": valid_rows, "validColumns": valid_columns,
        "features": golden.array("features-padded", padded)})


def write_prompts(scene: Scene, golden: GoldenWriter) -> None:
    """Topic "prompts": text, image and video forms of every question, as text and ids."""
    prompts = []
    for question in QUESTIONS:
        for images in (0, 1, 2):
            prompts.append({"form": "image" if images else "text", "images": images,
                            "question": question}
                           | _checked_image_prompt(scene, question, images))
        if scene.dims.model_type == "smolvlm":
            for seconds, duration in (([0.0, 1.0, 2.5], 3.2), ([59.9, 61.0, 3725.0], 3726.0)):
                prompt = text.video_prompt(question, seconds, duration,
                                           scene.dims.tokens_per_image)
                prompts.append({"form": "video", "question": question, "frameSeconds": seconds,
                                "durationSeconds": duration, "text": prompt,
                                "ids": scene.ids(prompt)})
    golden.topics["prompts"] = prompts
    golden.topics["numbersInWords"] = {
        str(n): text.in_words(n) for n in (0, 1, 7, 12, 20, 21, 64, 99, 100, 105, 342, 999)}


def _checked_image_prompt(scene: Scene, question: str, images: int) -> dict:
    """The library's own prompt; an error if ours differs."""
    chat = scene.tokenizer.apply_chat_template(
        text.user_turn(question, images), add_generation_prompt=True, tokenize=False)
    pictures = [[draw_picture(0)] * images] if images else None
    out = scene.processor(text=[chat], images=pictures, do_image_splitting=False)
    ids = out["input_ids"][0]
    ours = text.image_prompt(question, images, scene.dims.tokens_per_image)
    if scene.ids(ours) != ids:
        raise AssertionError(f"prompt differs from the library's: {ours!r}")
    return {"text": ours, "ids": ids}


def write_generation(scene: Scene, golden: GoldenWriter) -> None:
    """Topic "generation": greedy tokens of `generate`, first and last logits.

    Stop tokens are ignored so that all 24 tokens are compared; `stopIndex` is where an answer
    would end (-1: not within them), `smallestMargin` the least gap between best and second logit.
    """
    tokens = scene.dims.tokens_per_image
    cases = [
        (text.image_prompt(QUESTIONS[0], 1, tokens), [0]),
        (text.image_prompt(QUESTIONS[1], 1, tokens), [1]),
        (text.image_prompt(QUESTIONS[2], 2, tokens), [0, 2]),
        (text.image_prompt(QUESTIONS[3], 2, tokens), [1, 2]),
        (text.image_prompt(QUESTIONS[0], 0, tokens), []),
        (text.video_prompt(QUESTIONS[2], [4.0, 5.0], 6.0, tokens), [2, 1]),
    ]
    golden.topics["generation"] = [
        _generate(scene, golden, i, prompt, pictures)
        for i, (prompt, pictures) in enumerate(cases)]


@torch.no_grad()
def _generate(scene: Scene, golden: GoldenWriter, number: int, prompt: str,
              pictures: list[int]) -> dict:
    ids = scene.ids(prompt)
    cache = scene.runner.cache_class(config=scene.model.config.text_config)
    images = ({"pixel_values": torch.stack([scene.pixels[i] for i in pictures])[None]}
              if pictures else {})
    scene.model.generation_config.eos_token_id = None
    out = scene.model.generate(
        input_ids=torch.tensor([ids]), attention_mask=torch.ones(1, len(ids), dtype=torch.int64),
        past_key_values=cache, max_new_tokens=NEW_TOKENS, do_sample=False,
        output_logits=True, return_dict_in_generate=True, **images)
    generated = out.sequences[0, len(ids):].tolist()
    best_two = torch.stack([step[0].topk(2).values for step in out.logits])
    stops = [scene.tokenizer.convert_tokens_to_ids(t) for t in (text.END, text.END_OF_UTTERANCE)]
    return {
        "ids": ids,
        "pixelValues": [f"pixels-{i}" for i in pictures],
        "tokens": generated,
        "stopIndex": next((i for i, t in enumerate(generated) if t in stops), -1),
        "smallestMargin": round(float((best_two[:, 0] - best_two[:, 1]).min()), 5),
        "firstLogits": golden.array(f"generation-{number}-first-logits", out.logits[0][0]),
        "lastLogits": golden.array(f"generation-{number}-last-logits", out.logits[-1][0]),
    }


def write_cache(scene: Scene, golden: GoldenWriter) -> None:
    """Topic "cache": keys as cached, raw keys and values [layers,KV,T,d] of one prompt."""
    prompt = text.image_prompt(QUESTIONS[0], 2, scene.dims.tokens_per_image)
    embeds = scene.prompt_embeds(prompt, [0, 1])
    step = scene.runner.step(embeds, range(len(embeds)))
    golden.topics["cache"] = {
        "ids": scene.ids(prompt),
        "pixelValues": ["pixels-0", "pixels-1"],
        "positions": list(range(len(embeds))),
        "embeds": golden.array("cache-embeds", embeds),
        "keys": golden.array("cache-keys", stack_keys(step.added)),
        "rawKeys": golden.array("cache-raw-keys", torch.stack(step.raw_keys)),
        "values": golden.array("cache-values", stack_values(step.added)),
        "logits": golden.array("cache-logits", step.logits),
    }
