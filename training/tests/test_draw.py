"""The picture and its truth say the same."""

import unittest
from dataclasses import replace

import numpy as np
from PIL import Image

from onlooker_training import draw
from onlooker_training.lexicon import THINGS

GREY = draw.Background("plain", (90.0, 90.0, 90.0), (90.0, 90.0, 90.0))
DAY = (1.0, 1.0, 1.0)


def scene(*objects: draw.Placed) -> draw.Scene:
    return draw.Scene(GREY, DAY, objects)


class DrawTest(unittest.TestCase):
    def test_every_thing_drawn_alone_differs_from_the_background_just_where_it_is_seen(self):
        for thing in range(len(THINGS)):
            one = scene(draw.Placed(thing, 0.4, 0.6, 0.3))
            changed = (draw.render(one, 320, 240) != 90).any(axis=2)
            seen = draw.coverage(one, 320, 240)[0]
            mask = np.zeros((240, 320))
            mask[seen.top:seen.top + seen.alpha.shape[0],
                 seen.left:seen.left + seen.alpha.shape[1]] = seen.alpha
            self.assertFalse((changed & (mask == 0)).any(), THINGS[thing].name)
            self.assertGreater(changed[mask > 0.99].mean(), 0.97, THINGS[thing].name)
            self.assertAlmostEqual(seen.share, 1.0, places=4)
            self.assertAlmostEqual(seen.top + seen.alpha.shape[0] / 2, 0.6 * 240, delta=1)
            self.assertAlmostEqual(seen.left + seen.alpha.shape[1] / 2, 0.4 * 320, delta=1)

    def test_share_halves_when_half_is_outside(self):
        ball = next(i for i, t in enumerate(THINGS) if t.name == "ball")
        for x, y in ((0.0, 0.5), (1.0, 0.5), (0.5, 0.0), (0.5, 1.0)):
            share = draw.coverage(scene(draw.Placed(ball, x, y, 0.4)), 320, 240)[0].share
            self.assertAlmostEqual(share, 0.5, delta=0.03)

    def test_object_in_front_hides_the_one_behind(self):
        behind, front = draw.Placed(0, 0.5, 0.5, 0.3), draw.Placed(1, 0.5, 0.5, 0.3)
        alone = draw.coverage(scene(behind), 320, 240)[0].share
        hidden, whole = draw.coverage(scene(behind, front), 320, 240)
        self.assertLess(hidden.share, 0.6 * alone)
        self.assertAlmostEqual(whole.share, 1.0, places=4)

    def test_object_outside_the_frame_is_not_seen(self):
        outside = scene(draw.Placed(3, -0.5, 0.5, 0.3))
        self.assertEqual(draw.coverage(outside, 320, 240)[0].share, 0)
        self.assertTrue((draw.render(outside, 320, 240) == 90).all())

    def test_same_scene_at_two_sizes_is_the_same_picture(self):
        one = scene(draw.Placed(5, 0.3, 0.4, 0.4), draw.Placed(8, 0.7, 0.5, 0.3, flip=True))
        large = Image.fromarray(draw.render(one, 320, 240))
        small = draw.render(one, 128, 96).astype(int)
        scaled = np.asarray(large.resize((128, 96), Image.Resampling.BOX)).astype(int)
        self.assertLess(np.abs(small - scaled).mean(), 3)

    def test_light_scales_the_whole_picture(self):
        dark = replace(scene(), light=(0.5, 0.5, 1.0))
        self.assertEqual(draw.render(dark, 16, 16)[0, 0].tolist(), [45, 45, 90])

    def test_sample_labels_what_is_drawn_and_nothing_ambiguous(self):
        rng = np.random.default_rng(11)
        counts = []
        for _ in range(200):
            one = draw.sample(rng)
            self.assertEqual(one.picture.shape, (128, 128, 3))
            self.assertTrue(set(np.unique(one.seen)) <= {0.0, 1.0})
            self.assertEqual({THINGS[i].name for i in np.flatnonzero(one.seen)},
                             {THINGS[i].name for i in one.sizes})
            self.assertTrue((one.cells.sum(axis=(1, 2)) > 0).tolist() == (one.seen > 0).tolist())
            counts.append(int(one.seen.sum()))
        self.assertEqual(set(counts), {0, 1, 2, 3})

    def test_sample_repeats_with_its_seed(self):
        first, again = (draw.sample(np.random.default_rng(5)) for _ in range(2))
        self.assertTrue((first.picture == again.picture).all())
        other = draw.sample(np.random.default_rng(6))
        self.assertFalse(np.array_equal(first.picture, other.picture))

    def test_letterbox_is_centred_and_keeps_the_aspect(self):
        self.assertEqual(draw.letterbox(128, 320, 240), (0, 16, 128, 96))
        self.assertEqual(draw.letterbox(128, 1280, 720), (0, 28, 128, 72))
        self.assertEqual(draw.letterbox(128, 9, 16), (28, 0, 72, 128))


if __name__ == "__main__":
    unittest.main()
