"""Questions of the second world: balanced, true, and asked in sentences of one stock only.

Answers are worked out a second time here, from a plain table of what can be seen in each frame.
"""

import json
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

import av
import numpy as np

from onlooker_world import asking, families, paint, scene, world
from onlooker_world.families import Wording
from onlooker_world.lexicon import SHAPES, THING, THINGS, plural
from onlooker_world.script import Script
from onlooker_world.truth import Truth

FPS = 4
SEED = 999_901
SECONDS = 1500
ASPECT = 4 / 3
EACH = 20
CANONICAL = {name: thing.name for thing in THINGS for name in thing.names}
TRUTHS = {"now": "objects", "at": "objects", "changed": "objects", "before": "objects",
          "after": "objects", "ever": "seen", "first_seen": "moment", "last_seen": "moment",
          "all_times": "moments", "count_now": "number", "count_different": "number",
          "how_often": "number", "how_long": "duration", "where": "place",
          "motion": "direction", "color": "color", "shape": "shape", "sign": "text",
          "happening": "facts", "unknowable": "declines"}


class Frames:
    """What is seen in every frame of a script, kept as plainly as can be."""

    def __init__(self, script: Script):
        self.counts: list[Counter] = []
        self.unsure: list[set] = []
        self.placed: list[list] = []
        for episode in script.episodes():
            while len(self.counts) / FPS < episode.end:
                now = episode.scene_at(len(self.counts) / FPS)
                seen = paint.coverage(now.objects, ASPECT)
                shares = [(p, s.share) for p, s in zip(now.objects, seen)]
                self.counts.append(Counter(p.item.name for p, s in shares if s >= 0.35))
                self.unsure.append({p.item.name for p, s in shares if 0.1 <= s < 0.35})
                self.placed.append([p for p, s in shares if s >= 0.35])

    def at(self, t: float) -> Counter:
        return self.counts[round(t * FPS)]

    def seen(self, name: str, asked: float) -> np.ndarray:
        """The frames before askedAt in which the name is visible."""
        return np.flatnonzero([name in c for c in self.counts[:round(asked * FPS)]])

    def appearances(self, name: str, asked: float) -> list[tuple[float, float]]:
        """Runs of those frames, with gaps below 5 seconds closed."""
        frames = self.seen(name, asked)
        if not len(frames):
            return []
        runs = np.split(frames, np.flatnonzero(np.diff(frames) > 5 * FPS) + 1)
        return [(run[0] / FPS, (run[-1] + 1) / FPS) for run in runs]


class QuestionsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        script = Script(SEED, SECONDS, ASPECT)
        cls.truth = Truth(FPS, ASPECT)
        for _ in world.watch(script, FPS, cls.truth):
            pass
        cls.frames = Frames(script)
        cls.questions = asking.questions(cls.truth, EACH * len(families.TASKS), SEED,
                                         Wording.reporting())
        cls.by_id = {q["id"]: q for q in cls.questions}

    def of(self, *tasks: str) -> list[dict]:
        """Questions of these tasks, with the moment their sentence names as "t"."""
        return [q for q in self.questions if q["task"] in tasks]

    def named(self, question: dict) -> str:
        """The canonical name in the question: the longest that stands in it."""
        text = " " + question["question"].lower().rstrip("?.") + " "
        known = {name: CANONICAL[name] for name in CANONICAL} | {
            name: name for name in self.truth.appearances if name not in THING}
        known |= {f"{c} {s}": f"{c} {s}" for c in families_colors() for s in SHAPES}
        known |= {"sign": "sign"}
        found = [n for n in known if f" {n} " in text or f" {plural(n)} " in text]
        self.assertTrue(found, text)
        return known[max(found, key=len)]

    def moment(self, question: dict) -> float:
        """The moment in the middle of the evidence of a question about one moment."""
        (start, end), = question["evidence"]
        return (start + end) / 2

    def test_every_task_has_as_many_questions_and_its_truth(self):
        self.assertEqual(Counter(q["task"] for q in self.questions),
                         {task: EACH for task in families.TASKS})
        for q in self.questions:
            task = q.get("continues", q["task"])
            self.assertIn(TRUTHS[task], q)
            self.assertTrue(q["answer"] and q["accepted"] and q["question"])
            for start, end in q["evidence"]:
                self.assertTrue(0 <= start < end <= q["askedAt"], q)
            self.assertNotRegex(q["question"], r"\[|\]|\bat at\b|since in|  ")
        self.assertEqual(len({q["id"] for q in self.questions}), len(self.questions))
        json.dumps(self.questions)

    def test_answers_are_balanced(self):
        for task in asking.NOTHING:
            empty = [q for q in self.of(task) if q[TRUTHS[task]] in ([], None, 0)]
            self.assertEqual(len(empty), EACH * asking.RARE, task)
        self.assertEqual(sum(q["seen"] for q in self.of("ever")), EACH / 2)
        for task in ("at", "first_seen", "where", "motion", "color", "how_often"):
            ages = Counter(asking.age_of(q["age"]) for q in self.of(task) if q["evidence"])
            self.assertTrue(all(ages[i] >= 2 for i in range(4)), (task, ages))

    def test_now_is_what_is_visible_for_a_second_on_both_sides(self):
        for q in self.of("now"):
            for d in np.arange(-1, 1.01, 0.25):
                self.assertEqual(set(q["objects"]), set(self.frames.at(q["askedAt"] + d)), q)

    def test_at_is_what_was_visible_in_its_evidence(self):
        for q in self.of("at"):
            self.assertEqual(set(q["objects"]), set(self.frames.at(self.moment(q))), q)

    def test_changed_came_or_went_in_its_evidence(self):
        for q in self.of("changed"):
            if q["objects"]:
                for name, (start, end) in zip(q["objects"], q["evidence"]):
                    before = self.frames.at(max(start - 0.5, 0))[name]
                    after = self.frames.at(min(end + 0.5, q["askedAt"] + 0.5))[name]
                    self.assertNotEqual(bool(before), bool(after), q)

    def test_ever_first_last_and_all_times(self):
        for q in self.of("ever", "first_seen", "last_seen", "all_times", "how_often"):
            runs = self.frames.appearances(self.named(q), q["askedAt"])
            if q["task"] == "ever":
                self.assertEqual(q["seen"], bool(runs), q)
            elif q["task"] == "all_times":
                self.assertEqual(q["moments"], [start for start, _ in runs], q)
            elif q["task"] == "how_often":
                self.assertEqual(q["number"], len(runs), q)
            elif q["moment"] is None:
                self.assertEqual(runs, [], q)
            else:
                want = runs[0][0] if q["task"] == "first_seen" else runs[-1][1]
                self.assertEqual(q["moment"], want, q)

    def test_never_is_not_even_a_glimpse(self):
        for q in self.of("ever"):
            if not q["seen"]:
                name = self.named(q)
                upto = self.frames.unsure[:round((q["askedAt"] + 1) * FPS)]
                self.assertFalse(any(name in hinted for hinted in upto), q)

    def test_how_long_is_the_length_of_the_last_appearance(self):
        for q in self.of("how_long"):
            start, end = self.frames.appearances(self.named(q), q["askedAt"])[-1]
            self.assertAlmostEqual(q["duration"], end - start, places=3)

    def test_before_and_after_are_the_neighbours_in_the_order_of_coming(self):
        for q in self.of("before", "after"):
            if not q["objects"]:
                continue
            name, other = self.named(q), q["objects"][0]
            start = self.frames.appearances(name, q["askedAt"])[0][0]
            starts = sorted((run[0], n) for n in self.truth.appearances
                            for run in self.frames.appearances(n, q["askedAt"]))
            came = [s for s, n in starts if n == other]
            later = [s for s in came if s > start] if q["task"] == "after" else [
                s for s in came if s < start]
            near = min(later) if q["task"] == "after" else max(later)
            between = [n for s, n in starts if min(start, near) < s < max(start, near)]
            self.assertEqual(between, [], q)

    def test_counts(self):
        for q in self.of("count_now"):
            counts = self.frames.at(q["askedAt"])
            text = q["question"].lower()
            total = "things" in text or "objects" in text
            want = sum(counts.values()) if total else counts[self.named(q)]
            self.assertEqual(q["number"], want, q)
        for q in self.of("count_different"):
            self.assertEqual(q["number"], len(q["evidence"]))
            if "so far" in q["question"]:
                names = set().union(*self.frames.counts[:round(q["askedAt"] * FPS)])
                self.assertEqual(q["number"], len(names), q)

    def test_where_and_motion_are_as_drawn(self):
        for q in self.of("where", "motion"):
            t, name = self.moment(q), self.named(q)
            if t > q["askedAt"] - 1:
                t = q["askedAt"]
            one, two = (next(p for p in self.frames.placed[round((t + d) * FPS)]
                             if p.item.name == name) for d in (-0.5, 0.5))
            if q["task"] == "where":
                self.assertEqual(q["place"], scene.place_name(one.x, one.y), q)
                continue
            dx, dy = (two.x - one.x) * ASPECT, two.y - one.y
            self.assertEqual(q["direction"] == "still", abs(dx) + abs(dy) < 1e-6, q)
            if q["direction"] != "still":
                way = (("right" if dx > 0 else "left") if abs(dx) > abs(dy)
                       else "down" if dy > 0 else "up")
                self.assertEqual(q["direction"], way, q)

    def test_colour_shape_and_sign_are_unmistakable(self):
        for q in self.of("color", "shape", "sign"):
            t = min(self.moment(q), q["askedAt"] - 0.5)
            placed = self.frames.placed[round(t * FPS)]
            if q["task"] == "sign":
                self.assertEqual([p.text for p in placed if p.item.kind == "sign"], [q["text"]])
                continue
            given = "shape" if q["task"] == "color" else "color"
            asked = next(w for w in q["question"].lower().strip("?.").split()
                         if w in (SHAPES if given == "shape" else families_colors()))
            fits = {getattr(p.item, q["task"]) for p in placed
                    if p.item.kind == "shape" and getattr(p.item, given) == asked}
            self.assertEqual(fits, {q[q["task"]]}, q)

    def test_happening_names_only_what_is_visible(self):
        for q in self.of("happening"):
            t = min(self.moment(q), q["askedAt"])
            names = {subject for subject, _ in q["facts"]} - {"rain", "snow"}
            self.assertEqual(names, set(self.frames.at(t)), q)

    def test_follow_ups_follow_a_question_of_the_same_moment(self):
        for q in self.of("follow_up"):
            before = self.by_id[q["follows"]]
            self.assertEqual(before["askedAt"], q["askedAt"])
            self.assertLess(before["id"], q["id"])
            self.assertNotEqual(before["task"], "follow_up")

    def test_same_seed_same_questions(self):
        again = asking.questions(self.truth, EACH * len(families.TASKS), SEED,
                                 Wording.reporting())
        self.assertEqual(again, self.questions)

    def test_world_without_room_is_refused(self):
        truth = Truth(FPS, ASPECT)
        for _ in world.watch(Script(SEED, 20, ASPECT), FPS, truth):
            pass
        with self.assertRaisesRegex(ValueError, "ask for fewer"):
            asking.questions(truth, 21 * 20, SEED, Wording.reporting())


def families_colors() -> tuple[str, ...]:
    from onlooker_world.lexicon import COLORS
    return tuple(color.name for color in COLORS)


class FamiliesTest(unittest.TestCase):
    def test_training_and_reporting_frames_are_disjoint(self):
        reporting = {families.plain(s) for found in families.REPORTING.values() for s in found}
        training = {families.plain(s) for groups in families.TRAINING_BY_PATTERN.values()
                    for group in groups for s in group}
        self.assertFalse(training & reporting)
        self.assertFalse(training & families.RESERVED)

    def test_both_stocks_have_the_same_keys_and_kinds(self):
        one, other = Wording.training(), Wording.reporting()
        for key in (*families.TASKS, *families.KEY_TASK):
            if key != "follow_up":
                self.assertEqual(one.kinds(key), other.kinds(key), key)

    def test_fill(self):
        at = families.When("at 1:23", "1:23")
        self.assertEqual(families.fill("was [an] there [t]?", "owl", at),
                         "was an owl there at 1:23?")
        self.assertEqual(families.fill("new since [t]?", when=at), "new since 1:23?")
        self.assertEqual(families.fill("a [n] or two [ns]", "eagle"), "an eagle or two eagles")
        self.assertEqual(families.fill("a [c] [s]", color="orange", shape="star"),
                         "an orange star")

    def test_typed_sentences_are_read_and_never_trained_on(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "typed.tsv"
            path.write_text("# a comment\nwhere\twhere's that [n]\nfollow_up\tand before that?\n")
            stock = Wording.typed(path)
            self.assertEqual(stock.kinds("where"), [frozenset("n")])
            self.assertEqual(stock.kinds("and_before"), [frozenset()])
            path.write_text("nonsense\twhat\n")
            with self.assertRaisesRegex(ValueError, "nonsense"):
                Wording.typed(path)


class CommandTest(unittest.TestCase):
    def test_command_writes_the_three_files(self):
        for size, fps in (("64x64", 8), ("180x320", 5)):
            with tempfile.TemporaryDirectory() as folder:
                subprocess.run([sys.executable, "-m", "onlooker_world.world", "--seed", "999902",
                                "--seconds", "40", "--size", size, "--fps", str(fps), "--out",
                                folder, "--loop"], check=True, capture_output=True, timeout=60)
                truth = json.loads((Path(folder) / "truth.json").read_text())
                with av.open(str(Path(folder) / "stream.mp4")) as container:
                    frames = list(container.decode(video=0))
            self.assertEqual([f.pts * f.time_base * fps for f in frames],
                             list(range(40 * fps)))
            self.assertEqual([i for i, f in enumerate(frames) if f.key_frame],
                             list(range(0, 40 * fps, 2 * fps)))
            self.assertEqual(f"{frames[0].width}x{frames[0].height}", size)
            self.assertTrue(23 <= truth["crf"] <= 35)
            self.assertTrue(all(0 <= a < b <= 40 for thing in truth["things"]
                                for a, b in thing["visible"] + thing["unsure"]))

    def test_spans_are_the_frames_in_which_something_is_seen(self):
        script = Script(SEED, 60, ASPECT)
        truth, table = Truth(8, ASPECT), Counter()
        for frame, now in world.watch(script, 8, truth):
            for placed, seen in zip(now.objects, paint.coverage(now.objects, ASPECT)):
                table[placed.item.name] += seen.share >= scene.VISIBLE
        for name, frames in table.items():
            told = sum(b - a for s in truth.sightings if s.name == name for a, b in s.visible)
            self.assertAlmostEqual(told, frames / 8, places=2, msg=name)

    def test_decoded_video_shows_the_scene(self):
        script = Script(SEED, 20, ASPECT)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "stream.mp4"
            world.record(script, path, 8, (160, 120), 23)
            with av.open(str(path)) as container:
                frames = [f.to_ndarray(format="rgb24") for f in container.decode(video=0)]
        truth = Truth(8, ASPECT)
        for number, now in world.watch(script, 8, truth):
            drawn = paint.render(now, 160, 120).astype(int)
            self.assertLess(np.abs(frames[number] - drawn).mean(), 12)


if __name__ == "__main__":
    unittest.main()
