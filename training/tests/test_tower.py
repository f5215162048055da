"""Shapes of the tower and the labels it is trained on."""

import tempfile
import unittest
from pathlib import Path

import torch

from onlooker_training import tower, train_tower
from onlooker_training.lexicon import THINGS


class TowerTest(unittest.TestCase):
    def test_shapes_for_any_batch(self):
        model = tower.Tower().eval()
        for n in (1, 3):
            tokens, embeds = model(torch.randn(n, 3, 128, 128))
            self.assertEqual(tokens.shape, (n, 16, 256))
            self.assertEqual(embeds.shape, (n, 128))
            self.assertTrue(torch.allclose(embeds.norm(dim=1), torch.ones(n)))

    def test_token_is_its_quarter_of_the_picture(self):
        grid = torch.arange(64.0).view(1, 64, 1).expand(1, 64, tower.WIDTH)
        model = tower.Tower()
        model.token, model.token_norm = torch.nn.Identity(), torch.nn.Identity()
        squares = model.tokens(grid)[0, :, ::tower.WIDTH]
        self.assertEqual(squares[0].tolist(), [0, 1, 8, 9])
        self.assertEqual(squares[7].tolist(), [22, 23, 30, 31])

    def test_saved_weights_give_the_same_tower_and_heads(self):
        model, heads = tower.Tower().eval(), tower.Heads()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "tower.safetensors"
            train_tower.save(model, heads, path)
            pixels = torch.randn(2, 3, 128, 128)
            for one, other in zip(model(pixels), tower.load(path)(pixels)):
                self.assertLess((one - other).abs().max().item(), 0.05)
            again = train_tower.load_heads(path)
        self.assertLess((heads.cell.weight - again.cell.weight).abs().max().item(), 1e-3)

    def test_cell_targets_name_the_thing_or_empty_or_unsure(self):
        cells = torch.zeros(1, len(THINGS), 8, 8)
        cells[0, 5, 0, 0], cells[0, 5, 0, 1], cells[0, 9, 7, 7] = 0.9, 0.1, 0.06
        target = train_tower.cell_targets(cells)[0]
        self.assertEqual(target[0], 5)
        self.assertEqual(target[1], -100)
        self.assertEqual(target[63], 9)
        self.assertEqual(target[30], len(THINGS))

    def test_every_seen_thing_has_a_token(self):
        cells = torch.zeros(1, len(THINGS), 8, 8)
        cells[0, 3, 2:6, 2:6] = 0.1
        cells[0, 4, 7, 0] = 0.02
        target, weight = train_tower.token_targets(cells)
        self.assertTrue((target[0].sum(0) > 0).tolist()[3:5] == [True, True])
        self.assertEqual(target[0, 12, 4], 1)
        self.assertTrue((weight[target > 0] == 1).all())


if __name__ == "__main__":
    unittest.main()
