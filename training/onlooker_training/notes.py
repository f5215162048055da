"""What only all captions together say of a question, put before it; core/…/Notes.java words it so.

A figure that answers a question stands in brackets, in notes of all kinds: one rule finds it. In
texts a clip stands as \\x01clip\\x02 until its label is known (`labelled`).
"""

import re
from collections.abc import Callable

from onlooker_world import answers

MOST_TIMES = 20


def moment_text(clip: int) -> str:
    """How a clip stands in a text until its label is known."""
    return f"\x01{clip}\x02"


def labelled(text: str, label: Callable[[int], str]) -> str:
    """The text with every clip's label in its place."""
    return re.sub("\x01(\\d+)\x02", lambda m: label(int(m[1])), text)


def seen(history: list[list[int]]) -> str:
    """What captions tell of all that was seen of a thing; history: the clips of each appearance,
    of which so many that lie evenly are told."""
    if not history:
        return "Times seen (0). "
    count = min(len(history), MOST_TIMES)
    told = [history[i * (len(history) - 1) // max(count - 1, 1)] for i in range(count)]
    ats = " and ".join(f"at {moment_text(clips[0])}" for clips in told)
    return f"Times seen ({len(history)}): {ats}, until {moment_text(history[-1][-1])}. "


def stay(clips: list[int]) -> str:
    """What captions tell of one appearance: from when, until when, how long."""
    long = answers.duration_answer(clips[-1] - clips[0] + 1)["answer"].rstrip(".")
    return f"Seen for ({long}): at {moment_text(clips[0])}, until {moment_text(clips[-1])}. "


def events(what: str, told: str) -> str:
    """What "came" or "left"; told: as a whole answer."""
    return f"{what}: {told[0].lower()}{told[1:]} "


def number(count: int) -> str:
    """Of different things."""
    return f"Different things ({count}). "
