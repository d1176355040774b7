"""MakeHuman's CC0 base mesh and morph targets, read once and cached as one .npz beside the compiled renderer.

Coordinates are MakeHuman's: decimetres, y up, the face looks along +z, x > 0 is the person's left.
"""
import glob
import os
from dataclasses import dataclass

import numpy as np

CATEGORIES = 'head nose mouth chin forehead cheek eyes eyebrows ears neck macrodetails expression/units/caucasian'.split()


def cache_dir() -> str:
    d = os.environ.get('ROLLCALL_CAST_CACHE') or os.path.join(os.path.expanduser('~'), '.cache', 'rollcall-cast')
    os.makedirs(d, exist_ok=True)
    return d


@dataclass(frozen=True)
class Assets:
    verts: np.ndarray    # (19158,3) base positions
    quads: np.ndarray    # (n,4) vertex indices
    group: np.ndarray    # (n,) group name per quad
    targets: dict        # name -> (indices, deltas)
    joints: dict         # name -> base vertex indices of its marker cube


def _read_obj(path: str):
    verts, quads, group, g = [], [], [], ''
    with open(path) as f:
        for line in f:
            if line.startswith('v '):
                verts.append([float(x) for x in line.split()[1:4]])
            elif line.startswith('g '):
                g = line.split()[1]
            elif line.startswith('f '):
                q = [int(p.split('/')[0]) - 1 for p in line.split()[1:]]
                quads.append(q if len(q) == 4 else q + q[:1])
                group.append(g)
    return np.array(verts, np.float32), np.array(quads, np.int32), np.array(group)


def _read_target(path: str):
    with open(path) as f:
        rows = np.array([line.split()[:4] for line in f if line.strip() and line[0] != '#'], np.float64).reshape(-1, 4)
    return rows[:, 0].astype(np.int32), rows[:, 1:4].astype(np.float32)


def load(folder: str) -> Assets:
    """Reads `folder` (base.obj and targets/...); raises FileNotFoundError with the folder's name when it is not there."""
    base = os.path.join(folder, 'base.obj')
    if not os.path.exists(base):
        raise FileNotFoundError(f'no MakeHuman base mesh at {base}: see training/cast/README.md for where it comes from')
    cache = os.path.join(cache_dir(), 'makehuman.npz')
    if not os.path.exists(cache):
        verts, quads, group = _read_obj(base)
        out = {'verts': verts, 'quads': quads, 'group': group}
        for c in CATEGORIES:
            for f in sorted(glob.glob(os.path.join(folder, 'targets', c, '*.target'))):
                name = c + '/' + os.path.basename(f)[:-7]
                i, d = _read_target(f)
                out['i:' + name], out['d:' + name] = i, d
        np.savez(cache + '.tmp.npz', **out)
        os.replace(cache + '.tmp.npz', cache)
    z = np.load(cache)
    targets = {k[2:]: (z[k], z['d:' + k[2:]]) for k in z.files if k.startswith('i:')}
    quads, group = z['quads'], z['group']
    joints = {g: np.unique(quads[group == g]) for g in np.unique(group) if g.startswith('joint-')}
    return Assets(z['verts'], quads, group, targets, joints)
