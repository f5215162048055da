"""Golden outputs for caches that are cut, moved and reused: what watching a stream does to them.

One stream of twelve frames is prefilled under several rules. Positions may be anything that keeps
the distances between what a token sees: half-rotation RoPE makes attention depend on distances
alone, so a rule with running positions and one with positions from 0 may give equal raw keys.
"""

from __future__ import annotations

import torch

from . import reference_text as text
from .reference_arrays import GoldenWriter
from .reference_goldens import Scene
from .reference_run import KeysValues, Step, concat, stack_keys, stack_values

FRAMES = 12
WINDOW = 6
DROPS = (1, 3)
RECALLED = [1, 4, 9]
SHIFTS = (1, 100, 1000)
ANSWER_TOKENS = 16
QUESTION = "\n\nWhat did you see first?<end_of_utterance>\nAssistant:"


class Stream:
    """Sink tokens, then one block of tokens per frame; `spans[0]` is the sinks' row range."""

    def __init__(self, scene: Scene) -> None:
        blocks = [text.START + "User: "] + [
            f"\nFrame from {text.minutes_and_seconds(i)}:"
            + text.image_block(scene.dims.tokens_per_image) for i in range(FRAMES)]
        pixels = [torch.roll(scene.pixels[i % len(scene.pixels)], 5 * i, dims=-1)
                  for i in range(FRAMES)]
        features = scene.runner.features(torch.stack(pixels))
        parts = [scene.runner.embeds(scene.ids(blocks[0]))] + [
            scene.runner.embeds(scene.ids(block), features[i:i + 1])
            for i, block in enumerate(blocks[1:])]
        self.embeds = torch.cat(parts)
        self.spans: list[range] = []
        for part in parts:
            start = self.spans[-1].stop if self.spans else 0
            self.spans.append(range(start, start + len(part)))

    def rows(self, block: int) -> torch.Tensor:
        """Embedding rows of a span: 0 is the sinks, i + 1 is frame i."""
        return self.embeds[self.spans[block].start:self.spans[block].stop]


def write_chunked(golden: GoldenWriter) -> None:
    """Topic "chunkedPrefill": any chunk size gives what one pass over the prompt gave."""
    cache = golden.topics["cache"]
    golden.topics["chunkedPrefill"] = {
        "chunkTokens": [1, 5, 16],
        **{name: cache[name] for name in ("embeds", "keys", "values", "logits")}}


def write_streams(scene: Scene, golden: GoldenWriter) -> None:
    """Topics "stream" to "maskedBlock"; see the README beside the golden files."""
    stream = Stream(scene)
    full = scene.runner.step(stream.embeds, range(len(stream.embeds)))
    golden.topics["stream"] = {
        "embeds": golden.array("stream-embeds", stream.embeds),
        "sinkTokens": len(stream.spans[0]),
        "frameStarts": [span.start for span in stream.spans[1:]],
        "rawKeys": golden.array("stream-raw-keys", torch.stack(full.raw_keys)),
        "values": golden.array("stream-values", stack_values(full.added)),
    }
    _sliding_running(scene, stream, golden)
    golden.topics["slidingContiguous"] = [
        _sliding_contiguous(scene, stream, golden, drop) for drop in DROPS]
    _recalled(scene, stream, full, golden)
    _shifts(scene, golden)


def _sliding_running(scene: Scene, stream: Stream, golden: GoldenWriter) -> None:
    """One pass under the equivalent 4-D mask, at running positions."""
    count = len(stream.embeds)
    allowed = torch.ones(count, count).tril() > 0
    for block in range(1, len(stream.spans)):
        hidden = range(stream.spans[0].stop, stream.spans[max(1, block - WINDOW)].start)
        rows = stream.spans[block]
        allowed[rows.start:rows.stop, hidden.start:hidden.stop] = False
    step = scene.runner.step(stream.embeds, range(count), allowed=allowed)
    golden.topics["slidingRunning"] = {
        "windowFrames": WINDOW,
        "keys": golden.array("sliding-running-keys", stack_keys(step.added)),
        "values": golden.array("sliding-running-values", stack_values(step.added)),
    }


def _sliding_contiguous(scene: Scene, stream: Stream, golden: GoldenWriter, drop: int) -> dict:
    """Each frame is prefilled on a past rebuilt from raw keys at positions 0..P-1."""
    steps = [scene.runner.step(stream.rows(0), range(len(stream.rows(0))))]
    window: list[int] = []
    pasts = []
    for block in range(1, len(stream.spans)):
        if len(window) == WINDOW:
            window = window[drop:]
        past = _rebuilt(scene, [steps[i] for i in (0, *window)])
        start = past[0][0].shape[1]
        rows = stream.rows(block)
        steps.append(scene.runner.step(rows, range(start, start + len(rows)), past))
        pasts.append([i - 1 for i in window])
        window.append(block)
    raw = torch.cat([torch.stack(step.raw_keys) for step in steps], dim=2)
    values = torch.cat([stack_values(step.added) for step in steps], dim=2)
    return {
        "windowFrames": WINDOW,
        "dropFrames": drop,
        "pastFrames": pasts,
        "rawKeys": golden.array(f"sliding-drop-{drop}-raw-keys", raw),
        "values": golden.array(f"sliding-drop-{drop}-values", values),
    }


def _rebuilt(scene: Scene, steps: list[Step]) -> KeysValues:
    """The steps' rows as one cache at positions 0..P-1."""
    raw = [torch.cat([step.raw_keys[i] for step in steps], dim=1)
           for i in range(len(steps[0].raw_keys))]
    keys = scene.runner.rotate(raw, list(range(raw[0].shape[1])))
    values = concat([step.added for step in steps])
    return [(key, value) for key, (_, value) in zip(keys, values, strict=True)]


def _recalled(scene: Scene, stream: Stream, full: Step, golden: GoldenWriter) -> None:
    """Topics "recalled", "positions" and "maskedBlock": a past of sinks and three old frames."""
    rows = [row for block in (0, *(f + 1 for f in RECALLED)) for row in stream.spans[block]]
    count, total = len(rows), len(stream.embeds)
    values = [value[:, rows] for _, value in full.added]
    keys = scene.runner.rotate([raw[:, rows] for raw in full.raw_keys], list(range(count)))
    past = list(zip(keys, values, strict=True))
    ids = scene.ids(QUESTION)
    question = scene.runner.embeds(ids)
    step = scene.runner.step(question, range(count, count + len(ids)), past)
    fresh = scene.runner.step(stream.embeds[rows], range(count))
    golden.topics["recalled"] = {
        "frames": RECALLED,
        "keys": golden.array("recalled-keys", torch.stack(keys)),
        "values": golden.array("recalled-values", torch.stack(values)),
        "freshKeys": golden.array("recalled-fresh-keys", stack_keys(fresh.added)),
        "questionIds": ids,
        "logits": golden.array("recalled-logits", step.logits),
        "tokens": scene.runner.greedy(step, ANSWER_TOKENS, count + len(ids)),
    }
    running = range(total, total + len(ids))
    in_place = [(key[:, rows], value) for (key, _), value in zip(full.added, values, strict=True)]
    golden.topics["positions"] = {
        "questionStart": total,
        "movedKeysLogits": golden.array(
            "positions-moved-logits", scene.runner.step(question, running, past).logits),
        "keptKeysLogits": golden.array(
            "positions-kept-logits", scene.runner.step(question, running, in_place).logits),
    }
    _masked_block(scene, stream, past, question, golden)


def _masked_block(scene: Scene, stream: Stream, past: KeysValues, question: torch.Tensor,
                  golden: GoldenWriter) -> None:
    """Masking the second recalled frame equals taking its rows away, positions unchanged."""
    count = past[0][0].shape[1]
    first = len(stream.spans[0]) + len(stream.spans[RECALLED[0] + 1])
    hidden = range(first, first + len(stream.spans[RECALLED[1] + 1]))
    kept = [i for i in range(count) if i not in hidden]
    step = scene.runner.step(question, range(count, count + len(question)),
                             [(key[:, kept], value[:, kept]) for key, value in past])
    golden.topics["maskedBlock"] = {
        "hiddenStart": hidden.start, "hiddenStop": hidden.stop,
        "logits": golden.array("masked-block-logits", step.logits)}


def _shifts(scene: Scene, golden: GoldenWriter) -> None:
    """Topic "shifts": the prompt of topic "cache" at later positions."""
    ids = golden.topics["cache"]["ids"]
    embeds = scene.runner.embeds(ids, scene.features([0, 1]))
    golden.topics["shifts"] = [
        {"by": by, "keys": golden.array(
            f"shifted-by-{by}-keys",
            stack_keys(scene.runner.step(embeds, range(by, by + len(ids))).added))}
        for by in SHIFTS if by + len(ids) <= scene.dims.max_positions]
