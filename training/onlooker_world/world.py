"""Writes a stream of the drawn world: video, truth and questions.

    python -m onlooker_world.world --seed 1000001 --hours 2 --fps 8 --size 320x240 --out DIR
        [--questions 3150] [--frames reporting|training] [--typed FILE] [--loop] [--quiet 5]

stream.mp4      H.264, yuv420p, a keyframe every 2 s, index in front, no sound
truth.json      {"seed","seconds","fps","size","crf","things","events","shots"}; spans are
                half-open, in seconds of media time:
                things  one per stay: {"name","kind","color","shape","start","end","path":
                        [[seconds, x, y, height],…] (centre and height as fractions of the frame,
                        moving evenly between), "ratio": width / height in pixels, "texts":
                        [[since, text],…], "visible":[[s,e],…], "unsure":[[s,e],…]}; see truth.py
                events  {"start","end","subject","verb","object"}; see script.Event
                shots   {"start","night","weather"}; each begins with a camera cut
questions.json  see asking.py

The same seed and arguments give the same truth and questions everywhere, and the same video with
the same libx264. Seeds of 1,000,000 and above are for reporting and are never trained on. Frames
are drawn and encoded one by one; what is kept grows with the number of things that came, not
with frames.
"""

import argparse
import dataclasses
import json
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np

from onlooker_world import asking, paint
from onlooker_world.scene import Scene
from onlooker_world.script import Script
from onlooker_world.truth import Truth

CRF = (23, 35)
KEYFRAME_SECONDS = 2
SMALLEST, LARGEST = 64, 1280


def watch(script: Script, fps: int, truth: Truth) -> Iterator[tuple[int, Scene]]:
    """Every frame's number and scene, in order; fills in the truth on the way."""
    frame, before, seen = 0, None, []
    for episode in script.episodes():
        truth.begin(episode)
        while frame / fps < episode.end:
            t = frame / fps
            present, scene = episode.present(t), episode.scene_at(t)
            if scene.objects != before:
                before, seen = scene.objects, paint.coverage(scene.objects, script.aspect)
            truth.frame(frame, present, seen)
            yield frame, scene
            frame += 1


class Recorder:
    """An MP4 file that frames are put into one by one; a context manager."""

    def __init__(self, path: Path, fps: int, size: tuple[int, int], crf: int):
        self._container = av.open(str(path), "w", options={"movflags": "+faststart"})
        self._stream = self._container.add_stream("libx264", rate=fps)
        self._stream.width, self._stream.height, self._stream.pix_fmt = *size, "yuv420p"
        self._stream.time_base = Fraction(1, fps)
        self._stream.thread_count = 1
        keyframes = str(KEYFRAME_SECONDS * fps)
        self._stream.options = {"crf": str(crf), "preset": "veryfast", "g": keyframes,
                                "keyint_min": keyframes, "sc_threshold": "0"}

    def __enter__(self) -> "Recorder":
        return self

    def put(self, number: int, picture: np.ndarray) -> None:
        """The picture, uint8 [height, width, 3] RGB, as frame of that number."""
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        frame.pts = number
        self._container.mux(self._stream.encode(frame))

    def __exit__(self, failure: type | None, *_) -> None:
        if failure is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()


def record(script: Script, path: Path, fps: int, size: tuple[int, int], crf: int) -> Truth:
    """Draws and encodes every frame of the world; returns what can be seen in it."""
    truth = Truth(fps, script.aspect)
    grain = paint.Grain(script.seed, *size)
    with Recorder(path, fps, size, crf) as recorder:
        for number, scene in watch(script, fps, truth):
            picture = paint.render(scene, *size)
            if scene.shot.noise:
                picture = grain.over(picture, scene.shot.noise, number)
            recorder.put(number, picture)
    return truth


def told(truth: Truth) -> dict[str, list[dict]]:
    """The truth as it stands in truth.json."""
    things = []
    for s in truth.sightings:
        item = s.stay.item
        entry = {"name": item.name, "kind": item.kind}
        if item.kind == "shape":
            entry |= {"color": item.color, "shape": item.shape, "filled": item.filled}
        things.append(entry | {
            "start": round(s.stay.start, 3), "end": round(s.stay.end, 3),
            "ratio": round(paint.ratio(item), 3),
            "path": [[round(v, 4) for v in knot] for knot in s.stay.knots],
            "texts": [[round(t, 3), text] for t, text in s.stay.texts],
            "visible": s.visible, "unsure": s.unsure})
    events = [dataclasses.asdict(e) | {"start": round(e.start, 3), "end": round(e.end, 3)}
              for e in truth.events]
    shots = [{"start": s.start, "night": s.night, "weather": s.weather} for s in truth.shots]
    return {"things": things, "events": events, "shots": shots}


def write_json(path: Path, value: dict) -> None:
    """One line per list entry at the top, so that differences can be read."""
    head = [f" {json.dumps(k)}: {json.dumps(v)}" for k, v in value.items()
            if not isinstance(v, list)]
    lists = [f" {json.dumps(k)}: [\n  " + ",\n  ".join(json.dumps(e) for e in v) + "\n ]"
             for k, v in value.items() if isinstance(v, list)]
    path.write_text("{\n" + ",\n".join(head + lists) + "\n}\n", encoding="utf-8")


def _size(text: str) -> tuple[int, int]:
    width, height = (int(part) for part in text.split("x"))
    if not all(SMALLEST <= v <= LARGEST and v % 2 == 0 for v in (width, height)):
        raise argparse.ArgumentTypeError(
            f"size is {text}: both must be even, {SMALLEST} to {LARGEST}")
    return width, height


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    length = parser.add_mutually_exclusive_group(required=True)
    length.add_argument("--hours", type=float)
    length.add_argument("--seconds", type=float)
    parser.add_argument("--fps", type=int, default=8)
    parser.add_argument("--size", type=_size, default=(320, 240), help="WIDTHxHEIGHT, both even")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=0, help="how many, all tasks together")
    parser.add_argument("--frames", choices=("reporting", "training"), default="reporting",
                        help="which sentence frames to ask with")
    parser.add_argument("--typed", type=Path, help="ask with the sentences of this file instead")
    parser.add_argument("--loop", action="store_true", help="the end joins the start")
    parser.add_argument("--quiet", type=float, default=1.0,
                        help="how many times longer nothing is there between episodes")
    return parser.parse_args()


def main() -> None:
    args = _arguments()
    seconds = args.hours * 3600 if args.hours else args.seconds
    width, height = args.size
    crf = int(np.random.default_rng([args.seed, 0xC2F]).integers(CRF[0], CRF[1] + 1))
    args.out.mkdir(parents=True, exist_ok=True)
    script = Script(args.seed, seconds, width / height, args.loop, args.quiet)
    begun = time.process_time()
    truth = record(script, args.out / "stream.mp4", args.fps, args.size, crf)
    took = time.process_time() - begun
    print(f"{round(seconds * args.fps)} frames in {took:.1f} s of processor time,"
          f" {seconds * args.fps / took:.0f} frames/s")
    write_json(args.out / "truth.json", {
        "seed": args.seed, "seconds": seconds, "fps": args.fps, "size": f"{width}x{height}",
        "crf": crf, **told(truth)})
    if args.questions:
        wording = asking.wording(args.frames, args.typed)
        asked = asking.questions(truth, args.questions, args.seed, wording)
        write_json(args.out / "questions.json", {"video": "stream.mp4", "questions": asked})
        print(asking.table(asked))


if __name__ == "__main__":
    main()
