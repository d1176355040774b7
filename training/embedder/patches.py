"""Random patches of pictures of anything: what cameras do to light and texture, which no renderer has."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from .faces import CANVAS, pictures_in

SMALLEST, LARGEST = 48, 320
"""Pixels a side of a patch in its picture."""


def patches_in(folder: Path, count: int, every: int, seed: int) -> np.ndarray:
    """u8 RGB [count, 144, 144, 3]."""
    random = np.random.default_rng(seed)
    found = []
    for _, picture in pictures_in(folder, every):
        side = int(np.exp(random.uniform(np.log(SMALLEST), np.log(min(LARGEST, *picture.shape[:2])))))
        top, left = (int(random.integers(size - side + 1)) for size in picture.shape[:2])
        patch = picture[top : top + side, left : left + side]
        shrinks = side > CANVAS
        how = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
        found.append(cv2.resize(patch, (CANVAS, CANVAS), interpolation=how)[:, :, ::-1])
    chosen = np.linspace(0, len(found) - 1, min(count, len(found))).astype(int)
    return np.stack([found[index] for index in chosen])
