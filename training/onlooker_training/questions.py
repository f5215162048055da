"""Questions and answers about the drawn world, in English.

Four families: `now` (what is visible in the newest clip), `at` (what was visible at a time),
`last_seen` (when a thing was last visible) and `ever` (whether it ever was). `TRAINING` and
`REPORTING` hold sentence frames of each family as patterns; `{a|b}` stands for either word,
`[t]` for a time, `[n]` for a name, `[ns]` for its plural, `[an]` for the name with its article.
A frame that occurs in both is dropped from training, so the two never overlap.
"""

import random
import re
from itertools import product

from onlooker_world.families import capitalised, slip

from .lexicon import THINGS, Thing, article, plural

TASKS = ("now", "at", "last_seen", "ever")

_SEE = "{visible|on screen|on the screen|in view|in the picture|shown|to be seen|in the frame}"
_NOW = "{| now| right now| at the moment| currently| at present| at this moment}"
_WHAT = "{what|which things|which objects|what things|what objects}"

TRAINING_PATTERNS = {
    "now": (
        _WHAT + " {can|do} you see" + _NOW + "?",
        "what {is|'s} " + _SEE + _NOW + "?",
        "which {things|objects} are " + _SEE + _NOW + "?",
        "what {is|'s} there" + _NOW + "?",
        "{tell me|describe|say} what {you see|is visible|is on screen|you can see}" + _NOW + ".",
        "{list|name} {everything|all things|the objects|the things|what is} " + _SEE + _NOW + ".",
        "what are you {looking at|seeing|watching}" + _NOW + "?",
        "is there anything " + _SEE + _NOW + "?",
        "{do|can} you see anything" + _NOW + "?",
        "{now|right now|currently|at the moment}, what {is|can you see} "
        "{in the picture|on screen|there|in the frame}?",
        "what {is|'s} {in front of you|in front of the camera|happening|going on}" + _NOW + "?",
        "show me what is {there|in view}" + _NOW + ".",
        "what does the {camera|picture|frame|screen|video} show" + _NOW + "?",
        "what objects are there" + _NOW + "?",
    ),
    "at": (
        "what is visible at [t] ?",
        _WHAT + " {was|were|is} " + _SEE + " {at |}[t]?",
        _WHAT + " {could|did|can} you see {at |}[t]?",
        "{at |}[t], what {was|could you see|did you see|is|was there} {there|in the picture|"
        "on screen|in the frame|}?",
        "what was there {at |}[t]?",
        "{tell me|describe|say} what {you saw|was visible|was on screen|was there} {at |}[t].",
        "{list|name} {everything|all things|the objects|the things} " + _SEE + " {at |}[t].",
        "{was|is} there anything " + _SEE + " {at |}[t]?",
        "{did|could} you see anything {at |}[t]?",
        "what were you {looking at|seeing|watching} {at |}[t]?",
        "what {did|does} the {camera|picture|frame|screen|video} show {at |}[t]?",
        "what was {in front of you|in front of the camera|happening|going on} {at |}[t]?",
        "which {things|objects} were {there|around} {at |}[t]?",
        "show me what was {there|in view} {at |}[t].",
    ),
    "last_seen": (
        "when did you {last|most recently} {see|notice|spot} {the [n]|[an]|any [ns]}?",
        "when was {the [n]|[an]} last " + _SEE + "?",
        "when was {the [n]|[an]} last {seen|spotted|noticed}?",
        "when did {the [n]|[an]} last {appear|show up|come by|pass}?",
        "when did {the [n]|[an]} {appear|show up} {last|for the last time}?",
        "{when was|what was} the last time {you saw|you noticed|there was} {the [n]|[an]}?",
        "at what time {was|did} you last {see|spot|notice} {the [n]|[an]}?",
        "what time {was|did} {the [n]|[an]} last {seen|appear|show up}?",
        "the last time you saw {the [n]|[an]}?",
        "when did you see {the [n]|[an]} {last|for the last time|most recently}?",
        "how long ago did you {last |}see {the [n]|[an]}?",
        "how long ago was {the [n]|[an]} {seen|visible|on screen|there}?",
        "when were you {last |}{looking at|watching} {the [n]|[an]}?",
        "when was {the [n]|[an]} {here|there} {last|most recently}?",
        "{tell me|say} when you last saw {the [n]|[an]}.",
    ),
    "ever": (
        "did you {ever |}{see|notice|spot} {[an]|any [ns]|the [n]|some [ns]}?",
        "have you {ever |}{seen|noticed|spotted} {[an]|any [ns]|the [n]|some [ns]}{| so far"
        "| before| at all| today}?",
        "was there {ever |}{[an]|any [n]}{| so far| at any time| earlier| at some point}?",
        "were there {ever |}any [ns]{| so far| at any time| earlier}?",
        "has {[an]|the [n]} {ever |}{appeared|shown up|been seen|been visible|been on screen|"
        "been there}?",
        "did {[an]|the [n]|any [ns]} {ever |}{appear|show up|come by|pass}?",
        "was {[an]|the [n]} {ever |}" + _SEE + "{| at any time| at any point}?",
        "has there {ever |}been {[an]|any [n]}?",
        "have there {ever |}been any [ns]?",
        "have any [ns] {appeared|shown up|been seen|been visible}?",
        "is it true that you {saw|have seen} {[an]|the [n]}?",
        "{any [ns]|[an]} {so far|at all|at any time}?",
        "can you remember {[an]|the [n]|seeing [an]|seeing the [n]}?",
        "{tell me|say} {if|whether} you {saw|have seen} {[an]|the [n]|any [ns]}.",
    ),
}

REPORTING_PATTERNS = {
    "now": (
        "What can you see now?",
        "What is visible right now?",
        "Which objects are on the screen at the moment?",
        "Tell me what you can see.",
        "What do you see at this moment?",
        "Name the things in view right now.",
        "What is currently in the frame?",
        "What's in the picture now?",
    ),
    "at": (
        "What was visible [t]?",
        "What was on screen [t]?",
        "Which objects could you see [t]?",
        "[t], what was in view?",
        "Tell me what was in the picture [t].",
        "What did you see [t]?",
        "Name everything that was visible [t].",
        "What things were there [t]?",
    ),
    "last_seen": (
        "When did you last see the [n]?",
        "When was the [n] last on the screen?",
        "When was the last time [an] was visible?",
        "What was the last time you spotted [an]?",
        "When did the [n] most recently appear?",
        "Tell me when the [n] was last seen.",
        "At what time did you last see [an]?",
    ),
    "ever": (
        "Have you seen [an]?",
        "Did you ever see the [n]?",
        "Was there [an] at any point?",
        "Has [an] appeared so far?",
        "Were any [ns] visible at any time?",
        "Have you spotted any [ns] so far?",
        "Did the [n] show up at some point?",
    ),
}

_PREFIXES = ("please tell me: ", "hey, ", "so, ", "ok, ", "excuse me, ", "and ", "please, ")


def expand(pattern: str) -> list[str]:
    """Every sentence that a pattern stands for."""
    parts = re.split(r"\{([^{}]*)\}", pattern)
    options = [part.split("|") if i % 2 else [part] for i, part in enumerate(parts)]
    sentences = (re.sub(r" +", " ", "".join(choice)).strip() for choice in product(*options))
    return [re.sub(r" ([?,.'])", r"\1", sentence) if "[t] ?" not in sentence else sentence
            for sentence in sentences]


def plain(sentence: str) -> str:
    """A frame without case, punctuation and the word before a time: what makes it the same."""
    words = re.sub(r"[^a-z\[\] ]", "", sentence.lower().replace("at [t]", "[t]"))
    return re.sub(r" +", " ", words).strip()


REPORTING = {task: [s for p in REPORTING_PATTERNS[task] for s in expand(p)] for task in TASKS}
_RESERVED = {plain(s) for sentences in REPORTING.values() for s in sentences}
TRAINING_BY_PATTERN = {
    task: [kept for p in TRAINING_PATTERNS[task]
           if (kept := [s for s in expand(p) if plain(s) not in _RESERVED])]
    for task in TASKS}
TRAINING = {task: [s for group in TRAINING_BY_PATTERN[task] for s in group] for task in TASKS}


def indefinite(name: str) -> str:
    """The name with its indefinite article."""
    return f"{article(name)} {name}"


def fill(frame: str, name: str | None = None, time: str | None = None) -> str:
    """Puts a name and a time into a sentence frame."""
    text = frame
    if name is not None:
        text = text.replace("[ns]", plural(name)).replace("[an]", indefinite(name))
        text = text.replace("[n]", name)
    return text if time is None else text.replace("[t]", time)


def typed(text: str, rng: random.Random) -> str:
    """A question as people type it: case, missing punctuation, a prefix, a small slip."""
    if rng.random() < 0.05:
        text = rng.choice(_PREFIXES) + text
    if rng.random() < 0.06:
        text = slip(text, rng)
    if rng.random() < 0.35:
        text = text.rstrip("?. ")
    return text if rng.random() < 0.4 else capitalised(text)


def training_question(task: str, rng: random.Random, thing: Thing | None = None,
                      time: str | None = None) -> str:
    """A training question of a family; every pattern is equally likely."""
    frame = rng.choice(rng.choice(TRAINING_BY_PATTERN[task]))
    name = None
    if thing is not None:
        name = thing.name if rng.random() < 0.3 else rng.choice(thing.names)
    return typed(fill(frame, name, time), rng)


def reporting_question(task: str, rng: random.Random, thing: Thing | None = None,
                       time: str | None = None) -> str:
    """A question for reports; frames are disjoint from training. `time` is natural English
    with its preposition ("at 1:23", "40 seconds ago")."""
    name = None if thing is None else rng.choice(thing.names)
    return capitalised(fill(rng.choice(REPORTING[task]), name, time))


def tell(things: list[Thing]) -> str:
    """Things as a sentence, in the given order: "A dog and a bus and a key." Always "and": a
    comma would ask the model to count what is still to come."""
    if not things:
        return "Nothing."
    return capitalised(" and ".join(indefinite(t.name) for t in things)) + "."


def describe(things: list[Thing]) -> str:
    """A set of things as a sentence, in lexicon order."""
    return tell(sorted(things, key=THINGS.index))


def last_seen_answer(time: str | None) -> str:
    return "Never." if time is None else f"At {time}."


def ever_answer(time: str | None) -> str:
    return "No." if time is None else f"Yes, at {time}."
