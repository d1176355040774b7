"""Batches of P people with K faces each, as the network takes them. What a batch holds depends on the seed and the step only."""

from __future__ import annotations

import cv2
import numpy as np
import torch

from .networks import MEAN, STD
from .people import CANVAS, SIDE


def varied(face: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The input's 96 x 96 pixels out of a crop [112, 112, 3]: turned, shifted, scaled a little, mirrored, brighter or darker."""
    turn = cv2.getRotationMatrix2D((CANVAS / 2, CANVAS / 2), rng.normal(0, 4), np.exp(rng.normal(0, 0.04)))
    turn[:, 2] += rng.normal(0, 1.5, 2) - (CANVAS - SIDE) / 2
    view = cv2.warpAffine(face, turn, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    if rng.random() < 0.5:
        view = view[:, ::-1]
    tones = np.clip(np.arange(256) * np.exp(rng.normal(0, 0.15)) + rng.normal(0, 10), 0, 255).astype(np.uint8)
    return tones[view]


def to_input(faces: np.ndarray) -> torch.Tensor:
    """[n, 96, 96, 3], 0-255, to the network's input."""
    return (torch.from_numpy(np.ascontiguousarray(faces)).float().permute(0, 3, 1, 2) - MEAN) / STD


def middle(faces: np.ndarray) -> np.ndarray:
    """The input's pixels out of crops [..., 112, 112, 3], as they are."""
    edge = (CANVAS - SIDE) // 2
    return faces[..., edge:-edge, edge:-edge, :]


def batch(faces: list[np.ndarray], people: int, each: int, rng: np.random.Generator) -> tuple[torch.Tensor, np.ndarray]:
    """
    Faces of `people` who have two pictures or more, `each` or as many as there are, and who each one is.
    `faces` is a person an entry: crops [pictures, 112, 112, 3].
    """
    enough = [i for i, of in enumerate(faces) if len(of) > 1]
    chosen = rng.choice(enough, min(people, len(enough)), replace=False)
    views, who = [], []
    for person in chosen:
        of = faces[person]
        for picture in rng.choice(len(of), min(each, len(of)), replace=False):
            views.append(varied(of[picture], rng))
            who.append(person)
    return to_input(np.stack(views)), np.array(who)
