"""
Writes rendered people as photos, DIR/SEED/NNN.jpg, people who are never trained on; with room around them, into which their edges are drawn out:

    python -m training.facenet.photos --people 60 --views 6 --out DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path

import cv2

from .people import HELD_OUT, photograph

ROOM = 48
"""Pixels."""


def main() -> None:
    of = argparse.ArgumentParser(prog="python -m training.facenet.photos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    of.add_argument("--assets", default="../shared/assets/makehuman", help="MakeHuman's mesh and targets")
    of.add_argument("--first", type=int, default=HELD_OUT, help="seed of the first; below 1,000,000 they are those that teach")
    of.add_argument("--people", type=int, default=60)
    of.add_argument("--views", type=int, default=6)
    of.add_argument("--out", type=Path, required=True)
    options = of.parse_args()
    for seed in range(options.first, options.first + options.people):
        folder = options.out / str(seed)
        folder.mkdir(parents=True, exist_ok=True)
        for view in range(options.views):
            picture = photograph(options.assets, seed, view)[0][..., ::-1]
            wide = cv2.copyMakeBorder(picture, ROOM, ROOM, ROOM, ROOM, cv2.BORDER_REPLICATE)
            cv2.imwrite(str(folder / f"{view:03d}.jpg"), wide, [cv2.IMWRITE_JPEG_QUALITY, 95])


if __name__ == "__main__":
    main()
