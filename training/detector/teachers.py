"""The two public detectors in ONNX Runtime, as second opinions on real frames: boxes with scores, pixels."""

import os
from pathlib import Path

import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is imported: it would report to its makers
import onnxruntime


def overlap(a, b) -> np.ndarray:
    """Intersection over union of boxes [n, 4] and [m, 4] (left, top, right, bottom): [n, m]."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, 2:4], b[None, :, 2:4])
    shared = np.clip(high - low, 0, None).prod(2)
    area = lambda box: np.clip(box[:, 2:4] - box[:, :2], 0, None).prod(1)  # noqa: E731
    return shared / np.maximum(area(a)[:, None] + area(b)[None] - shared, 1e-6)


def suppress(boxes, limit=0.4) -> np.ndarray:
    """Greedy non-maximum suppression of [n, 5] (box, score), best first."""
    boxes, kept = boxes[np.argsort(-boxes[:, 4], kind="stable")], []
    while len(boxes):
        kept.append(boxes[0])
        boxes = boxes[1:][overlap(boxes[:1], boxes[1:])[0] <= limit]
    return np.array(kept).reshape(-1, 5)


def _session(file: Path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])


def _canvas(rgb) -> np.ndarray:
    """BGR f32 on a canvas of multiples of 32, black at the right and below."""
    height, width = rgb.shape[:2]
    canvas = np.zeros((-(-height // 32) * 32, -(-width // 32) * 32, 3), np.float32)
    canvas[:height, :width] = rgb[..., ::-1]
    return canvas


class YunetTeacher:
    """`detect` gives [n, 5]: left, top, right, bottom, score from `least` on."""

    def __init__(self, file: Path):
        self.session = _session(file)

    def detect(self, rgb, least=0.6) -> np.ndarray:
        canvas = _canvas(rgb)
        out = dict(
            zip((each.name for each in self.session.get_outputs()), self.session.run(None, {"input": canvas.transpose(2, 0, 1)[None]}))
        )
        found = []
        for stride in (8, 16, 32):
            score = np.sqrt(np.clip(out[f"cls_{stride}"][0, :, 0], 0, 1) * np.clip(out[f"obj_{stride}"][0, :, 0], 0, 1))
            cells = np.flatnonzero(score >= least)
            box = out[f"bbox_{stride}"][0, cells]
            columns = canvas.shape[1] // stride
            centre = (np.stack([cells % columns, cells // columns], 1) + box[:, :2]) * stride
            half = np.exp(box[:, 2:]) * stride / 2
            found.append(np.concatenate([centre - half, centre + half, score[cells, None]], 1))
        return suppress(np.concatenate(found))


class RetinaTeacher:
    """RetinaFace-MobileNet0.25 (biubug6, MIT), priors and variances as published."""

    def __init__(self, file: Path):
        self.session = _session(file)
        self.priors = {}

    def _priors_of(self, height, width):
        if (height, width) not in self.priors:
            rows = []
            for stride, sizes in ((8, (10, 20)), (16, (32, 64)), (32, (128, 256))):
                y, x = np.mgrid[0 : height // stride, 0 : width // stride]
                for_each = [np.stack([(x + 0.5) * stride, (y + 0.5) * stride, x * 0 + s, x * 0 + s], -1) for s in sizes]
                rows.append(np.stack(for_each, 2).reshape(-1, 4))
            self.priors[height, width] = np.concatenate(rows).astype(np.float32)
        return self.priors[height, width]

    def detect(self, rgb, least=0.8) -> np.ndarray:
        canvas = _canvas(rgb)
        canvas[: rgb.shape[0], : rgb.shape[1]] -= (104, 117, 123)
        outputs = self.session.run(None, {"input": canvas.transpose(2, 0, 1)[None]})
        by_width = {each.shape[-1]: each[0] for each in outputs}
        prior = self._priors_of(*canvas.shape[:2])
        keep = by_width[2][:, 1] >= least
        box, prior, score = by_width[4][keep], prior[keep], by_width[2][keep, 1:]
        centre = prior[:, :2] + box[:, :2] * 0.1 * prior[:, 2:]
        half = prior[:, 2:] * np.exp(box[:, 2:] * 0.2) / 2
        return suppress(np.concatenate([centre - half, centre + half, score], 1))
