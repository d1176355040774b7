"""Finds the faces in a folder of pictures and videos and cuts them out, aligned by five landmarks.

The detector is any ONNX file of YuNet's shape (input `input` f32 [1, 3, h, w], BGR 0-255; outputs cls_/obj_/bbox_/kps_
for strides 8, 16, 32): the project's own `models/detector.onnx`, or the public YuNet.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is imported: it would report to its makers
import onnxruntime

from .network import SIDE

# Five points on 112x112 of the public ArcFace crops: image-left and -right eye, nose, image-left and -right mouth corner.
TEMPLATE = np.array(
    [[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]], np.float32
)
MARGIN = 16
"""Pixels around the crop which are kept, so that views can turn and shift it without running out of picture."""
CANVAS = SIDE + 2 * MARGIN
PICTURES = {".jpg", ".jpeg", ".png", ".pgm", ".ppm", ".bmp", ".webp"}
VIDEOS = {".mp4", ".mkv", ".mov", ".avi", ".webm"}
LONGEST = 640
"""Pixels to which a larger picture's longer side is reduced for the detector."""


def open_session(file: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


class Detector:
    """YuNet (Wu et al. 2023, doi 10.1007/s11633-023-1423-y)."""

    def __init__(self, file: Path, least: float = 0.7, overlap: float = 0.4):
        self.session = open_session(file)
        self.names = [output.name for output in self.session.get_outputs()]
        self.least, self.overlap = least, overlap

    def _raw(self, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        height, width = picture.shape[:2]
        padded = np.zeros((-(-height // 32) * 32, -(-width // 32) * 32, 3), np.float32)
        padded[:height, :width] = picture
        outputs = self.session.run(None, {"input": padded.transpose(2, 0, 1)[None].copy()})
        found = dict(zip(self.names, outputs, strict=True))
        boxes, points, scores = [], [], []
        for stride in (8, 16, 32):
            columns = padded.shape[1] // stride
            score = np.sqrt(found[f"cls_{stride}"][0, :, 0] * found[f"obj_{stride}"][0, :, 0])
            at = np.flatnonzero(score >= self.least)
            cell = np.stack([at % columns, at // columns], 1).astype(np.float32)
            box, kps = found[f"bbox_{stride}"][0][at], found[f"kps_{stride}"][0][at]
            size = np.exp(box[:, 2:]) * stride
            boxes.append(np.concatenate([(cell + box[:, :2]) * stride - size / 2, size], 1))
            points.append((cell[:, None] + kps.reshape(-1, 5, 2)) * stride)
            scores.append(score[at])
        return np.concatenate(boxes), np.concatenate(points), np.concatenate(scores)

    def find(self, picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Boxes (x, y, width, height) and landmarks [n, 5, 2] in pixels of the BGR picture, best first."""
        scale = min(1.0, LONGEST / max(picture.shape[:2]))
        small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else picture
        boxes, points, scores = self._raw(small)
        keep = cv2.dnn.NMSBoxes(boxes.tolist(), scores.tolist(), self.least, self.overlap) if len(boxes) else []
        keep = np.array(keep, int).ravel()
        return boxes[keep] / scale, points[keep] / scale


def similarity(points: np.ndarray, template: np.ndarray) -> np.ndarray:
    """The least-squares similarity from landmarks to the template as a 2x3 matrix (Umeyama 1991, no mirroring)."""
    source, target = points.mean(0), template.mean(0)
    p, q = points - source, template - target
    a = (p * q).sum() / (p**2).sum()
    b = (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / (p**2).sum()
    turn = np.array([[a, -b], [b, a]])
    return np.concatenate([turn, (target - turn @ source)[:, None]], 1)


def cut(picture: np.ndarray, points: np.ndarray, margin: int = MARGIN) -> np.ndarray:
    """The aligned crop, RGB u8, 112 plus twice the margin a side."""
    side = SIDE + 2 * margin
    to = similarity(points, TEMPLATE + margin)
    scale = np.hypot(to[0, 0], to[1, 0])
    if scale < 0.5:  # bilinear sampling would skip pixels
        picture = cv2.resize(picture, None, fx=2 * scale, fy=2 * scale, interpolation=cv2.INTER_AREA)
        to = similarity(points * (2 * scale), TEMPLATE + margin)
    return cv2.warpAffine(picture, to, (side, side), flags=cv2.INTER_LINEAR)[:, :, ::-1]


def pictures_in(folder: Path, every: int) -> Iterator[tuple[Path, np.ndarray]]:
    """Every picture, and every n-th frame of every video, in the order of their names; BGR."""
    for file in sorted(each for each in folder.rglob("*") if each.is_file()):
        if file.suffix.lower() in PICTURES:
            picture = cv2.imread(str(file), cv2.IMREAD_COLOR)
            if picture is not None:
                yield file, picture
        elif file.suffix.lower() in VIDEOS:
            video = cv2.VideoCapture(str(file))
            for index in range(10**9):
                if not video.grab():
                    break
                if index % every == 0:
                    yield file, video.retrieve()[1]
            video.release()


def padded(picture: np.ndarray) -> tuple[np.ndarray, int]:
    """Pictures that a face fills are not found: give small ones a border of half their size."""
    height, width = picture.shape[:2]
    if max(height, width) > 300:
        return picture, 0
    border = max(height, width) // 2
    return cv2.copyMakeBorder(picture, border, border, border, border, cv2.BORDER_CONSTANT), border


def faces_in(folder: Path, detector: Detector, smallest: float = 40, every: int = 5) -> tuple[np.ndarray, list[str]]:
    """Aligned crops [n, 144, 144, 3] of all faces at least `smallest` px wide, and the file of each."""
    crops, files = [], []
    for file, picture in pictures_in(folder, every):
        picture, border = padded(picture)
        boxes, points = detector.find(picture)
        if border:  # a photo of one person: only the best
            boxes, points = boxes[:1], points[:1]
        for box, landmarks in zip(boxes, points, strict=True):
            if box[2] >= smallest:
                crops.append(cut(picture, landmarks))
                files.append(str(file.relative_to(folder)))
    return np.stack(crops) if crops else np.zeros((0, CANVAS, CANVAS, 3), np.uint8), files


def without_margin(crops: np.ndarray) -> np.ndarray:
    return crops[:, MARGIN:-MARGIN, MARGIN:-MARGIN]
