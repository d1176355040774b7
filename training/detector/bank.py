"""
Renders the figures that scenes are composed of into one folder, and keeps real frames beside them:

    python bank.py --shared ../../../shared --out DIR [--heads 1800] [--backs 350] [--hands 300]

`heads.npy`, `backs.npy`, `hands.npy` are u8 [n, side, side, 4]; `heads.json` has seed, points, box, yaw and what is worn.
`marathon.npy` and `backs-only.npy` are u8 [n, h, w, 3]: of backs-only the first half only, because the second is measured on.
The people's seeds end in 0-8 for training and 9 for validation.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from figures import render_hand, render_head
from footage import frames


def fill(out: Path, name: str, count: int, side: int, render) -> list:
    pictures = np.lib.format.open_memmap(out / f"{name}.npy", "w+", np.uint8, (count, side, side, 4))
    facts, began = [], time.time()
    for i in range(count):
        figure = render(i)
        pictures[i] = figure.pop("rgba")
        facts.append({key: value.tolist() if isinstance(value, np.ndarray) else value for key, value in figure.items()})
    pictures.flush()
    print(f"{name}: {count} in {time.time() - began:.0f} s", flush=True)
    return facts


def main() -> None:
    of = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    of.add_argument("--shared", type=Path, required=True)
    of.add_argument("--out", type=Path, required=True)
    of.add_argument("--heads", type=int, default=1800)
    of.add_argument("--backs", type=int, default=350)
    of.add_argument("--hands", type=int, default=300)
    of.add_argument("--views", type=int, default=4, help="views of each person")
    options = of.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    assets, clips = str(options.shared / "assets/makehuman"), options.shared / "clips"

    def head(i):
        seed = 1000 + i // options.views
        return {"seed": seed, **render_head(assets, seed, i % options.views)}

    facts = fill(options.out, "heads", options.heads, 288, head)
    (options.out / "heads.json").write_text(json.dumps(facts))
    fill(options.out, "backs", options.backs, 288, lambda i: render_head(assets, 5000 + i, 0, back=True))
    fill(options.out, "hands", options.hands, 224, lambda i: render_hand(assets, 9000 + i))
    np.save(options.out / "marathon.npy", frames(clips / "marathon.mkv", 960, 540, "6/1"))
    backs = frames(clips / "backs-only.mp4", 768, 432, "2/1")
    np.save(options.out / "backs-only.npy", backs[: len(backs) // 2])


if __name__ == "__main__":
    main()
