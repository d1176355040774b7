"""The detector and embedder that people are chosen and checked by, in Python (ONNX Runtime, one thread).

Any YuNet-shaped detector (BGR 0-255, outputs cls_/obj_/bbox_/kps_ 8, 16, 32) and any 112x112 embedder will do.
"""
import os

import numpy as np

TEMPLATE = np.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366], [41.5493, 92.3655], [70.7299, 92.2041]])
MEAN, STD = np.float32([.485, .456, .406]), np.float32([.229, .224, .225])


def _session(path):
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is imported: it would report to its makers
    import onnxruntime as ort
    o = ort.SessionOptions()
    o.intra_op_num_threads = 1
    return ort.InferenceSession(path, o, providers=['CPUExecutionProvider'])


class Judge:
    def __init__(self, detector: str, embedder: str):
        self.d, self.e = _session(detector), _session(embedder)

    def detect(self, im: np.ndarray, least=.5) -> list:
        """Faces of an RGB picture (h,w,3 uint8), best first: (score, box x0 y0 x1 y1, landmarks (5,2)), in pixels."""
        h, w = im.shape[:2]
        x = np.zeros((1, 3, -(-h // 32) * 32, -(-w // 32) * 32), np.float32)
        x[0, :, :h, :w] = im[..., ::-1].transpose(2, 0, 1)
        out = dict(zip([o.name for o in self.d.get_outputs()], self.d.run(None, {self.d.get_inputs()[0].name: x})))
        found = []
        for s in (8, 16, 32):
            c, o, b, k = (out[f'{n}_{s}'][0].reshape(-1, m) for n, m in (('cls', 1), ('obj', 1), ('bbox', 4), ('kps', 10)))
            score = np.sqrt(np.clip(c[:, 0], 0, 1) * np.clip(o[:, 0], 0, 1))
            for i in np.flatnonzero(score > least):
                col, row = i % (x.shape[3] // s), i // (x.shape[3] // s)
                cx, cy, bw, bh = (col + b[i, 0]) * s, (row + b[i, 1]) * s, np.exp(b[i, 2]) * s, np.exp(b[i, 3]) * s
                found.append((float(score[i]), np.array([cx - bw / 2, cy - bh / 2, cx + bw / 2, cy + bh / 2]), (k[i].reshape(5, 2) + [col, row]) * s))
        found.sort(key=lambda f: -f[0])
        kept = []
        for f in found:
            if all(iou(f[1], g[1]) < .4 for g in kept):
                kept.append(f)
        return kept

    def embed(self, im: np.ndarray, marks: np.ndarray) -> np.ndarray:
        """Unit vector of the face with these landmarks (pixels)."""
        from scipy.ndimage import map_coordinates
        a, b = marks - marks.mean(0), TEMPLATE - TEMPLATE.mean(0)
        z = (a[:, 0] @ b[:, 0] + a[:, 1] @ b[:, 1]) / (a**2).sum(), (a[:, 0] @ b[:, 1] - a[:, 1] @ b[:, 0]) / (a**2).sum()
        m = np.array([[z[0], -z[1]], [z[1], z[0]]])
        inv = np.linalg.inv(m)
        y, x = np.mgrid[0:112, 0:112]
        p = (np.stack([x, y], -1) - TEMPLATE.mean(0)) @ inv.T + marks.mean(0)
        crop = np.stack([map_coordinates(im[..., k].astype(np.float32), [p[..., 1], p[..., 0]], order=1) for k in range(3)], -1)
        v = self.e.run(None, {self.e.get_inputs()[0].name: ((crop / 255 - MEAN) / STD).transpose(2, 0, 1)[None].astype(np.float32)})[0][0]
        return v / np.linalg.norm(v)


def iou(a, b) -> float:
    w, h = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    if w <= 0 or h <= 0:
        return 0.
    return float(w * h / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h))
