"""How answers are put, and which other ways of putting them are right as well."""

import itertools
import math
from collections import Counter

from onlooker_world.families import When, capitalised
from onlooker_world.lexicon import plural
from onlooker_world.scene import indefinite

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
           "eleven", "twelve")
TIMES = ("never", "once", "twice", "three times", "four times", "five times", "six times",
         "seven times", "eight times", "nine times")
VERBS = {"left": "move left", "right": "move right", "up": "move up", "down": "move down",
         "still": "stand", "grow": "grow", "shrink": "shrink"}
DOES = {"move left": "is moving left", "move right": "is moving right", "move up": "is moving up",
        "move down": "is moving down", "stand": "is standing still", "grow": "is getting larger",
        "shrink": "is getting smaller", "fall": "is falling"}
TOLERANCE = 2.0


def clock(seconds: float) -> str:
    """83.4 as 1:23 and 3723 as 1:02:03, as a player shows it."""
    minutes, rest = divmod(int(seconds), 60)
    if minutes < 60:
        return f"{minutes}:{rest:02}"
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}"


def length_words(seconds: int) -> str:
    """40 as "40 seconds", 60 as "a minute", 120 as "two minutes", 3720 as "an hour and two
    minutes"; whole seconds below a minute, whole minutes above."""
    if seconds < 60:
        return f"{seconds} seconds"
    hours, minutes = divmod(seconds // 60, 60)
    said = []
    if hours:
        said.append("an hour" if hours == 1 else f"{_number(hours)} hours")
    if minutes:
        said.append("a minute" if minutes == 1 else f"{_number(minutes)} minutes")
    return " and ".join(said)


def _number(value: int) -> str:
    return NUMBERS[value] if 0 < value < len(NUMBERS) else str(value)


def at(seconds: float) -> When:
    return When(f"at {clock(seconds)}", clock(seconds))


def ago(seconds: int) -> When:
    return When(f"{length_words(seconds)} ago", f"{length_words(seconds)} ago")


def since(seconds: float) -> When:
    return When(f"since {clock(seconds)}", clock(seconds), (seconds, math.inf))


def within(start: float, end: float, asked: float) -> When:
    """A stretch: "in the last 20 seconds" up to askedAt, else "between … and …"."""
    if end == asked:
        length = length_words(round(end - start))
        return When(f"in the last {length.removeprefix('a ')}", f"{length} ago", (start, end))
    return When(f"between {clock(start)} and {clock(end)}", span=(start, end))


def counted(name: str, number: int) -> str:
    """ "a dog", "two dogs"."""
    return indefinite(name) if number == 1 else f"{_number(number)} {plural(name)}"


def _joined(parts: list[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else parts[0]


def set_answer(names: list[str]) -> dict:
    """A set of things, each with how many of it there are. names: one per thing, repeated."""
    counts = Counter(names)
    if not counts:
        return {"answer": "Nothing.", "accepted": ["nothing", "nothing at all"], "objects": []}
    parts = [counted(name, number) for name, number in counts.items()]
    accepted = [_joined(list(order)) for order in itertools.permutations(parts)]
    if len(set(counts.values())) > 1 or max(counts.values()) > 1:
        accepted.append(_joined([indefinite(name) for name in counts]))
    accepted.append(" and ".join(parts))
    return {"answer": capitalised(" and ".join(parts)) + ".",
            "accepted": list(dict.fromkeys(accepted)), "objects": list(counts)}


def ever_answer(moment: float | None) -> dict:
    if moment is None:
        return {"answer": "No.", "accepted": ["no", "never"], "seen": False}
    return {"answer": f"Yes, at {clock(moment)}.",
            "accepted": ["yes", f"yes, at {clock(moment)}"], "seen": True}


def moment_answer(moment: float | None) -> dict:
    if moment is None:
        return {"answer": "Never.", "accepted": ["never", "not at all"], "moment": None}
    near = range(max(0, int(moment - TOLERANCE) + 1), int(moment + TOLERANCE) + 1)
    return {"answer": f"At {clock(moment)}.", "accepted": [f"at {clock(s)}" for s in near],
            "moment": round(moment, 3)}


def moments_answer(moments: list[float]) -> dict:
    if not moments:
        return {"answer": "Never.", "accepted": ["never", "not at all"], "moments": []}
    told = "at " + _joined([clock(m) for m in moments])
    return {"answer": capitalised(" and ".join(f"at {clock(m)}" for m in moments)) + ".",
            "accepted": [told], "moments": [round(m, 3) for m in moments]}


def number_answer(number: int, name: str = "thing") -> dict:
    """How many there are of what is called by that name."""
    if number == 0:
        return {"answer": "None.", "number": 0,
                "accepted": ["none", "0", "zero", f"no {plural(name)}", "no", "nothing"]}
    return {"answer": capitalised(_number(number)) + ".", "number": number,
            "accepted": list(dict.fromkeys(
                [_number(number), str(number), counted(name, number),
                 f"{number} {name if number == 1 else plural(name)}"]))}


def often_answer(number: int) -> dict:
    said = TIMES[number] if number < len(TIMES) else f"{number} times"
    accepted = [said, str(number), f"{number} times"] + ([_number(number)] if number else [])
    return {"answer": capitalised(said) + ".", "accepted": list(dict.fromkeys(accepted)),
            "number": number}


def duration_answer(seconds: float) -> dict:
    whole = round(seconds)
    said = f"{whole} seconds"
    if whole >= 60:
        said = f"{whole // 60} minute{'s' * (whole >= 120)} and {whole % 60} seconds"
    margin = max(1.0, 0.05 * seconds)
    near = range(max(1, math.ceil(seconds - margin)), int(seconds + margin) + 1)
    return {"answer": capitalised(said) + ".", "duration": round(seconds, 3),
            "accepted": list(dict.fromkeys([said, *(f"{s} seconds" for s in near)]))}


def place_answer(place: str) -> dict:
    words = {"left": "on the left", "right": "on the right", "middle": "in the middle"}
    said = words.get(place, f"at the {place}")
    more = ["in the center", "in the centre", "center"] if place == "middle" else []
    if " " in place:
        more = [f"in the {place} corner", place.replace("top", "upper").replace("bottom", "lower")]
    return {"answer": capitalised(said) + ".", "place": place,
            "accepted": [said, place, f"in the {place}", f"at the {place}", *more]}


def motion_answer(direction: str) -> dict:
    if direction == "still":
        return {"answer": "It is standing still.", "direction": "still",
                "accepted": ["it is standing still", "still", "it is not moving", "not at all",
                             "nowhere", "no", "it does not move"]}
    said = {"left": "to the left", "right": "to the right"}.get(direction, direction)
    more = {"up": ["upwards"], "down": ["downwards"]}.get(direction, [])
    return {"answer": capitalised(said) + ".", "direction": direction,
            "accepted": list(dict.fromkeys([said, direction, f"it is moving {direction}",
                                            f"{direction}wards", *more]))}


def color_answer(color: str) -> dict:
    spelled = [color, f"it is {color}", f"it was {color}"]
    if color == "gray":
        spelled.append("grey")
    return {"answer": capitalised(color) + ".", "accepted": spelled, "color": color}


def shape_answer(shape: str) -> dict:
    said = indefinite(shape)
    return {"answer": capitalised(said) + ".", "accepted": [said, shape, f"it is {said}"],
            "shape": shape}


def sign_answer(text: str) -> dict:
    said = text.upper()
    return {"answer": f"It says {said}.", "text": text,
            "accepted": [text, said, f"it says {said}", f"the sign says {said}"]}


def happening_answer(facts: list[tuple[str, str]], counts: Counter) -> dict:
    """One sentence of the first fact; every fact alone is right. counts: how many of each."""
    sentences = []
    for subject, verb in facts:
        if verb == "fall":
            sentences.append(f"it is {'raining' if subject == 'rain' else 'snowing'}")
        elif counts[subject] > 1:
            sentences.append(f"{counted(subject, counts[subject])} "
                             + DOES[verb].replace("is ", "are ", 1))
        else:
            sentences.append(f"{indefinite(subject)} {DOES[verb]}")
    if not facts:
        return {"answer": "Nothing.", "accepted": ["nothing", "nothing is happening"],
                "facts": []}
    return {"answer": capitalised(sentences[0]) + ".", "accepted": sentences,
            "facts": [list(fact) for fact in facts]}


def unknowable_answer() -> dict:
    return {"answer": "I cannot know that.", "declines": True,
            "accepted": ["i cannot know that", "i do not know", "i can't know that",
                         "i can only tell what can be seen"]}
