"""
Composes scenes: rendered heads, backs and hands on procedural or real backgrounds, with occlusion, blur, noise and low
light. What is a face, where, and how much of it can be seen is known by construction.
"""

import io
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageFilter

from backgrounds import procedural, write_on

side = 320
# The outline of a rendered face to the box that the public YuNet gives it: mean offsets in shares of width and height,
# left, top, right, bottom, of 250 faces that it finds.
to_box = np.array([0.105, 0.046, -0.111, -0.11])


@dataclass
class Face:
    """Box (left, top, right, bottom) and points [5, 2] in pixels; `visible` is the share that nothing covers."""

    box: np.ndarray
    points: np.ndarray
    yaw: float
    worn: str
    visible: float = 1.0

    @property
    def width(self) -> float:
        return float(self.box[2] - self.box[0])


@dataclass
class Scene:
    """RGB u8 [side, side, 3]. `vetoed` are boxes [n, 4] where nothing is a face whatever the teacher says."""

    picture: np.ndarray
    faces: list = field(default_factory=list)
    labelled: bool = True
    vetoed: np.ndarray = field(default_factory=lambda: np.zeros((0, 4)))
    condition: str = ""


class Bank:
    """What `bank.py` rendered; `people` keeps those whose seed's last digit passes."""

    def __init__(self, folder: Path, people=lambda digit: digit != 9):
        read = lambda name: np.load(folder / f"{name}.npy", mmap_mode="r")  # noqa: E731
        self.heads, self.backs, self.hands = read("heads"), read("backs"), read("hands")
        self.facts = json.loads((folder / "heads.json").read_text())
        self.chosen = [i for i, fact in enumerate(self.facts) if people(fact["seed"] % 10)]
        self.frames = {name: read(name) for name in ("marathon", "backs-only")}


def shrink(rgba, scale: float, flip: bool) -> np.ndarray:
    """Resized with premultiplied alpha, f32 [h, w, 4], 0-1."""
    image = Image.fromarray(np.asarray(rgba)).convert("RGBa")
    if flip:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    size = max(4, round(image.height * scale))
    kind = Image.Resampling.BOX if scale < 1 else Image.Resampling.BILINEAR
    return np.asarray(image.resize((size, size), kind), np.float32) / 255


def lay(canvas, cover, figure, left: int, top: int) -> None:
    """Lays a premultiplied figure over the canvas and marks in `cover` (the number of whoever is on top) where it is."""
    x0, y0 = max(0, left), max(0, top)
    x1, y1 = min(side, left + figure.shape[1]), min(side, top + figure.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    piece = figure[y0 - top : y1 - top, x0 - left : x1 - left]
    canvas[y0:y1, x0:x1] = canvas[y0:y1, x0:x1] * (1 - piece[..., 3:]) + piece[..., :3]
    cover[0][y0:y1, x0:x1][piece[..., 3] > 0.5] = cover[1]


def place_face(bank, rng, canvas, cover, width: float, number: int) -> Face:
    i = rng.choice(bank.chosen)
    fact = bank.facts[i]
    box, points, yaw = np.array(fact["box"]), np.array(fact["points"]), fact["yaw"]
    flip = rng.random() < 0.5
    if flip:
        whole = bank.heads.shape[1]
        box = np.array([whole - box[2], box[1], whole - box[0], box[3]])
        points = np.stack([whole - points[:, 0], points[:, 1]], 1)[[1, 0, 2, 4, 3]]
        yaw = -yaw
    scale = width / (box[3] - box[1]) * 1.25
    figure = shrink(bank.heads[i], scale, flip)
    scale = figure.shape[0] / bank.heads.shape[1]
    centre = rng.uniform(0.02, 0.98, 2) * side
    at = np.round(centre - scale * (box[:2] + box[2:]) / 2).astype(int)
    tint = rng.uniform(0.75, 1.15) * (1 + rng.normal(0, 0.05, 3))
    figure[..., :3] *= tint
    lay(canvas, (cover, number), np.minimum(figure, 1), *at)
    box = box + to_box * np.tile(box[2:] - box[:2], 2)
    face = Face(box * scale + np.tile(at, 2), points * scale + at, yaw, fact["worn"])
    if rng.random() < 0.25:
        wide, high = rng.uniform(0.5, 1.3) * face.width, rng.uniform(0.2, 0.8) * face.width
        left, top = (face.box[0] + face.box[2] - wide) / 2, face.box[3] + rng.uniform(0.25, 0.5) * face.width
        write_on(canvas, rng, int(left), int(top), int(wide), int(high), cover == number)
    return face


def place_other(pictures, rng, canvas, cover, size: float, centre=None) -> None:
    """A back or a hand, never a face."""
    picture = pictures[rng.integers(len(pictures))]
    figure = shrink(picture, size / picture.shape[0], rng.random() < 0.5)
    centre = rng.uniform(0, 1, 2) * side if centre is None else centre
    at = np.round(np.asarray(centre) - figure.shape[0] / 2).astype(int)
    lay(canvas, (cover, -2), figure, *at)


def bar(rng, canvas, cover, face: Face) -> None:
    """A plain thing in front of part of a face."""
    width, height = face.box[2:] - face.box[:2]
    x, y = face.box[:2] + rng.uniform(-0.2, 0.9, 2) * (width, height)
    w, h = rng.uniform(0.2, 1.2) * width, rng.uniform(0.2, 1.2) * height
    x0, y0, x1, y1 = (int(np.clip(v, 0, side)) for v in (x, y, x + w, y + h))
    canvas[y0:y1, x0:x1] = rng.uniform(0, 1, 3)
    cover[y0:y1, x0:x1] = -2


def visible(face: Face, cover, number: int) -> float:
    """The share of the box's inner part in which this very head is on top, the part outside the picture included."""
    x0, y0, x1, y1 = face.box
    inset = 0.15 * np.array([x1 - x0, y1 - y0])
    x0, y0, x1, y1 = (int(v) for v in (x0 + inset[0], y0 + inset[1], x1 - inset[0] + 1, y1 - inset[1] + 1))
    inside = cover[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)] == number
    return float(inside.sum() / max(1, (x1 - x0) * (y1 - y0)))


def smear(rng) -> ImageFilter.Kernel:
    """Motion along one of four directions, three or five pixels far."""
    kernel, reach = np.zeros((5, 5)), rng.integers(1, 3)
    dx, dy = ((1, 0), (0, 1), (1, 1), (1, -1))[rng.integers(4)]
    for k in range(-reach, reach + 1):
        kernel[2 + k * dy, 2 + k * dx] = 1
    return ImageFilter.Kernel((5, 5), kernel.flatten().tolist())


def photograph(canvas, rng):
    """Light, lens, sensor and codec. Gives u8 and what stands out."""
    picture, condition = np.clip(canvas, 0, 1), ""
    if rng.random() < 0.5:
        picture = picture ** np.float32(rng.uniform(0.75, 1.35))
    gain = rng.uniform(0.7, 1.15) * (1 + rng.normal(0, 0.04, 3))
    picture = picture * gain.astype(np.float32) + np.float32(0.5 - gain.mean() / 2 + rng.normal(0, 0.05))
    if rng.random() < 0.15:
        condition = "dark"
        picture = np.clip(picture, 0, 1) * np.float32(rng.uniform(0.12, 0.45))
        picture = picture + rng.standard_normal(picture.shape, np.float32) * np.float32(rng.uniform(0.01, 0.04))
    elif rng.random() < 0.4:
        picture = picture + rng.standard_normal(picture.shape, np.float32) * np.float32(rng.uniform(0.005, 0.03))
    if rng.random() < 0.05:
        picture = np.repeat(picture.mean(2, keepdims=True), 3, 2)
    image = Image.fromarray((np.clip(picture, 0, 1) * 255 + 0.5).astype(np.uint8))
    if rng.random() < 0.3:
        strength = rng.uniform(0.5, 2.5)
        condition = condition or ("blur" if strength > 1.3 else "")
        image = image.filter(ImageFilter.GaussianBlur(strength) if rng.random() < 0.6 else smear(rng))
    if rng.random() < 0.4:
        packed = io.BytesIO()
        image.save(packed, "JPEG", quality=int(rng.uniform(25, 90)))
        image = Image.open(packed)
    return np.asarray(image.convert("RGB")), condition


def real_crop(frames, rng) -> np.ndarray:
    """A random piece of a random real frame, enlarged or reduced, f32 0-1."""
    frame = frames[rng.integers(len(frames))]
    height, width = frame.shape[:2]
    window = int(min(height, side * rng.choice([rng.uniform(0.25, 1), rng.uniform(1, 1.6)])))
    x, y = rng.integers(width - window + 1), rng.integers(height - window + 1)
    piece = Image.fromarray(np.ascontiguousarray(frame[y : y + window, x : x + window]))
    if rng.random() < 0.5:
        piece = piece.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return np.asarray(piece.resize((side, side), Image.Resampling.BILINEAR), np.float32) / 255


def compose(bank: Bank, rng, smallest: float = 10) -> Scene:
    """One labelled scene. Faces are `smallest` pixels wide and more."""
    canvas = procedural(rng, side).astype(np.float32)
    cover = np.full((side, side), -1, np.int32)
    crowd = rng.choice(["none", "few", "some", "many"], p=[0.12, 0.5, 0.23, 0.15])
    low, high, most = {"none": (0, 0, 0), "few": (1, 3, 240), "some": (3, 7, 90), "many": (8, 22, 44)}[crowd]
    widths = np.sort(np.exp(rng.uniform(np.log(smallest), np.log(max(most, 11)), rng.integers(low, high + 1))))
    backs = rng.integers(1, 4) if rng.random() < 0.35 else 0
    for _ in range(backs):
        place_other(bank.backs, rng, canvas, cover, np.exp(rng.uniform(np.log(40), np.log(500))))
    faces = [place_face(bank, rng, canvas, cover, width, number) for number, width in enumerate(widths)]
    for face in faces:
        centre = (face.box[:2] + face.box[2:]) / 2
        if rng.random() < 0.1:
            place_other(bank.hands, rng, canvas, cover, face.width * rng.uniform(1, 2.2), centre + rng.normal(0, 0.5, 2) * face.width)
        elif rng.random() < 0.06:
            bar(rng, canvas, cover, face)
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 3)):
            place_other(bank.hands, rng, canvas, cover, np.exp(rng.uniform(np.log(40), np.log(420))))
    for number, face in enumerate(faces):
        face.visible = visible(face, cover, number)
    picture, condition = photograph(canvas, rng)
    return Scene(picture, faces, condition=condition)
