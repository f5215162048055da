"""Scales with which the product stores keys and values in few bits: `kv_scales.safetensors`.

    python -m onlooker_training.calibrate

A number is told as offset + code * step, the two fixed for each channel of each layer's keys
(before RoPE) and values: from the range that drawn streams show for 8 bits, with the least
square error for 4 and 2 (imagined slots, streams.py; a clip in twenty unlike all that is drawn).
Time labels have scales of their own for each place, for they vary little and answers hang on them.
Which layers need how many bits is measured: how far the answers' logits move (KL divergence) when
one layer's keys or values alone are rounded. The streams are long, for labels of one hour must be
told apart.

Tensors for each form, of N layers, P places, K heads of d: `<form>.bits` int32 [2, N] (keys, then
values), `<form>.offsets` and `<form>.steps` float16 [2, N, P, K, d]. Metadata: `opening` and
`closing`, the places before and behind the shared one.
"""

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

from onlooker_training import decoder as decoders
from onlooker_training import tokenizer as tok
from onlooker_training.contexts import ALL, Assembler, Batch, Composer, Context
from onlooker_training.model import LanguageModel, seeded
from onlooker_training.slots import strangers
from onlooker_training.streams import Stream, imagined
from onlooker_training.train import PACK, WEIGHTS, language_model, restore
from onlooker_world.families import Wording

FILE = "kv_scales.safetensors"
OPENING, CLOSING = 2, 2
RUN, EVERY = 20, 100
"""Clips in a row that are shown under one time of day, every run under another; a run begins every
so many clips."""
FORMS = {"int8": ((8,), 8.0), "int4": ((8, 4, 2), 3.75), "int2": ((8, 4, 2), 2.5)}
"""The bits that a form may use and how many it may use on average."""
STREAMS, SECONDS, FIRST_SEED = 4, 2400, 990_000
STRANGE = 0.05
ROWS = 4000
"""Of a channel, for the least square error."""
MARGIN = 0.05
"""Of the range, on both sides, for 8 bits: what the streams did not show is then rarely clipped."""
SHRINKS = np.linspace(0.4, 1.0, 13)

Rounded = Callable[[int, Tensor], Tensor]
"""Number of the part (layer * 2, + 1 for values) and its clips [C, n, kv, d] → the same, rounded."""


class Scales:
    """Offsets and steps of one part for some bits: both [P, kv, d], as float16 holds them."""

    def __init__(self, clips: Tensor, bits: int):
        self.largest = 2 ** bits - 1
        fits = [self._fit(clips[:, place].flatten(0, 1), bits) for place in places(clips.shape[1])]
        self.offsets, self.steps = (torch.stack(part).half().float() for part in zip(*fits))
        self.steps = self.steps.clamp(min=1e-6)

    def _fit(self, rows: Tensor, bits: int) -> tuple[Tensor, Tensor]:
        """Offset and step [kv, d] for rows [N, kv, d]."""
        low, high = rows.amin(0), rows.amax(0)
        if bits == 8:
            edge = (high - low) * MARGIN
            return low - edge, (high - low + 2 * edge) / self.largest + 1e-5
        rows = rows[torch.randperm(len(rows))[:ROWS]]
        best, least = (low, (high - low) / self.largest), None
        for below in SHRINKS:
            for above in SHRINKS[::2]:
                middle = rows.mean(0)
                offset = middle - (middle - low) * below
                step = ((high - middle) * above + middle - offset) / self.largest + 1e-5
                error = (self._round(rows, offset, step) - rows).square().sum(0)
                if least is None:
                    best, least = (offset, step), error
                better = error < least
                best = tuple(torch.where(better, new, old) for new, old in zip((offset, step), best))
                least = torch.minimum(least, error)
        return best

    def _round(self, rows: Tensor, offset: Tensor, step: Tensor) -> Tensor:
        return ((rows - offset) / step).round().clamp(0, self.largest) * step + offset

    def __call__(self, clips: Tensor) -> Tensor:
        """clips [C, n, kv, d] as the product would give them back."""
        rounded = torch.empty_like(clips)
        for i, place in enumerate(places(clips.shape[1])):
            rounded[:, place] = self._round(clips[:, place], self.offsets[i], self.steps[i])
        return rounded


def places(tokens: int) -> list[slice]:
    """Which tokens of a clip share a place."""
    end = tokens - CLOSING
    return [*(slice(i, i + 1) for i in range(OPENING)), slice(OPENING, end),
            *(slice(i, i + 1) for i in range(end, tokens))]


class Served:
    """The language model over streams, with what becomes of the blocks between watching and
    asking."""

    def __init__(self, model: LanguageModel, streams: list[Stream]):
        self.model, self.streams = model, streams
        self.slots = {stream.seed: self._slots(stream) for stream in streams}

    @staticmethod
    def _slots(stream: Stream) -> Tensor:
        rng = np.random.default_rng(stream.seed)
        slots = imagined(stream.moments, rng)
        strange = torch.from_numpy(rng.random(len(slots)) < STRANGE)
        slots[strange] = strangers(slots[strange])
        return slots

    def hidden(self, batch: Batch, rounded: Rounded) -> Tensor:
        slots = torch.cat([self.slots[stream.seed][clip] for stream, clip in batch.shown])
        parts = iter(range(2 * len(self.model.decoder.layers)))
        kept, decoders.coarse = decoders.coarse, lambda x, _: rounded(next(parts), x)
        batch.packing.levels = 1
        try:
            return self.model(batch, slots)
        finally:
            decoders.coarse = kept

    def logs(self, batch: Batch, rounded: Rounded) -> Tensor:
        """Log-probabilities at the answers' tokens."""
        hidden = self.hidden(batch, rounded)[batch.targets >= 0]
        return self.model.decoder.logits(hidden).float().log_softmax(-1)


def clips_of(served: Served, assembler: Assembler, question) -> list[Tensor]:
    """Keys and values of every clip of the streams, a tensor [C, n, kv, d] for each part."""
    seen: dict[int, list[Tensor]] = {}

    def keep(part: int, x: Tensor) -> Tensor:
        seen.setdefault(part, []).append(x.clone())
        return x

    for stream in served.streams:
        for first in range(0, len(stream.moments) - RUN + 1, EVERY):
            clips = tuple(range(first, first + RUN))
            served.hidden(assembler.batch([Context(stream, clips, (question,))]), keep)
    return [torch.cat(seen[part]) for part in sorted(seen)]


def divergence(served: Served, batches: list[Batch], truth: list[Tensor], rounded: Rounded) -> float:
    """Mean KL divergence of the answers' tokens from those of blocks as they are."""
    gone = [(true.exp() * (true - served.logs(batch, rounded))).sum(-1)
            for batch, true in zip(batches, truth)]
    return torch.cat(gone).mean().item()


def allotted(costs: dict[int, list[float]], mean: float) -> list[int]:
    """Bits of each part: from the fewest on, the part and the bits that gain most for each bit
    more, until the mean is reached."""
    choices = sorted(costs)
    parts = len(costs[choices[0]])
    bits = [choices[0]] * parts
    while True:
        left = round(mean * parts) - sum(bits)
        steps = [((costs[bits[p]][p] - costs[more][p]) / (more - bits[p]), p, more)
                 for p in range(parts) for more in choices if 0 < more - bits[p] <= left]
        if not steps:
            return bits
        _, part, more = max(steps)
        bits[part] = more


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--pack", type=Path, default=PACK)
    parser.add_argument("--batches", type=int, default=4, help="of 8 contexts, for the measuring")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    tokenizer, rng = tok.load(args.pack), seeded(FIRST_SEED)
    model = language_model(tokenizer)
    restore(model, args.weights / "language.safetensors")
    served = Served(model, [Stream(FIRST_SEED + i, SECONDS) for i in range(STREAMS)])
    composer = Composer(served.streams, Wording.training(), rng, replace(ALL, strange=0.0))
    assembler = Assembler(tokenizer, rng)
    batches = [assembler.batch([composer.context() for _ in range(8)]) for _ in range(args.batches)]
    print(f"{len(batches)} batches", flush=True)
    parts = clips_of(served, assembler, composer.context().questions[0])
    truth = [served.logs(batch, lambda _, x: x) for batch in batches]
    scales = {bits: [Scales(clips, bits) for clips in parts] for bits in (8, 4, 2)}
    print(f"{len(parts[0])} clips", flush=True)
    costs = {bits: [divergence(served, batches, truth,
                               lambda p, x, one=part, by=by: by(x) if p == one else x)
                    for part, by in enumerate(scales[bits])] for bits in (4, 2)}
    costs[8] = [0.0] * len(parts)
    tensors: dict[str, Tensor] = {}
    for form, (choices, mean) in FORMS.items():
        bits = allotted({choice: costs[choice] for choice in choices}, mean)
        chosen = [scales[b][part] for part, b in enumerate(bits)]
        gone = divergence(served, batches, truth, lambda p, x: chosen[p](x))
        print(f"{form}: keys {bits[0::2]} values {bits[1::2]} mean {sum(bits) / len(bits):.2f} bits, "
              f"KL {gone:.5f}", flush=True)
        tensors[f"{form}.bits"] = torch.tensor([bits[0::2], bits[1::2]], dtype=torch.int32)
        for name in ("offsets", "steps"):
            both = [torch.stack([getattr(one, name) for one in chosen[side::2]]) for side in (0, 1)]
            tensors[f"{form}.{name}"] = torch.stack(both).half().contiguous()
    save_file(tensors, args.pack / FILE,
              metadata={"opening": str(OPENING), "closing": str(CLOSING)})


if __name__ == "__main__":
    main()
