"""
Rendered people who do not exist, as face crops: who somebody is follows from a seed, each view from the seed and its number.

The heads are those of `training/detector` (MakeHuman's CC0 mesh and morph targets, `--assets`). A view has its own pose, light,
expression, exposure, sharpness, compression, background and clothes; glasses, a hat, another haircut and a shave come and go.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from training.embedder.faces import TEMPLATE, similarity

sys.path.insert(0, str(Path(__file__).parents[1] / "detector"))  # its files are scripts that import each other by name

from figures import head, render_head  # noqa: E402
from people import random_person, random_wear  # noqa: E402

SIDE = 96
"""Pixels of the network's input, as FaceNet's NN4."""
MARGIN = 8
"""Pixels kept around it, so that views can be shifted and turned."""
CANVAS = SIDE + 2 * MARGIN
POINTS = TEMPLATE * (SIDE / 112)
"""Where the five landmarks lie in the input."""
HELD_OUT = 1_000_000
"""Seeds from here on are never trained on."""
_RENDERED = 144
_SPAN = 2.7


def _another_day(person: dict, rng: np.random.Generator) -> dict:
    """The same person in other clothes, now and then with another haircut or shaved."""
    changed = {**person, "clothes": rng.uniform(0.02, 0.5, 3)}
    if rng.random() < 0.3:
        changed |= {"fringe": 7.65 if rng.random() < 0.25 else None, "volume": rng.uniform(0.03, 0.2)}
    if rng.random() < 0.25:
        changed |= {"beard": 0.0}
    return changed


def _behind(rng: np.random.Generator) -> np.ndarray:
    """Coloured patches, out of focus: u8 [side, side, 3]."""
    cells = int(rng.integers(2, 7))
    patches = rng.uniform(0, 255, 3) * rng.uniform(0.3, 1, (cells, cells, 1)) + rng.normal(0, 25, (cells, cells, 3))
    wide = cv2.resize(patches.astype(np.float32), (_RENDERED, _RENDERED), interpolation=cv2.INTER_CUBIC)
    return np.clip(wide, 0, 255)


def _as_photographed(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Less sharp, noisy, compressed."""
    if rng.random() < 0.5:
        picture = cv2.GaussianBlur(picture, (0, 0), rng.uniform(0.4, 1.6))
    if rng.random() < 0.3:
        small = cv2.resize(picture, None, fx=(f := rng.uniform(0.3, 0.8)), fy=f, interpolation=cv2.INTER_AREA)
        picture = cv2.resize(small, (_RENDERED, _RENDERED), interpolation=cv2.INTER_LINEAR)
    noisy = np.clip(picture + rng.normal(0, rng.uniform(0, 8), picture.shape), 0, 255).astype(np.uint8)
    jpeg = cv2.imencode(".jpg", noisy[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 96))])[1]
    return cv2.imdecode(jpeg, cv2.IMREAD_COLOR)[..., ::-1]


def photograph(assets: str, seed: int, view: int) -> tuple[np.ndarray, np.ndarray]:
    """One picture of the person: u8 [144, 144, 3], RGB, and its five landmarks [5, 2] in pixels."""
    rng = np.random.default_rng([seed, view, 4])
    person = _another_day(random_person(seed, head(assets)[0].targets), rng)
    turned = (
        float(np.clip(rng.normal(0, 22), -60, 60)),
        float(np.clip(rng.normal(0, 10), -30, 30)),
        float(np.clip(rng.normal(0, 8), -25, 25)),
    )
    wear = random_wear(rng) | {"mask": None}
    drawn = render_head(assets, seed, view, size=_RENDERED, span=_SPAN, person=person, turned=turned, wear=wear)
    cover = drawn["rgba"][..., 3:].astype(np.float32) / 255
    picture = drawn["rgba"][..., :3] * cover + _behind(rng) * (1 - cover)
    return _as_photographed(picture, rng), drawn["points"]


def crop(picture: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The face upright by its five landmarks: u8 [112, 112, 3], of which the middle 96 are the network's input."""
    to = similarity(points.astype(np.float32), POINTS + MARGIN)
    return cv2.warpAffine(picture, to, (CANVAS, CANVAS), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def rendered(assets: str, first: int, people: int, views: int, file: Path, log: Callable[[str], None]) -> np.ndarray:
    """Crops [people, views, 112, 112, 3], u8, kept in `file`; what is there already is not rendered again."""
    shape = (people, views, CANVAS, CANVAS, 3)
    done_file = file.with_suffix(".done")
    if file.exists() and np.load(file, mmap_mode="r").shape == shape:
        crops = np.lib.format.open_memmap(file, "r+")
        done = int(done_file.read_text())
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        crops, done = np.lib.format.open_memmap(file, "w+", np.uint8, shape), 0
        done_file.write_text("0")
    began, at_start = time.monotonic(), done
    for person in range(done, people):
        for view in range(views):
            crops[person, view] = crop(*photograph(assets, first + person, view))
        if (person + 1) % 25 == 0 or person + 1 == people:
            crops.flush()
            done_file.write_text(str(person + 1))
            each = (time.monotonic() - began) / (person + 1 - at_start)
            log(f"{person + 1} of {people} people rendered, {each * (people - person - 1):.0f} s left")
    return crops
