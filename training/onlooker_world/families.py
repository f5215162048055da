"""How people ask about the drawn world: sentence frames of training and of reporting.

A pattern stands for many sentences: `{a|b}` for either word. Slots: [n] a name, [ns] its plural,
[an] the name with its article, [t] a time with its preposition, [c] a colour, [s] a shape.
Frames are grouped by key; most keys are tasks, the others are variants of one (KEY_TASK).

Training and reporting are disjoint: a frame that also stands in the reporting patterns, or in
typed.tsv where that file lies beside this one, is dropped from training. `plain` says what
counts as the same.
"""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from onlooker_world.casual_patterns import CASUAL_PATTERNS
from onlooker_world.lexicon import article, plural
from onlooker_world.patterns import REPORTING_PATTERNS, TRAINING_PATTERNS

TASKS = ("now", "at", "changed", "before", "after", "ever", "first_seen", "last_seen",
         "all_times", "count_now", "count_different", "how_often", "how_long", "where", "motion",
         "color", "shape", "sign", "happening", "follow_up", "unknowable")
FOLLOWS = ("beside", "and_where", "and_motion", "and_color", "and_before", "and_after",
           "and_long", "again")
KEY_TASK = {"gone": "changed", "between": "changed"} | {key: "follow_up" for key in FOLLOWS}
TYPED = Path(__file__).with_name("typed.tsv")

_PREFIXES = ("please tell me: ", "hey, ", "so, ", "ok, ", "excuse me, ", "and ", "please, ")
_BARE = ("at", "since", "around", "by", "than", "after", "with", "before", "from")


@dataclass(frozen=True)
class When:
    """A time as a question can put it. phrase: with its preposition ("at 1:23", "in the last 30
    seconds"). bare: what follows a preposition that the frame already has ("1:23"). span: the
    stretch in seconds, where it is one."""

    phrase: str
    bare: str = ""
    span: tuple[float, float] | None = None


def expand(pattern: str) -> list[str]:
    """Every sentence that a pattern stands for."""
    parts = re.split(r"\{([^{}]*)\}", pattern)
    options = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    sentences = (re.sub(r" +", " ", "".join(choice)).strip() for choice in product(*options))
    return [re.sub(r" ([?,.'])", r"\1", sentence) for sentence in sentences]


def plain(sentence: str) -> str:
    """A frame without case, punctuation, articles of names and prepositions of times."""
    words = re.sub(r"[^a-z\[\] ]", "", sentence.lower())
    words = words.replace("the [n]", "[n]").replace("[an]", "[n]").replace("a [n]", "[n]")
    words = words.replace("colour", "color").replace("since [t]", "[t]").replace("at [t]", "[t]")
    return re.sub(r" +", " ", words).strip()


def slots(sentence: str) -> frozenset[str]:
    """Which of n, t, c and s a frame has a place for."""
    found = set(re.findall(r"\[([a-z]+)\]", sentence))
    return frozenset({"n" if slot in ("ns", "an") else slot for slot in found})


def read_typed(path: Path) -> dict[str, list[str]]:
    """The hand-typed sentences of each task. File: task TAB sentence; # begins a comment."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            task, _, sentence = line.partition("\t")
            if task not in TASKS or not sentence:
                raise ValueError(f"{path}: no task and sentence in {line!r}")
            found.setdefault(task, []).append(sentence.strip())
    return found


REPORTING = {key: [s for p in patterns for s in expand(p)]
             for key, patterns in REPORTING_PATTERNS.items()}
_TYPED_SENTENCES = [s for sentences in (read_typed(TYPED) if TYPED.exists() else {}).values()
                    for s in sentences]
RESERVED = {plain(s) for sentences in (*REPORTING.values(), _TYPED_SENTENCES) for s in sentences}
TRAINING_BY_PATTERN = {
    key: [kept for p in patterns if (kept := [s for s in expand(p) if plain(s) not in RESERVED])]
    for key, patterns in ((key, patterns + CASUAL_PATTERNS.get(key, ()))
                          for key, patterns in TRAINING_PATTERNS.items())}


def fill(frame: str, name: str = "", when: When | None = None, color: str = "",
         shape: str = "") -> str:
    """Puts a name, a time, a colour and a shape into a sentence frame."""
    text = re.sub(r"\b([Aa]) \[n\]", lambda m: f"{m[1]}{article(name or 'x')[1:]} [n]", frame)
    text = text.replace("[ns]", plural(name) if name else "").replace(
        "[an]", f"{article(name)} {name}" if name else "").replace("[n]", name)
    text = re.sub(r"\b([Aa]) \[c\]", lambda m: f"{m[1]}{article(color or 'x')[1:]} [c]", text)
    text = re.sub(r"\b([Aa]) \[s\]", lambda m: f"{m[1]}{article(shape or 'x')[1:]} [s]", text)
    text = text.replace("[c]", color).replace("[s]", shape)
    if when is None:
        return text
    if when.bare:
        text = re.sub(rf"\b({'|'.join(_BARE)}) \[t\]", rf"\1 {when.bare}", text,
                      flags=re.IGNORECASE)
    return text.replace("[t]", when.phrase)


def capitalised(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]


def slip(text: str, rng: random.Random) -> str:
    """One slip of the finger in a word of at least five letters, if there is one."""
    words = [m for m in re.finditer(r"(?<![<\w])[a-z]{5,}", text)]
    if not words:
        return text
    word = rng.choice(words)
    i = rng.randrange(word.start() + 1, word.end() - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return text[:i] + text[i + 1:]
    if kind == 1:
        return text[:i] + text[i] + text[i:]
    return text[:i] + text[i + 1] + text[i] + text[i + 2:]


def augmented(text: str, rng: random.Random) -> str:
    """A question as people type it: case, missing punctuation, a prefix, a small slip."""
    if rng.random() < 0.05:
        text = rng.choice(_PREFIXES) + text
    if rng.random() < 0.06:
        text = slip(text, rng)
    if rng.random() < 0.35:
        text = text.rstrip("?. ")
    if rng.random() < 0.03:
        return text.lower()
    return text if rng.random() < 0.4 else capitalised(text)


_FOLLOW_WORDS = (("color", "and_color"), ("colour", "and_color"), ("before", "and_before"),
                 ("after", "and_after"), ("how long", "and_long"), ("come back", "again"),
                 ("way", "and_motion"), ("direction", "and_motion"), ("where", "and_where"))


def _typed_key(task: str, sentence: str) -> str:
    """Which variant of its task a hand-typed sentence is, by its words."""
    if task != "follow_up":
        return task
    return next((key for word, key in _FOLLOW_WORDS if word in sentence.lower()), "beside")


class Wording:
    """A stock of frames to ask with: training, reporting or hand-typed ones."""

    def __init__(self, groups: dict[str, list[list[str]]], finish: Callable):
        self._finish = finish
        self._groups: dict[tuple[str, frozenset], list[list[str]]] = {}
        for key, patterns in groups.items():
            for sentences in patterns:
                for kind in {slots(s) for s in sentences}:
                    self._groups.setdefault((key, kind), []).append(
                        [s for s in sentences if slots(s) == kind])

    @staticmethod
    def training() -> "Wording":
        return Wording(TRAINING_BY_PATTERN, augmented)

    @staticmethod
    def reporting() -> "Wording":
        return Wording({key: [[s] for s in found] for key, found in REPORTING.items()},
                       lambda text, rng: capitalised(text))

    @staticmethod
    def typed(path: Path = TYPED) -> "Wording":
        """The hand-typed sentences, as they were typed."""
        groups: dict[str, list[list[str]]] = {}
        for task, sentences in read_typed(path).items():
            for sentence in sentences:
                groups.setdefault(_typed_key(task, sentence), []).append([sentence])
        return Wording(groups, lambda text, rng: text)

    def kinds(self, key: str) -> list[frozenset[str]]:
        """The sets of slots that frames of the key have."""
        return sorted((k for name, k in self._groups if name == key), key=sorted)

    def frame(self, key: str, kind: frozenset[str], rng: random.Random) -> str:
        """A frame with just those slots; every pattern is equally likely."""
        return rng.choice(rng.choice(self._groups[key, kind]))

    def worded(self, text: str, rng: random.Random) -> str:
        """The filled frame as it is put: training frames with slips of the finger."""
        return self._finish(text, rng)
