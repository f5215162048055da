"""Makers of questions about one moment: what is there, where, what it is like, what it does."""

import math
from collections import Counter

from onlooker_world import answers, paint
from onlooker_world.drafts import SETTLED, Draft, Maker

ALIKE = 120.0
"""RGB distance below which a thing could be taken for one of a shape's colour."""


class MomentMakers(Maker):
    def _now(self, asked, kind, positive, low, high) -> Draft | None:
        return self._set("now", asked, kind, positive, low, high)

    def _at(self, asked, kind, positive, low, high) -> Draft | None:
        return self._set("at", asked, kind, positive, low, high)

    def _set(self, task, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None or bool(made[2]) != positive:
            return None
        t, when, found = made
        return Draft(task, answers.set_answer([s.name for s in found]), self._around(t, asked),
                     (when,), when=when, t=t, subject=found[0] if len(found) == 1 else None)

    def _count_now(self, asked, kind, positive, low, high) -> Draft | None:
        found = self.truth.steady(asked - 2 * SETTLED, asked + SETTLED)
        if found is None or not positive and "n" not in kind and found:
            return None
        if "n" not in kind:
            if positive != bool(found):
                return None
            return Draft("count_now", answers.number_answer(len(found)),
                         self._around(asked, asked), ())
        counts = Counter(s.name for s in found)
        if not positive:
            name = self._unseen(asked) if self.rng.random() < 0.3 else self.rng.choice(self.names)
            if counts[name]:
                return None
        elif not counts:
            return None
        else:
            name, number = self.rng.choice(sorted(counts.items()))
            if number == 1 and self.rng.random() < 0.75:
                return None
        return Draft("count_now", answers.number_answer(counts[name], name),
                     self._around(asked, asked), (name,), name=self._synonym(name))

    def _where(self, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None or not (unique := self._unique(made[2])):
            return None
        t, when, _ = made
        sighting = self.rng.choice(unique)
        place = self._place(sighting, t)
        if place is None or place == "middle" and self.rng.random() < 0.3:
            return None
        return self._about("where", answers.place_answer(place), sighting, t, asked, when)

    def _about(self, task, answer, sighting, t, asked, when) -> Draft:
        evidence = ((max(t - 1, 0.0), min(t + 1, asked)),)
        return Draft(task, answer, evidence, (sighting.name, when),
                     name=self._spoken(sighting.stay.item), when=when, subject=sighting, t=t)

    def _motion(self, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None or not (unique := self._unique(made[2])):
            return None
        t, when, _ = made
        wanted = self.rng.choice(("left", "right", "up", "down", "still"))
        for sighting in unique:
            if self._doing(sighting, t) == wanted:
                return self._about("motion", answers.motion_answer(wanted), sighting, t, asked,
                                   when)
        return None

    def _color(self, asked, kind, positive, low, high) -> Draft | None:
        return self._figure("color", asked, kind, low, high)

    def _shape(self, asked, kind, positive, low, high) -> Draft | None:
        return self._figure("shape", asked, kind, low, high)

    def _figure(self, task, asked, kind, low, high) -> Draft | None:
        """The colour of the one shape of its form, or the form of the one of its colour."""
        made = self._moment(asked, kind, low, high)
        if made is None:
            return None
        t, when, found = made
        shapes = [s for s in found if s.stay.item.kind == "shape"]
        given = "shape" if task == "color" else "color"
        counts = Counter(getattr(s.stay.item, given) for s in shapes)
        unique = [s for s in shapes if counts[getattr(s.stay.item, given)] == 1]
        if not unique:
            return None
        sighting = self.rng.choice(unique)
        item = sighting.stay.item
        if task == "shape" and any(
                math.dist(paint.mean_color(s.stay.item), item.rgb) < ALIKE
                for s in found if s.stay.item.kind != "shape"):
            return None
        answer = answers.color_answer(item.color) if task == "color" \
            else answers.shape_answer(item.shape)
        spans = tuple((a, min(b, asked)) for a, b in sighting.visible if a <= t < b)
        if when is not None:
            spans = ((t - 1, t + 1),)
        return Draft(task, answer, spans, (item.name, when), when=when, color=item.color,
                     shape=item.shape, subject=sighting, t=t)

    def _sign(self, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None:
            return None
        t, when, found = made
        signs = [s for s in found if s.name == "sign"]
        if len(signs) != 1:
            return None
        texts = {signs[0].stay.text(t + d) for d in (-1.5, -1, 0, 1, 2)}
        legible = any(a <= t - 1 and t + 1 <= b for a, b in signs[0].clear)
        if len(texts) != 1 or not legible:
            return None
        return self._about("sign", answers.sign_answer(texts.pop()), signs[0], t, asked, when)

    def _happening(self, asked, kind, positive, low, high) -> Draft | None:
        made = self._moment(asked, kind, low, high)
        if made is None:
            return None
        t, when, found = made
        facts = {}
        for sighting in found:
            doing = self._doing(sighting, t)
            if doing is None or facts.setdefault(sighting.name, doing) != doing:
                return None
        told = sorted(((name, answers.VERBS[doing]) for name, doing in facts.items()),
                      key=lambda fact: (fact[1] == "stand", fact[1] not in answers.DOES))
        if self._cut(t - 2, t + 2):
            return None
        weather = self.truth.shot_at(t).weather
        if weather != "clear":
            told.append((weather, "fall"))
        idle = all(verb in ("stand", "fall") for _, verb in told)
        if not told or idle and self.rng.random() < 0.7:
            return None
        counts = Counter(s.name for s in found)
        return Draft("happening", answers.happening_answer(told, counts),
                     ((max(t - 1, 0.0), min(t + 1, asked)),), (when,), when=when, t=t)

    def _unknowable(self, asked, kind, positive, low, high) -> Draft | None:
        """About somebody who was seen, where the frame names one."""
        history = self._history(name := self.rng.choice(self.names), asked)
        if not history or history[-1].end < asked - 900:
            return None
        return Draft("unknowable", answers.unknowable_answer(), (),
                     (self.rng.random(),), name=self._synonym(name) if "n" in kind else "")
