"""The shipped detector and embedder in onnxruntime, one thread each, as `models/*.json` describe them."""

import json
import os
from pathlib import Path

import cv2
import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is imported: it would report to its makers
import onnxruntime


def session_of(file: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])


class Detector:
    """YuNet. Pictures are scaled to `side` pixels at most, and padded to whole cells of 32."""

    def __init__(self, folder: Path, side: int = 640) -> None:
        about = json.loads((folder / "detector.json").read_text())
        self.min_score, self.nms, self.strides, self.side = about["minScore"], about["nms"], about["strides"], side
        self.session = session_of(folder / "detector.onnx")
        self.outputs = [f"{kind}_{stride}" for stride in self.strides for kind in ("cls", "obj", "bbox", "kps")]
        self.input = np.zeros((1, 3, 32, 32), np.float32)

    def find(self, bgr: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Faces of a picture, best first: boxes [n, 4] (left, top, width, height) and landmarks [n, 5, 2], pixels."""
        height, width = bgr.shape[:2]
        scale = min(1.0, self.side / max(width, height))
        w, h = round(width * scale), round(height * scale)
        padded = (1, 3, -(-h // 32) * 32, -(-w // 32) * 32)
        if self.input.shape != padded:
            self.input = np.zeros(padded, np.float32)
        small = bgr if scale == 1 else cv2.resize(bgr, (w, h), interpolation=cv2.INTER_LINEAR)
        for channel, plane in enumerate(cv2.split(small)):
            self.input[0, channel, :h, :w] = plane
        found = self.session.run(self.outputs, {"input": self.input})
        boxes, points, scores = [], [], []
        for level, stride in enumerate(self.strides):
            classes, objects, box, point = (output[0] for output in found[4 * level : 4 * level + 4])
            score = np.sqrt(np.clip(classes[:, 0], 0, 1) * np.clip(objects[:, 0], 0, 1))
            cells = np.flatnonzero(score >= self.min_score)
            columns = padded[3] // stride
            corner = np.stack([cells % columns, cells // columns], 1)
            size = np.exp(box[cells, 2:]) * stride
            boxes.append(np.concatenate([(corner + box[cells, :2]) * stride - size / 2, size], 1))
            points.append((corner[:, None] + point[cells].reshape(-1, 5, 2)) * stride)
            scores.append(score[cells])
        boxes, points, scores = (np.concatenate(part) for part in (boxes, points, scores))
        kept = cv2.dnn.NMSBoxes(boxes, scores, self.min_score, self.nms) if len(scores) > 0 else []
        kept = np.asarray(kept, int).reshape(-1)
        return boxes[kept] / scale, points[kept] / scale


class Embedder:
    """MobileFaceNet. Embeddings are of unit length."""

    def __init__(self, folder: Path) -> None:
        about = json.loads((folder / "embedder.json").read_text())
        self.side, self.threshold = about["side"], about["threshold"]
        self.template = np.array(about["template"])
        self.mean = np.array(about["mean"], np.float32)
        self.std = np.array(about["std"], np.float32)
        self.session = session_of(folder / "embedder.onnx")

    def crop(self, bgr: np.ndarray, points: np.ndarray) -> np.ndarray:
        """The upright face, [side, side, 3]: the similarity with the least squared error (Umeyama, without mirroring)."""
        source, target = points - points.mean(0), self.template - self.template.mean(0)
        spread = (source**2).sum()
        a = (source * target).sum() / spread
        b = (source[:, 0] * target[:, 1] - source[:, 1] * target[:, 0]).sum() / spread
        turn = np.array([[a, -b], [b, a]])
        move = self.template.mean(0) - turn @ points.mean(0)
        return cv2.warpAffine(bgr, np.column_stack([turn, move]), (self.side, self.side))

    def embed(self, crop: np.ndarray) -> np.ndarray:
        rgb = (crop[..., ::-1] - self.mean) / self.std
        (embedding,) = self.session.run(None, {"input": np.ascontiguousarray(rgb.transpose(2, 0, 1)[None])})
        return embedding[0] / np.linalg.norm(embedding[0])
