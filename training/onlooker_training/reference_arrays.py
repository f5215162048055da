"""Golden folders: golden.json beside raw little-endian fp32 arrays, one `NAME.f32` per array.

golden.json = {"arrays": {NAME: SHAPE}, TOPIC: …}; inside a topic an array is named by its NAME.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np

MANIFEST = "golden.json"


class GoldenWriter:
    """Collects topics and arrays; `close` writes the manifest and deletes stale arrays."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.topics: dict = {}
        self.shapes: dict[str, list[int]] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def array(self, name: str, values) -> str:
        """Writes fp32 values under `name` and returns it."""
        if name in self.shapes:
            raise ValueError(f"array {name} is written twice")
        data = np.ascontiguousarray(np.asarray(values), dtype="<f4")
        self.shapes[name] = list(data.shape)
        (self.folder / f"{name}.f32").write_bytes(data.tobytes())
        return name

    def close(self) -> None:
        for stale in self.folder.glob("*.f32"):
            if stale.stem not in self.shapes:
                stale.unlink()
        text = _one_entry_a_line({"arrays": self.shapes, **self.topics})
        (self.folder / MANIFEST).write_text(text, encoding="utf-8")


class Golden:
    """Reads a golden folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.topics = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        self.shapes = self.topics.pop("arrays")

    def array(self, name: str) -> np.ndarray:
        """The fp32 array of that name."""
        data = np.fromfile(self.folder / f"{name}.f32", dtype="<f4")
        return data.reshape(self.shapes[name])


def _one_entry_a_line(value) -> str:
    """JSON with objects spread over lines and lists of numbers on one: readable, small diffs."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return re.sub(r"\[[\s\d.,eE+-]*\]", lambda m: " ".join(m.group().split()), text) + "\n"
