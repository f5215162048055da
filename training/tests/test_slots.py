"""How items come to stand in the slots of a clip."""

import unittest

import torch

from onlooker_training.slots import LAYOUT, OWN, SLOT, SLOTS, Layout, arrange, number_of, strangers


def listed(items: list[int], kept: list[bool], strange: bool = False) -> torch.Tensor:
    """The slots of a clip whose items have these kinds."""
    own = torch.zeros(1, SLOTS, OWN)
    for place, item in enumerate(items):
        own[0, place, LAYOUT.item[0] + item] = 1
    sky = torch.tensor([[0.0, 1.0, 0.0, 1.0]])
    return arrange(own, torch.tensor([kept]), sky, torch.tensor([strange]))[0]


def part(row: torch.Tensor, name: str) -> list[int]:
    return row[slice(*getattr(LAYOUT, name))].nonzero().flatten().tolist()


class Slots(unittest.TestCase):
    def test_layout_coversTheSlotWithoutOverlap(self):
        parts = sorted(getattr(LAYOUT, name) for name in Layout.__dataclass_fields__)
        self.assertEqual(0, parts[0][0])
        self.assertEqual(SLOT, parts[-1][1])
        self.assertTrue(all(a[1] == b[0] for a, b in zip(parts, parts[1:])))

    def test_arrange_closesGaps_andSaysWhatComesAfterWhat(self):
        slots = listed([7, 30, 9, 4, 5], [False, True, False, True, False])
        self.assertEqual([[30], [4], [], [], []], [part(row, "item") for row in slots[:-1]])
        self.assertEqual([[], [30], [4], [], []], [part(row, "follows") for row in slots[:-1]])
        self.assertEqual([[0], [], [], [], []], [part(row, "start") for row in slots[:-1]])
        self.assertEqual([[], [], [0], [], []], [part(row, "end") for row in slots[:-1]])
        self.assertEqual([1, 1, 0, 0, 0], [number_of(row.numpy()) for row in slots[:-1]])

    def test_aStrangePicture_holdsNothing_andDoesNotEnd(self):
        empty = listed([], [False] * SLOTS)
        self.assertEqual([0], part(empty[-1], "total"))
        self.assertEqual([0], part(empty[0], "end"))
        strange = listed([7, 30, 9, 4, 5], [True] * SLOTS, strange=True)
        self.assertEqual(list(range(SLOTS + 1)), part(strange[-1], "total"))
        self.assertEqual([[]] * (2 * SLOTS), [part(row, name) for row in strange[:-1]
                                              for name in ("item", "end")])
        self.assertEqual(part(empty[-1], "sky"), part(strange[-1], "sky"))
        self.assertTrue(torch.equal(strange, strangers(listed([7], [True] * SLOTS)[None])[0]))

    def test_arrange_countsWhatIsAlike(self):
        slots = listed([8, 3, 8, 8, 3], [True, True, True, False, True])
        self.assertEqual([[8], [3], [], [], []], [part(row, "item") for row in slots[:-1]])
        self.assertEqual([2, 2, 0, 0, 0], [number_of(row.numpy()) for row in slots[:-1]])
        self.assertEqual([4], part(slots[-1], "total"))

    def test_arrange_fullList_hasNoEnd_emptyOneBeginsWithIt(self):
        full, empty = listed([1, 2, 3, 4, 5], [True] * 5), listed([1, 2, 3, 4, 5], [False] * 5)
        self.assertEqual([], [i for i in range(SLOTS) if part(full[i], "end")])
        self.assertEqual([0], [i for i in range(SLOTS) if part(empty[i], "end")])
        self.assertEqual([0], part(empty[-1], "total"))
        self.assertEqual([1, 3], part(empty[-1], "sky"))
