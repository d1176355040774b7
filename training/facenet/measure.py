"""What an embedding is worth on people it was not trained on, by the rules of `rollcall eval verification`."""

from __future__ import annotations

import numpy as np


def split_distances(embeddings: np.ndarray, people: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Squared distances of all pairs of one person and of two, ascending; embeddings [n, d] have unit length."""
    first, second = np.triu_indices(len(people), 1)
    away = np.clip(2 - 2 * (embeddings @ embeddings.T)[first, second], 0, 4)
    same = people[first] == people[second]
    return np.sort(away[same]), np.sort(away[~same])


def val_at_far(same: np.ndarray, different: np.ndarray, far: float) -> tuple[float, float]:
    """The share of `same` below the largest threshold that lets at most `far` of `different` through, and the threshold."""
    allowed = int(np.floor(far * len(different) + 1e-9))
    threshold = different[min(allowed, len(different) - 1)]
    return float(np.searchsorted(same, threshold) / len(same)), float(threshold)


def equal_error_rate(same: np.ndarray, different: np.ndarray) -> float:
    """(FAR + FRR) / 2 at the distance where they differ least."""
    at = np.unique(np.concatenate([same, different]))
    far = np.searchsorted(different, at) / len(different)
    frr = 1 - np.searchsorted(same, at) / len(same)
    best = np.abs(far - frr).argmin()
    return float((far[best] + frr[best]) / 2)


def best_cosine(same: np.ndarray, different: np.ndarray) -> float:
    """The cosine from which two faces are taken for one person with the fewest errors, one and two people weighing the same."""
    at = np.concatenate([same, different])
    right = np.searchsorted(same, at, "right") / len(same) + 1 - np.searchsorted(different, at, "right") / len(different)
    return float(1 - at[right.argmax()] / 2)
