"""The tokenizer: byte-level BPE trained on our own questions and answers, and label tokens.

A moment has two pieces, minutes (media minutes modulo 100) and seconds, each in an opening
form that stands before a clip (`<M07><S23>`) and a closing form that stands after it and in
questions and answers (`<m07><s23>`). Labels are added tokens, not special ones, so decoding
keeps them. Byte-level pieces cover every input.
"""

import json
import random
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from . import questions
from .lexicon import THINGS, plural

PAD, USER, ASSISTANT, END, IMAGE = "<|pad|>", "<|user|>", "<|assistant|>", "<|end|>", "<image>"
SINKS = tuple(f"<|sink{i}|>" for i in range(4))
SPECIAL = (PAD, END, USER, ASSISTANT, IMAGE, *SINKS)
MINUTES, SECONDS = 100, 60
LABELS = tuple(f"<{form}{i:02d}>" for form, count in
               (("M", MINUTES), ("S", SECONDS), ("m", MINUTES), ("s", SECONDS))
               for i in range(count))


def time_label(second: int) -> str:
    """A moment as it stands in questions and answers."""
    return f"<m{second // 60 % MINUTES:02d}><s{second % 60:02d}>"


def corpus(count: int = 60_000, seed: int = 7) -> list[str]:
    """Training questions without times, all names, and answers."""
    rng = random.Random(seed)
    lines = []
    for _ in range(count):
        task = rng.choice(questions.TASKS)
        lines.append(questions.training_question(task, rng, rng.choice(THINGS), ""))
        lines.append(questions.describe(rng.sample(THINGS, rng.randrange(4))))
    for thing in THINGS:
        for name in thing.names:
            lines += [name, " " + name, f" {plural(name)}", questions.indefinite(name)] * 40
    lines += ["Yes, at", "At", "No.", "Never.", "Nothing."] * 50
    return lines


def build(vocabulary: int = 1280) -> Tokenizer:
    """Trains the tokenizer; ids: special tokens, labels, bytes, merges."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(LABELS), special_tokens=list(SPECIAL), show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t in SPECIAL])
    tokenizer.add_tokens([AddedToken(t, normalized=False) for t in LABELS])
    return tokenizer


def save(tokenizer: Tokenizer, folder: Path) -> None:
    """Writes tokenizer.json and tokenizer_config.json."""
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {
        "tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": 2048,
        "bos_token": None, "eos_token": END, "pad_token": PAD, "unk_token": None,
        "add_bos_token": False, "add_prefix_space": False, "clean_up_tokenization_spaces": False,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(config, indent=2) + "\n")


def load(folder: Path) -> Tokenizer:
    return Tokenizer.from_file(str(folder / "tokenizer.json"))
