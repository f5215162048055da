"""All makers together: questions of every family, and what follows them."""

from onlooker_world import answers
from onlooker_world.change_makers import ChangeMakers
from onlooker_world.drafts import SETTLED, Draft
from onlooker_world.history_makers import HistoryMakers
from onlooker_world.moment_makers import MomentMakers


class Makers(MomentMakers, ChangeMakers, HistoryMakers):
    """Makes single questions: what to ask about at a moment, its answer and its evidence."""

    def make(self, key: str, asked: float, kind: frozenset[str], positive: bool, low: float,
             high: float) -> Draft | None:
        """One try at a question of the key, asked then, for a frame with those slots; low, high:
        the wanted age of its evidence."""
        return getattr(self, "_" + key)(asked, kind, positive, low, high)

    def base_of(self, key: str) -> str:
        """What may be asked before a follow-up of that key."""
        return {"beside": "where", "and_where": "at", "and_motion": "where",
                "and_color": "at", "and_before": "at", "and_after": "at",
                "and_long": "last_seen", "again": "first_seen"}[key]

    def follow(self, key: str, base: Draft, asked: float) -> Draft | None:
        """What comes after the base question; None where "it" or the answer would not be clear."""
        if base.subject is None:
            return None
        made = getattr(self, "_follow_" + key.removeprefix("and_"))(base, asked)
        return made

    def _follow_beside(self, base: Draft, asked: float) -> Draft | None:
        found = self.truth.steady(base.t - SETTLED, base.t + SETTLED)
        if found is None or len(found) > 2 or len(found) == 1 and self.rng.random() < 0.5:
            return None
        names = [s.name for s in found if s is not base.subject]
        return Draft("at", answers.set_answer(names), base.evidence, (), continues="at")

    def _follow_where(self, base: Draft, asked: float) -> Draft | None:
        place = self._place(base.subject, base.t)
        if place is None:
            return None
        return Draft("where", answers.place_answer(place), base.evidence, (), continues="where")

    def _follow_motion(self, base: Draft, asked: float) -> Draft | None:
        doing = self._doing(base.subject, base.t)
        if doing not in ("left", "right", "up", "down", "still") or doing == "still" \
                and self.rng.random() < 0.6:
            return None
        return Draft("motion", answers.motion_answer(doing), base.evidence, (),
                     continues="motion")

    def _follow_color(self, base: Draft, asked: float) -> Draft | None:
        color = base.subject.stay.item.color
        if not color:
            return None
        return Draft("color", answers.color_answer(color), base.evidence, (), continues="color")

    def _follow_before(self, base: Draft, asked: float) -> Draft | None:
        return self._follow_order("before", base, asked)

    def _follow_after(self, base: Draft, asked: float) -> Draft | None:
        return self._follow_order("after", base, asked)

    def _follow_order(self, task: str, base: Draft, asked: float) -> Draft | None:
        history = self._history(base.subject.name, asked)
        if not history or len(history) > 1:
            return None
        made = self._neighbour(task, history[0], asked)
        if made is None or not made.strict:
            return None
        return Draft(task, made.answer, made.evidence, (), continues=task)

    def _follow_long(self, base: Draft, asked: float) -> Draft | None:
        history = self._history(base.subject.name, asked)
        if not history or history[-1].doubtful or history[-1].end - history[-1].start < 2:
            return None
        last = history[-1]
        return Draft("how_long", answers.duration_answer(last.end - last.start),
                     self._spans([last]), (), continues="how_long")

    def _follow_again(self, base: Draft, asked: float) -> Draft | None:
        history = self._history(base.subject.name, asked)
        if not history or history[0].broken or history[0].end > asked - 2 or (
                len(history) > 1) != (self.rng.random() < 0.5):
            return None
        moment = min(history[-1].end, asked) if len(history) > 1 else None
        return Draft("ever", answers.ever_answer(moment), self._spans(history), (),
                     continues="ever")
