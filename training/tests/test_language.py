"""Questions, tokenizer and contexts. Run: python -m unittest discover -s tests"""

import random
import unittest
from dataclasses import replace

import numpy as np
import torch

from onlooker_training import contexts, questions
from onlooker_training import tokenizer as tok
from onlooker_training.decoder import Decoder, DecoderConfig
from onlooker_training.lexicon import THINGS
from onlooker_training.model import LanguageModel
from onlooker_training.vision import Projector
from onlooker_training.wiring import wire

TOKENIZER = tok.build()
SMALL = contexts.Shape(contexts=3, clips=3, frames=1, question_tokens=128)


class Questions(unittest.TestCase):
    def test_frames_ofTrainingAndReporting_areDisjoint(self):
        for task in questions.TASKS:
            training = {questions.plain(s) for s in questions.TRAINING[task]}
            reporting = {questions.plain(s) for s in questions.REPORTING[task]}
            self.assertGreaterEqual(len(training), 12)
            self.assertGreaterEqual(len(reporting), 6)
            self.assertEqual(set(), training & reporting)

    def test_fill_leavesNoPlaceholder(self):
        rng = random.Random(3)
        for task in questions.TASKS:
            for _ in range(300):
                text = questions.training_question(task, rng, rng.choice(THINGS), "<m01><s02>")
                self.assertNotRegex(text, r"[\[\]{}|]")

    def test_describe_namesThingsInLexiconOrder(self):
        some = [THINGS[5], THINGS[0], THINGS[21]]
        self.assertEqual("A dog and a sheep and an umbrella.", questions.describe(some))
        self.assertEqual("A sheep and a dog and an umbrella.", questions.tell(some))
        self.assertEqual("Nothing.", questions.describe([]))


class TokenizerTest(unittest.TestCase):
    def test_decode_givesBackWhatWasEncoded(self):
        for text in ("When did you last see the puppy?", "Yes, at <m07><s23>.", "Zürich 猫 \n",
                     "what is visible at <m99><s59> ?"):
            ids = TOKENIZER.encode(text).ids
            self.assertEqual(text, TOKENIZER.decode(ids, skip_special_tokens=True))

    def test_labels_areOneTokenEach(self):
        for label in tok.LABELS:
            self.assertEqual(1, len(TOKENIZER.encode(label).ids))

    def test_canonicalNames_areOneTokenEach(self):
        for thing in THINGS:
            self.assertEqual(1, len(TOKENIZER.encode(f" {thing.name}").ids), thing.name)


class Contexts(unittest.TestCase):
    def setUp(self):
        rng, noise = random.Random(5), np.random.default_rng(5)
        self.assembler = contexts.Assembler(TOKENIZER)
        self.shape = replace(SMALL, window=1)
        self.batch, self.strengths = contexts.text_batch(rng, self.assembler, self.shape, noise)
        self.head = 4 + self.shape.clips * self.shape.clip_tokens

    def test_mask_hidesQuestionsFromEachOtherAndFarClips(self):
        mask, owner = self.batch.mask[0, 0], self.batch.owner[0]
        first, second = (torch.nonzero(owner == i)[:, 0] for i in (0, 1))
        self.assertFalse(mask[second][:, first].any())
        self.assertTrue(mask[second][:, :self.head].all())
        third = 4 + 2 * self.shape.clip_tokens
        self.assertFalse(mask[third, 4:4 + self.shape.clip_tokens].any())
        self.assertTrue(mask[third, 4 + self.shape.clip_tokens:third].all())
        self.assertTrue(mask[third, :4].all())

    def test_positions_ofEveryQuestionStartAfterTheClips(self):
        for owner, positions in zip(self.batch.owner, self.batch.positions):
            for i in range(int(owner.max()) + 1):
                where = positions[owner == i]
                self.assertEqual(list(range(self.head, self.head + len(where))), where.tolist())

    def test_questions_doNotChangeEachOthersAnswers(self):
        decoder = Decoder(DecoderConfig(vocab_size=TOKENIZER.get_vocab_size(),
                                        num_hidden_layers=2)).eval()
        ids = self.batch.ids[:1].clone()
        with torch.no_grad():
            before = decoder(decoder.embed(ids), self.batch.positions[:1], self.batch.mask[:1])
            ids[self.batch.owner[:1] == 0] = 40
            after = decoder(decoder.embed(ids), self.batch.positions[:1], self.batch.mask[:1])
        other = self.batch.owner[0] == 1
        self.assertLess((before[0, other] - after[0, other]).abs().max(), 1e-5)

    def test_answers_standAfterTheirQuestion(self):
        ids, targets, owner = self.batch.ids[0], self.batch.targets[0], self.batch.owner[0]
        for i in range(int(owner.max()) + 1):
            row = TOKENIZER.decode(ids[owner == i].tolist(), skip_special_tokens=False)
            wanted = targets[(owner == i) & (targets >= 0)].tolist()
            self.assertTrue(row.endswith(TOKENIZER.decode(wanted, skip_special_tokens=False)))
            self.assertTrue(row.startswith(tok.USER))

    def test_equals_areTheThingsThatAreLeft(self):
        answer = TOKENIZER.encode("A dog and an umbrella and a cat.").ids
        others = self.assembler.equals(answer)
        words = [[TOKENIZER.id_to_token(i) for i in row] for row in others]
        self.assertEqual([["An"], ["Ġcat"], [], ["Ġa"], [], [], [], [], []], words)

    def test_strengths_showEveryObjectOfAClip(self):
        best = self.strengths.amax(2)
        self.assertTrue(((best >= 0.74).sum(-1) <= 3).all())


class ProjectorTest(unittest.TestCase):
    def test_strengths_ofALargeThing_weighLittleMoreThanOfASmallOne(self):
        model = LanguageModel(DecoderConfig(vocab_size=TOKENIZER.get_vocab_size()))
        projector = Projector(model.table, 256)
        projector.see.weight.data = torch.eye(256)[:len(THINGS)]
        projector.see.bias.data.zero_()
        tokens = torch.full((1, 16, 256), -9.0)
        tokens[0, :12, 0] = torch.linspace(4, 8, 12)
        tokens[0, 13, 1] = 6
        strengths = projector.strengths(tokens)[0]
        self.assertGreater(strengths[:, :2].amax(0).min(), 0.99)
        self.assertLess(strengths[:, 0].sum() / strengths[:, 1].sum(), 1.6)
        self.assertLess(strengths[:, 2:].max(), 0.01)


class Answers(unittest.TestCase):
    SETS = [{0, 1}, set(), {1}, {2}]
    SECONDS = [10, 11, 75, 76]

    def test_lastSeen_isTheLatestClip(self):
        rng = random.Random(0)
        answers = {contexts.ask(rng, "last_seen", self.SETS, self.SECONDS, 41)
                   for _ in range(400)}
        cat = [a for q, a in answers if " cat" in q and "house" not in q]
        self.assertTrue(cat)
        self.assertEqual({"At <m01><s15>."}, set(cat))

    def test_ever_isBalanced(self):
        rng = random.Random(0)
        yes = sum(contexts.ask(rng, "ever", self.SETS, self.SECONDS, 41)[1] != "No."
                  for _ in range(1000))
        self.assertTrue(430 < yes < 570, yes)

    def test_unsureClips_areNotAskedAbout(self):
        rng = random.Random(0)
        unsure = [set(), set(), set(), {2}]
        for task in questions.TASKS:
            for _ in range(50):
                text, answer = contexts.ask(rng, task, self.SETS[:3] + [set()], self.SECONDS, 41,
                                            unsure)
                self.assertNotIn("horse", answer)
                if task == "now":
                    self.assertEqual(("", ""), (text, answer))


class Wiring(unittest.TestCase):
    def test_untrainedStart_readsTheClipThatIsAskedFor(self):
        """Before any training, the things of the clip at the asked time lie higher than the
        others where the first name of the answer is to come."""
        torch.manual_seed(0)
        model = LanguageModel(DecoderConfig(vocab_size=TOKENIZER.get_vocab_size())).eval()
        wire(model, TOKENIZER, 1)
        shape = contexts.Shape(contexts=8, clips=4, rows=2, columns=3, question_tokens=128)
        batch, strengths = contexts.text_batch(
            random.Random(4), contexts.Assembler(TOKENIZER), shape, np.random.default_rng(4))
        names = [TOKENIZER.encode(f" {t.name}").ids[0] for t in THINGS]
        with torch.no_grad():
            visual = model.table(strengths.flatten(0, 1), 6).reshape(8, -1, 256)
            logits = model.decoder.logits(model(batch, visual))[..., names]
        better = total = 0
        for i, tasks in enumerate(batch.tasks):
            for j, task in enumerate(tasks):
                asked = torch.nonzero(batch.owner[i] == j)[:, 0]
                places = [p for p in asked.tolist() if int(batch.targets[i, p]) in names]
                if task != "at" or not places:
                    continue
                wanted = [names.index(int(batch.targets[i, p])) for p in places]
                row = logits[i, places[0]]
                others = [k for k in range(len(names)) if k not in wanted]
                better += int(row[wanted].max() > row[others].quantile(0.9))
                total += 1
        self.assertGreater(total, 15)
        self.assertGreater(better / total, 0.5)


if __name__ == "__main__":
    unittest.main()
