"""Draws accuracy against age of evidence, one line per policy, from `bench answers --json`.

    ./onlooker bench answers --world DIR… --policy all --json > answers.jsonl
    python -m onlooker_training.plot_answers answers.jsonl --out ../docs/answers.png

Needs matplotlib. Bars are 95 % Wilson intervals.
"""

import argparse
import json
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
from matplotlib import pyplot  # noqa: E402

AGES = ("0-5 s", "5-60 s", "1-10 min", "10-60 min", "over 1 h")
GOALS = {"1-10 min": 0.90, "over 1 h": 0.85}


def figures(path: Path) -> dict[str, dict[str, dict]]:
    """policy → age → the figure over all tasks."""
    found: dict[str, dict[str, dict]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        figure = json.loads(line) if line.startswith("{") else {}
        if figure.get("age") in AGES and figure.get("task") is None and figure.get("count"):
            found.setdefault(figure["policy"], {})[figure["age"]] = figure
    return found


def draw(found: dict[str, dict[str, dict]], out: Path) -> None:
    plot, axes = pyplot.subplots(figsize=(8, 4.5), dpi=120)
    for policy, ages in found.items():
        places = [AGES.index(age) for age in AGES if age in ages]
        rows = [ages[age] for age in AGES if age in ages]
        values = [row["value"] for row in rows]
        reach = [[v - row["low95"] for v, row in zip(values, rows)],
                 [row["high95"] - v for v, row in zip(values, rows)]]
        axes.errorbar(places, values, yerr=reach, marker="o", capsize=3, label=policy,
                      linewidth=2.4 if policy == "onlooker" else 1.2)
    for age, goal in GOALS.items():
        place = AGES.index(age)
        axes.plot([place - 0.3, place + 0.3], [goal, goal], color="black", linestyle=":")
    axes.set_xticks(range(len(AGES)), AGES)
    axes.set_xlabel("age of the evidence")
    axes.set_ylabel("answers right")
    axes.set_ylim(0, 1)
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left", ncol=2, fontsize=8)
    plot.tight_layout()
    plot.savefig(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("figures", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    draw(figures(args.figures), args.out)


if __name__ == "__main__":
    main()
