"""
Trains an embedder by triplets, FaceNet's way, on rendered people or on photos of yours:

    python -m training.facenet --quick --assets ../shared/assets/makehuman --out DIR
    python -m training.facenet --photos PEOPLE --backbone mobile --width 1 --steps 20000 --out DIR
    python -m training.facenet --quick --mining semi-hard random hard all --out DIR       # the strategies side by side

DIR then has the first strategy's embedder.onnx with its descriptor, a detector, and the curve of each strategy, which plot.py draws:
`rollcall eval verification --photos … --models DIR` uses it at once. What was cut off goes on at its last checkpoint in --work.
"""

from __future__ import annotations

import argparse
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2  # noqa: E402
import numpy as np  # noqa: E402

from .export import export  # noqa: E402
from .folder import faces_of  # noqa: E402
from .measure import best_cosine, split_distances  # noqa: E402
from .mining import STRATEGIES  # noqa: E402
from .networks import BACKBONES  # noqa: E402
from .people import HELD_OUT, rendered  # noqa: E402
from .train import Course, embed, train, write_curve  # noqa: E402

UNSEEN = 100
"""Rendered people who judge."""
VIEWS = 6

began = time.monotonic()


def log(message: str) -> None:
    print(f"{time.monotonic() - began:7.0f} s  {message}", flush=True)


def arguments() -> argparse.Namespace:
    of = argparse.ArgumentParser(prog="python -m training.facenet", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    of.add_argument("--quick", action="store_true", help="1,000 people and 1,500 steps")
    of.add_argument("--photos", type=Path, help="a folder for each person; every tenth person judges. Default: rendered people")
    of.add_argument("--assets", type=Path, default=Path("../shared/assets/makehuman"), help="MakeHuman's mesh and targets")
    of.add_argument("--people", type=int, help="so many people teach (rendered: default 5000)")
    of.add_argument("--mining", nargs="+", choices=STRATEGIES, default=["semi-hard"])
    of.add_argument("--backbone", choices=sorted(BACKBONES), default="inception")
    of.add_argument("--width", type=float, default=0.25, help="times the channels of the backbone")
    of.add_argument("--batch", default="15x4", help="people x faces of each")
    of.add_argument("--steps", type=int, help="default 10000")
    of.add_argument("--rate", type=float, default=1e-3, help="of Adam")
    of.add_argument("--every", type=int, default=100, help="steps from one measurement to the next")
    of.add_argument("--seed", type=int, default=1)
    of.add_argument("--detector", type=Path, default=Path("models/detector.onnx"), help="finds faces in --photos; an ONNX file of YuNet's shape")
    of.add_argument("--work", type=Path, default=Path(".rollcall/facenet"))
    of.add_argument("--out", type=Path, required=True)
    return of.parse_args()


def everybody(options: argparse.Namespace) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Who teaches and who judges, a person an entry."""
    if options.photos:
        found = faces_of(options.photos, options.detector, log)
        teach = [of for i, of in enumerate(found) if i % 10]
        return teach[: options.people], found[::10]
    people = options.people or (1000 if options.quick else 5000)
    assets, work = str(options.assets), options.work
    unseen = rendered(assets, HELD_OUT, UNSEEN, VIEWS, work / f"unseen-{UNSEEN}x{VIEWS}.npy", log)
    return list(rendered(assets, 0, people, VIEWS, work / f"people-{people}x{VIEWS}.npy", log)), list(unseen)


def main() -> None:
    options = arguments()
    cv2.setNumThreads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    faces, unseen = everybody(options)
    people, each = map(int, options.batch.split("x"))
    steps = options.steps or (1500 if options.quick else 10_000)
    source = options.photos.resolve().name if options.photos else "rendered"
    for mining in options.mining:
        course = Course(options.backbone, options.width, mining, people, each, steps, options.rate, options.every, options.seed)
        work = options.work / "-".join(map(str, (source, len(faces), options.backbone, mining, options.seed)))
        network, curve = train(course, faces, unseen, work, log)
        write_curve(curve, options.out / f"{mining}.csv")
        if mining == options.mining[0]:
            who = np.repeat(np.arange(len(unseen)), [len(of) for of in unseen])
            cosine = best_cosine(*split_distances(embed(network, np.concatenate(unseen), "cpu"), who))
            export(network, cosine, f"training/facenet, {options.backbone}, {len(faces)} people, {steps} steps, {mining}, seed {options.seed}", options.detector, options.out)
    log(f"written to {options.out}")


if __name__ == "__main__":
    main()
