"""Ground truth of a frame: who is where, computed from the same geometry that was drawn."""
import numpy as np

from .mesh import normals


class FacePoints:
    """What bounds and marks one person's face, in the figure's rest pose."""

    def __init__(self, fig):
        low = fig.rig.skin_low
        pos = low.take @ fig.verts
        b = low.base
        k = (b[:, 2] > .75) & (b[:, 1] > 6.1) & (b[:, 1] < 7.85) & (np.abs(b[:, 0]) < .68)
        self.pos, self.nrm = pos[k], normals(pos, low.tri)[k]
        self.bound, self.marks, self.centre = fig.face, fig.marks, fig.centre


def face(points: FacePoints, m: np.ndarray, cam, zbuf: np.ndarray) -> dict | None:
    """Box, landmarks, yaw and visible share of a face moved by `m` (3,4); `zbuf` is (h,w) of 1/depth after drawing. None when it looks away."""
    move = lambda p: p @ m[:, :3].T + m[:, 3]
    at = move(points.centre)
    yaw = cam.yaw_of(m[:, :3] @ np.array([0, 0, 1.]), at)
    if abs(yaw) > 100 or (at - cam.eye) @ cam.rot[2] < .2:
        return None
    q = cam.project(move(points.bound))
    lo, hi = q[:, :2].min(0), q[:, :2].max(0)
    marks = [cam.project(move(p))[:, :2].mean(0) for p in points.marks]
    p = move(points.pos)
    n = points.nrm @ m[:, :3].T
    facing = (n * (cam.eye - p)).sum(1) > .25 * np.linalg.norm(cam.eye - p, axis=1)
    s = cam.project(p[facing])
    x, y = np.floor(s[:, 0]).astype(int), np.floor(s[:, 1]).astype(int)
    inside = (x >= 0) & (x < cam.w) & (y >= 0) & (y < cam.h)
    seen = np.zeros(len(s), bool)
    seen[inside] = zbuf[y[inside], x[inside]] <= 1 / np.maximum(s[inside, 2] - .10, .05)
    if not seen.any():
        return None
    w = np.array([cam.w, cam.h])
    r = lambda v: [round(float(c), 5) for c in v]
    return dict(box=r([*(lo / w), *((hi - lo) / w)]), landmarks=[r(k / w) for k in marks], yaw=round(yaw, 1), visible=round(float(seen.mean()), 3), width=float(hi[0] - lo[0]))


def hardness(f: dict, masked: bool, dark: bool) -> str | None:
    if masked:
        return 'mask'
    if dark:
        return 'dark'
    if f['visible'] < .6:
        return 'occluded'
    if abs(f['yaw']) > 50:
        return 'profile'
    return 'small' if f['width'] < 28 else None
