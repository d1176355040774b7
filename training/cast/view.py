"""Cameras, light and the drawing of one picture."""
import ctypes as C
from dataclasses import dataclass, field

import numpy as np

from . import native


@dataclass
class Light:
    """Key light (direction towards it, radiance, tangent of its radius), ambient as 9x3 harmonics, the window that eyes mirror."""
    key: np.ndarray
    key_rgb: np.ndarray
    key_size: float
    sh: np.ndarray
    window: np.ndarray = field(default_factory=lambda: np.array([-.4, .5, .77]))
    window_rgb: np.ndarray = field(default_factory=lambda: np.array([6., 6., 6.]))
    window_cos: float = .97


def sh_basis(d: np.ndarray) -> np.ndarray:
    x, y, z = d[..., 0], d[..., 1], d[..., 2]
    return np.stack([.282095 + 0 * x, .488603 * y, .488603 * z, .488603 * x, 1.092548 * x * y, 1.092548 * y * z, .315392 * (3 * z * z - 1), 1.092548 * x * z, .546274 * (x * x - y * y)], -1)


BAND = np.array([1, 2 / 3, 2 / 3, 2 / 3, .25, .25, .25, .25, .25])


def irradiance(dirs: np.ndarray, radiance: np.ndarray) -> np.ndarray:
    """Harmonics (9,3) of irradiance/pi from uniform directions (n,3) and their radiance (n,3)."""
    return (4 * np.pi / len(dirs) * sh_basis(dirs).T @ radiance) * BAND[:, None]


def unit(v):
    v = np.asarray(v, float)
    return v / np.linalg.norm(v)


class Camera:
    def __init__(self, eye, target, fov: float, w: int, h: int):
        """`fov` is horizontal, degrees."""
        self.eye, self.w, self.h = np.asarray(eye, float), w, h
        f = unit(np.asarray(target, float) - self.eye)
        r = unit(np.cross(f, [0, 1, 0]))
        self.rot = np.stack([r, np.cross(r, f), f])
        self.f = w / 2 / np.tan(np.radians(fov) / 2)

    def project(self, p: np.ndarray):
        """World points (n,3) to (n,3): pixels right and down, and depth in metres."""
        q = (np.asarray(p) - self.eye) @ self.rot.T
        z = np.maximum(q[:, 2], 1e-3)
        return np.stack([self.w / 2 + self.f * q[:, 0] / z, self.h / 2 - self.f * q[:, 1] / z, q[:, 2]], 1)

    def yaw_of(self, forward: np.ndarray, at: np.ndarray) -> float:
        """Degrees between where a face looks and the way to the camera, in the horizontal; positive looks to the picture's right."""
        c = self.eye - at
        a = np.arctan2(forward[0], forward[2]) - np.arctan2(c[0], c[2])
        return float(np.degrees((a + np.pi) % (2 * np.pi) - np.pi))


class Canvas:
    """Buffers for pictures of one size, reused from frame to frame."""

    def __init__(self, w: int, h: int, shadow=2048):
        n = w * h * 4
        self.w, self.h, self.ss = w, h, shadow
        self.z, self.id, self.mesh = np.empty(n, np.float32), np.empty(n, np.uint32), np.empty(n, np.uint8)
        self.sm = np.empty((shadow, shadow), np.float32)
        self.scratch = np.empty(0, np.float32)

    def view(self, cam: Camera, light: Light, lo: np.ndarray, hi: np.ndarray) -> native.ViewT:
        v = native.ViewT()
        v.w, v.h, v.f, v.cx, v.cy = self.w, self.h, cam.f, cam.w / 2, cam.h / 2
        v.eye[:], v.rot[:] = cam.eye, cam.rot.ravel()
        k = unit(light.key)
        v.key[:], v.keyrgb[:], v.keysize, v.sh[:] = k, light.key_rgb, light.key_size, np.asarray(light.sh, float).ravel()
        v.window[:], v.windowrgb[:], v.windowcos = unit(light.window), light.window_rgb, light.window_cos
        a = unit(np.cross([.02, 1, .01], k))
        r = np.stack([a, np.cross(k, a), k])
        corners = np.array([[x, y, z] for x in (lo[0], hi[0]) for y in (lo[1], hi[1]) for z in (lo[2], hi[2])]) @ r.T
        v.ss, v.srot[:] = self.ss, r.ravel()
        m = corners.min(0)
        v.sscale = (self.ss - 6) / (corners[:, :2].max(0) - m[:2]).max()
        v.slo[:] = m - 3 / v.sscale
        return v

    def shadows(self, v, meshes):
        n = max(m.nv for m in meshes) * 3
        if len(self.scratch) < n:
            self.scratch = np.empty(n, np.float32)
        arr = (native.MeshT * len(meshes))(*meshes)
        native.lib.shadow_map(C.byref(v), arr, len(meshes), native.ptr(self.sm), native.ptr(self.scratch))

    def draw(self, v, meshes, rgb: np.ndarray, bgz: np.ndarray):
        """Draws over the linear picture `rgb` (h,w,3) whose depth is 1/`bgz` per pixel (0 is infinitely far)."""
        self.draw_groups([v], [meshes], rgb, bgz)

    def draw_groups(self, views, groups, rgb: np.ndarray, bgz: np.ndarray):
        """The same with a light of its own for each group of meshes; all views share one camera and shadow map."""
        meshes = [m for g in groups for m in g]
        of = np.array([i for i, g in enumerate(groups) for _ in g], np.int32)
        n = sum(m.nv for m in meshes) * 3
        if len(self.scratch) < n:
            self.scratch = np.empty(n, np.float32)
        arr, vs = (native.MeshT * len(meshes))(*meshes), (native.ViewT * len(views))(*views)
        p = native.ptr
        native.lib.draw(vs, p(of), arr, len(meshes), p(self.sm), p(bgz), p(rgb), p(self.z), p(self.id), p(self.mesh), p(self.scratch))


def develop(rgb: np.ndarray, exposure=1.0, seed=0, grain=.006, glow=.06) -> np.ndarray:
    """Linear picture (h,w,3) to 8 bits: glow, a soft shoulder, a trace of grain instead of banding."""
    h, w = rgb.shape[:2]
    rgb, out = native.f32(rgb), np.empty((h, w, 3), np.uint8)
    small = np.empty(6 * (w // 4) * (h // 4), np.float32)
    p = native.ptr
    native.lib.develop8(w, h, p(rgb), C.c_float(exposure), C.c_float(glow), C.c_float(grain), C.c_uint32(seed & 0xffff), p(small), p(out))
    return out
