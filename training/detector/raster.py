"""Draws a mesh with a z-buffer written in C, compiled on first use."""

import ctypes
import hashlib
import subprocess
import tempfile
from pathlib import Path

import numpy as np

_source = Path(__file__).with_name("raster.c")


def _compile() -> ctypes.CDLL:
    digest = hashlib.sha256(_source.read_bytes()).hexdigest()[:16]
    library = Path(tempfile.gettempdir()) / f"rollcall-raster-{digest}.so"
    if not library.exists():
        new = library.with_suffix(".new")
        subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", new, _source], check=True)
        new.rename(library)
    return ctypes.CDLL(str(library))


_library = _compile()


def _pointer(array: np.ndarray) -> ctypes.c_void_p:
    return array.ctypes.data_as(ctypes.c_void_p)


def draw(triangles, corners, attributes, width: int, height: int):
    """
    Draws `triangles` [t, 3] (indices) with `corners` [v, 3] (x, y in pixels, depth; larger is nearer) and gives
    depth [h, w], the interpolated attributes [h, w, k], and which triangle is seen [h, w] (-1: none).
    """
    triangles = np.ascontiguousarray(triangles, np.int32)
    corners = np.ascontiguousarray(corners, np.float32)
    attributes = np.ascontiguousarray(attributes, np.float32)
    count = attributes.shape[1]
    depth = np.full((height, width), -np.inf, np.float32)
    values = np.zeros((height, width, count), np.float32)
    owner = np.full((height, width), -1, np.int32)
    _library.draw(
        len(triangles), _pointer(triangles), _pointer(corners), _pointer(attributes), count, width, height,
        _pointer(depth), _pointer(values), _pointer(owner),
    )
    return depth, values, owner
