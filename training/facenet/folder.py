"""Photos of people, `person/photo`, as face crops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from training.embedder.faces import Detector, padded, pictures_in

from .people import crop


def faces_of(folder: Path, detector: Path, log: Callable[[str], None]) -> list[np.ndarray]:
    """
    Crops [photos, 112, 112, 3] of everybody with two photos or more in which the detector finds a face (its best one).
    Raises SystemExit when that is nobody.
    """
    finder, everybody, without = Detector(detector), [], 0
    people = sorted(each for each in folder.iterdir() if each.is_dir())
    for i, person in enumerate(people):
        crops = []
        for _, picture in pictures_in(person, every=10):
            wide, _ = padded(picture)
            points = finder.find(wide)[1]
            if len(points):
                crops.append(crop(wide[..., ::-1], points[0]))
        without += len(crops) < 2
        if len(crops) > 1:
            everybody.append(np.stack(crops))
        if (i + 1) % 200 == 0:
            log(f"{i + 1} of {len(people)} people read")
    log(f"{len(everybody)} people, {sum(map(len, everybody))} faces; {without} people with fewer than two faces are left out")
    if not everybody:
        raise SystemExit(f"{folder}: nobody has two photos with a face, expected a folder of photos for each person")
    return everybody
