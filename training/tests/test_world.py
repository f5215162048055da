"""Worlds repeat with their seed; questions are balanced and true."""

import tempfile
import unittest
from pathlib import Path

import av
import numpy as np

from onlooker_training import asking, draw, world
from onlooker_training.lexicon import BY_NAME, INDEX, THINGS, plural

FPS = 8
SEED = 1_000_000 - 7


class WorldTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.world = world.invent(SEED, 240, 4 / 3)
        cls.table = world.states(cls.world, FPS)
        cls.questions = asking.questions(cls.table, FPS, 160, SEED)

    def of(self, task: str) -> list[dict]:
        return [q for q in self.questions if q["task"] == task]

    def states_around(self, t: float, before: float, after: float) -> np.ndarray:
        return self.table[round((t - before) * FPS):round((t + after) * FPS) + 1]

    def test_same_seed_same_world_and_questions(self):
        again = world.invent(SEED, 240, 4 / 3)
        self.assertEqual(self.world, again)
        self.assertEqual(self.questions, asking.questions(self.table, FPS, 160, SEED))
        self.assertNotEqual(self.world, world.invent(SEED + 1, 240, 4 / 3))

    def test_up_to_three_things_at_once_and_quiet_between(self):
        counts = np.bincount((self.table == 2).sum(axis=1), minlength=4) / len(self.table)
        self.assertEqual(len(counts), 4)
        self.assertTrue((counts > 0.08).all(), counts)

    def test_spans_give_back_the_states(self):
        column = self.table[:, INDEX[world.truth(self.world, self.table, FPS)[0]["name"]]] == 2
        again = np.zeros(len(column), dtype=bool)
        for start, end in world.spans(column, FPS):
            again[round(start * FPS):round(end * FPS)] = True
        self.assertTrue((again == column).all())

    def test_answers_are_balanced(self):
        self.assertEqual([len(self.of(task)) for task in asking.TASKS], [40] * 4)
        for task in ("now", "at"):
            self.assertEqual(sum(not q["objects"] for q in self.of(task)), 8)
        self.assertEqual(sum(q["moment"] is None for q in self.of("last_seen")), 8)
        self.assertEqual(sum(q["seen"] for q in self.of("ever")), 20)

    def test_now_is_what_is_visible_for_a_second_on_both_sides(self):
        for q in self.of("now"):
            around = self.states_around(q["askedAt"], 1, 1)
            for row in around:
                self.assertEqual({INDEX[n] for n in q["objects"]}, set(np.flatnonzero(row)))

    def test_at_is_what_was_visible_in_its_evidence(self):
        for q in self.of("at"):
            (start, end), = q["evidence"]
            self.assertLess(start, q["askedAt"])
            row = self.table[round((start + end) / 2 * FPS)]
            self.assertEqual({INDEX[n] for n in q["objects"]}, set(np.flatnonzero(row == 2)))

    def test_last_seen_is_the_end_of_the_last_sight(self):
        for q in self.of("last_seen"):
            things = [i for i in range(len(self.table[0])) if self.asks_about(q, i)]
            self.assertEqual(len(things), 1, q["question"])
            seen = np.flatnonzero(self.table[:round(q["askedAt"] * FPS), things[0]] == 2)
            if q["moment"] is None:
                self.assertEqual(len(seen), 0, q)
            else:
                self.assertAlmostEqual(q["moment"], (seen[-1] + 1) / FPS, places=2)
                self.assertIn(f"at {asking.clock(q['moment'])}", q["accepted"])

    def test_ever_is_whether_it_was_visible_before(self):
        for q in self.of("ever"):
            thing = next(i for i in range(len(self.table[0])) if self.asks_about(q, i))
            before = self.table[:round(q["askedAt"] * FPS), thing]
            self.assertEqual(q["seen"], bool((before == 2).any()), q)
            self.assertEqual(q["accepted"][0], "yes" if q["seen"] else "no")

    def test_world_without_room_for_the_questions_is_refused(self):
        with self.assertRaisesRegex(ValueError, "ask for fewer"):
            asking.questions(self.table[:40 * FPS], FPS, 400, SEED)

    def test_loop_begins_and_ends_empty_on_the_same_background(self):
        looped = world.invent(SEED, 60, 4 / 3, loop=True)
        table = world.states(looped, FPS)
        self.assertFalse(table[:2 * FPS].any() or table[-2 * FPS:].any())
        self.assertEqual(looped.cuts[0].background, looped.cuts[-1].background)

    def test_video_has_every_frame_and_a_keyframe_each_two_seconds(self):
        short = world.invent(SEED, 6, 4 / 3)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stream.mp4"
            world.record(short, path, FPS, (160, 120), 28, SEED)
            with av.open(str(path)) as container:
                frames = list(container.decode(video=0))
        self.assertEqual([frame.pts * frame.time_base for frame in frames],
                         [i / FPS for i in range(6 * FPS)])
        self.assertEqual([i for i, f in enumerate(frames) if f.key_frame], [0, 16, 32])
        drawn = draw.render(short.scene_at(4), 160, 120).astype(int)
        self.assertLess(np.abs(frames[32].to_ndarray(format="rgb24") - drawn).mean(), 12)

    def asks_about(self, question: dict, thing: int) -> bool:
        """Whether one of the thing's names, or its plural, is the longest one in the question."""
        text = question["question"].lower().rstrip("?.") + " "
        named = [name for name in BY_NAME if f" {name} " in text or f" {plural(name)} " in text]
        return BY_NAME[max(named, key=len)] is THINGS[thing]


if __name__ == "__main__":
    unittest.main()
