"""Writes a stream of the drawn world: video, truth and questions.

    python -m onlooker_training.world --seed 1000001 --seconds 240 --fps 8 --size 320x240
        --out DIR [--questions 240] [--loop]

stream.mp4      H.264, yuv420p, a keyframe every 2 s, index in front, no sound
truth.json      {"seed","seconds","fps","size","crf","things":[{"name","visible":[[s,e],…],
                "unsure":[[s,e],…]},…]}; half-open spans in seconds of media time; "unsure" is
                where a thing is seen to 10–35 % only (draw.HIDDEN, draw.VISIBLE)
questions.json  see asking.py

The same seed and arguments give the same truth and questions everywhere, and the same video with
the same libx264. Seeds of 1,000,000 and above are for reporting and are never trained on.

A world has a cast of CAST things, some frequent and some rare. Up to three are present at a
time; each enters or appears, crosses or stops, stands for a while, leaves, and often returns.
After BUSY_SECONDS nothing is present for QUIET_SECONDS. Every CUT_SECONDS the background and the
light change at once. With --loop nothing is present in the first and last two seconds and the
first background comes back, so that the end joins the start.
"""

import argparse
import json
import math
from bisect import bisect_right
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from onlooker_training import asking, draw
from onlooker_training.lexicon import THINGS

CAST = 20
TRACKS = 3
STAY_SECONDS = (5.0, 18.0)
GAP_SECONDS_MEAN = 4.5
BUSY_SECONDS = (18.0, 38.0)
QUIET_SECONDS = (5.0, 8.0)
CUT_SECONDS = (12.0, 35.0)
SPEED = (0.25, 0.7)
MAP_HEIGHT = 120
"""Truth is worked out on a frame of this many rows, whatever the size of the video."""


@dataclass(frozen=True)
class Stay:
    """One appearance of a thing: a path of (seconds, x, y) corners, moving evenly between."""

    thing: int
    height: float
    flip: bool
    path: tuple[tuple[float, float, float], ...]

    @property
    def start(self) -> float:
        return self.path[0][0]

    @property
    def end(self) -> float:
        return self.path[-1][0]

    def at(self, t: float) -> draw.Placed:
        """Where the thing is at t seconds, which must lie between start and end."""
        times = [corner[0] for corner in self.path]
        i = min(max(bisect_right(times, t), 1), len(times) - 1)
        (t0, x0, y0), (t1, x1, y1) = self.path[i - 1], self.path[i]
        part = (t - t0) / max(t1 - t0, 1e-9)
        return draw.Placed(self.thing, x0 + (x1 - x0) * part, y0 + (y1 - y0) * part,
                           self.height, self.flip)


@dataclass(frozen=True)
class Cut:
    """From `start` seconds on: this background, this light, this much sensor noise (0–255)."""

    start: float
    background: draw.Background
    light: tuple[float, float, float]
    noise: float


@dataclass(frozen=True)
class World:
    """All that happens; later stays are drawn in front of earlier ones."""

    seconds: float
    aspect: float
    cuts: tuple[Cut, ...]
    stays: tuple[Stay, ...]

    def cut_at(self, t: float) -> Cut:
        return self.cuts[bisect_right([cut.start for cut in self.cuts], t) - 1]

    def scene_at(self, t: float) -> draw.Scene:
        """What there is to draw at t seconds."""
        cut = self.cut_at(t)
        present = tuple(stay.at(t) for stay in self.stays if stay.start <= t < stay.end)
        return draw.Scene(cut.background, cut.light, present)

    def shares_at(self, t: float) -> dict[int, float]:
        """For every thing that is there: the share of its area that can be seen."""
        scene = self.scene_at(t)
        if not scene.objects:
            return {}
        size = round(MAP_HEIGHT * self.aspect), MAP_HEIGHT
        seen = draw.coverage(scene, *size)
        return {placed.thing: part.share for placed, part in zip(scene.objects, seen)}


def invent(seed: int, seconds: float, aspect: float, loop: bool = False) -> World:
    """Makes up a world. aspect: width / height of its frames."""
    rng = np.random.default_rng([seed, 0x0A11])
    margin = 2.0 if loop else 0.0
    cast = rng.permutation(len(THINGS))[:CAST]
    weights = 1 / np.sqrt(np.arange(1, CAST + 1))
    world = World(seconds, aspect, _cuts(rng, seconds, loop), ())
    quiets = _quiets(rng, seconds, margin)
    clocks = [margin + float(rng.uniform(0, GAP_SECONDS_MEAN)) for _ in range(TRACKS)]
    while (start := min(clocks)) < seconds - margin - STAY_SECONDS[0]:
        track = clocks.index(start)
        quiet = next(q for q in quiets if q[1] > start)
        length = min(float(rng.uniform(*STAY_SECONDS)), quiet[0] - start)
        if length < STAY_SECONDS[0]:
            clocks[track] = quiet[1] + float(rng.uniform(0, GAP_SECONDS_MEAN))
            continue
        thing = int(rng.choice(cast, p=weights / weights.sum()))
        stay = _fitting(rng, world, thing, start, start + length)
        if stay is not None:
            stays = tuple(sorted(world.stays + (stay,), key=lambda s: s.start))
            world = World(seconds, aspect, world.cuts, stays)
        clocks[track] = (stay.end if stay else start) + 0.5 + float(
            rng.exponential(GAP_SECONDS_MEAN - 0.5))
    return world


def _quiets(rng: np.random.Generator, seconds: float,
            margin: float) -> list[tuple[float, float]]:
    """The spells when nothing is present; the last begins at the end of the world."""
    quiets, t = [], 0.0
    while (t := t + float(rng.uniform(*BUSY_SECONDS))) < seconds - margin - 10:
        quiets.append((t, t + float(rng.uniform(*QUIET_SECONDS))))
        t = quiets[-1][1]
    return quiets + [(seconds - margin, math.inf)]


def _cuts(rng: np.random.Generator, seconds: float, loop: bool) -> tuple[Cut, ...]:
    cuts, start = [], 0.0
    while start < seconds:
        cuts.append(Cut(start, draw.sample_background(rng), draw.sample_light(rng),
                        float(rng.choice([0, 0, 2, 4, 6]))))
        start += float(rng.uniform(*CUT_SECONDS))
    if loop:
        first, home = cuts[0], seconds - 6
        cuts = [cut for cut in cuts if cut.start < home - 4]
        cuts.append(Cut(home, first.background, first.light, first.noise))
    return tuple(cuts)


def _fitting(rng: np.random.Generator, world: World, thing: int, start: float,
             end: float) -> Stay | None:
    """A stay of the thing that never hides more than half of another, nor is so hidden."""
    rivals = [s for s in world.stays if s.start < end + 2 and s.end > start - 2]
    if any(s.thing == thing for s in rivals):
        return None
    for _ in range(24):
        stay = _stay(rng, world.aspect, thing, start, end)
        trial = World(world.seconds, world.aspect, world.cuts,
                      tuple(sorted((*rivals, stay), key=lambda s: s.start)))
        if stay.end <= end and all(_clear(trial, t) for t in np.arange(stay.start, stay.end, 0.25)):
            return stay
    return None


def _clear(world: World, t: float) -> bool:
    """Whether everything inside the frame at t seconds is at most half hidden."""
    scene = world.scene_at(float(t))
    together = world.shares_at(float(t))
    for placed in scene.objects:
        alone = draw.Scene(scene.background, scene.light, (placed,))
        share = draw.coverage(alone, round(MAP_HEIGHT * world.aspect), MAP_HEIGHT)[0].share
        if share > draw.HIDDEN and together[placed.thing] < 0.5 * share:
            return False
    return True


def _stay(rng: np.random.Generator, aspect: float, thing: int, start: float, end: float) -> Stay:
    """A random appearance: it crosses, comes and stands, or is there and gone at once."""
    height = float(rng.uniform(*draw.HEIGHTS))
    picture = draw.glyph(thing)
    width = height * picture.width / picture.height / aspect
    if width > 0.6:
        height, width = height * 0.6 / width, 0.6
    x = float(rng.uniform(width / 2, 1 - width / 2))
    y = float(rng.uniform(height / 2, 1 - height / 2))

    def outside(side: int) -> tuple[float, float]:
        return ((-width / 2, y), (1 + width / 2, y), (x, -height / 2), (x, 1 + height / 2))[side]

    def travel(one: tuple[float, float], other: tuple[float, float]) -> float:
        return math.dist(one, other) / float(rng.uniform(*SPEED))

    enter, leave = outside(rng.choice(4, p=[.35, .35, .15, .15])), outside(
        rng.choice(4, p=[.35, .35, .15, .15]))
    kind = rng.choice(["cross", "stand", "appear"], p=[0.25, 0.55, 0.2])
    if kind == "cross":
        enter, leave = (outside(0), outside(1)) if rng.random() < 0.5 else (outside(1), outside(0))
        path = ((start, *enter), (min(end, start + 10), *leave))
    elif kind == "stand":
        arrived = start + travel(enter, (x, y))
        parted = max(end - travel((x, y), leave), arrived + 1.5)
        path = ((start, *enter), (arrived, x, y), (parted, x, y),
                (parted + travel((x, y), leave), *leave))
    else:
        path = ((start, x, y), (end, x, y))
    return Stay(thing, height, bool(rng.random() < 0.5), path)


def states(world: World, fps: int) -> np.ndarray:
    """int8 [frames, 41] at the times of the frames: 0 absent, 1 unsure, 2 visible."""
    table = np.zeros((round(world.seconds * fps), len(THINGS)), dtype=np.int8)
    for i in range(len(table)):
        for thing, share in world.shares_at(i / fps).items():
            table[i, thing] = 2 if share >= draw.VISIBLE else 1 if share >= draw.HIDDEN else 0
    return table


def spans(column: np.ndarray, fps: int) -> list[list[float]]:
    """The stretches where a bool [frames] is true, as [start, end) in seconds."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], column.astype(np.int8), [0]))))
    return [[round(float(a) / fps, 3), round(float(b) / fps, 3)]
            for a, b in zip(edges[::2], edges[1::2])]


def record(world: World, path: Path, fps: int, size: tuple[int, int], crf: int,
           seed: int) -> None:
    """Draws and encodes every frame of the world."""
    rng = np.random.default_rng([seed, 0xF11])
    grain = rng.standard_normal((size[1] * size[0] * 3 + (1 << 16)), dtype=np.float32)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.time_base = Fraction(1, fps)
        stream.thread_count = 1
        stream.options = {"crf": str(crf), "preset": "medium", "g": str(2 * fps),
                          "keyint_min": str(2 * fps), "sc_threshold": "0"}
        for i in range(round(world.seconds * fps)):
            picture = draw.render(world.scene_at(i / fps), *size)
            noise = world.cut_at(i / fps).noise
            if noise:
                part = grain[rng.integers(1 << 16):][:picture.size].reshape(picture.shape)
                picture = np.clip(picture + part * np.float32(noise), 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts = i
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def write_json(path: Path, value: dict) -> None:
    """One line per list entry at the top, so that differences can be read."""
    head = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()
            if not isinstance(v, list)]
    lists = [f" {json.dumps(k)}: [\n  " + ",\n  ".join(json.dumps(e) for e in v) + "\n ]"
             for k, v in value.items() if isinstance(v, list)]
    path.write_text("{\n" + ",\n".join(head + lists) + "\n}\n", encoding="utf-8")


def truth(world: World, table: np.ndarray, fps: int) -> list[dict]:
    """Per thing that is ever there, by first appearance: its name and spans."""
    present = [t for t in range(len(THINGS)) if table[:, t].any()]
    present.sort(key=lambda t: int(np.argmax(table[:, t] > 0)))
    return [{"name": THINGS[t].name, "visible": spans(table[:, t] == 2, fps),
             "unsure": spans(table[:, t] == 1, fps)} for t in present]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--seconds", type=float, default=240)
    parser.add_argument("--fps", type=int, default=8)
    parser.add_argument("--size", default="320x240", help="WIDTHxHEIGHT, both even")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=0, help="how many, all tasks together")
    parser.add_argument("--loop", action="store_true", help="the end joins the start")
    args = parser.parse_args()
    width, height = (int(part) for part in args.size.split("x"))
    world = invent(args.seed, args.seconds, width / height, args.loop)
    table = states(world, args.fps)
    crf = int(np.random.default_rng([args.seed, 0xC2F]).integers(23, 31))
    args.out.mkdir(parents=True, exist_ok=True)
    write_json(args.out / "truth.json", {
        "seed": args.seed, "seconds": args.seconds, "fps": args.fps, "size": args.size,
        "crf": crf, "things": truth(world, table, args.fps)})
    if args.questions:
        asked = asking.questions(table, args.fps, args.questions, args.seed)
        write_json(args.out / "questions.json", {"video": "stream.mp4", "questions": asked})
    record(world, args.out / "stream.mp4", args.fps, (width, height), crf, args.seed)


if __name__ == "__main__":
    main()
