"""MakeHuman's CC0 base mesh and morph targets (data only): reading, cropping, normals, ambient occlusion."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from raster import draw


@lru_cache(1)
def read_base(directory: str):
    """Vertices [v, 3] in decimetres (y up, z towards the viewer) and triangles [t, 3] of each named group."""
    vertices, groups, group = [], {}, ""
    for line in (Path(directory) / "base.obj").read_text().splitlines():
        kind, *rest = line.split() or [""]
        if kind == "v":
            vertices.append([float(value) for value in rest[:3]])
        elif kind == "g":
            group = rest[0]
        elif kind == "f":
            corners = [int(corner.split("/")[0]) - 1 for corner in rest]
            for second, third in zip(corners[1:], corners[2:]):
                if second != third and corners[0] != third:
                    groups.setdefault(group, []).append((corners[0], second, third))
    return np.array(vertices, np.float32), {name: np.array(of, np.int32) for name, of in groups.items()}


def read_target(file: Path):
    """A morph target: indices [k] of the vertices that it moves, and by how much [k, 3]."""
    rows = [line.split() for line in file.read_text().splitlines() if line.strip() and not line.startswith("#")]
    by = np.array([row[1:4] for row in rows], np.float32).reshape(-1, 3)
    return np.array([int(row[0]) for row in rows], np.int32), by


@dataclass
class Part:
    """A cropped piece of the body: its own vertices, triangles, a material a triangle, and the targets that move it."""

    vertices: np.ndarray
    triangles: np.ndarray
    material: np.ndarray
    targets: dict
    occlusion: np.ndarray

    def moved(self, weights: dict) -> np.ndarray:
        vertices = self.vertices.copy()
        for name, weight in weights.items():
            index, by = self.targets[name]
            vertices[index] += by * np.float32(weight)
        return vertices


def normals(vertices, triangles) -> np.ndarray:
    """Unit normals [v, 3], the average over the triangles around each vertex."""
    a, b, c = (vertices[triangles[:, k]] for k in range(3))
    across = np.cross(b - a, c - a)
    total = np.zeros_like(vertices)
    for corner in range(3):
        np.add.at(total, triangles[:, corner], across)
    return total / (np.linalg.norm(total, axis=1, keepdims=True) + 1e-9)


def occlusion(vertices, triangles, directions=48, side=192, bias=0.06) -> np.ndarray:
    """How much of the sky each vertex sees, 0-1, from depth maps drawn from directions on a Fibonacci sphere."""
    facing = normals(vertices, triangles)
    seen, possible = np.zeros(len(vertices)), np.full(len(vertices), 1e-6)
    golden = np.pi * (3 - 5**0.5)
    for i in range(directions):
        y = 1 - 2 * (i + 0.5) / directions
        ring = (1 - y * y) ** 0.5
        towards = np.array([ring * np.cos(golden * i), y, ring * np.sin(golden * i)], np.float32)
        across = np.cross([0.1, 1, 0.2], towards)
        across /= np.linalg.norm(across)
        turned = (vertices + facing * 0.03) @ np.stack([across, np.cross(towards, across), towards]).T
        low = turned[:, :2].min(0)
        scale = (side - 4) / (turned[:, :2].max(0) - low).max()
        corners = np.concatenate([(turned[:, :2] - low) * scale + 2, turned[:, 2:]], 1)
        depth, _, _ = draw(triangles, corners, np.zeros((len(vertices), 1)), side, side)
        column, row = corners[:, 0].astype(int), corners[:, 1].astype(int)
        weight = np.maximum(0, facing @ towards)
        seen += weight * (corners[:, 2] > depth[row, column] - bias)
        possible += weight
    return (seen / possible).astype(np.float32)


def crop(directory: str, groups: dict, keep, folders=()) -> Part:
    """The triangles of `groups` (name to material) whose corners all satisfy `keep(x, y, z)`."""
    vertices, of = read_base(directory)
    inside = keep(*vertices.T)
    pieces = [(of[name][inside[of[name]].all(1)], material) for name, material in groups.items()]
    triangles = np.concatenate([piece for piece, _ in pieces])
    material = np.concatenate([np.full(len(piece), number, np.uint8) for piece, number in pieces])
    used = np.unique(triangles)
    place = np.full(len(vertices), -1, np.int32)
    place[used] = np.arange(len(used))
    triangles = place[triangles]
    targets = {}
    for folder in folders:
        for file in sorted((Path(directory) / "targets" / folder).rglob("*.target")):
            index, by = read_target(file)
            here = place[index] >= 0
            name = str(file.relative_to(Path(directory) / "targets").with_suffix(""))
            targets[name] = (place[index[here]], by[here])
    body = triangles[material < 3]
    return Part(vertices[used], triangles, material, targets, occlusion(vertices[used], body))
