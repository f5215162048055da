"""The pictures of the second world and their truth say the same."""

import unittest

import numpy as np

from onlooker_world import paint, scene
from onlooker_world.lexicon import COLOR, COLORS, SHAPES, THING, THINGS, WORDS, plural
from onlooker_world.script import Script

GREY = scene.Shot(0.0, scene.Backdrop("plain", (90.0, 90.0, 90.0), (90.0, 90.0, 90.0)))


def drawn(*objects: scene.Placed, shot: scene.Shot = GREY) -> np.ndarray:
    return paint.render(scene.Scene(shot, objects), 320, 240)


def shape_item(name: str, color: str = "red", ratio: float = 1.0, filled: bool = True):
    rgb = COLOR[color].low
    return scene.Item("shape", f"{color} {name}", -1, name, color, rgb, filled, ratio)


class LexiconTest(unittest.TestCase):
    def test_every_name_belongs_to_one_thing(self):
        names = [name for thing in THINGS for name in thing.names]
        many = [plural(name) for name in names]
        self.assertEqual(len(set(names)), len(names))
        self.assertFalse({m for m, n in zip(many, names) if m != n} & set(names))
        self.assertFalse(set(names) & {*SHAPES, *COLOR})
        self.assertTrue(all(3 <= len(thing.names) <= 5 for thing in THINGS))
        self.assertEqual((len(THINGS), len(COLORS), len(set(WORDS))), (101, 14, 200))
        self.assertEqual(len({thing.emoji for thing in THINGS}), len(THINGS))

    def test_colours_do_not_overlap(self):
        for i, one in enumerate(COLORS):
            for other in COLORS[i + 1:]:
                self.assertFalse(all(a <= d and c <= b for a, b, c, d in zip(
                    one.low, one.high, other.low, other.high)), (one.name, other.name))

    def test_plurals(self):
        for one, many in (("slice of pizza", "slices of pizza"), ("pony", "ponies"),
                          ("key", "keys"), ("fox", "foxes"), ("mouse", "mice"),
                          ("panda bear", "panda bears"), ("sheep", "sheep"),
                          ("loaf of bread", "loaves of bread"), ("red cross", "red crosses")):
            self.assertEqual(plural(one), many)


class PaintTest(unittest.TestCase):
    def test_everything_drawn_alone_changes_the_background_just_inside_its_box(self):
        items = [scene.thing_item(i) for i in range(len(THINGS))]
        items += [shape_item(name) for name in SHAPES]
        items += [scene.Item("sign", "sign", rgb=(250, 215, 60), ratio=2.1)]
        for item in items:
            placed = scene.Placed(item, 0.5, 0.6, 0.3, text="open" if item.kind == "sign" else "")
            changed = (drawn(placed) != 90).any(axis=2)
            left, top, w, h = paint.corner(placed, 320, 240)
            alpha = paint.sprite(item, h, False, placed.text)[..., 3]
            outside = changed.copy()
            outside[top:top + h, left:left + w] = False
            self.assertFalse(outside.any(), item.name)
            self.assertGreater(changed[top:top + h, left:left + w][alpha == 255].mean(), 0.97,
                               item.name)
            self.assertAlmostEqual(paint.coverage((placed,), 4 / 3)[0].share, 1.0, places=4)

    def test_shapes_have_their_colour_and_outlines_are_hollow(self):
        for color in COLORS:
            for filled in (True, False):
                item = shape_item("square", color.name, filled=filled)
                picture = drawn(scene.Placed(item, 0.5, 0.5, 0.4))
                middle = picture[120, 160] if filled else picture[120, 160 - 44]
                self.assertTrue(all(low - 1 <= v <= high + 1 for low, v, high in zip(
                    color.low, middle.tolist(), color.high)), (color.name, middle))
                if not filled:
                    self.assertEqual(picture[120, 160].tolist(), [90, 90, 90])

    def test_share_halves_when_half_is_outside(self):
        ball = scene.thing_item(THINGS.index(THING["ball"]))
        for x, y in ((0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0)):
            seen = paint.coverage((scene.Placed(ball, x, y, 0.4),), 4 / 3)[0]
            self.assertAlmostEqual(seen.share, 0.5, delta=0.04)
            self.assertTrue(all(0 <= v <= 1 for v in seen.box))

    def test_item_in_front_hides_what_it_covers_of_the_one_behind(self):
        behind = scene.Placed(shape_item("square"), 0.5, 0.5, 0.3)
        front = scene.Placed(shape_item("square", "blue"), 0.5 + 0.15 / (4 / 3), 0.5, 0.3)
        hidden, whole = paint.coverage((behind, front), 4 / 3)
        self.assertAlmostEqual(hidden.share, 0.5, delta=0.03)
        self.assertAlmostEqual(whole.share, 1.0, places=4)
        picture = drawn(behind, front)
        blue = (np.abs(picture.astype(int) - COLOR["blue"].low) <= 2).all(axis=2).sum()
        red = (np.abs(picture.astype(int) - COLOR["red"].low) <= 2).all(axis=2).sum()
        self.assertAlmostEqual(red / blue, 0.5, delta=0.05)

    def test_rectangles_are_twice_as_long_as_wide_at_least(self):
        rng = np.random.default_rng(3)
        found = [item for item in (scene.sample_shape(rng) for _ in range(400))
                 if item.shape == "rectangle"]
        self.assertTrue(found)
        self.assertTrue(all(max(i.ratio, 1 / i.ratio) >= 2 for i in found))

    def test_same_scene_at_two_sizes_is_the_same_picture(self):
        objects = (scene.Placed(scene.thing_item(5), 0.3, 0.4, 0.4),
                   scene.Placed(shape_item("heart", "teal"), 0.7, 0.5, 0.3))
        large = paint.render(scene.Scene(GREY, objects), 640, 480).astype(float)
        small = paint.render(scene.Scene(GREY, objects), 160, 120).astype(float)
        scaled = large.reshape(120, 4, 160, 4, 3).mean(axis=(1, 3))
        self.assertLess(np.abs(small - scaled).mean(), 3)

    def test_weather_changes_some_pixels_and_falls(self):
        for weather in ("rain", "snow"):
            shot = scene.Shot(0.0, GREY.backdrop, weather=weather)
            first, later = (paint.render(scene.Scene(shot, (), t), 320, 240) for t in (1.0, 1.25))
            wet = (first != 90).any(axis=2).mean()
            self.assertTrue(0.001 < wet < 0.1, wet)
            self.assertFalse(np.array_equal(first, later))

    def test_grain_has_the_asked_strength(self):
        grain = paint.Grain(1, 64, 64)
        flat = np.full((64, 64, 3), 128, dtype=np.uint8)
        self.assertAlmostEqual(float(grain.over(flat, 4.0, 5).std()), 4.0, delta=0.3)

    def test_signs_differ_by_their_text(self):
        sign = scene.Item("sign", "sign", rgb=(250, 250, 245), ratio=2.1)
        pictures = [drawn(scene.Placed(sign, 0.5, 0.5, 0.3, text=t)) for t in ("17", "71", "exit")]
        self.assertFalse(np.array_equal(pictures[0], pictures[1]))
        self.assertFalse(np.array_equal(pictures[1], pictures[2]))


class ScriptTest(unittest.TestCase):
    """The floors of the world, measured on ten minutes in each aspect."""

    def test_floors(self):
        for aspect in (1.0, 4 / 3, 16 / 9, 9 / 16):
            occupied = several = seen = hidden = 0
            for episode in Script(21, 600, aspect).episodes():
                for t in np.arange(episode.start, episode.end, 0.5):
                    objects = episode.scene_at(t).objects
                    shares = [s.share for s in paint.coverage(objects, aspect)]
                    shares = [s for s in shares if s >= scene.HIDDEN]
                    occupied += bool(shares)
                    several += len(shares) > 1
                    seen += len(shares)
                    hidden += sum(s < 0.9 for s in shares)
                    self.assertLessEqual(len(objects), 4)
                    self.assertTrue(all(0.119 <= p.height <= 0.451 for p in objects))
            self.assertGreaterEqual(several / occupied, 0.5, aspect)
            self.assertGreaterEqual(hidden / seen, 0.2, aspect)

    def test_same_seed_same_script_of_any_length(self):
        short = list(Script(4, 300, 1.0).episodes())
        self.assertEqual(short, list(Script(4, 300, 1.0).episodes()))
        self.assertNotEqual(short, list(Script(5, 300, 1.0).episodes()))
        for one, other in zip(short[:-2], Script(4, 7200, 1.0).episodes()):
            self.assertEqual(one, other)

    def test_episodes_cover_all_seconds(self):
        episodes = list(Script(6, 500, 1.0).episodes())
        self.assertEqual((episodes[0].start, episodes[-1].end), (0.0, 500))
        self.assertTrue(all(a.end == b.start for a, b in zip(episodes, episodes[1:])))
        for episode in episodes:
            for stay in episode.stays:
                self.assertTrue(episode.start <= stay.start < stay.end <= episode.end)

    def test_every_kind_of_event_occurs(self):
        verbs = {event.verb for e in Script(7, 1800, 4 / 3).episodes() for event in e.events}
        self.assertEqual(verbs, {"enters", "appears", "leaves", "vanishes", "moves", "stops",
                                 "crosses", "meets", "hides behind", "joins", "grows", "shrinks",
                                 "changes"})
        ways = {event.object for e in Script(7, 1800, 4 / 3).episodes() for event in e.events
                if event.verb == "moves"}
        self.assertEqual(ways, {"left", "right", "up", "down"})

    def test_loop_is_empty_at_both_ends_and_joins(self):
        episodes = list(Script(8, 120, 4 / 3, loop=True).episodes())
        for t in np.arange(0, 2, 0.1):
            self.assertEqual(episodes[0].present(t), [])
            self.assertEqual(episodes[-1].present(118 + t), [])
        first, last = episodes[0].shots[0], episodes[-1].shots[-1]
        self.assertEqual((first.backdrop, first.light), (last.backdrop, last.light))

    def test_a_name_comes_again_only_after_a_while(self):
        ends: dict[str, float] = {}
        for episode in Script(9, 900, 4 / 3).episodes():
            starts: dict[str, float] = {}
            for stay in sorted(episode.stays, key=lambda s: s.start):
                starts.setdefault(stay.item.name, stay.start)
            for name, start in starts.items():
                self.assertGreaterEqual(start - ends.get(name, -9.0), 6.0, name)
            for stay in episode.stays:
                ends[stay.item.name] = max(stay.end, ends.get(stay.item.name, 0.0))


if __name__ == "__main__":
    unittest.main()
