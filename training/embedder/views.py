"""Views: many different pictures out of few faces, for a teacher that labels whatever it is shown.

A view is one face, a pixel blend of two, or an upper half on another's lower half (the teacher gives every such mixture
a place of its own, so mixtures are new people); turned, shifted, scaled, relit, blurred, covered, compressed. Wider
views are also bent into other shapes, recoloured, and mixed with anything. By night the student sees a view without
colours, dim or noisy, and the teacher still sees it by day.
"""

from __future__ import annotations

import cv2
import numpy as np

from .faces import MARGIN, SIDE

STRONG = 0.35
"""Share of views with strong disturbances."""
BLENDED, HALVED = 0.34, 0.16
"""Shares of views that mix two faces."""
INFRARED = 0.5
"""Share of grey views in which red is the light, as under infrared; the others are grey as the eye sees it."""
GREY, POOR = 0.75, 0.5
"""Shares of views by night without colours, and of little light."""


def _face(folders: list[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """Each folder is as likely as any other, however many faces it has."""
    crops = folders[random.integers(len(folders))]
    return crops[random.integers(len(crops))]


def _mixed(folders: list[np.ndarray], random: np.random.Generator) -> np.ndarray:
    face = _face(folders, random)
    kind = random.random()
    if kind >= BLENDED + HALVED:
        return face
    other = _face(folders, random)
    if random.random() < 0.5:
        other = other[:, ::-1]
    if kind < BLENDED:
        share = random.uniform(0.3, 0.7)
        return cv2.addWeighted(face, share, np.ascontiguousarray(other), 1 - share, 0)
    rows, columns = np.mgrid[0 : face.shape[0], 0 : face.shape[1]].astype(np.float32) - MARGIN
    angle = random.uniform(-0.5, 0.5) if random.random() < 0.6 else random.uniform(1.1, 2.0)
    edge = (rows - random.uniform(48, 82)) * np.cos(angle) + (columns - SIDE / 2) * np.sin(angle)
    mask = 1 / (1 + np.exp(-edge / random.uniform(3, 10)))[..., None]
    return (face * (1 - mask) + other * mask).astype(np.uint8)


def _bent(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A smooth random shift of every pixel: another skull, nose and mouth."""
    cells = int(random.integers(3, 8))
    field = random.normal(0, random.uniform(1, 10 / cells), (cells, cells, 2)).astype(np.float32)
    shift = cv2.resize(field, x.shape[1::-1], interpolation=cv2.INTER_CUBIC)
    rows, columns = np.mgrid[0 : x.shape[0], 0 : x.shape[1]].astype(np.float32)
    at = columns + shift[..., 0], rows + shift[..., 1]
    return cv2.remap(x, *at, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _recoloured(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Other skin, hair and light: channels mixed, brightness bent."""
    mix = np.eye(3) + random.normal(0, 0.12, (3, 3))
    y = (x.astype(np.float32) / 255) @ (mix / mix.sum(1, keepdims=True)).astype(np.float32).T
    bent = np.clip(y, 0, 1) ** np.float32(np.exp(random.normal(0, 0.35)))
    return (bent * 255).astype(np.uint8)


def _veiled(x: np.ndarray, folders: list[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """Another picture's fine structure over the whole face: skin, shadows, cameras that no renderer has."""
    other = _face(folders, random).astype(np.float32)
    if random.random() < 0.5:
        other = np.rot90(other, int(random.integers(1, 4)))
    fine = other - cv2.GaussianBlur(np.ascontiguousarray(other), (0, 0), random.uniform(2, 16))
    return np.clip(x + fine * random.uniform(0.2, 0.9), 0, 255).astype(np.uint8)


def _widened(x: np.ndarray, folders: list[np.ndarray], random: np.random.Generator) -> np.ndarray:
    if random.random() < 0.5:
        x = _bent(x, random)
    if random.random() < 0.35:
        x = _recoloured(x, random)
    return _veiled(x, folders, random) if random.random() < 0.25 else x


def _placed(face: np.ndarray, strength: float, random: np.random.Generator) -> np.ndarray:
    """112x112 out of the crop with its margin: what other landmarks and a mirror would have given."""
    turn = np.deg2rad(random.normal(0, 5 * strength))
    scale = np.exp(random.normal(0, 0.06 * strength))
    c, s = scale * np.cos(turn), scale * np.sin(turn)
    to = np.array([[c * (1 + random.normal(0, 0.02 * strength)), -s], [s, c]])
    centre = np.array([SIDE / 2, 60.0])
    shift = centre - to @ (centre + MARGIN) + random.normal(0, 2.5 * strength, 2)
    to = np.concatenate([to, shift[:, None]], 1)
    if random.random() < 0.5:
        to[0] = -to[0]
        to[0, 2] += SIDE - 1
    border = cv2.BORDER_REPLICATE if random.random() < 0.5 else cv2.BORDER_CONSTANT
    return cv2.warpAffine(face, to, (SIDE, SIDE), flags=cv2.INTER_LINEAR, borderMode=border)


def _blurred(x: np.ndarray, strong: bool, random: np.random.Generator) -> np.ndarray:
    often = 1.0 if strong else 0.4
    if random.random() < 0.5 * often:
        side = int(SIDE * (random.uniform(0.2, 0.7) if strong else random.uniform(0.4, 0.9)))
        small = cv2.resize(x, (side, side), interpolation=cv2.INTER_AREA)
        return cv2.resize(small, (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    if random.random() < 0.3 * often:
        return cv2.GaussianBlur(x, (0, 0), random.uniform(0.5, 2.0))
    if random.random() < 0.15 * often:
        size = int(random.integers(3, 9))
        kernel = np.zeros((size, size), np.float32)
        cv2.line(kernel, (0, int(random.integers(size))), (size - 1, int(random.integers(size))), 1)
        return cv2.filter2D(x, -1, kernel / max(kernel.sum(), 1))
    return x


def _relit(x: np.ndarray, strong: bool, random: np.random.Generator) -> np.ndarray:
    much = 1.0 if strong else 0.6
    y = x.astype(np.float32)
    mean = y.mean()
    y = (y - mean) * np.exp(random.normal(0, 0.22 * much)) + mean * np.exp(random.normal(0, 0.25 * much))
    if random.random() < 0.4:
        y *= np.exp(random.normal(0, 0.08, 3)).astype(np.float32)
    saturation = 0.0 if random.random() < 0.12 else random.uniform(0.4, 1.4)
    if random.random() < 0.5:
        grey = y @ np.array([0.299, 0.587, 0.114], np.float32)
        y = grey[..., None] + (y - grey[..., None]) * saturation
    if strong and random.random() < 0.3:
        angle = random.uniform(0, 2 * np.pi)
        rows, columns = np.mgrid[0:SIDE, 0:SIDE].astype(np.float32) / (SIDE / 2) - 1
        y *= (1 + random.uniform(0.15, 0.7) * (np.cos(angle) * columns + np.sin(angle) * rows))[..., None]
    if random.random() < (0.3 if strong else 0.1):
        y += random.normal(0, random.uniform(3, 12), y.shape).astype(np.float32)
    return np.clip(y, 0, 255).astype(np.uint8)


def _covered(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    width, height = random.integers(15, 60), random.integers(12, 45)
    left, top = random.integers(-5, 100, 2)
    y = x.copy()
    area = y[max(0, top) : top + height, max(0, left) : left + width]
    area[:] = random.integers(0, 256, 3 if random.random() < 0.6 else area.shape)
    return y


def view(folders: list[np.ndarray], random: np.random.Generator, wide: bool = False) -> np.ndarray:
    """One u8 [112, 112, 3] out of crops, [n, 144, 144, 3] for each folder."""
    strong = random.random() < STRONG
    x = np.ascontiguousarray(_mixed(folders, random))
    x = _placed(_widened(x, folders, random) if wide else x, 1.0 if strong else 0.5, random)
    x = _blurred(x, strong, random)
    if random.random() < 0.85:
        x = _relit(x, strong, random)
    if strong and random.random() < 0.3:
        x = _covered(x, random)
    if random.random() < (0.4 if strong else 0.2):
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 90))]
        x = cv2.imdecode(cv2.imencode(".jpg", x, quality)[1], cv2.IMREAD_COLOR)
    return x


def infrared(x: np.ndarray) -> np.ndarray:
    """u8 [..., 3] without colours, in the light of red, in which skin is bright."""
    return np.repeat(x[..., :1], 3, -1)


def _grey(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    if random.random() < INFRARED:
        return infrared(x)
    return cv2.cvtColor(cv2.cvtColor(x, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def _poor(x: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Little contrast, noise, what hides noise, a low bit rate."""
    side = int(SIDE * random.uniform(0.35, 1))
    y = cv2.resize(x, (side, side), interpolation=cv2.INTER_AREA).astype(np.float32)
    y = (y - y.mean()) * random.uniform(0.3, 0.9) + random.uniform(40, 130)
    noise = random.normal(0, random.uniform(1, 8), y.shape).astype(np.float32)
    if np.ptp(x, -1).max() == 0:
        noise[:] = noise[..., :1]
    y = y + noise
    if random.random() < 0.6:
        y = cv2.blur(y, (3, 3))
    y = cv2.resize(np.clip(y, 0, 255).astype(np.uint8), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(25, 80))]
    return cv2.imdecode(cv2.imencode(".jpg", y, quality)[1], cv2.IMREAD_COLOR)


def by_night(pictures: np.ndarray, share: float, seed: int | list[int]) -> tuple[np.ndarray, np.ndarray]:
    """A copy of views u8 [n, 112, 112, 3] of which this share is as a camera sees it by night; and which, [n]."""
    random = np.random.default_rng(seed)
    seen, changed = pictures.copy(), random.random(len(pictures)) < share
    for index in np.flatnonzero(changed):
        grey, poor = random.random() < GREY, random.random() < POOR
        x = _grey(seen[index], random) if grey or not poor else seen[index]
        seen[index] = _poor(x, random) if poor else x
    return seen, changed


def views(folders: list[np.ndarray], count: int, seed: int | list[int], wide: bool = False) -> np.ndarray:
    """u8 [count, 112, 112, 3]; the same for the same crops and seed."""
    random = np.random.default_rng(seed)
    out = np.empty((count, SIDE, SIDE, 3), np.uint8)
    for index in range(count):
        out[index] = view(folders, random, wide)
    return out
