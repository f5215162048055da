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

from onlooker_world.lexicon import article, plural

TASKS = ("now", "at", "changed", "before", "after", "ever", "first_seen", "last_seen",
         "all_times", "count_now", "count_different", "how_often", "how_long", "where", "motion",
         "color", "shape", "sign", "happening", "follow_up", "unknowable")
FOLLOWS = ("beside", "and_where", "and_motion", "and_color", "and_before", "and_after",
           "and_long", "again")
KEY_TASK = {"gone": "changed", "between": "changed"} | {key: "follow_up" for key in FOLLOWS}
TYPED = Path(__file__).with_name("typed.tsv")

_SEE = "{visible|on screen|on the screen|in view|in the picture|shown|in the frame}"
_NOW = "{| now| right now| at the moment| currently| at present}"
_WHAT = "{what|which things|which objects|what things|what objects}"
_SAW = "{see|notice|spot}"
_SAY = "{tell me|say|describe}"
_THE = "{the [n]|[an]}"
_SO = "{| so far| until now| up to now}"

TRAINING_PATTERNS: dict[str, tuple[str, ...]] = {
    "now": (
        _WHAT + " {can|do} you see" + _NOW + "?",
        "what {is|'s} " + _SEE + _NOW + "?",
        "which {things|objects} are " + _SEE + _NOW + "?",
        "what {is|'s} there" + _NOW + "?",
        _SAY + " what {you see|is visible|is on screen|you can see}" + _NOW + ".",
        "{list|name} {everything|all things|the objects|the things} " + _SEE + _NOW + ".",
        "what are you {looking at|seeing|watching}" + _NOW + "?",
        "is there anything " + _SEE + _NOW + "?",
        "{do|can} you see anything" + _NOW + "?",
        "{now|right now|currently}, what {is|can you see} {in the picture|on screen|there}?",
        "what does the {camera|picture|frame|screen|video} show" + _NOW + "?",
        "{who|who or what} is {there|here|in the picture}" + _NOW + "?",
    ),
    "at": (
        _WHAT + " {was|were} " + _SEE + " [t]?",
        _WHAT + " {could|did} you see [t]?",
        "[t], what {was|could you see|was there} {there|in the picture|on screen|in the frame|}?",
        "what was there [t]?",
        _SAY + " what {you saw|was visible|was on screen|was there} [t].",
        "{list|name} {everything|all things|the objects|the things} " + _SEE + " [t].",
        "was there anything " + _SEE + " [t]?",
        "{did|could} you see anything [t]?",
        "what were you {looking at|seeing|watching} [t]?",
        "what {did|does} the {camera|picture|frame|screen|video} show [t]?",
        "which {things|objects} were {there|around|here} [t]?",
    ),
    "changed": (
        "what {has changed|is different|is new|came in|has appeared|was added} [t]?",
        "{has|did} anything {new come|new appeared|come in|new show up} [t]?",
        _WHAT + " {came|appeared|showed up|turned up} [t]?",
        _SAY + " what {has changed|is new|came in|is different} [t].",
        "what {has just changed|is new now|just came in|just appeared|just showed up}?",
        "{has anything just changed|did anything just change|did anything just come in}?",
        _SAY + " what {has just changed|is new now|just came in|just appeared}.",
        "what {is new|is different} {here|in the picture|on screen} now?",
    ),
    "gone": (
        "what {has gone|has left|went away|has disappeared|left|is gone} [t]?",
        _WHAT + " {left|disappeared|went away} [t]?",
        _SAY + " what {has gone|has left|disappeared} [t].",
        "what is {no longer|not any more} {there|visible|in view} that was [t]?",
    ),
    "between": (
        _WHAT + " {came in|appeared|arrived|turned up|showed up} [t]?",
        _SAY + " what {came in|appeared|arrived} [t].",
        "[t], what {came in|appeared|arrived}?",
        "did anything {come in|appear|arrive} [t]?",
    ),
    "before": (
        "what {came|appeared|arrived|showed up|entered} {right |just |}before {the [n]|[an]}?",
        "{which thing|what} {came|appeared|arrived} {last |}before {the [n]|[an]}?",
        _SAY + " what {came|appeared|arrived} {right |just |}before the [n].",
        "before the [n] {came|appeared}, what {came|appeared|showed up}?",
        "what was the {last|previous} thing {to come |to appear |}before the [n]?",
    ),
    "after": (
        "what {appeared|arrived|showed up|entered} {right |just |}after {the [n]|[an]}?",
        "{which thing|what} {came|appeared|arrived} {next |first |}after {the [n]|[an]}?",
        _SAY + " what {came|appeared|arrived} {right |just |}after the [n].",
        "after the [n], what {came|appeared|showed up} {next|first|}?",
        "what was the {next|first} thing {to come |to appear |}after the [n]?",
    ),
    "ever": (
        "did you {ever |}" + _SAW + " {[an]|any [ns]|the [n]|some [ns]}?",
        "have you {ever |}{seen|noticed|spotted} {[an]|any [ns]|the [n]}"
        "{| so far| before| at all| today}?",
        "was there {ever |}[an]{| so far| at any time| earlier| at some point}?",
        "were there {ever |}any [ns]{| so far| at any time| earlier}?",
        "has {[an]|the [n]} {ever |}{appeared|shown up|been seen|been visible|been there}?",
        "did {[an]|the [n]|any [ns]} {ever |}{appear|show up|come by|pass}?",
        "was {[an]|the [n]} {ever |}" + _SEE + "{| at any time| at any point}?",
        "has there {ever |}been [an]?",
        "have there {ever |}been any [ns]?",
        "is it true that you {saw|have seen} {[an]|the [n]}?",
        "{tell me|say} {if|whether} you {saw|have seen} {[an]|the [n]|any [ns]}.",
    ),
    "first_seen": (
        "when did you {first|for the first time} " + _SAW + " {the [n]|[an]}?",
        "when was {the [n]|[an]} first " + _SEE + "?",
        "when was {the [n]|[an]} first {seen|spotted|noticed}?",
        "when did {the [n]|[an]} {first appear|first come|appear first|first show up}?",
        "{when was|what was} the first time {you saw|you noticed|there was} {the [n]|[an]}?",
        "at what time did {you first see|you first notice} {the [n]|[an]}?",
        "{tell me|say} when you first saw {the [n]|[an]}.",
        "what time was {the [n]|[an]} first {seen|visible|there}?",
    ),
    "last_seen": (
        "when did you {last|most recently} " + _SAW + " {the [n]|[an]|any [ns]}?",
        "when was {the [n]|[an]} last " + _SEE + "?",
        "when was {the [n]|[an]} last {seen|spotted|noticed}?",
        "when did {the [n]|[an]} {last appear|last show up|come last}?",
        "{when was|what was} the last time {you saw|you noticed|there was} {the [n]|[an]}?",
        "at what time did you last " + _SAW + " {the [n]|[an]}?",
        "what time was {the [n]|[an]} last {seen|visible|there}?",
        "when did you see {the [n]|[an]} {last|for the last time}?",
        "{tell me|say} when you last saw {the [n]|[an]}.",
        "how long ago did you {last |}see {the [n]|[an]}?",
    ),
    "all_times": (
        "when did you see {the [n]|[an]|any [ns]}{| so far| altogether}?",
        "at {which|what} times did {you see|you notice} {the [n]|[an]}?",
        "{list|name|give me} {all|all the} times {the [n]|[an]} {appeared|was seen|came}.",
        "when {did|has} the [n] {appear|appeared} {altogether|in all|each time}?",
        "{tell me|say} every time {the [n]|[an]} {appeared|was visible|came}.",
        "when were there [ns]?",
    ),
    "count_now": (
        "how many [ns] {are there|can you see|do you see|are visible|are in view}" + _NOW + "?",
        "{count|tell me the number of} the [ns] {in the picture|in the frame|you see}" + _NOW + ".",
        "what is the number of [ns]" + _NOW + "?",
        "how many {things|objects|items} {can you see|do you see|are visible|are in view}"
        + _NOW + "?",
        "{count|tell me the number of} the {things|objects} {in the picture|you see}" + _NOW + ".",
    ),
    "count_different": (
        "how many {different|distinct} {things|objects} {did you see|were there|were visible|"
        "appeared} [t]?",
        "{count|tell me the number of} the different {things|objects} {seen|visible} [t].",
        "[t], how many different {things|objects} {did you see|were there}?",
        "how many {different|distinct} {things|objects} have you seen" + _SO + "?",
        "how many different {things|objects} {appeared|were visible}" + _SO + "?",
    ),
    "how_often": (
        "how {often|many times} did you see {the [n]|[an]}" + _SO + "?",
        "how {often|many times} did {the [n]|[an]} {appear|come|come by|pass}" + _SO + "?",
        "how {often|many times} {has|was} {the [n]|[an]} {been seen|been there|visible}" + _SO
        + "?",
        "{tell me|say} how often {the [n]|[an]} {appeared|was seen|came}.",
        "how many appearances of {the [n]|[an]} were there" + _SO + "?",
    ),
    "how_long": (
        "how long was {the [n]|[an]} {visible|in view|on screen|in the picture}"
        "{| the last time| most recently}?",
        "{how long|for how long} {did you see|could you see} {the [n]|[an]}"
        "{| the last time| most recently}?",
        "{tell me|say} how long {the [n]|[an]} {was visible|stayed|was there}.",
        "how long did the [n]'s last {visit|appearance} {last|take}?",
        "how many seconds was the [n] {in view|on screen|in the picture}?",
    ),
    "where": (
        "where {is|'s} the [n]" + _NOW + "?",
        "where {do|can} you see the [n]" + _NOW + "?",
        "in which {part|area} of the {picture|frame|screen} is the [n]" + _NOW + "?",
        "{tell me|say} where the [n] is" + _NOW + ".",
        "where was the [n] [t]?",
        "where {did|could} you see the [n] [t]?",
        "[t], where was the [n]?",
        "in which {part|area} of the {picture|frame|screen} was the [n] [t]?",
        "{tell me|say} where the [n] was [t].",
    ),
    "motion": (
        "{which way|in which direction|where} is the [n] {moving|travelling}" + _NOW + "?",
        "{which way|in which direction} does the [n] {move|go}?",
        "{tell me|say} {which way|in which direction} the [n] is {moving|going}.",
        "how is the [n] moving" + _NOW + "?",
        "{which way|in which direction} {was the [n] moving|did the [n] move|was the [n] going}"
        " [t]?",
        "[t], {which way|in which direction} {was the [n] moving|did the [n] move}?",
        "{tell me|say} {which way|in which direction} the [n] was {moving|going} [t].",
        "how was the [n] moving [t]?",
    ),
    "color": (
        "what {color|colour} {is|does} the [s] {|have}" + _NOW + "?",
        "{which|what} {color|colour} is that [s]?",
        "{tell me|say|name} the {color|colour} of the [s].",
        "what is the {color|colour} of the [s]?",
        "{what|which} {color|colour} {was|did} the [s] {|have} [t]?",
        "what was the {color|colour} of the [s] [t]?",
        "[t], {what|which} {color|colour} was the [s]?",
        "{tell me|say} what {color|colour} the [s] was [t].",
    ),
    "shape": (
        "what shape {is|does} the [c] {thing|object|figure} {|have}?",
        "{which|what} [c] shape {is there|do you see|is visible}?",
        "{tell me|say} what shape the [c] {object|figure|thing} is.",
        "what is the shape of the [c] {thing|object|figure}?",
        "what shape {was|did} the [c] {thing|object|figure} {|have} [t]?",
        "{which|what} [c] shape {was there|did you see|was visible} [t]?",
        "[t], what shape was the [c] {thing|object|figure}?",
        "{tell me|say} what shape the [c] {thing|object} was [t].",
    ),
    "sign": (
        "what {is written|stands|is} on the {sign|board}" + _NOW + "?",
        "what does the {board|sign} {read|tell}" + _NOW + "?",
        "{read|tell me|say} what the sign says" + _NOW + ".",
        "{read|read out} the {board|text on the sign}" + _NOW + ".",
        "what {was written|stood|was} on the {sign|board} [t]?",
        "what did the {sign|board} {say|read} [t]?",
        "[t], what {did the sign say|was on the sign}?",
        "{tell me|say} what the sign said [t].",
    ),
    "happening": (
        "what {is|'s} {happening|taking place|going on} {here|there|in the picture|on screen}?",
        "{tell me|say|describe} what {is happening|is going on|happens}" + _NOW + ".",
        "what {happens|goes on}" + _NOW + "?",
        "{describe|sum up} the {scene|picture} in {one|a} sentence.",
        "what {was happening|was going on|happened|went on} [t]?",
        "[t], what {was happening|was going on|happened}?",
        "{tell me|say|describe} what {was happening|happened} [t].",
    ),
    "beside": (
        "{and |}what {was|stood} {beside it|next to it then|with it|near it}?",
        "{and |}what else {was there|could you see|was visible}{| then}?",
        "{and |}which other {things|objects} were there?",
        "{and |}{was there|did you see} anything else?",
    ),
    "and_where": (
        "{and |}where was it {then|at that time|in the picture}?",
        "{and |}in which {part|area} of the picture was it?",
        "{and |}where did you see it?",
    ),
    "and_motion": (
        "{and |}{which way|in which direction} was it {moving|going}?",
        "{and |}{which way|in which direction} did it move?",
        "{and |}was it moving, and where?",
    ),
    "and_color": (
        "{and |}{what|which} {color|colour} did it have?",
        "{and |}its {color|colour}?",
        "{and |}what was its {color|colour}?",
    ),
    "and_before": (
        "{and |}what {came|appeared} {right |just |}before it?",
        "{and |}what was the thing before it?",
    ),
    "and_after": (
        "{and |}what {came|appeared} {right |just |}after it?",
        "{and |}what was the next thing?",
        "{and |}what followed it?",
    ),
    "and_long": (
        "{and |}how long {was it visible|did it stay|could you see it}?",
        "{and |}for how long {was it there|did you see it}?",
    ),
    "again": (
        "{and |}did {it appear again|you see it again|it return} {later|after that|}?",
        "{and |}was it {there|seen} again {later|after that}?",
    ),
    "unknowable": (
        "{who|which person} {does the [n] belong to|bought the [n]|made the [n]}?",
        "what {does|did} the [n] {smell like|taste like|think|feel|sound like}?",
        "{how heavy|how expensive|how tall in metres} is the [n]?",
        "what {will the [n] do|will the [n] look like} {tomorrow|next week|next year}?",
        "why {did the [n] come|is the [n] here|was the [n] there}?",
        "where {did the [n] come from|will the [n] go next|does the [n] live}?",
        "{is|was} the [n] {angry|sad|hungry|tired|expensive}?",
        "what will {happen|be there|be on screen} {tomorrow|next week|in an hour}?",
        "{what|how} {is|will be} the {weather in paris|score of the game|price of oil}?",
        "{who|which person} {is the king of spain|wrote hamlet|is filming|is watching}?",
        "what {day|year} is it?",
        "how {warm|cold|loud} is it {there|here}?",
        "{can|could} you {call my mother|play some music|send an email|open the window}?",
        "what {can you hear|does it sound like|is behind you}?",
    ),
}

REPORTING_PATTERNS: dict[str, tuple[str, ...]] = {
    "now": ("What can you see now?", "What is visible right now?",
            "Which objects are on the screen at the moment?", "Tell me what you can see.",
            "Name the things in view right now.", "What is currently in the frame?",
            "What's in the picture now?", "What do you have in view?"),
    "at": ("What was visible [t]?", "What was on screen [t]?", "Which objects could you see [t]?",
           "[t], what was in view?", "Tell me what was in the picture [t].",
           "What did you see [t]?", "Name everything that was visible [t].",
           "What things were there [t]?"),
    "changed": ("What has changed [t]?", "Which things came in [t]?", "What is new [t]?",
                "Did anything new appear [t]?", "What has just come in?",
                "Which thing is new in the picture?", "What has changed just now?"),
    "gone": ("What has disappeared [t]?", "Which objects went away [t]?", "What has left [t]?",
             "Tell me what has gone away [t]."),
    "between": ("What came in [t]?", "Which objects appeared [t]?",
                "Tell me what turned up [t].", "What arrived [t]?"),
    "before": ("What came right before the [n]?", "Which object appeared just before the [n]?",
               "What showed up before [an]?", "What was the thing that came before the [n]?"),
    "after": ("What came right after the [n]?", "Which object appeared just after the [n]?",
              "What showed up after [an]?", "What was the thing that came after the [n]?"),
    "ever": ("Have you seen [an]?", "Did you ever see the [n]?", "Was there [an] at any point?",
             "Has [an] appeared so far?", "Were any [ns] visible at any time?",
             "Have you spotted any [ns] so far?", "Did the [n] show up at some point?"),
    "first_seen": ("When did you first see the [n]?", "When was the first time [an] was visible?",
                   "When did the [n] appear for the first time?",
                   "Tell me when the [n] was first seen.", "At what time did [an] first appear?",
                   "When was the [n] on the screen first?"),
    "last_seen": ("When did you last see the [n]?", "When was the [n] last on the screen?",
                  "When was the last time [an] was visible?",
                  "What was the last time you spotted [an]?",
                  "When did the [n] most recently appear?",
                  "Tell me when the [n] was last seen.", "At what time did you last see [an]?"),
    "all_times": ("At which times did you see the [n]?", "List all the times the [n] appeared.",
                  "Tell me each time [an] was visible.", "When did the [n] appear, each time?",
                  "Name every time you saw [an]."),
    "count_now": ("How many [ns] do you see?", "How many [ns] are visible now?",
                  "Count the [ns] you can see.", "What number of [ns] is there?",
                  "How many things do you see?", "How many objects are visible now?"),
    "count_different": ("How many different things did you see [t]?",
                        "How many distinct objects appeared [t]?",
                        "What number of different things was there [t]?",
                        "How many different objects have you seen so far?"),
    "how_often": ("How often did you see the [n]?", "How many times did the [n] appear?",
                  "How often has [an] been visible?", "Tell me how often [an] showed up.",
                  "How many times has the [n] been on screen so far?"),
    "how_long": ("How long was the [n] visible?", "For how long was the [n] on screen?",
                 "How long could you see the [n] the last time?",
                 "Tell me how long the [n] was visible.", "How many seconds did the [n] stay?"),
    "where": ("Where is the [n]?", "Where in the picture is the [n] now?",
              "Tell me where the [n] is.", "Where can you see the [n]?",
              "Where was the [n] [t]?", "Where in the picture was the [n] [t]?",
              "Tell me where you saw the [n] [t]."),
    "motion": ("Which way is the [n] moving?", "In what direction is the [n] going?",
               "Where is the [n] moving to?", "Tell me which way the [n] is moving.",
               "Which way was the [n] moving [t]?", "In what direction did the [n] go [t]?",
               "Tell me which way the [n] moved [t]."),
    "color": ("What color is the [s]?", "Which colour is the [s]?", "What colour has the [s]?",
              "What color was the [s] [t]?", "Which colour was the [s] [t]?",
              "Tell me the colour of the [s] [t]."),
    "shape": ("What shape is the [c] thing?", "Which shape is the [c] object?",
              "What [c] shape can you see?", "What shape was the [c] thing [t]?",
              "Which shape was the [c] object [t]?", "What [c] shape was visible [t]?"),
    "sign": ("What does the sign say?", "What is written on the sign?", "Read the sign.",
             "What did the sign say [t]?", "What was written on the sign [t]?",
             "Which text was on the sign [t]?"),
    "happening": ("What is happening?", "What is going on now?", "Describe what is happening.",
                  "What was happening [t]?", "What was going on [t]?",
                  "Describe what was happening [t]."),
    "beside": ("And what was next to it?", "What else was there?", "And what else did you see?"),
    "and_where": ("And where was it?", "Where was it in the frame?"),
    "and_motion": ("And which way was it moving?", "In what direction did it go?"),
    "and_color": ("And what color was it?", "Which colour was it?"),
    "and_before": ("And what came before it?", "What appeared before that?"),
    "and_after": ("And what came after it?", "What appeared after that?"),
    "and_long": ("And how long was it visible?", "How long did it stay?"),
    "again": ("And did it come again?", "Did you see it again after that?"),
    "unknowable": ("Who owns the [n]?", "What does the [n] smell like?",
                   "How much does the [n] weigh?", "What is the [n] thinking about?",
                   "How old is that [n]?", "What will the [n] do tomorrow?",
                   "Why is the [n] there?", "What happens tomorrow?",
                   "Who is the president of France?", "What is the temperature?",
                   "Who is behind the camera?", "What does the room smell like?",
                   "What is the name of the [n]?", "What is for dinner tonight?"),
}

_PREFIXES = ("please tell me: ", "hey, ", "so, ", "ok, ", "excuse me, ", "and ", "please, ")
_BARE = ("at", "since", "around", "by", "than", "after", "with", "before", "from")


@dataclass(frozen=True)
class When:
    """A time as a question can put it. phrase: with its preposition ("at 1:23", "in the last 30
    seconds"). bare: what follows a preposition that the frame already has ("1:23")."""

    phrase: str
    bare: str = ""


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
    for key, patterns in TRAINING_PATTERNS.items()}


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


def _typo(text: str, rng: random.Random) -> str:
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
        text = _typo(text, rng)
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
