"""Makes `embedder.onnx` out of the teacher and any folders of face pictures: the same network in int8, which has learned
to live with rounding.

    python -m training.embedder --pictures DIR [DIR ...] --teacher FILE --detector FILE --out models

Every stage leaves its result in the work folder and is skipped when it is there; training resumes at its checkpoint.
Delete a file to repeat its stage and those after it.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

from . import onnx_file  # noqa: E402
from .distil import Course, Judge, Schedule, distil  # noqa: E402
from .faces import Detector, faces_in, open_session, without_margin  # noqa: E402
from .network import Network, load_teacher, to_input  # noqa: E402
from .patches import patches_in  # noqa: E402
from .quantise import calibrate, ranges_of, set_quantised, set_ranges  # noqa: E402
from .views import infrared, views  # noqa: E402

FOR_CALIBRATION = 256
PATCHES = 1500
HELD_OUT = 20
"""Every twentieth face of a folder judges and does not teach."""
FEWEST = 10
JUDGED = 400

began = time.monotonic()


def log(message: str) -> None:
    print(f"{time.monotonic() - began:7.0f} s  {message}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.embedder", description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="+", required=True, help="folders of pictures and videos; each counts as much as any other")
    parser.add_argument("--teacher", type=Path, required=True, help="mobilefacenet_foamliu.onnx")
    parser.add_argument("--detector", type=Path, required=True, help="an ONNX file of YuNet's shape")
    parser.add_argument("--judge", type=Path, help="a folder of people who are not in --pictures; measured, not trained on")
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--work", type=Path, default=Path(".rollcall/embedder"))
    parser.add_argument("--scenes", type=Path, help="a folder of pictures and videos of anything; patches of them")
    parser.add_argument("--steps", type=int, default=300, help="of 32 views")
    parser.add_argument("--rate", type=float, default=5e-5, help="the learning rate")
    parser.add_argument("--night", type=float, default=0, help="share of the views that the student sees by night")
    parser.add_argument("--smallest", type=float, default=30, help="width in pixels of the smallest face used")
    parser.add_argument("--every", type=int, default=3, help="n-th frame of videos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def crops_of(folder: Path, name: str, args: argparse.Namespace) -> np.ndarray:
    """[n, 144, 144, 3]."""
    file = args.work / f"{name}.npy"
    if not file.exists():
        crops, _ = faces_in(folder, Detector(args.detector), args.smallest, args.every)
        if len(crops) < FEWEST:
            raise SystemExit(f"{folder}: {len(crops)} faces of {args.smallest} px or more; expected at least {FEWEST}")
        np.save(file, crops)
        log(f"{folder}: {len(crops)} faces")
    return np.load(file, mmap_mode="r")


def patches_of(folder: Path, args: argparse.Namespace) -> np.ndarray:
    file = args.work / "patches.npy"
    if not file.exists():
        np.save(file, patches_in(folder, PATCHES, args.every, args.seed))
    return np.load(file, mmap_mode="r")


def taught(crops: np.ndarray, teacher: Path) -> np.ndarray:
    """What the teacher's file says, f32 [n, 128]."""
    session = open_session(teacher)
    parts = []
    for at in range(0, len(crops), 16):
        parts.append(session.run(None, {"input": to_input(crops[at : at + 16]).contiguous().numpy()})[0])
    return np.concatenate(parts)


def judges_of(held: np.ndarray, args: argparse.Namespace) -> dict[str, Judge]:
    judges = {"held_out": Judge(held, taught(held, args.teacher))}
    if args.judge:
        others = without_margin(crops_of(args.judge, "judge", args))
        others = others[:: max(1, len(others) // JUDGED)]
        judges["others"] = Judge(others, taught(others, args.teacher))
        judges["others_grey"] = Judge(infrared(others), judges["others"].embeddings)
    return judges


def rounded(held: np.ndarray, args: argparse.Namespace) -> Network:
    """The teacher with int8 ranges from held-out views."""
    student, ranges = load_teacher(args.teacher), args.work / "ranges.json"
    if not ranges.exists():
        calibrate(student, held)
        ranges.write_text(json.dumps(ranges_of(student)))
    set_ranges(student, json.loads(ranges.read_text()))
    set_quantised(student, True)
    return student


def main() -> None:
    args = arguments()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    cv2.setNumThreads(1)
    args.work.mkdir(parents=True, exist_ok=True)
    args.out.mkdir(parents=True, exist_ok=True)

    faces = [crops_of(folder, f"faces-{index}", args) for index, folder in enumerate(args.pictures)]
    learn = [np.delete(crops, slice(None, None, HELD_OUT), 0) for crops in faces]
    held = views([crops[::HELD_OUT] for crops in faces], FOR_CALIBRATION, args.seed + 1)
    patches = [patches_of(args.scenes, args)] if args.scenes else []
    judges = judges_of(held, args)
    student = rounded(held, args)
    log("rounded: " + ", ".join(f"{name} {judge.cosine(student):.4f}" for name, judge in judges.items()))

    # two views of faces for one of anything
    course = Course(args.teacher, learn * 2 + patches, judges, args.work / "curve.csv", log, night=args.night)
    schedule = Schedule(args.steps, rate=args.rate, seed=args.seed + 2)
    distil(student, course, schedule, args.work / "int8.pt")
    file = args.out / "embedder.onnx"
    onnx_file.write(student, file)
    log(f"{file}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
