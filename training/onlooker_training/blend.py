"""The weighted mean of two trained decoders, one of which was trained on from the other.

    git show REV:training/weights/language.safetensors > /tmp/before.safetensors
    python -m onlooker_training.blend --before /tmp/before.safetensors --share 0.5

More training on one task costs others what the mean of both weights mostly has back (WiSE-FT, arXiv
2109.01903, section 3). Export and calibrate afterwards.
"""

import argparse
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import Tensor

from onlooker_training.train import WEIGHTS


def blend(before: dict[str, Tensor], after: dict[str, Tensor], share: float) -> dict[str, Tensor]:
    """``share`` of ``after``, the rest of ``before``, in float32, of the dtypes of ``after``."""
    if before.keys() != after.keys():
        raise ValueError(f"weights of two forms: {sorted(before.keys() ^ after.keys())[:5]}")
    return {name: ((1 - share) * before[name].float() + share * tensor.float()).to(tensor.dtype)
            for name, tensor in after.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--share", type=float, default=0.5, help="of the weights in --weights")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="folder; its decoder is replaced")
    args = parser.parse_args()
    path = args.weights / "language.safetensors"
    save_file(blend(load_file(args.before), load_file(path), args.share), path)


if __name__ == "__main__":
    main()
