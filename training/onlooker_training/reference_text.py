"""Tokenizer, chat template and prompt forms of the idefics3/smolvlm packs.

The prompt is the model family's own format (SmolVLM model cards and the `transformers`
processors): the tests compare every string built here with what those processors build.
"""

from __future__ import annotations

import json
from pathlib import Path

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

END_OF_TEXT = "<|endoftext|>"
START = "<|im_start|>"
END = "<|im_end|>"
GLOBAL = "<global-img>"
FAKE = "<fake_token_around_image>"
IMAGE = "<image>"
END_OF_UTTERANCE = "<end_of_utterance>"
TILE_TOKENS = [f"<row_{row}_col_{column}>" for row in range(1, 7) for column in range(1, 7)]
FIRST_SPECIALS = [END_OF_TEXT, START, END]
LAST_SPECIALS = [GLOBAL, *TILE_TOKENS, FAKE, IMAGE, END_OF_UTTERANCE]

CHAT_TEMPLATE = (
    "{{ '<|im_start|>' }}"
    "{% for turn in messages %}"
    "{{ turn['role'] | capitalize }}:{{ '' if turn['content'][0]['type'] == 'image' else ' ' }}"
    "{% for part in turn['content'] %}"
    "{% if part['type'] == 'text' %}{{ part['text'] }}"
    "{% elif part['type'] in ['image', 'video'] %}{{ '<' + part['type'] + '>' }}{% endif %}"
    "{% endfor %}{{ '<end_of_utterance>\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)

CORPUS = [
    "What can you see now? A dog and a bus stand beside the road.",
    "When did you last see the red car? It left the picture two minutes ago.",
    "How many people are in the picture? There are three people near the door.",
    "Is the door open? No, the door was closed at the start of the video.",
    "Describe this image in one sentence. The image shows a street with trees and houses.",
    "What happened before the bicycle came? A cat crossed the street and the light changed.",
    "You are provided the following series of frames from a video. Frame from the camera:",
    "Which colour is the umbrella on the left? The umbrella is yellow, the other one is blue.",
    "Was there ever a truck? Yes, a truck passed twice while it was raining.",
    "Where is the child now? The child is standing to the right of the table.",
]


def build_tokenizer(vocab: int) -> Tokenizer:
    """A byte-level BPE tokenizer with digits apart, no normaliser and no post-processor.

    Of `vocab` ids the first three and the last ones are special, as in SmolVLM. A corpus this
    small yields a few hundred merges; a larger `vocab` leaves ids without a token.
    """
    learned = vocab - len(LAST_SPECIALS)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    if learned < len(FIRST_SPECIALS) + len(alphabet):
        raise ValueError(f"vocab={vocab} cannot hold the bytes and the special tokens")
    tokenizer.train_from_iterator(CORPUS, trainers.BpeTrainer(
        vocab_size=learned, special_tokens=FIRST_SPECIALS, initial_alphabet=alphabet,
        show_progress=False))
    tokenizer.add_special_tokens(LAST_SPECIALS)
    return tokenizer


def write_tokenizer(tokenizer: Tokenizer, folder: Path) -> None:
    """Writes tokenizer.json and tokenizer_config.json."""
    tokenizer.save(str(folder / "tokenizer.json"))
    specials = {tokenizer.token_to_id(text): text for text in FIRST_SPECIALS + LAST_SPECIALS}
    config = {
        "add_prefix_space": False,
        "added_tokens_decoder": {
            str(i): {"content": text, "lstrip": False, "normalized": False, "rstrip": False,
                     "single_word": False, "special": True}
            for i, text in sorted(specials.items())
        },
        "additional_special_tokens": [FAKE, IMAGE, END_OF_UTTERANCE],
        "bos_token": START,
        "eos_token": END_OF_UTTERANCE,
        "pad_token": END,
        "unk_token": END_OF_TEXT,
        "clean_up_tokenization_spaces": False,
        "model_max_length": 2048,
        "chat_template": CHAT_TEMPLATE,
        "tokenizer_class": "PreTrainedTokenizerFast",
    }
    text = json.dumps(config, indent=1, ensure_ascii=False)
    (folder / "tokenizer_config.json").write_text(text + "\n", encoding="utf-8")


def user_turn(question: str, images: int = 0, video: bool = False) -> list[dict]:
    """Chat messages of one question about some images or a video."""
    content = [{"type": "image"}] * images + [{"type": "video"}] * video
    return [{"role": "user", "content": [*content, {"type": "text", "text": question}]}]


def image_block(tokens_per_image: int) -> str:
    """What one unsplit image stands for in a prompt."""
    return FAKE + GLOBAL + IMAGE * tokens_per_image + FAKE


def image_prompt(question: str, images: int, tokens_per_image: int) -> str:
    """The text form (`images` = 0) and the image form of a question."""
    opening = START + "User:" + ("" if images else " ")
    return opening + image_block(tokens_per_image) * images + _closing(question)


def video_prompt(question: str, frame_seconds: list[float], duration_seconds: float,
                 tokens_per_image: int) -> str:
    """The video form: an intro line, a line with the time and the tokens of each frame."""
    frames = "".join(
        f"\nFrame from {minutes_and_seconds(second)}:{image_block(tokens_per_image)}"
        for second in frame_seconds)
    intro = (f"You are provided the following series of {in_words(len(frame_seconds))} frames "
             f"from a {hours_minutes_seconds(duration_seconds)} [H:MM:SS] video.\n")
    return START + "User: " + intro + frames + "\n\n" + _closing(question)


def _closing(question: str) -> str:
    return question + END_OF_UTTERANCE + "\nAssistant:"


def minutes_and_seconds(second: float) -> str:
    """MM:SS with as many minutes as it takes; fractions are cut."""
    return f"{int(second // 60):02d}:{int(second % 60):02d}"


def hours_minutes_seconds(second: float) -> str:
    """H:MM:SS; fractions are cut."""
    whole = int(second)
    return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}"


SMALL = ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
         "fifteen sixteen seventeen eighteen nineteen").split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(number: int) -> str:
    """English words for 0 to 999: "twenty-one", "one hundred and five"."""
    if not 0 <= number < 1000:
        raise ValueError(f"0 to 999 expected: {number}")
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    rest = f" and {in_words(number % 100)}" if number % 100 else ""
    return f"{SMALL[number // 100]} hundred{rest}"
