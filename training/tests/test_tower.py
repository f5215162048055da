"""Shapes of the tower, the pictures it learns from and their labels."""

import math
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

from onlooker_training import pictures, tower, train_reader, train_tower
from onlooker_training.pictures import GRID, KINDS, MOTIONS, SIZE, UNSURE
from onlooker_training.slots import SLOT, SLOTS
from onlooker_world.lexicon import COLORS, SHAPES, THINGS
from onlooker_world.scene import Placed, sample_shape, thing_item


def labels(*objects: Placed) -> dict[str, np.ndarray]:
    names = ("kind", "color", "motion", "cell", "box", "cells", "quiet")
    found = pictures.labels(objects, np.zeros(len(objects), int), pictures.letterbox(4 / 3))
    return dict(zip(names, found))


class Pictures(unittest.TestCase):
    def test_pair_isLetterboxedAndLabelled(self):
        rng = np.random.default_rng(4)
        for _ in range(12):
            pair = pictures.sample(rng, 0.3)
            self.assertEqual((2, SIZE, SIZE, 3), pair.pictures.shape)
            for cell, kind in zip(pair.cell, pair.kind):
                if cell >= 0:
                    self.assertEqual(kind, pair.cells[cell])

    def test_kinds_areThingsThenShapesThenSign(self):
        self.assertEqual(len(THINGS) + len(SHAPES) + 1, len(KINDS))
        shape = sample_shape(np.random.default_rng(1))
        self.assertEqual(shape.shape, KINDS[pictures.kind_of(shape)])
        self.assertEqual(shape.color, COLORS[pictures.color_of(shape)].name)
        self.assertEqual(UNSURE, pictures.color_of(thing_item(3)))

    def test_centre_liesInTheCellOfWhatIsSeen(self):
        found = labels(Placed(thing_item(0), 0.5, 0.5, 0.3))
        self.assertIn(found["cell"][0], [5 * GRID + 5, 5 * GRID + 6, 6 * GRID + 5, 6 * GRID + 6])
        np.testing.assert_allclose(found["box"][0], [0.5, 0.5, 0.3 * 0.75, 0.5, 0.5], atol=0.01)

    def test_hiddenItem_isNeitherThereNorAbsent(self):
        behind = Placed(thing_item(2), 0.5, 0.5, 0.3)
        before = Placed(thing_item(40), 0.45, 0.5, 0.44)
        found = labels(behind, before)
        self.assertEqual(-1, found["cell"][0])
        self.assertGreaterEqual(found["cell"][1], 0)

    def test_motionOfPairs_isThatOfTheirPlaces(self):
        rng = np.random.default_rng(2)
        placed = Placed(thing_item(0), 0.5, 0.5, 0.3)
        for _ in range(200):
            was, motion = pictures._moves(rng, placed, 4 / 3)
            if motion == MOTIONS.index("left"):
                self.assertGreater(was.x, placed.x)
            elif motion == MOTIONS.index("down"):
                self.assertLess(was.y, placed.y)
            elif motion == MOTIONS.index("grow"):
                self.assertLess(was.height, placed.height)


class TowerTest(unittest.TestCase):
    def test_shapes_forAnyBatch(self):
        model = tower.Tower().eval()
        for n in (1, 3):
            slots, embeds = model(torch.randn(n, 2, 3, SIZE, SIZE))
            self.assertEqual((n, SLOTS + 1, SLOT), tuple(slots.shape))
            self.assertEqual((n, tower.EMBED), tuple(embeds.shape))
            self.assertTrue(torch.allclose(embeds.norm(dim=1), torch.ones(n), atol=1e-4))

    def test_chosen_arePeaksOfTheirKindInReadingOrder(self):
        kind = torch.full((1, GRID * GRID, len(KINDS) + 1), -9.0)
        centre = torch.full((1, GRID * GRID), -9.0)
        for place, what in ((5, 1), (6, 1), (77, 2), (78, 3)):
            kind[0, place, what], centre[0, place] = 9.0, 3.0
        centre[0, 6] = 2.0
        cells = tower.Cells(torch.zeros(1), kind, torch.zeros(1), torch.zeros(1), centre,
                            torch.zeros(1), torch.zeros(1))
        best, sure = tower.Tower().chosen(cells)
        self.assertEqual([5, 77, 78], [b for b, s in zip(best[0].tolist(), sure[0]) if s > 0.5])
        self.assertEqual(sorted(best[0].tolist()), best[0].tolist())

    def test_doubt_isOfCellsThatAgreeOnNothing_andOfItemsThatAreUnsure(self):
        known = torch.zeros(1, GRID * GRID, len(KINDS) + 1)
        known[0, :, -1] = 20.0
        unknown = torch.zeros_like(known)
        none, half = torch.tensor([[0.0, 0.2, 0.1]]), torch.tensor([[0.4, 0.6, 0.1]])

        def doubt(kind: torch.Tensor, sure: torch.Tensor) -> float:
            cells = tower.Cells(torch.zeros(1), kind, *[torch.zeros(1)] * 5)
            return tower.Tower.doubt(cells, sure).item()

        self.assertLess(doubt(known, none), tower.STRANGE)
        most = math.log(len(KINDS) + 1)
        self.assertAlmostEqual(most, doubt(unknown, none), places=4)
        self.assertAlmostEqual(most / 2, doubt(unknown, half), places=4)

    def test_crop_showsTheBox(self):
        picture = torch.full((1, 3, SIZE, SIZE), -1.0)
        picture[:, :, 80:100, 60:100] = 1.0
        cut = tower.crop(picture, torch.tensor([[80 / SIZE, 90 / SIZE, 40 / SIZE]]))
        self.assertEqual((1, 1, *tower.CROP), tuple(cut.shape))
        self.assertGreater(cut[0, 0, 12, 32], 0)
        self.assertLess(cut[0, 0, 1, 32], 0)

    def test_savedWeights_giveTheSameTower_andKeepTheReader(self):
        model = tower.Tower().eval()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tower.safetensors"
            train_tower.save(model, path)
            other = tower.Reader()
            train_reader.save(other, path)
            train_tower.save(model, path)
            again = tower.load(path)
        self.assertTrue(torch.allclose(again.kind.weight, model.kind.weight, atol=1e-3))
        self.assertTrue(torch.allclose(again.reader.out.weight, other.out.weight, atol=1e-3))

    def test_centreTargets_weighNeighboursLittleAndHalfHiddenItemsNothing(self):
        cell = torch.tensor([[40, -1]])
        quiet = torch.zeros(1, GRID * GRID, dtype=torch.bool)
        quiet[0, 100] = True
        target, weight = train_tower.centre_targets(cell, quiet)
        self.assertEqual(1, target.sum())
        self.assertEqual((1, 1), (target[0, 40], weight[0, 40]))
        self.assertAlmostEqual(train_tower.NEAR, weight[0, 41].item(), places=5)
        self.assertEqual((0, 1), (weight[0, 100], weight[0, 0]))


if __name__ == "__main__":
    unittest.main()
