"""Writes sentences of the training stock, with what each asks: the product's reader of questions is
tested with them, because a model can only answer what its question was read as.

    python -m onlooker_world.phrasings

Columns: the key of families.py, "timed" where the sentence names a time, the sentence. Sentences
of reporting and those typed by hand are left out: nothing is fitted to them.
"""

import random
from pathlib import Path

from onlooker_world import families
from onlooker_world.casual_patterns import CASUAL_PATTERNS
from onlooker_world.families import When
from onlooker_world.patterns import TRAINING_PATTERNS

FILE = (Path(__file__).parents[2]
        / "retrieval/src/test/resources/org/onlooker/retrieval/phrasings.tsv")
OF_A_PATTERN = 2
STRETCHES = ("changed", "gone", "count_different")
MOMENT = When("at 1:23", "1:23")
STRETCH = When("in the last 20 seconds", "20 seconds ago", (1, 2))
BETWEEN = When("between 1:10 and 1:30", "", (1, 2))


def when(key: str) -> When:
    """The time that a sentence of the key names where it names one."""
    return STRETCH if key in STRETCHES else BETWEEN if key == "between" else MOMENT


def rows() -> list[str]:
    """Some sentences of every pattern."""
    rng = random.Random(1)
    told = []
    for key in TRAINING_PATTERNS:
        for pattern in (*TRAINING_PATTERNS[key], *CASUAL_PATTERNS.get(key, ())):
            frames = families.expand(pattern)
            for frame in rng.sample(frames, min(OF_A_PATTERN, len(frames))):
                timed = "[t]" in frame
                asked = families.fill(frame, "dog", when(key) if timed else None, "red", "star")
                told.append(f"{key}\t{'timed' if timed else ''}\t{asked}")
    return list(dict.fromkeys(told))


if __name__ == "__main__":
    FILE.write_text("\n".join(rows()) + "\n")
