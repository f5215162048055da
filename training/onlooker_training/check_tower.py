"""How well the tower tells the clips of unseen streams, drawn and coded as videos.

    python -m onlooker_training.bank --first 1000100 --count 3 --reporting --out cache/reporting
    python -m onlooker_training.check_tower cache/reporting

Only clips in which nothing is half hidden and nothing changes within the second are counted.
"""

import argparse
from collections import Counter
from pathlib import Path

import numpy as np

from onlooker_training import bank
from onlooker_training.pictures import ITEMS, MOTIONS, TEXTS
from onlooker_training.slots import LAYOUT, number_of, part
from onlooker_training.streams import Stream


def compare(stream: Stream, slots: np.ndarray, tally: dict[str, list[int]],
            wrong: Counter) -> None:
    """Adds a stream to the tally [right, all] of each figure, and what was missed or made up."""
    for second, moment in enumerate(stream.moments[:len(slots)]):
        if moment.doubtful or stream.truth.steady(second, second + 1.0) is None:
            continue
        told = [s for s in slots[second, :-1] if s[LAYOUT.present[0]]]
        names = Counter(ITEMS[part(s, "item")] for s in told for _ in range(number_of(s)))
        real = Counter(s.name for s in moment.sights)
        add(tally, "exact", names == real)
        add(tally, f"exact of {len(moment.sights)}", names == real)
        wrong.update({f"missed {name}": n for name, n in (real - names).items()})
        wrong.update({f"made up {name}": n for name, n in (names - real).items()})
        for sight in moment.sights:
            same = [s for s in told if ITEMS[part(s, "item")] == sight.name]
            if real[sight.name] == 1 and len(same) == 1:
                if sight.motion >= 0:
                    add(tally, f"motion {MOTIONS[sight.motion]}",
                        part(same[0], "motion") == sight.motion)
                if sight.text:
                    add(tally, "text", TEXTS[part(same[0], "text")] == sight.text)


def add(tally: dict[str, list[int]], name: str, right: bool) -> None:
    count = tally.setdefault(name, [0, 0])
    count[0] += right
    count[1] += 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("bank", type=Path)
    args = parser.parse_args()
    tally, wrong = {}, Counter()
    for stream, slots in bank.load(args.bank):
        compare(stream, slots.astype(np.float32), tally, wrong)
    for name, (right, n) in sorted(tally.items()):
        print(f"{name:16} {right / n:.3f} of {n}")
    print("; ".join(f"{name} {n}" for name, n in wrong.most_common(30)))


if __name__ == "__main__":
    main()
