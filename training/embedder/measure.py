"""How well does an embedder do, and how does that compare with its teacher? Prints `name ours teacher` lines.

    python -m training.embedder.measure --model models/embedder.onnx --teacher FILE --detector FILE
        [--people DIR: one folder a person] [--pictures DIR: anybody's]

Verification: as many pairs of two people as of one, accuracy by ten folds of people (the threshold of the other nine),
equal error rate, and the share of same pairs accepted at one false acceptance in a hundred. One side of every pair is
also made small or blurred. Agreement: the mean cosine between the two models' embeddings of the same crop.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import cv2
import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is imported: it would report to its makers
import onnxruntime

from .faces import SIDE, Detector, cut, open_session, padded, pictures_in
from .network import to_input

FOLDS = 10
WIDTHS_PX = (80, 60, 40, 30, 20)
"""Of the face, which is about as wide as the crop."""
TEACHER_THRESHOLD = 0.264
"""The teacher's best on LFW; among pictures of many people it tells how strict that is."""
BLURS_PX = (1.0, 2.0, 3.0)
YAWS = ((0.0, 0.15), (0.15, 0.35), (0.35, 0.6), (0.6, 9.0))
"""|nose - middle of the eyes| along their line, over half their distance: about 0.15 at 10 degrees, 0.35 at 20, 0.6 at 35."""


def embed(session: onnxruntime.InferenceSession, crops: np.ndarray) -> np.ndarray:
    parts = [session.run(None, {"input": to_input(each[None]).contiguous().numpy()})[0] for each in crops]
    found = np.concatenate(parts)
    return found / np.linalg.norm(found, axis=1, keepdims=True)


def turned(points: np.ndarray) -> float:
    left, right, nose = points[:3]
    along = (right - left) / np.linalg.norm(right - left)
    return float(abs((nose - (left + right) / 2) @ along) / (np.linalg.norm(right - left) / 2))


def best_faces(folder: Path, detector: Detector, every: int = 5) -> tuple[np.ndarray, list[str], np.ndarray]:
    """The best face of each picture: crops, the folder of each, how far it is turned."""
    crops, names, yaws = [], [], []
    for file, picture in pictures_in(folder, every):
        picture, _ = padded(picture)
        _, points = detector.find(picture)
        if len(points):
            crops.append(cut(picture, points[0], 0))
            names.append(file.parent.name)
            yaws.append(turned(points[0]))
    return np.stack(crops), names, np.array(yaws)


def smaller(crops: np.ndarray, width: int) -> np.ndarray:
    def one(crop: np.ndarray) -> np.ndarray:
        small = cv2.resize(crop, (width, width), interpolation=cv2.INTER_AREA)
        return cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)

    return np.stack([one(crop) for crop in crops])


def pairs_of(names: list[str], random: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Indices [n, 2], whether the same person, and the first one's number."""
    people = np.unique(names, return_inverse=True)[1]
    first, second = np.triu_indices(len(people), 1)
    same = people[first] == people[second]
    different = np.flatnonzero(~same)
    chosen = np.concatenate([np.flatnonzero(same), random.choice(different, min(same.sum(), len(different)), False)])
    return np.stack([first[chosen], second[chosen]], 1), same[chosen], people[first[chosen]]


def best_threshold(scores: np.ndarray, same: np.ndarray) -> float:
    order = np.argsort(-scores)
    right = np.cumsum(np.where(same[order], 1, -1))
    at = int(right.argmax())
    after = scores[order[at + 1]] if at + 1 < len(order) else -1.0
    return float((scores[order[at]] + after) / 2)


def verification(a: np.ndarray, b: np.ndarray, pairs: np.ndarray, same: np.ndarray, person: np.ndarray) -> dict[str, float]:
    scores = (a[pairs[:, 0]] * b[pairs[:, 1]]).sum(1)
    right = []
    for fold in range(FOLDS):
        inside = person % FOLDS == fold
        right.append(((scores[inside] >= best_threshold(scores[~inside], same[~inside])) == same[inside]).mean())
    impostors = np.sort(scores[~same])
    missed = np.array([(scores[same] < t).mean() for t in impostors])
    accepted = 1 - np.arange(len(impostors)) / len(impostors)
    at = int(np.abs(missed - accepted).argmin())
    return {
        "accuracy": float(np.mean(right)),
        "eer": float((missed[at] + accepted[at]) / 2),
        "val_at_far_0.01": float((scores[same] >= np.quantile(impostors, 0.99)).mean()),
        "threshold": best_threshold(scores, same),
    }


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m training.embedder.measure", description=__doc__)
    parser.add_argument("--model", type=Path, default=Path("models/embedder.onnx"))
    parser.add_argument("--teacher", type=Path, required=True)
    parser.add_argument("--detector", type=Path, required=True)
    parser.add_argument("--people", type=Path)
    parser.add_argument("--pictures", type=Path)
    parser.add_argument("--most", type=int, default=1000, help="pictures of --pictures, evenly chosen")
    args = parser.parse_args()
    sessions = [open_session(args.model), open_session(args.teacher)]
    detector = Detector(args.detector, least=0.6)

    def line(name: str, values: list[float]) -> None:
        print(" ".join([name, *(f"{value:.4f}" for value in values)]), flush=True)

    if args.people:
        crops, names, _ = best_faces(args.people, detector)
        pairs, same, person = pairs_of(names, np.random.default_rng(0))
        print(f"people {len(set(names))} photos {len(names)} pairs {len(pairs)}")
        good = [embed(session, crops) for session in sessions]
        line("people_agreement", [float((good[0] * good[1]).sum(1).mean())])

        def compare(name: str, probes: np.ndarray | None) -> None:
            other = good if probes is None else [embed(session, probes) for session in sessions]
            results = [verification(a, b, pairs, same, person) for a, b in zip(good, other, strict=True)]
            for key in results[0]:
                line(f"{name}_{key}", [result[key] for result in results])

        compare("people", None)
        for width in WIDTHS_PX:
            compare(f"people_{width}px", smaller(crops, width))
        for sigma in BLURS_PX:
            compare(f"people_blur{sigma:g}", np.stack([cv2.GaussianBlur(crop, (0, 0), sigma) for crop in crops]))
    if args.pictures:
        crops, _, yaws = best_faces(args.pictures, detector)
        chosen = np.linspace(0, len(crops) - 1, min(args.most, len(crops))).astype(int)
        crops, yaws = crops[chosen], yaws[chosen]
        ours, theirs = (embed(session, crops) for session in sessions)
        agreement = (ours * theirs).sum(1)
        print(f"pictures {len(crops)}")
        line("agreement", [float(agreement.mean())])
        for low, high in YAWS:
            inside = (yaws >= low) & (yaws < high)
            if inside.any():
                line(f"agreement_turned_{low:g}_{high:g} n={inside.sum()}", [float(agreement[inside].mean())])
        for width in WIDTHS_PX:
            small = smaller(crops, width)
            line(f"agreement_{width}px", [float((embed(sessions[0], small) * embed(sessions[1], small)).sum(1).mean())])
        pairs = np.triu_indices(len(ours), 1)
        similar, taught = (ours @ ours.T)[pairs], (theirs @ theirs.T)[pairs]
        line("pair_similarity_mean_difference", [float(np.abs(similar - taught).mean())])
        share = float((taught >= TEACHER_THRESHOLD).mean())
        line("pairs_accepted_by_teacher", [share])
        line("threshold_that_accepts_as_many", [float(np.quantile(similar, 1 - share)), TEACHER_THRESHOLD])


if __name__ == "__main__":
    main()
