"""The tokenizer: byte-level BPE trained on our own questions and answers, label tokens, and a
token for each name of several words ("fire engine", "red circle").

A moment has two pieces, minutes (media minutes modulo 100) and seconds, each in an opening
form that stands before a clip (`<M07><S23>`) and a closing form that stands after it and in
questions and answers (`<m07><s23>`). Labels are added tokens, not special ones, so decoding
keeps them. Byte-level pieces cover every input.
"""

import argparse
import json
import random
from pathlib import Path

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

from onlooker_training.pictures import FIGURES, TEXTS
from onlooker_world import answers
from onlooker_world.families import TRAINING_BY_PATTERN, When, Wording, fill
from onlooker_world.lexicon import COLORS, SHAPES, THINGS, plural
from onlooker_world.scene import PLACES, indefinite

PAD, USER, ASSISTANT, END, IMAGE = "<|pad|>", "<|user|>", "<|assistant|>", "<|end|>", "<image>"
SINKS = tuple(f"<|sink{i}|>" for i in range(4))
SPECIAL = (PAD, END, USER, ASSISTANT, IMAGE, *SINKS)
MINUTES, SECONDS = 100, 60
VOCABULARY = 3584
LABELS = tuple(f"<{form}{i:02d}>" for form, count in
               (("M", MINUTES), ("S", SECONDS), ("m", MINUTES), ("s", SECONDS))
               for i in range(count))


def _phrases() -> tuple[str, ...]:
    """Names of several words, one token each, so that each item has one token for its name."""
    names = [name for thing in THINGS for name in thing.names if " " in name]
    names += FIGURES
    return tuple(f" {form}" for name in names for form in (name, plural(name)))


PHRASES = tuple(dict.fromkeys(_phrases()))


def time_label(second: int) -> str:
    """A moment as it stands in questions and answers."""
    return f"<m{second // 60 % MINUTES:02d}><s{second % 60:02d}>"


ANSWERS = ("Yes, at", "At", "No.", "Never.", "Nothing.", "None.", "I cannot know that.",
           "I do not see one.", "It is standing still.", "To the left.", "To the right.", "Up.",
           "Down.", "It says", "It is raining.", "It is snowing.", *(f"{n} seconds." for n in
                                                                    range(2, 60)),
           *(f"{t.capitalize()}." for t in (*answers.TIMES, *answers.NUMBERS[1:])),
           *(f"{color.name.capitalize()}." for color in COLORS),
           *(f"1 minute and {n} seconds." for n in range(1, 60)),
           *(answers.place_answer(place)["answer"] for row in PLACES for place in row))


def corpus(count: int = 40_000, seed: int = 7) -> list[str]:
    """Training questions without times, all names, and answers."""
    rng = random.Random(seed)
    stock = Wording.training()
    keys = sorted(TRAINING_BY_PATTERN)
    names = [name for thing in THINGS for name in thing.names]
    figures = [f"{color.name} {shape}" for color in COLORS for shape in SHAPES]
    lines = []
    for _ in range(count):
        key = rng.choice(keys)
        frame = stock.frame(key, rng.choice(stock.kinds(key)), rng)
        name = rng.choice(names if rng.random() < 0.8 else figures)
        text = fill(frame, name, When("", ""), rng.choice(COLORS).name, rng.choice(SHAPES))
        lines.append(stock.worded(text, rng))
        told = [rng.choice(THINGS).name for _ in range(rng.randint(1, 3))]
        lines.append(answers.set_answer(told)["answer"])
    for name in (*names, *SHAPES, *(color.name for color in COLORS)):
        lines += [name, " " + name, f" {plural(name)}", indefinite(name)] * 30
    for thing in THINGS:
        lines += [f"{indefinite(thing.name)} {does}." for does in answers.DOES.values()] * 5
        lines += [f"{n} {plural(thing.name)}" for n in (" two", " three", " four", "Two", "Three",
                                                        "Four")] * 4
    for text in TEXTS:
        lines += [f" {text.upper()}."] * 60
    return lines + [*ANSWERS] * 60


def build(vocabulary: int = VOCABULARY) -> Tokenizer:
    """Trains the tokenizer; ids: special tokens, labels, bytes, merges."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary - len(LABELS) - len(PHRASES), special_tokens=list(SPECIAL), show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator(corpus(), trainer)
    tokenizer.add_special_tokens([AddedToken(t, normalized=False) for t in SPECIAL])
    tokenizer.add_tokens([AddedToken(t, normalized=False) for t in (*LABELS, *PHRASES)])
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True, help="folder of the pack")
    args = parser.parse_args()
    save(build(), args.out)


if __name__ == "__main__":
    main()
