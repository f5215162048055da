"""A straightforward loop over a model pack: ReKV as published (arXiv 2503.00540), in plain Python.

What somebody writes who wants the mechanism and not a product: one stream, everything in lists in
memory, no caption, no index, no time words, no recent window; frames decoded, encoded and prefilled
one after the other, questions answered in between. `./onlooker bench loop` runs it beside the
product on the same pack and the same stream.

    python rekv_loop.py --pack models/onlooker-mini --world DIR --out answers.jsonl

needs numpy, onnxruntime, tokenizers, av. Each line of the output is {"id", "answer"}; the last one
is {"measures"}.
"""

import argparse
import json
import re
import resource
import time
from pathlib import Path

import av
import numpy as np
import onnxruntime
from tokenizers import Tokenizer

FPS = 2
ANSWER_TOKENS = 64


def session(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def frames(video, size, pad):
    """Yields (seconds, picture [3, size, size] in -1..1): FPS a second, letterboxed."""
    due = 0.0
    with av.open(str(video)) as container:
        for frame in container.decode(container.streams.video[0]):
            if frame.time + 1e-6 < due:
                continue
            due += 1 / FPS
            scale = size / max(frame.width, frame.height)
            width, height = round(frame.width * scale), round(frame.height * scale)
            small = frame.reformat(width, height, "rgb24", interpolation="BILINEAR").to_ndarray()
            picture = np.empty((size, size, 3), np.float32)
            picture[:] = pad
            left, top = (size - width) // 2, (size - height) // 2
            picture[top:top + height, left:left + width] = small
            yield frame.time, (picture / 255 - 0.5).transpose(2, 0, 1) / 0.5


class Rope:
    """Rotary embedding in half-split layout."""

    def __init__(self, theta, dim):
        self.frequencies = theta ** (-np.arange(0, dim, 2, dtype=np.float32) / dim)

    def turn(self, keys, positions):
        """keys [heads, tokens, dim], turned by positions [tokens]; negative ones turn back."""
        angle = np.asarray(positions, np.float32)[:, None] * self.frequencies
        cos, sin = np.cos(angle), np.sin(angle)
        first, second = np.split(keys, 2, axis=-1)
        return np.concatenate([first * cos - second * sin, second * cos + first * sin], -1)


class Loop:
    def __init__(self, pack):
        self.config = json.loads((pack / "config.json").read_text())
        text = self.config["text_config"]
        self.layers = text["num_hidden_layers"]
        self.groups = text["num_key_value_heads"]
        self.dim = text["head_dim"]
        self.rope = Rope(text["rope_theta"], self.dim)
        self.form = self.config["onlooker"]
        self.tokenizer = Tokenizer.from_file(str(pack / "tokenizer.json"))
        self.tower = session(pack / "onnx/vision_encoder.onnx")
        self.embed = session(pack / "onnx/embed_tokens.onnx")
        self.decoder = session(pack / "onnx/decoder_model_merged.onnx")
        self.names = [output.name for output in self.decoder.get_outputs()]
        self.archive = []  # of each clip: raw keys and values [layers, heads, tokens, dim], fp16
        self.means = []  # of each clip: mean raw key [layers, heads, dim]
        empty = np.zeros((self.layers, self.groups, 0, self.dim), np.float32)
        sinks = self.encode(self.form["sinks"])
        self.sinks, _, _ = self.forward(self.embedded(sinks), empty, empty)

    def encode(self, text):
        return self.tokenizer.encode(text, add_special_tokens=False).ids

    def embedded(self, ids):
        return self.embed.run(None, {"input_ids": np.array([ids], np.int64)})[0][0]

    def forward(self, embeds, keys, values):
        """Runs embeds [n, hidden] behind raw keys and values [layers, heads, past, dim].

        Returns the new rows' raw (keys, values), the last logits, and the queries [layers, heads,
        n, dim] before rotation."""
        past, new = keys.shape[2], len(embeds)
        feed = {
            "inputs_embeds": embeds[None].astype(np.float32),
            "attention_mask": np.ones((1, past + new), np.int64),
            "position_ids": np.arange(past, past + new, dtype=np.int64)[None],
        }
        if any(i.name == "num_logits_to_keep" for i in self.decoder.get_inputs()):
            feed["num_logits_to_keep"] = np.array(1, np.int64)
        for layer in range(self.layers):
            turned = self.rope.turn(keys[layer].astype(np.float32), np.arange(past))
            feed[f"past_key_values.{layer}.key"] = turned[None].astype(np.float32)
            feed[f"past_key_values.{layer}.value"] = values[layer][None].astype(np.float32)
        outputs = dict(zip(self.names, self.decoder.run(None, feed)))
        back = -np.arange(past, past + new)
        raw = np.stack([
            self.rope.turn(outputs[f"present.{layer}.key"][0][:, past:], back)
            for layer in range(self.layers)])
        rows = np.stack([
            outputs[f"present.{layer}.value"][0][:, past:] for layer in range(self.layers)])
        queries = np.stack([outputs[f"query.{layer}"][0] for layer in range(self.layers)])
        return (raw, rows), outputs["logits"][0, -1], queries

    def label(self, form, seconds):
        minutes = int(seconds) // 60 % 60
        return form.replace("{mm}", f"{minutes:02d}").replace("{ss}", f"{int(seconds) % 60:02d}")

    def watch(self, seconds, pictures):
        """Encodes one clip behind the sinks and the window, and archives its keys and values."""
        tokens = self.tower.run(["image_features"], {"pixel_values": np.stack(pictures)[None]})[0]
        embeds = np.concatenate([
            self.embedded(self.encode(self.label(self.form["clip_open"], seconds))),
            tokens[0],
            self.embedded(self.encode(self.label(self.form["clip_close"], seconds)))])
        window = self.archive[-self.form["window_clips"]:]
        (keys, values), _, _ = self.forward(
            embeds,
            np.concatenate([self.sinks[0]] + [clip[0] for clip in window], 2),
            np.concatenate([self.sinks[1]] + [clip[1] for clip in window], 2))
        self.archive.append((keys.astype(np.float16), values.astype(np.float16)))
        self.means.append(keys.mean(2))

    def gathered(self, chosen):
        """Raw keys and values of the sinks and, in each layer, of the clips chosen for it."""
        keys, values = [], []
        for layer, clips in enumerate(chosen):
            of_layer = [self.archive[clip] for clip in clips]
            keys.append(np.concatenate(
                [self.sinks[0][layer]] + [clip[0][layer] for clip in of_layer], 1))
            values.append(np.concatenate(
                [self.sinks[1][layer]] + [clip[1][layer] for clip in of_layer], 1))
        return np.stack(keys), np.stack(values)

    def retrieve(self, question):
        """Each layer's clips: pass by pass, until each layer has seen what those below it found."""
        count = min(self.form["max_context_clips"], len(self.archive))
        means = np.stack(self.means)  # [clips, layers, heads, dim]
        embeds = self.embedded(self.encode(question))
        chosen = [[] for _ in range(self.layers)]
        for done in range(self.layers):
            _, _, queries = self.forward(embeds, *self.gathered(chosen))
            mean = queries.mean(2).reshape(self.layers, self.groups, -1, self.dim).sum(2)
            found = []
            for layer in range(self.layers):
                scores = np.einsum("chd,hd->c", means[:, layer], mean[layer])
                found.append(sorted(np.argsort(-scores)[:count].tolist()))
            if found == chosen:
                break
            chosen = found
        return chosen

    def ask(self, question):
        """Returns (answer, seconds to the first token)."""
        start = time.perf_counter()
        asked = re.sub(
            r"\b(\d{1,2}):(\d\d)\b",
            lambda m: self.label(self.form["time"], int(m[1]) * 60 + int(m[2])),
            question)
        keys, values = self.gathered(self.retrieve(asked))
        embeds = self.embedded(self.encode(self.form["question"].replace("{question}", asked)))
        ids, first = [], 0.0
        while len(ids) < ANSWER_TOKENS:
            rows, logits, _ = self.forward(embeds, keys, values)
            first = first or time.perf_counter() - start
            token = int(logits.argmax())
            if token == self.config["eos_token_id"]:
                break
            ids.append(token)
            keys = np.concatenate([keys, rows[0]], 2)
            values = np.concatenate([values, rows[1]], 2)
            embeds = self.embedded([token])
        return self.spoken(ids), first

    def spoken(self, ids):
        """The answer's text, labels as minutes and seconds."""
        text = self.tokenizer.decode(ids, skip_special_tokens=False)
        text = re.sub(r"<m(\d\d)>\s*<s(\d\d)>", lambda m: f" {int(m[1])}:{m[2]}", text)
        return re.sub(r"\s+", " ", text).strip()


def anonymous_bytes():
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    return int(re.search(r"RssAnon:\s+(\d+)", status.read_text())[1]) * 1024


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--world", type=Path, required=True, help="folder with questions.json")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=10**9, help="at most so many")
    arguments = parser.parse_args()
    world = json.loads((arguments.world / "questions.json").read_text())
    waiting = sorted(
        world["questions"][:arguments.questions], key=lambda question: question["askedAt"])
    loop = Loop(arguments.pack)
    size = loop.config["vision_config"]["image_size"]
    watched, watching, count = 0.0, 0.0, 0
    with arguments.out.open("w") as out:
        def answer(until):
            while waiting and waiting[0]["askedAt"] < until and loop.archive:
                question = waiting.pop(0)
                text, first = loop.ask(question["question"])
                print(json.dumps({
                    "id": question["id"],
                    "answer": text,
                    "status": "completed",
                    "timings": {"firstTokenMillis": first * 1000},
                }), file=out)

        pictures = []
        begun, cpu = time.perf_counter(), time.process_time()
        used = 0.0
        for seconds, picture in frames(arguments.world / world["video"], size, loop.form["pad_color"]):
            pictures.append(picture)
            count += 1
            if len(pictures) == loop.form["frames_per_clip"]:
                loop.watch(watched, pictures)
                pictures.clear()
                watched += loop.form["clip_seconds"]
                watching += time.perf_counter() - begun
                used += time.process_time() - cpu
                answer(watched + loop.form["clip_seconds"])
                begun, cpu = time.perf_counter(), time.process_time()
        answer(float("inf"))
        print(json.dumps({"measures": {
            "frames": count,
            "watchSeconds": watching,
            "watchCpuSeconds": used,
            "rssAnonBytes": anonymous_bytes(),
            "archiveBytes": sum(k.nbytes + v.nbytes for k, v in loop.archive),
            "peakKilobytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
        }}), file=out)


if __name__ == "__main__":
    main()
