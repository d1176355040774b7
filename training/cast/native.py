"""The compiled half of the renderer: builds native/*.c once and calls it through ctypes."""
import ctypes as C
import hashlib
import os
import subprocess

import numpy as np

from .assets import cache_dir

HERE = os.path.join(os.path.dirname(__file__), 'native')
FLAGS = ['-O3', '-march=native', '-ffast-math', '-shared', '-fPIC']
SKIN, EYE, CLOTH, HAIR, PLAIN = range(5)


def _build() -> str:
    names = sorted(n for n in os.listdir(HERE) if n.endswith(('.c', '.h')))
    text = b''.join(open(os.path.join(HERE, n), 'rb').read() for n in names)
    out = os.path.join(cache_dir(), 'cast-' + hashlib.sha256(text).hexdigest()[:12] + '.so')
    if not os.path.exists(out):
        src = [os.path.join(HERE, n) for n in names if n.endswith('.c')]
        tmp = f'{out}.{os.getpid()}'
        subprocess.run(['cc', *FLAGS, '-o', tmp, *src, '-lm'], check=True)
        os.replace(tmp, out)
    return out


def tag(*names: str) -> str:
    """A hash of these source files: what they computed is cached under it."""
    return hashlib.sha256(b''.join(open(os.path.join(HERE, n), 'rb').read() for n in names)).hexdigest()


lib = C.CDLL(_build())
lib.lit.restype = C.c_float


def ptr(a: np.ndarray):
    return a.ctypes.data_as(C.c_void_p)


def f32(a) -> np.ndarray:
    return np.ascontiguousarray(a, np.float32)


class MeshT(C.Structure):
    _fields_ = [('nv', C.c_int), ('nt', C.c_int), ('tri', C.c_void_p), ('pos', C.c_void_p), ('nrm', C.c_void_p), ('tan', C.c_void_p),
                ('uv', C.c_void_p), ('aux', C.c_void_p), ('mat', C.c_int), ('shadow', C.c_int), ('tex', C.c_void_p), ('tw', C.c_int), ('par', C.c_void_p)]


class ViewT(C.Structure):
    _fields_ = [('w', C.c_int), ('h', C.c_int), ('eye', C.c_float * 3), ('rot', C.c_float * 9), ('f', C.c_float), ('cx', C.c_float), ('cy', C.c_float),
                ('key', C.c_float * 3), ('keyrgb', C.c_float * 3), ('keysize', C.c_float), ('sh', C.c_float * 27),
                ('window', C.c_float * 3), ('windowrgb', C.c_float * 3), ('windowcos', C.c_float),
                ('ss', C.c_int), ('srot', C.c_float * 9), ('slo', C.c_float * 3), ('sscale', C.c_float)]


def bake(tri, pos, attrs, w, h):
    """Depth-tested interpolation of vertex `attrs` on a grid of w*h; returns (depth, (h,w,k))."""
    tri, pos, attrs = np.ascontiguousarray(tri, np.int32), f32(pos), f32(attrs)
    z, out = np.full((h, w), -1e9, np.float32), np.zeros((h, w, attrs.shape[1]), np.float32)
    lib.bake(len(tri), ptr(tri), ptr(pos), ptr(attrs), attrs.shape[1], w, h, ptr(z), ptr(out))
    return z, out


def noise(points, scale, seed=0, octaves=1):
    """Value noise (one octave) or a sum of octaves at (n,3) points times `scale`; (n,) around 0.5."""
    p = f32(np.asarray(points, np.float32) * np.asarray(scale, np.float32) + np.float32(seed % 977) * np.float32([3.7, 5.1, 7.3]))
    out = np.empty(len(p), np.float32)
    lib.noise_at(len(p), ptr(p), octaves, ptr(out))
    return out


def strokes(mask: np.ndarray, segments: np.ndarray):
    """Draws (n,6) tapered soft strokes x0 y0 x1 y1 width opacity into `mask`, in pixels."""
    s = f32(segments)
    lib.strokes(len(s), ptr(s), mask.shape[1], mask.shape[0], ptr(mask))


def occlusion(tri, pos, nrm, directions, size=256):
    """Ambient occlusion per vertex by depth maps from each direction: 1 is open."""
    tri, pos, nrm, d = np.ascontiguousarray(tri, np.int32), f32(pos), f32(nrm), f32(directions)
    out = np.zeros(len(pos), np.float32)
    lib.occlusion(len(tri), ptr(tri), len(pos), ptr(pos), ptr(nrm), len(d), ptr(d), size, ptr(out))
    return out
