"""Makes `embedder.onnx` out of the teacher and any folders of face pictures.

    python -m training.embedder --pictures DIR [DIR ...] --teacher FILE --detector FILE --out models

Every stage leaves its result in the work folder and is skipped when it is there; training resumes at its checkpoint.
Delete a file to repeat its stage and those after it.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import cv2  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

from . import onnx_file  # noqa: E402
from .distil import Course, Judge, Schedule, distil  # noqa: E402
from .faces import Detector, faces_in, heads_in, open_session, without_margin  # noqa: E402
from .network import Network, load_teacher, to_input  # noqa: E402
from .patches import patches_in  # noqa: E402
from .prune import Basis, prune  # noqa: E402
from .quantise import calibrate, ranges_of, set_quantised, set_ranges  # noqa: E402
from .start import bases_of, read_int8  # noqa: E402
from .views import infrared, views  # noqa: E402
from .widths import STUDENT  # noqa: E402

FOR_PRUNING = 640
FOR_CALIBRATION = 256
PATCHES = 1500
SMALLER = 20
"""Pixels of the narrowest face of the further steps: a crowd has more people than a close picture."""
HELD_OUT = 20
"""Every twentieth face of a folder judges and does not teach."""

began = time.monotonic()


def log(message: str) -> None:
    print(f"{time.monotonic() - began:7.0f} s  {message}", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m training.embedder", description=__doc__)
    parser.add_argument("--pictures", type=Path, nargs="+", required=True, help="folders of pictures and videos")
    parser.add_argument("--teacher", type=Path, required=True, help="mobilefacenet_foamliu.onnx")
    parser.add_argument("--detector", type=Path, required=True, help="an ONNX file of YuNet's shape")
    parser.add_argument("--judge", type=Path, help="a folder of people who are not in --pictures; measured, not trained on")
    parser.add_argument("--out", type=Path, default=Path("models"))
    parser.add_argument("--work", type=Path, default=Path(".rollcall/embedder"))
    parser.add_argument("--scenes", type=Path, help="a folder of pictures and videos of anything; patches of them")
    parser.add_argument("--steps", type=int, default=800, help="of 32 views, in floating point")
    parser.add_argument("--int8-steps", type=int, default=200, help="of 32 views, as int8")
    parser.add_argument("--more", type=Path, nargs="+", default=[], help="folders for the further steps: every frame, smaller faces too")
    parser.add_argument("--heads", type=Path, help="the bank of the detector's recipe, for the further steps")
    parser.add_argument("--further-steps", type=int, default=0, help="of 32 wider views, after the first and before int8")
    parser.add_argument("--further-rate", type=float, default=2.5e-4, help="their learning rate")
    parser.add_argument("--int8-rate", type=float, default=5e-5, help="of the int8 steps")
    parser.add_argument("--night", type=float, default=0, help="share of the further and int8 views that the student sees by night")
    parser.add_argument("--start", type=Path, help="an embedder.onnx of this recipe to go on from, in place of the pruned teacher")
    parser.add_argument("--smallest", type=float, default=30, help="width in pixels of the smallest face used")
    parser.add_argument("--every", type=int, default=3, help="n-th frame of videos")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def crops_of(folder: Path, name: str, args: argparse.Namespace, smallest: float = 0, every: int = 0) -> np.ndarray:
    """[n, 144, 144, 3]."""
    smallest, every = smallest or args.smallest, every or args.every
    file = args.work / f"{name}.npy"
    if not file.exists():
        crops, _ = faces_in(folder, Detector(args.detector), smallest, every)
        if len(crops) < 2 * HELD_OUT:
            raise SystemExit(f"{folder}: {len(crops)} faces of {smallest} px or more; expected at least {2 * HELD_OUT}")
        np.save(file, crops)
        log(f"{folder}: {len(crops)} faces")
    return np.load(file, mmap_mode="r")


def patches_of(folder: Path, args: argparse.Namespace) -> np.ndarray:
    file = args.work / "patches.npy"
    if not file.exists():
        np.save(file, patches_in(folder, PATCHES, args.every, args.seed))
    return np.load(file, mmap_mode="r")


def heads_of(bank: Path, args: argparse.Namespace) -> np.ndarray:
    file = args.work / "heads.npy"
    if not file.exists():
        np.save(file, heads_in(bank, patches_of(args.scenes, args), args.seed))
    return np.load(file, mmap_mode="r")


def more_of(learn: list[np.ndarray], args: argparse.Namespace) -> list[np.ndarray]:
    """What the further steps learn from: everything, each kind as likely as any other."""
    more = [crops_of(folder, f"more-{index}", args, SMALLER, 1) for index, folder in enumerate(args.more)]
    heads = [heads_of(args.heads, args)] if args.heads else []
    return learn + more + heads + ([patches_of(args.scenes, args)] if args.scenes else [])


def cosines(judges: dict[str, Judge], student: Network) -> str:
    return ", ".join(f"{name} {judge.cosine(student):.4f}" for name, judge in judges.items())


def taught(crops: np.ndarray, teacher: Path) -> np.ndarray:
    """What the teacher's file says, f32 [n, 128]."""
    session = open_session(teacher)
    parts = []
    for at in range(0, len(crops), 16):
        parts.append(session.run(None, {"input": to_input(crops[at : at + 16]).contiguous().numpy()})[0])
    return np.concatenate(parts)


def pruned_student(args: argparse.Namespace, folders: list[np.ndarray]) -> tuple[Network, list[Basis]]:
    file = args.work / "pruned.pt"
    if not file.exists():
        crops = views(folders, FOR_PRUNING, args.seed)
        student, bases = prune(load_teacher(args.teacher), STUDENT, crops, args.seed, log)
        torch.save({"network": student.state_dict(), "bases": [tuple(basis) for basis in bases]}, file)
    saved = torch.load(file, weights_only=True)
    student = Network(STUDENT).eval()
    student.load_state_dict(saved["network"])
    return student, [Basis(*each) for each in saved["bases"]]


def first_student(args: argparse.Namespace, learn: list[np.ndarray], course: Course) -> tuple[Network, Course]:
    """In floating point, and the course with its bases: what `--start` holds, or the teacher pruned and distilled."""
    if args.start:
        student = read_int8(args.start)
        return student, replace(course, bases=bases_of(student, args.teacher, views(learn, FOR_PRUNING, args.seed)))
    student, bases = pruned_student(args, learn)
    log("pruned: " + cosines(course.judges, student))
    course = replace(course, bases=bases)
    distil(student, course, Schedule(args.steps, seed=args.seed), "distil", args.work / "distilled.pt")
    return student, course


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
    judges = {"held_out": Judge(held, taught(held, args.teacher))}
    if args.judge:
        others = without_margin(crops_of(args.judge, "judge", args))
        others = others[:: max(1, len(others) // 400)]
        judges["others"] = Judge(others, taught(others, args.teacher))
        judges["others_grey"] = Judge(infrared(others), judges["others"].embeddings)
    patches = [patches_of(args.scenes, args)] if args.scenes else []

    # two views of faces for one of anything
    course = Course(args.teacher, [], learn * 2 + patches, judges, args.work / "curve.csv", log)
    student, course = first_student(args, learn, course)
    if args.further_steps or args.start:
        course = replace(course, folders=more_of(learn, args), wide=True, night=args.night)
    if args.further_steps:
        schedule = Schedule(args.further_steps, rate=args.further_rate, seed=args.seed + 1)
        distil(student, course, schedule, "further", args.work / "further.pt")
    onnx_file.write(student, args.work / "embedder-fp32.onnx", quantised=False)
    ranges = args.work / "ranges.json"
    if not ranges.exists():
        if args.further_steps or not args.start:
            calibrate(student, held)
        ranges.write_text(json.dumps(ranges_of(student)))
    set_ranges(student, json.loads(ranges.read_text()))
    set_quantised(student, True)
    log("rounded: " + cosines(judges, student))
    schedule = Schedule(args.int8_steps, rate=args.int8_rate, seed=args.seed + 2)
    distil(student, course, schedule, "int8", args.work / "int8.pt")
    file = args.out / "embedder.onnx"
    onnx_file.write(student, file, quantised=True)
    log(f"{file}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
