"""Makers of questions about all that was seen of one thing: whether, when, how often, how long."""

from onlooker_world import answers
from onlooker_world.drafts import Draft, Maker

MOST_TIMES = 5


class HistoryMakers(Maker):
    def _never(self, task: str, asked: float, answer: dict) -> Draft:
        return self._named(task, answer, (), self._unseen(asked))

    def _ever(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("ever", asked, answers.ever_answer(None))
        found = self._candidate(asked, -1, low, high)
        if found is None:
            return None
        last = min(found[1][-1].end, asked)
        return self._named("ever", answers.ever_answer(last), self._spans(found[1]), found[0])

    def _first_seen(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("first_seen", asked, answers.moment_answer(None))
        found = self._candidate(asked, 0, low, high)
        if found is None:
            return None
        name, history = found
        return self._named("first_seen", answers.moment_answer(history[0].start),
                           self._spans(history[:1]), name, subject=history[0].sightings[0])

    def _last_seen(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("last_seen", asked, answers.moment_answer(None))
        found = self._candidate(asked, -1, low, high, gone=True)
        if found is None:
            return None
        name, history = found
        return self._named("last_seen", answers.moment_answer(history[-1].end),
                           self._spans(history[-1:]), name, subject=history[-1].sightings[0])

    def _all_times(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("all_times", asked, answers.moments_answer([]))
        found = self._candidate(asked, None, low, high)
        if found is None or len(found[1]) > MOST_TIMES or any(a.broken for a in found[1]):
            return None
        name, history = found
        return self._named("all_times", answers.moments_answer([a.start for a in history]),
                           self._spans(history), name)

    def _how_often(self, asked, kind, positive, low, high) -> Draft | None:
        if not positive:
            return self._never("how_often", asked, answers.often_answer(0))
        found = self._candidate(asked, None, low, high)
        if found is None or len(found[1]) >= len(answers.TIMES) or any(
                a.broken for a in found[1]):
            return None
        name, history = found
        return self._named("how_often", answers.often_answer(len(history)), self._spans(history),
                           name)

    def _how_long(self, asked, kind, positive, low, high) -> Draft | None:
        found = self._candidate(asked, -1, low, high, gone=True)
        if found is None or found[1][-1].doubtful:
            return None
        name, last = found[0], found[1][-1]
        if last.end - last.start < 2:
            return None
        return self._named("how_long", answers.duration_answer(last.end - last.start),
                           self._spans([last]), name)
