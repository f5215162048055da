"""Replays the golden topics of `reference_streams` with ONNX Runtime, on both decoder kinds."""

from __future__ import annotations

import numpy as np
import onnxruntime as ort

from .reference_arrays import Golden
from .reference_onnx import OnnxPack, Report, layers_of, rope_theta, rotate, stacked

SPARE_ROWS = 9
ANGLE_ERROR = 2e-7
"""fp32 angles lose this much per position: the graph's cos and sin at p are off by p times it."""


class Replay:
    """A stream golden on one pack. Caches are pairs of f32 [layers,KV,T,d]: keys, values."""

    def __init__(self, pack: OnnxPack, golden: Golden, report: Report) -> None:
        self.pack, self.golden, self.report = pack, golden, report
        self.theta = rope_theta(pack)
        stream = golden.topics["stream"]
        self.embeds = golden.array(stream["embeds"])
        starts = [0, *stream["frameStarts"], len(self.embeds)]
        self.spans = [range(a, b) for a, b in zip(starts, starts[1:])]

    def run(self) -> None:
        self.sliding_contiguous()
        self.recalled()
        self.shifts()
        if self.pack.has_positions:
            self.sliding_running()
            self.sinks_at_left_edge()
            self.positions()
            self.masked_block()
        else:
            self.in_place()

    def prefill(self, block: int, keys, values, positions=None):
        """New keys and values of one span after a past cache."""
        span = self.spans[block]
        past = layers_of(keys, values, self.pack.kv_type)
        _, present = self.pack.step(self.embeds[span.start:span.stop], past, positions)
        length = keys.shape[2]
        return stacked(present[0::2])[:, :, length:], stacked(present[1::2])[:, :, length:]

    def tolerance_at(self, position: int) -> float:
        """The tolerance of keys rotated by that many positions."""
        return max(self.report.tolerance, ANGLE_ERROR * position)

    def empty(self):
        empty = stacked(self.pack.empty_cache()[0::2])
        return empty, empty

    def sliding_contiguous(self) -> None:
        """Raw keys are kept; the past is rebuilt from them at 0..P-1 for every frame."""
        for case in self.golden.topics["slidingContiguous"]:
            keys, values = self.prefill(0, *self.empty())
            raw = [rotate(keys, [-p for p in range(keys.shape[2])], self.theta)]
            kept_values = [values]
            for block, frames in enumerate(case["pastFrames"], start=1):
                chosen = [0, *(f + 1 for f in frames)]
                past_raw = np.concatenate([raw[i] for i in chosen], axis=2)
                past_values = np.concatenate([kept_values[i] for i in chosen], axis=2)
                start = past_raw.shape[2]
                past_keys = rotate(past_raw, range(start), self.theta)
                keys, values = self.prefill(block, past_keys, past_values)
                at = range(start, start + keys.shape[2])
                raw.append(rotate(keys, [-p for p in at], self.theta))
                kept_values.append(values)
            name = f"sliding, rebuilt, drop {case['dropFrames']}"
            self.report.near(f"{name}, raw keys", np.concatenate(raw, axis=2),
                             self.golden.array(case["rawKeys"]))
            self.report.near(f"{name}, values", np.concatenate(kept_values, axis=2),
                             self.golden.array(case["values"]))

    def sliding_running(self) -> None:
        """Sinks stay at 0, window keys stay where they were computed; nothing is rotated."""
        case = self.golden.topics["slidingRunning"]
        parts = []
        for block, span in enumerate(self.spans):
            chosen = parts[:1] + parts[max(1, block - case["windowFrames"]):]
            past = ([np.concatenate(side, axis=2) for side in zip(*chosen)] if chosen
                    else self.empty())
            parts.append(self.prefill(block, *past, span))
        keys, values = (np.concatenate(side, axis=2) for side in zip(*parts))
        self.report.near("sliding, running, keys", keys, self.golden.array(case["keys"]))
        self.report.near("sliding, running, values", values, self.golden.array(case["values"]))

    def sinks_at_left_edge(self) -> None:
        """Window keys stay in place; the sinks alone are rotated, to just before the window.

        The distances equal those of the rebuilt past, and so must the raw keys.
        """
        for case in self.golden.topics["slidingContiguous"]:
            sinks = self.prefill(0, *self.empty())
            parts = [sinks]
            raw = [rotate(sinks[0], [-p for p in self.spans[0]], self.theta)]
            for block, frames in enumerate(case["pastFrames"], start=1):
                by = self.spans[frames[0] + 1].start - self.spans[0].stop if frames else 0
                moved = rotate(sinks[0], [by] * len(self.spans[0]), self.theta)
                chosen = [(moved, sinks[1]), *(parts[f + 1] for f in frames)]
                past = [np.concatenate(side, axis=2) for side in zip(*chosen)]
                parts.append(self.prefill(block, *past, self.spans[block]))
                raw.append(rotate(parts[-1][0], [-p for p in self.spans[block]], self.theta))
            self.report.near(f"sliding, sinks moved, drop {case['dropFrames']}, raw keys",
                             np.concatenate(raw, axis=2), self.golden.array(case["rawKeys"]),
                             self.tolerance_at(len(self.embeds)))

    def recalled(self) -> None:
        """Blocks stored raw, put behind the sinks, asked, and answered from."""
        case, stream = self.golden.topics["recalled"], self.golden.topics["stream"]
        _, present = self.pack.step(self.embeds, self.pack.empty_cache())
        every = range(len(self.embeds))
        raw = rotate(stacked(present[0::2]), [-p for p in every], self.theta)
        values = stacked(present[1::2])
        self.report.near("stream, raw keys", raw, self.golden.array(stream["rawKeys"]),
                         self.tolerance_at(len(self.embeds)))
        self.report.near("stream, values", values, self.golden.array(stream["values"]))
        rows = self.recalled_rows()
        keys = rotate(raw[:, :, rows], range(len(rows)), self.theta)
        self.report.near("recalled, keys moved", keys, self.golden.array(case["keys"]))
        fresh = self.golden.array(case["freshKeys"])
        self.report.near("recalled, layer 0 against a fresh prefill", keys[:1], fresh[:1])
        self.report.note("recalled, deeper layers (content differs)",
                         float(np.abs(keys[1:] - fresh[1:]).max()))
        past = layers_of(keys, values[:, :, rows], self.pack.kv_type)
        question = self.pack.embeds(case["questionIds"])
        logits, present = self.pack.step(question, past)
        self.report.near("recalled, question logits", logits, self.golden.array(case["logits"]))
        tokens, _ = self.pack.greedy(logits, present, len(case["tokens"]))
        self.report.equal("recalled, greedy tokens", tokens, case["tokens"])

    def recalled_rows(self) -> list[int]:
        frames = self.golden.topics["recalled"]["frames"]
        return [row for block in (0, *(f + 1 for f in frames)) for row in self.spans[block]]

    def golden_past(self):
        case = self.golden.topics["recalled"]
        return self.golden.array(case["keys"]), self.golden.array(case["values"])

    def shifts(self) -> None:
        """Rotating the cached keys of a prompt equals prefilling it later, in every layer."""
        cache = self.golden.topics["cache"]
        _, present = self.pack.step(self.golden.array(cache["embeds"]), self.pack.empty_cache())
        keys = stacked(present[0::2])
        for case in self.golden.topics["shifts"]:
            moved = rotate(keys, [case["by"]] * keys.shape[2], self.theta)
            self.report.near(f"shift by {case['by']}, all layers", moved,
                             self.golden.array(case["keys"]), self.tolerance_at(case["by"]))

    def positions(self) -> None:
        """A question far behind its past, and keys left at their old positions with holes."""
        case, recalled = self.golden.topics["positions"], self.golden.topics["recalled"]
        question = self.pack.embeds(recalled["questionIds"])
        at = range(case["questionStart"], case["questionStart"] + len(question))
        keys, values = self.golden_past()
        rows = self.recalled_rows()
        kept = rotate(keys, [row - i for i, row in enumerate(rows)], self.theta)
        contiguous = self.golden.array(recalled["logits"])
        for name, past_keys in (("movedKeysLogits", keys), ("keptKeysLogits", kept)):
            past = layers_of(past_keys, values, self.pack.kv_type)
            logits, _ = self.pack.step(question, past, at)
            self.report.near(f"positions, {name}", logits, self.golden.array(case[name]))
            self.report.note(f"positions, {name} against contiguous",
                             float(np.abs(logits - contiguous).max()))

    def masked_block(self) -> None:
        case, recalled = self.golden.topics["maskedBlock"], self.golden.topics["recalled"]
        question = self.pack.embeds(recalled["questionIds"])
        past = layers_of(*self.golden_past(), self.pack.kv_type)
        mask = np.ones(past[0].shape[2] + len(question), np.int64)
        mask[case["hiddenStart"]:case["hiddenStop"]] = 0
        logits, _ = self.pack.step(question, past, mask=mask)
        self.report.near("masked block, logits", logits, self.golden.array(case["logits"]))

    def in_place(self) -> None:
        """One buffer with spare rows bound as past and present: bit-equal to separate tensors."""
        past = layers_of(*self.golden_past(), self.pack.kv_type)
        question = self.pack.embeds(self.golden.topics["recalled"]["questionIds"])
        logits, present = self.pack.step(question, past)
        length, total = past[0].shape[2], past[0].shape[2] + len(question)
        buffers = []
        for layer in past:
            room = np.zeros((*layer.shape[:2], total + SPARE_ROWS, layer.shape[3]), layer.dtype)
            room[:, :, :length] = layer
            buffers.append(ort.OrtValue.ortvalue_from_numpy(room))
        binding = self.pack.decoder.io_binding()
        binding.bind_cpu_input("inputs_embeds", question[None])
        binding.bind_cpu_input("attention_mask", np.ones((1, total), np.int64))
        for name, buffer in zip(self.pack.past_names, buffers, strict=True):
            binding.bind_ortvalue_input(name, buffer)
            binding.bind_ortvalue_output(name.replace("past_key_values", "present"), buffer)
        binding.bind_output("logits")
        self.pack.decoder.run_with_iobinding(binding)
        shared = binding.get_outputs()[-1].numpy()[0]
        self.report.equal("in place, logits", shared.tobytes(), logits.tobytes())
        for buffer, layer in zip(buffers, present, strict=True):
            self.report.equal("in place, caches", buffer.numpy()[:, :, :total].tobytes(),
                              layer.tobytes())
