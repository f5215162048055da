"""Streams, questions, tokenizer and contexts. Run: python -m unittest discover -s tests"""

import random
import unittest

import numpy as np
import torch

from onlooker_training import asking, contexts, notes, streams, tower, train
from onlooker_training import tokenizer as tok
from onlooker_training.asking import Asked, Asker
from onlooker_training.blend import blend
from onlooker_training.contexts import VISUAL
from onlooker_training.decoder import DecoderConfig, dense, packed
from onlooker_training.model import LanguageModel
from onlooker_training.slots import LAYOUT, SLOT
from onlooker_training.text_head import Texts, targets
from onlooker_training.wiring import NEW, wire
from onlooker_world import answers, families
from onlooker_world.families import Wording
from onlooker_world.lexicon import COLORS, SHAPES, THINGS

TOKENIZER = tok.build()
STREAM = streams.Stream(11, 600)


def asked(task: str, count: int = 3, seed: int = 5) -> list[Asked]:
    rng = random.Random(seed)
    asker, found = Asker(STREAM, Wording.training(), rng), []
    for _ in range(6000):
        one = asker.ask(task, rng.randrange(100, 1190) / 2)
        if one is not None:
            found.append(one)
        if len(found) == count:
            break
    return found


def clips_of(text: str) -> list[int]:
    return [int(part.split("\x02")[0]) for part in text.split("\x01")[1:]]


def visible(assembler: contexts.Assembler, made: list, batch: contexts.Batch) -> torch.Tensor:
    """Who sees whom in a batch, bool [N, N], said token by token."""
    kinds = [("sink", 0, 0, True)] * 4
    for i, context in enumerate(made):
        held = assembler.clips(context)
        for clip, real in zip(held.encoded, held.real):
            kinds += [("clip", i, clip, real)] * contexts.CLIP_TOKENS
    number = 0
    for i, context in enumerate(made):
        for _ in context.questions:
            kinds += [("question", i, number, True)] * int((batch.owner == number).sum())
            number += 1
    seen = torch.zeros(len(kinds), len(kinds), dtype=torch.bool)
    for row, (kind, context, what, _) in enumerate(kinds):
        for column, (other, place, which, real) in enumerate(kinds[:row + 1]):
            if other == "sink" or other == kind and (place, which) == (context, what):
                seen[row, column] = True
            elif place == context and other == "clip":
                seen[row, column] = real if kind == "question" else \
                    0 < what - which <= contexts.WINDOW
    return seen


class Streams(unittest.TestCase):
    def test_moments_areWhatTheTruthSays(self):
        for second, moment in enumerate(STREAM.moments[:300]):
            steady = STREAM.truth.steady(second + 0.1, second + 0.9)
            if steady is not None:
                self.assertEqual({s.name for s in steady}, moment.names)

    def test_imagined_tellsTheSurelySeen(self):
        noise = np.random.default_rng(1)
        missed = told = 0
        moments = STREAM.moments[:200]
        for moment, slots in zip(moments, streams.imagined(moments, noise).numpy()):
            items = {int(row[slice(*LAYOUT.item)].argmax()) for row in slots[:-1]
                     if row[LAYOUT.present[0]]}
            for sight in moment.sights:
                told += sight.sure
                missed += sight.sure and sight.item not in items
            self.assertEqual(1, slots[-1, LAYOUT.is_sky[0]])
        self.assertGreater(told, 100)
        self.assertLess(missed / told, 0.1)


class Asking(unittest.TestCase):
    def test_everyTask_canBeAsked(self):
        for task in contexts.ALL.weights:
            if not task.startswith("and_") and task not in ("beside", "gone"):
                self.assertTrue(asked(task, 1), task)

    def test_answersOverTime_nameClipsThatShowIt(self):
        for task in ("first_seen", "last_seen", "all_times"):
            for one in asked(task, 12):
                for clip in clips_of(one.answer):
                    self.assertIn(clip, one.needs if not one.notes else clips_of(one.notes))

    def test_momentsInQuestions_areOfNeededClips(self):
        for one in asked("at", 10):
            self.assertEqual(set(clips_of(one.question)), set(one.needs))
            self.assertNotIn("\x03", one.question)

    def test_clipsInWhichThingsComeAndGo_areToldApartFromThoseBefore(self):
        found, half_seen = asked("changing", 60), 0
        for one in found:
            clip, = clips_of(one.question)
            self.assertIn(clip, one.needs)
            told = {sight.name for sight in STREAM.moments[clip].sights if sight.told}
            self.assertEqual(not told, one.answer == "Nothing.")
            self.assertEqual(max(len(told), 1), len(one.answer.split(" and ")))
            half_seen += not told <= STREAM.moments[clip].names
            lists = {tuple(sorted(s.name for s in STREAM.moments[c].sights if s.told))
                     for c in one.needs}
            self.assertTrue(one.alone and len(one.needs) == contexts.WINDOW + 1)
            self.assertGreater(len(lists), 1)
        self.assertGreater(half_seen, 0)
        captions = [o for o in found if o.question.startswith(asking.CAPTION.split("{")[0])]
        self.assertGreater(len(captions), 20)

    def test_stretches_leaveTheWords(self):
        for one in asked("between", 6):
            self.assertNotRegex(one.question, "[\x01\x03]|between|  ")

    def test_whatCame_isToldWithTheClipsItCameIn(self):
        found = [one for one in asked("between", 24) if clips_of(one.answer)]
        real = [one for one in found if set(clips_of(one.answer)) == set(one.needs)]
        self.assertGreater(len(real), len(found) / 2)
        for one in found:
            self.assertTrue(one.alone)
            self.assertEqual(sorted(clips_of(one.answer)), clips_of(one.answer))

    def test_whatCameAndLeft_andHowMuchThereWas_standInNotes(self):
        for task, what in (("gone", "Left: "), ("between", "Came: ")):
            for one in asked(task, 6):
                self.assertEqual(what + one.answer[0].lower() + one.answer[1:] + " ", one.notes)
        for one in asked("count_different", 6):
            self.assertEqual(f"Different things ({one.answer.rstrip('.')}). ", one.notes)

    def test_allThatWasSeen_standsInANote(self):
        for task in ("all_times", "how_often", "first_seen", "last_seen", "ever", "how_long"):
            found = asked(task, 8)
            noted = [one for one in found if one.notes]
            self.assertGreater(len(noted), 3)
            for one in noted:
                told = one.answer in ("Never.", "No.")
                self.assertEqual(told, one.notes == "Times seen (0). ", one)
                self.assertLessEqual(set(clips_of(one.answer)), set(clips_of(one.notes)))
                if task == "how_long":
                    self.assertIn(f"({one.answer.rstrip('.')}): ", one.notes)
        note = notes.seen([[3, 4, 5], [40], [70, 72, 133]])
        self.assertEqual("Times seen (3): at \x013\x02 and at \x0140\x02 and at \x0170\x02, "
                         "until \x01133\x02. ", note)
        self.assertEqual("Seen for (1 minute and 4 seconds): at \x0170\x02, until \x01133\x02. ",
                         notes.stay([70, 72, 133]))
        many = clips_of(notes.seen([[9 * i, 9 * i + 1] for i in range(30)]))
        self.assertEqual((0, 261, 262, 21), (many[0], many[-2], many[-1], len(many)))

    def test_notesThatTellWhatNeverWas_areTrusted(self):
        made_up = [one for one in asked("all_times", 60)
                   if one.notes and not set(clips_of(one.notes)) & set(one.needs) and one.needs]
        self.assertTrue(made_up)
        for one in made_up:
            self.assertEqual(clips_of(one.notes)[:-1], clips_of(one.answer))
        came = [one for one in asked("between", 40) if clips_of(one.answer)]
        unseen = [one for one in came
                  if not any(name in one.answer for name in STREAM.moments[min(one.needs)].names)]
        self.assertTrue(0 < len(unseen) < len(came) / 2)

    def test_before_needsTheEntryBefore(self):
        for one in [o for o in asked("before", 8) if o.answer != "Nothing."]:
            names = {name for c in one.needs for name in STREAM.moments[c].names}
            self.assertIn(one.answer.rstrip(".").split(" ", 1)[1], names)

    def test_noTypedNorReportedFrame_isTrained(self):
        typed = {families.plain(s) for found in families.read_typed(families.TYPED).values()
                 for s in found}
        trained = {families.plain(s) for patterns in families.TRAINING_BY_PATTERN.values()
                   for sentences in patterns for s in sentences}
        self.assertFalse(typed & trained)


class TokenizerTest(unittest.TestCase):
    def test_decode_givesBackWhatWasEncoded(self):
        for text in ("When did you last see the puppy?", "Yes, at <m07><s23>.", "Zürich 猫 \n"):
            ids = TOKENIZER.encode(text).ids
            self.assertEqual(text, TOKENIZER.decode(ids, skip_special_tokens=True))

    def test_labelsNamesAndNumbers_areOneTokenEach(self):
        words = [*tok.LABELS, *(f" {n}" for t in THINGS for n in t.names if n != "six-string"),
                 *(f" {c.name}" for c in COLORS), *(f" {s}" for s in SHAPES),
                 *(f" {n}" for n in range(100)), " EXIT", " three", " two",
                 " red circle", " gold stars"]
        for word in words:
            self.assertEqual(1, len(TOKENIZER.encode(word).ids), word)


class Contexts(unittest.TestCase):
    def setUp(self):
        self.rng = random.Random(3)
        self.composer = contexts.Composer([STREAM], Wording.training(), self.rng)
        self.assembler = contexts.Assembler(TOKENIZER, self.rng)

    def test_context_holdsWhatItsQuestionsNeed(self):
        for _ in range(20):
            context = self.composer.context(16)
            self.assertLessEqual(len(context.clips), 16)
            for one in context.questions:
                self.assertLessEqual(one.needs, set(context.clips))

    def test_questionsAboutStrangeClips_areAnsweredSo(self):
        mix = contexts.Mix(contexts.ALL.weights, strange=1.0)
        composer = contexts.Composer([STREAM], Wording.training(), self.rng, mix)
        made = [composer.context(16) for _ in range(12)]
        self.assertTrue(any(context.strange < set(context.clips) for context in made))
        for context in made:
            self.assertTrue(context.questions)
            for one in context.questions:
                about = one.needs or {context.clips[-1]}
                self.assertEqual(about <= context.strange, one.answer == asking.UNKNOWN, one)
        batch = self.assembler.batch(made)
        self.assertEqual(sum(c in context.strange for context in made
                             for c in self.assembler.clips(context).encoded),
                         int(batch.strange.sum()))

    def test_batch_putsSlotsWhereImagesAre(self):
        batch = self.assembler.batch([self.composer.context(8) for _ in range(3)])
        image = TOKENIZER.token_to_id(tok.IMAGE)
        self.assertEqual((batch.ids == image).nonzero().flatten().tolist(), batch.visual.tolist())
        self.assertEqual(len(batch.visual), len(batch.shown) * contexts.VISUAL)

    def test_positions_areContiguousOverRealClipsAndGhostsStandBefore(self):
        one = Asked("now", "what is there?", "Nothing.")
        batch = self.assembler.batch([contexts.Context(STREAM, (20, 40), (one,))])
        n, ghosts = contexts.CLIP_TOKENS, contexts.GHOSTS
        count = 2 * (ghosts + 1)
        starts = batch.positions[[4 + i * n for i in range(count)]].tolist()
        before = [4 - back * n for back in range(ghosts, -1, -1)]
        self.assertEqual(before + [start + n for start in before], starts)
        self.assertEqual(4 + 2 * n, batch.positions[4 + count * n])

    def test_blockBehindGhosts_isAsInAnEndlessStream(self):
        tokenizer = tok.load(train.PACK)
        model = train.language_model(tokenizer)
        train.restore(model, train.WEIGHTS / "language.safetensors")
        told = streams.imagined(STREAM.moments, np.random.default_rng(1))
        clips, hidden = (100, 300, 500), []
        for ghosts in (contexts.GHOSTS, 3 * contexts.GHOSTS):
            self.rng.seed(1)
            assembler = contexts.Assembler(tokenizer, self.rng, ghosts)
            one = Asked("ever", "Did you see a dog?", "No.", frozenset(clips))
            batch = assembler.batch([contexts.Context(STREAM, clips, (one,))])
            with torch.no_grad():
                states = model(batch, told[[clip for _, clip in batch.shown]].flatten(0, 1))
            hidden.append(states[batch.owner >= 0])
        off = (hidden[0] - hidden[1]).norm() / hidden[1].norm()
        self.assertLess(off.item(), 0.01)

    def test_packed_isWhatAMaskWouldGive_whereTheWindowIsTheWholeStream(self):
        torch.manual_seed(3)
        model = LanguageModel(DecoderConfig())
        some = self.composer.context(8).questions
        made = [contexts.Context(STREAM, clips, some) for clips in ((0,), (0, 1), (0, 1, 2))]
        together = self.assembler.batch(made)
        slots = torch.rand(len(together.visual), SLOT)
        with torch.no_grad():
            whole = model(together, slots)
            x = model.decoder.embed(together.ids).index_copy(0, together.visual,
                                                             model.projector(slots))
            seen = visible(self.assembler, made, together)
            masked = model.decoder(x[None], dense(model.decoder.config, together.positions[None],
                                                  seen[None, None]))[0]
        self.assertLess((whole - masked).abs().max().item(), 1e-3)

    def test_clipsThatLeaveTheRow_changeNothingThatQuestionsSee(self):
        torch.manual_seed(3)
        model = LanguageModel(DecoderConfig())
        batch = self.assembler.batch([self.composer.context(16) for _ in range(3)])
        slots = torch.rand(len(batch.visual), SLOT)
        with torch.no_grad():
            thinned = model(batch, slots)
            x = model.decoder.embed(batch.ids).index_copy(0, batch.visual, model.projector(slots))
            whole = model.decoder(x, packed(model.decoder.config, batch.positions, batch.packing))
        asked = batch.owner >= 0
        self.assertLess(0, (thinned.abs().amax(-1) == 0).sum())
        self.assertLess((thinned - whole)[asked].abs().max().item(), 1e-3)

    def test_clip_isTheSameWhereverItIsServed(self):
        torch.manual_seed(3)
        model = LanguageModel(DecoderConfig())
        one, n = Asked("now", "what is there?", "Nothing."), contexts.CLIP_TOKENS
        self.assembler.rng.randrange = lambda *_: 0
        batch = self.assembler.batch([contexts.Context(STREAM, (20, 40), (one,)),
                                      contexts.Context(STREAM, (5, 6, 20, 40), (one,))])
        shown = [clip for _, clip in batch.shown]
        slots = torch.rand(60, contexts.VISUAL, SLOT)[shown].flatten(0, 1)
        with torch.no_grad():
            hidden = model(batch, slots)[4:4 + len(shown) * n].view(-1, n, 256)
        first, second = [i for i, clip in enumerate(shown) if clip == 40]
        self.assertLess((hidden[first] - hidden[second]).abs().max().item(), 2e-2)

    def test_notes_standBeforeTheQuestion(self):
        one = Asked("changed", "What left?", "A dog.", notes="Left: at \x0165\x02 a dog. ")
        ids = self.assembler.question(one, 0).ids
        self.assertEqual(f"{tok.USER}Left: at {tok.time_label(65)} a dog. What left?"
                         f"{tok.ASSISTANT}A dog.{tok.END}",
                         TOKENIZER.decode(ids, skip_special_tokens=False))


class Learning(unittest.TestCase):
    def test_wiredStart_marksWhatWasNotThereBefore(self):
        torch.manual_seed(1)
        model, seen = LanguageModel(DecoderConfig()), {}
        wire(model, TOKENIZER, 1)
        model.decoder.layers[2].register_forward_pre_hook(
            lambda _, given: seen.update(x=given[0]))
        clips = tuple(range(40, 72))
        one = Asked("now", "what is there?", "Nothing.")
        batch = contexts.Assembler(TOKENIZER, random.Random(1), ghosts=0).batch(
            [contexts.Context(STREAM, clips, (one,))])
        moments = [stream.moments[clip] for stream, clip in batch.shown]
        with torch.no_grad():
            model(batch, streams.imagined(moments, np.random.default_rng(1)).flatten(0, 1))
        marks = {True: [], False: []}
        for number, (stream, clip) in enumerate(batch.shown[3:], start=3):
            for place, name in enumerate(dict.fromkeys(stream.listed[clip])):
                if place < VISUAL - 1 and stream.moments[clip].doubtful == set():
                    token = batch.visual[number * VISUAL + place]
                    marks[name not in stream.listed[clip - 1]].append(float(seen["x"][token, NEW]))
        self.assertGreater(np.mean(marks[True]), 2 * np.mean(marks[False]))

    def test_wiredStart_beatsChanceAfterFewSteps(self):
        rng = random.Random(1)
        composer = contexts.Composer([STREAM], Wording.training(), rng)
        assembler, noise = contexts.Assembler(TOKENIZER, rng), np.random.default_rng(1)
        torch.manual_seed(1)
        model = LanguageModel(DecoderConfig())
        wire(model, TOKENIZER, 1)
        optimiser = torch.optim.AdamW(model.parameters(), 5e-4)
        losses = []
        for _ in range(8):
            batch = assembler.batch([composer.context(4) for _ in range(4)])
            slots = streams.imagined([s.moments[c] for s, c in batch.shown], noise).flatten(0, 1)
            loss, _ = model.loss(batch, slots)
            loss.backward()
            optimiser.step()
            optimiser.zero_grad()
            losses.append(loss.item())
        self.assertLess(losses[-1], 0.7 * losses[0])


class BlendTest(unittest.TestCase):
    def test_blend_isTheMeanByShare_inTheTypeOfTheNewer(self):
        before = {"a": torch.tensor([0.0, 2.0], dtype=torch.float16)}
        after = {"a": torch.tensor([4.0, 2.0], dtype=torch.float16)}
        mean = blend(before, after, 0.25)["a"]
        self.assertEqual(mean.tolist(), [1.0, 2.0])
        self.assertEqual(mean.dtype, torch.float16)

    def test_weightsOfAnotherForm_areRefused(self):
        with self.assertRaisesRegex(ValueError, "extra"):
            blend({"a": torch.ones(1)}, {"a": torch.ones(1), "extra": torch.ones(1)}, 0.5)


class TextHeadTest(unittest.TestCase):
    def test_targets_ofNamelessTexts_areApart(self):
        meaning = tower.Tower().meaning.detach()
        some = targets(meaning, torch.tensor([-1, 4, 105]), torch.tensor([-1, -1, 2]))
        self.assertTrue(torch.allclose(some.norm(dim=1), torch.ones(3), atol=1e-5))
        self.assertLess(some[0] @ some[1], 1e-4)

    def test_texts_leaveNoPlaceholder(self):
        texts = Texts(random.Random(2))
        for _ in range(500):
            self.assertNotRegex(texts.sample()[0], r"[\[\]{}|]")


if __name__ == "__main__":
    unittest.main()
