"""Questions about a stream as the product would put them before the model, with their answers.

The makers of onlooker_world find what to ask; here each draft gets its words, the clips that its
answer rests on, and an answer that names moments by clips (notes.moment_text).

Which clips come with a question follows the product's policy (core/…/OnlookerPolicy.java): the
newest ones always; those around a moment; the endmost run of a thing for first and last; the
opening of every appearance; of a stretch those in which something came, or was seen for the last
time, or else its last; what came next to an entry.
"""

import random
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from onlooker_training import notes
from onlooker_training.notes import moment_text
from onlooker_training.slots import SLOTS
from onlooker_training.streams import Stream
from onlooker_world import answers, families
from onlooker_world.answers import capitalised, indefinite
from onlooker_world.asking import suits
from onlooker_world.families import When, Wording
from onlooker_world.makers import Draft, Makers
from onlooker_world.truth import Appearance

CAPTION = "Which things were there at {time}?"
"""What the product asks of each clip as it comes."""
AGES = (0.0, 5.0, 60.0, 600.0, 3600.0)
NOW_TASKS = ("now", "count_now")
FIGURES = ("where", "motion", "color", "shape", "sign", "happening")
RUN_CLIPS = 8
MOST_EVENTS = 12
LISTED = 600
KNOWN = 4
REACH = 90
JUST_CHANGED = 8
UNSEEN = "I do not see one."
UNKNOWN = "I see nothing that I know."
"""Of a picture unlike all that was drawn."""
NOTED = 0.85
"""How often a question about all that was seen of a thing comes with the note of it: always where
captions know the thing by name."""
BESIDE = 0.15
"""How often a question that no note answers comes with one: the past tense brings it."""
OFTEN, MOSTLY_SKIPPED = 8, 0.95
"""Questions about what came so often, or of so many events, are mostly left out: one that is long
makes its whole batch so."""
CHANGING = 2
"""Clips before one, from which it must be told apart while things come and go."""
MADE_UP = 0.3
"""How often a note tells what never was, and the answer too: notes are to be trusted."""
TIMES = ("Never.", "Once.", "Twice.")
_PLACE = "\x03"


@dataclass(frozen=True)
class Asked:
    """A question before the model. needs: clips without which it cannot be answered; recent: how
    many of the newest clips must be there; alone: whether nothing but `needs` may be there; notes:
    what captions tell of the stretch, put before the question; before: the question and answer of
    the turn before."""

    task: str
    question: str
    answer: str
    needs: frozenset[int] = frozenset()
    recent: int = 0
    alone: bool = False
    notes: str = ""
    before: tuple[str, str] | None = None

    def clip(self, newest: int) -> int | None:
        """The one clip that it is about; None where it is about more, or a turn before."""
        if self.task not in (*NOW_TASKS, *FIGURES, "at", "absent") or self.before:
            return None
        return min(self.needs, default=newest)


@dataclass
class Asker:
    """Asks about one stream."""

    stream: Stream
    wording: Wording
    rng: random.Random
    made_up: float = MADE_UP
    makers: Makers = field(init=False)
    changing: frozenset[int] = field(init=False)

    def __post_init__(self) -> None:
        self.makers = Makers(self.stream.truth, self.rng)
        self.changing = frozenset(
            c for c in range(CHANGING, len(self.stream.moments))
            if len({frozenset(self._told_in(b)) for b in range(c - CHANGING, c + 1)}) > 1)

    def ask(self, task: str, asked: float) -> Asked | None:
        """One try at a question of that task (or variant) at that time."""
        if task == "changing":
            return self._changing(asked)
        if task in families.FOLLOWS:
            return self._follow(task, asked)
        kinds = self.wording.kinds(task)
        if task in NOW_TASKS or task in FIGURES and self.rng.random() < 0.45:
            kinds = [k for k in kinds if "t" not in k] or kinds
        kind = self.rng.choice(kinds)
        past = "t" in kind or task not in (*NOW_TASKS, *FIGURES)
        low = self.rng.choice([a for a in AGES if a * 1.1 + 20 < asked]) if past else 0.0
        high = next((a for a in AGES if a > low), 1e9)
        if task == "count_different":
            low, kind = self.rng.choice((0.0, 5.0)), frozenset("t")
        positive = self.rng.random() < (0.5 if task == "ever" else 0.82)
        draft = self.makers.make(task, asked, kind, positive, low, high)
        if draft is None:
            return None
        if task in FIGURES and task != "happening" and self.rng.random() < 0.07:
            return self._absent(task, kind, draft, asked)
        return self._put(task, draft, self._worded(task, kind, draft), asked)

    # Words

    def _worded(self, key: str, kind: frozenset[str], draft: Draft) -> str:
        """The question, its time read as the product reads it: a moment becomes "at" and its clip,
        a stretch leaves the words."""
        when = draft.when and When(_PLACE, _PLACE)
        for _ in range(8):
            frame = self.wording.frame(key, kind, self.rng)
            if suits(frame, draft):
                break
        text = families.fill(frame, draft.name, when, draft.color, draft.shape)
        text = self.wording.worded(text, self.rng)
        if when is None:
            return text
        lead = rf"(?:\b(?:{'|'.join(('at', 'since', 'around', 'by', 'than', 'after', 'with'))}) )?"
        if draft.when.span is None:
            said = f"at {moment_text(int(draft.t))}"
            text = re.sub(lead + _PLACE, said, text, flags=re.IGNORECASE)
            return text if self.rng.random() < 0.1 else capitalised(text)
        text = re.sub(" ?" + lead + _PLACE, "", text, flags=re.IGNORECASE)
        return re.sub("^[ ,]+", "", re.sub(" +(?=[?.,!])", "", text))

    # Clips

    def _newest(self, asked: float) -> int:
        return int(asked) - 1

    def _shown(self, one: Appearance, name: str, asked: float) -> list[int]:
        """The clips that surely show an appearance of the name."""
        last = min(int(one.end), self._newest(asked))
        return [c for c in range(max(int(one.start - 0.5), 0), last + 1)
                if name in self.stream.moments[c].names and one.start <= c + 0.5 < one.end]

    def _history(self, name: str, asked: float) -> list[list[int]]:
        """The clips of every appearance before, none of them empty."""
        shown = [self._shown(a, name, asked) for a in self.stream.truth.appearances.get(name, [])
                 if a.start < asked]
        return [clips for clips in shown if clips]

    def entry(self, clip: int, step: int) -> int | None:
        """The clip nearest before (step -1) or after (1) one in which something came."""
        last = clip + step * REACH
        return next((c for c in range(clip + step, last, step) if 0 < c < len(self.stream.moments)
                     and self.came(c)), None)

    def came(self, clip: int) -> set[str]:
        """What is in a clip and in none of the KNOWN before."""
        moments = self.stream.moments
        return moments[clip].names.difference(
            *(moments[c].names for c in range(max(clip - KNOWN, 0), clip)))

    # Putting it together

    def _put(self, key: str, draft: Draft, question: str, asked: float) -> Asked | None:
        made = self._based(key, draft, asked)
        if made is None or made.recent and self._newest(asked) < made.recent:
            return None
        newest = self._newest(asked)
        if any(c > newest or c < 0 for c in made.needs):
            return None
        return replace(made, question=question)

    def _based(self, key: str, draft: Draft, asked: float) -> Asked | None:
        """Everything but the words of the question."""
        answer = draft.answer
        if key in ("now", "at") or draft.task == "at":
            return self._set(draft, asked)
        if key in ("changed", "gone", "between", "count_different"):
            return self._stretch(key, draft, asked)
        if key in ("before", "after") or draft.continues in ("before", "after"):
            return self._order(draft.continues or key, draft, asked)
        if key in FIGURES or draft.task in FIGURES:
            return self._at_clip(draft, asked, Asked(
                key, "", answer["answer"], notes=self._note_beside(asked)))
        if key == "count_now":
            return Asked(key, "", answer["answer"], recent=1)
        if key == "unknowable":
            return Asked(key, "", answer["answer"], notes=self._note_beside(asked))
        return self._over_time(key, draft, asked)

    def _at_clip(self, draft: Draft, asked: float, made: Asked) -> Asked:
        """With the clip it is about, the newest where it names no time."""
        if draft.when is None and draft.continues == "":
            return replace(made, recent=1)
        return replace(made, needs=frozenset({int(draft.t)}))

    def _set(self, draft: Draft, asked: float) -> Asked | None:
        clip = self._newest(asked) if draft.when is None and not draft.continues else int(draft.t)
        if clip >= len(self.stream.moments):
            return None
        told = set(draft.answer["objects"])
        if not draft.continues and told != self.stream.moments[clip].names:
            return None
        alike = Counter(s.name for s in self.stream.moments[clip].sights if s.name in told)
        if set(alike) != told:
            return None
        names = self._listed(alike.elements(), clip)
        return self._at_clip(draft, asked, Asked(
            draft.task, "", told_set(set_parts(answers.set_answer(names)))))

    def _told_in(self, clip: int) -> Counter[str]:
        """How many of each name the tower tells of a clip."""
        return Counter(s.name for s in self.stream.moments[clip].sights if s.told)

    def _changing(self, asked: float) -> Asked | None:
        """What is in one of the newest clips while things come and go, half seen ones among them:
        no question of the other tasks is about such a clip, and each caption may be."""
        newest = self._newest(asked)
        if newest not in self.changing:
            return None
        clip = newest - self.rng.choice((0, 0, 0, 1, 2))
        told = answers.set_answer(self._listed(self._told_in(clip).elements(), clip))
        draft = Draft("at", told, ((clip, clip + 1),), (), when=When("", ""), t=float(clip))
        question = CAPTION.format(time=moment_text(clip)) if self.rng.random() < 0.6 else \
            self._worded("at", self.rng.choice(self.wording.kinds("at")), draft)
        return Asked("changing", question, told_set(set_parts(told)),
                     frozenset(range(newest - CHANGING, newest + 1)), alone=True)

    def _stretch(self, key: str, draft: Draft, asked: float) -> Asked | None:
        """What came or left, with its moments, or how much there was; notes tell it."""
        first, last = self._newest(asked) - JUST_CHANGED + 1, self._newest(asked)
        if draft.when is not None:
            start, end = draft.when.span
            first = int(start)
            last = last if end >= asked else min(last, int(end - 0.01))
        elif key == "count_different":
            first = 0
        if not 2 <= last - first <= LISTED or first < 0:
            return None
        events = self._left(first, last) if key == "gone" else \
            [(c, self._listed(self.came(c), c)) for c in range(max(first, 1), last + 1)
             if self.came(c)]
        clips = frozenset(c for c, _ in events[-MOST_EVENTS:]) or frozenset({last})
        made = Asked("changed", "", "", clips, alone=True)
        if key == "count_different":
            seen = {n for c in range(first, last + 1) for n in self.stream.moments[c].names}
            if len(seen) != draft.answer["number"]:
                return None
            return replace(made, task=key, answer=f"{len(seen)}.",
                           notes=notes.number(len(seen)))
        told = [n for _, names in events for n in names]
        if len(told) > len(set(told)) or set(told) != set(draft.answer["objects"]) \
                or len(events) > MOST_EVENTS or self._too_long(2 * len(events)):
            return None
        if self.rng.random() < self.made_up:
            events = [(c, self.rng.sample(self.makers.names, len(names))) for c, names in events]
        parts = (f"at {moment_text(c)} " + " and ".join(map(indefinite, names))
                 for c, names in events)
        answer = told_set(tuple(parts))
        noted = notes.events("Left" if key == "gone" else "Came", answer)
        return replace(made, answer=answer, notes=noted)

    def _left(self, first: int, last: int) -> list[tuple[int, list[str]]]:
        """The clips that showed something for the last time, of first to last, and what."""
        until = {n: c for c in range(first, last + 1) for n in self.stream.moments[c].names}
        return [(c, self._listed({n for n in until if until[n] == c}, c))
                for c in sorted(set(until.values()) - {last})]

    def _listed(self, names: Iterable[str], clip: int) -> list[str]:
        """Those names in the order of the clip's slots."""
        listed = self.stream.listed[clip]
        return sorted(names, key=lambda n: listed.index(n) if n in listed else SLOTS)

    def _order(self, key: str, draft: Draft, asked: float) -> Asked | None:
        parts = set_parts(draft.answer)
        name = draft.subject.name if draft.continues else draft.identity[0]
        history = self._history(name, asked)
        task = draft.task if not draft.continues else key
        if not history:
            return Asked(task, "", told_set(parts))
        first = history[0][0]
        near = self.entry(first, -1 if key == "before" else 1)
        if near is not None and near > self._newest(asked):
            near = None
        told = set(draft.answer["objects"])
        if told != (self.came(near) if near is not None else set()):
            return None
        needs = {first} | ({near} if near is not None else set())
        return Asked(task, "", told_set(parts), frozenset(needs), alone=True)

    def _over_time(self, key: str, draft: Draft, asked: float) -> Asked | None:
        """ever, first_seen, last_seen, all_times, how_often, how_long, again."""
        answer = draft.answer
        noted = self.rng.random() < NOTED
        if not draft.evidence:
            return Asked(key, "", answer["answer"], notes=notes.seen([]) if noted else "")
        task = draft.continues or key
        name = draft.subject.name if draft.continues else draft.identity[0]
        history = self._history(name, asked)
        if len(history) != sum(a.start < asked for a in self.stream.truth.appearances[name]) \
                or self._too_long(len(history)):
            return None
        if key == "again" and answer["seen"] != (len(history) > 1):
            return None
        made = self._told(key, task, history)
        if noted and self.rng.random() < self.made_up:
            history = self._made_up(self._newest(asked))
            made = replace(made, answer=self._told(key, task, history).answer)
        note = notes.stay(history[-1]) if task == "how_long" else notes.seen(history)
        return replace(made, notes=note) if noted else made

    def _told(self, key: str, task: str, history: list[list[int]]) -> Asked:
        """The answer and its clips; history: the clips of each appearance, one at least."""
        openings, last = [clips[0] for clips in history], history[-1]
        if key == "again":
            told = f"Yes, at {moment_text(openings[-1])}." if len(history) > 1 else "No."
            return Asked(key, "", told, frozenset(openings), alone=True)
        if task == "how_often":
            count = len(history)
            told = TIMES[count] if count < len(TIMES) else f"{count} times."
            return Asked(key, "", told, frozenset(openings), alone=True)
        if task == "all_times":
            told = told_set(tuple(f"at {moment_text(c)}" for c in openings))
            return Asked(key, "", told, frozenset(openings), alone=True)
        if task == "how_long":
            whole = frozenset(range(last[0], last[-1] + 1))
            return Asked(key, "", answers.duration_answer(len(whole))["answer"], whole, alone=True)
        if task == "first_seen":
            run = history[0][:self.rng.randint(2, RUN_CLIPS)]
            return Asked(key, "", f"At {moment_text(run[0])}.", frozenset(run))
        run = last[-self.rng.randint(2, RUN_CLIPS):]
        told = f"At {moment_text(run[-1])}." if task == "last_seen" else \
            f"Yes, at {moment_text(run[-1])}."
        return Asked(key, "", told, frozenset(run))

    def _made_up(self, newest: int) -> list[list[int]]:
        """Appearances that never were: up to eight, now and then up to forty."""
        count = self.rng.randint(1, OFTEN if self.rng.random() < 0.99 else 40)
        starts = sorted(self.rng.sample(range(newest), min(count, newest)))
        long = self.rng.randint(1, 400 if self.rng.random() < 0.2 else 30)
        return [[start, start + long - 1] for start in starts]

    def _too_long(self, count: int) -> bool:
        return count > OFTEN and self.rng.random() < MOSTLY_SKIPPED

    def _note_beside(self, asked: float) -> str:
        """Now and then the note of anything that was seen, which says nothing of the answer."""
        if self.rng.random() >= BESIDE:
            return ""
        history = self._history(self.rng.choice(self.makers.names), asked)
        return notes.seen(history[:OFTEN])

    def _absent(self, task: str, kind: frozenset[str], draft: Draft, asked: float) -> Asked | None:
        """The same question about something that is not there."""
        clip = int(draft.t) if draft.when else self._newest(asked)
        if clip >= len(self.stream.moments):
            return None
        moment = self.stream.moments[clip]
        there = moment.names | moment.doubtful
        words = " ".join(there)
        name = self.rng.choice(self.makers.names)
        color = self.rng.choice([c for c in ("red", "blue", "teal", "gold", "pink", "black")])
        shape = self.rng.choice(["circle", "star", "heart", "oval", "square", "cross"])
        wanted = {"color": shape, "shape": color, "sign": "sign"}.get(task, name)
        if wanted in words:
            return None
        other = replace(draft, name=self.makers._synonym(name), color=color, shape=shape)
        made = self._at_clip(draft, asked, Asked("absent", "", UNSEEN))
        return replace(made, question=self._worded(task, kind, other))

    def _follow(self, key: str, asked: float) -> Asked | None:
        """A question and what follows it; the clips of both."""
        base_key = self.makers.base_of(key)
        kinds = self.wording.kinds(base_key)
        kind = self.rng.choice(kinds)
        low = self.rng.choice((0.0, 5.0, 60.0)) if "t" in kind or base_key not in FIGURES else 0.0
        base = self.makers.make(base_key, asked, kind, True, low, low * 10 + 20)
        draft = base and self.makers.follow(key, base, asked)
        if draft is None:
            return None
        draft = replace(draft, t=base.t, subject=base.subject)
        if base.when is None and base_key in FIGURES:
            draft = replace(draft, t=float(self._newest(asked)))
        first = self._put(base_key, base, self._worded(base_key, kind, base), asked)
        second = first and self._based(key, draft, asked)
        if second is None:
            return None
        frame = self.wording.frame(key, frozenset(), self.rng)
        needs, recent = first.needs | second.needs, max(first.recent, second.recent)
        if second.alone and recent:
            needs, recent = needs | {self._newest(asked)}, 0
        return replace(second, task="follow_up", question=self.wording.worded(frame, self.rng),
                       needs=needs, recent=recent, before=(first.question, first.answer))


def set_parts(answer: dict) -> tuple[str, ...]:
    """The parts of a set answer, as they stand within a sentence; empty for nothing."""
    if not answer["objects"]:
        return ()
    text = answer["answer"].rstrip(".")
    return tuple((text[0].lower() + text[1:]).split(" and "))


def told_set(parts: tuple[str, ...]) -> str:
    return capitalised(" and ".join(parts)) + "." if parts else "Nothing."
