"""
Which triplets a batch is trained on: FaceNet's online mining (Schroff, Kalenichenko, Philbin 2015, section 3.2).

Every ordered pair of two faces of one person in the batch is an anchor and a positive. The strategies differ in the negative.
Nothing but NumPy, so that the rules can be tested without PyTorch.
"""

from __future__ import annotations

import numpy as np

MARGIN = 0.2
"""FaceNet's alpha, between squared L2 distances of unit vectors (0 to 4)."""
STRATEGIES = ("semi-hard", "random", "hard", "all")


def pairs(people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """All anchors and positives [pairs]: every two faces of one person, in both orders."""
    same = people[:, None] == people[None, :]
    np.fill_diagonal(same, False)
    return np.nonzero(same)


def triplets(
    distances: np.ndarray, people: np.ndarray, strategy: str, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """
    Indices of anchors, positives and negatives for a batch of squared distances [n, n] and who each face is [n].

    - `semi-hard`: the nearest negative that is farther from the anchor than the positive; where none is, the farthest.
    - `random`: any negative.
    - `hard`: the nearest negative.
    - `all`: every negative, so many triplets a pair.

    Raises ValueError when the batch has no two people.
    """
    anchors, positives = pairs(people)
    other = people[anchors][:, None] != people[None, :]  # [pairs, n]
    if not other.any(axis=1).all():
        raise ValueError("a batch needs two people or more, with two faces or more of one")
    if strategy == "all":
        pair, negatives = np.nonzero(other)
        return anchors[pair], positives[pair], negatives
    if strategy == "random":
        return anchors, positives, np.where(other, rng.random(other.shape), -1.0).argmax(axis=1)
    away = distances[anchors]
    if strategy == "hard":
        return anchors, positives, np.where(other, away, np.inf).argmin(axis=1)
    if strategy != "semi-hard":
        raise ValueError(f"{strategy!r} is no strategy, expected one of {', '.join(STRATEGIES)}")
    farther = other & (away > distances[anchors, positives][:, None])
    nearest = np.where(farther, away, np.inf).argmin(axis=1)
    farthest = np.where(other, away, -np.inf).argmax(axis=1)
    return anchors, positives, np.where(farther.any(axis=1), nearest, farthest)
