"""What all people share: the parts of the base mesh, bones and weights, landmarks. Base units (dm) here; figures are in metres."""
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from . import skin
from .assets import Assets
from .mesh import compact, normals, subdivide, triangles

BONES = ['pelvis', 'spine', 'chest', 'neck', 'head', 'l-clav', 'l-arm', 'l-fore', 'l-hand', 'r-clav', 'r-arm', 'r-fore', 'r-hand',
         'l-thigh', 'l-shin', 'l-foot', 'r-thigh', 'r-shin', 'r-foot']


@dataclass(frozen=True)
class Part:
    """A drawable subset: triangles over rows of `take @ base`."""
    tri: np.ndarray
    take: sparse.csr_matrix   # (nv, 19158)
    base: np.ndarray          # (nv,3) unmorphed positions
    weights: np.ndarray       # (nv, bones)


@dataclass(frozen=True)
class Rig:
    assets: Assets
    skin: Part        # subdivided head, neck and upper chest
    skin_low: Part    # the same, as modelled, for people far away
    limbs: Part       # forearms and hands
    eyes: Part
    lashes: Part
    tights: Part      # a close suit, the start of all clothes
    lip: np.ndarray   # lip weight per base vertex
    rows: np.ndarray  # (nv,) base weights' owner
    joints: dict      # bone -> base vertex indices of its joint
    face: np.ndarray  # base vertices that bound a face as detectors draw it
    marks: list       # 5 arrays of base vertices: left eye in the picture, right eye, nose tip, mouth corners


def _weights(a: Assets, j: dict) -> np.ndarray:
    v = a.verts
    p = {k: v[i].mean(0) for k, i in j.items()}
    tip = {'pelvis': [0, 1.2, .1], 'spine': p['chest'], 'chest': [0, 5.4, .1], 'neck': [0, 6.3, .2], 'head': [0, 8.2, .3]}
    for s, m in (('l', 1), ('r', -1)):
        tip |= {f'{s}-clav': p[f'{s}-arm'], f'{s}-arm': p[f'{s}-fore'], f'{s}-fore': p[f'{s}-hand'], f'{s}-hand': p[f'{s}-hand'] + [.3 * m, -.6, .4],
                f'{s}-thigh': p[f'{s}-shin'], f'{s}-shin': p[f'{s}-foot'], f'{s}-foot': p[f'{s}-foot'] + [0, -.5, 1.4]}
    w = np.zeros((len(v), len(BONES)))
    for k, b in enumerate(BONES):
        o, t = p[b], np.asarray(tip[b]) - p[b]
        s = np.clip(((v - o) @ t) / (t @ t), 0, 1)
        w[:, k] = 1 / (np.linalg.norm(v - o - s[:, None] * t, axis=1) ** 5 + 1e-3)
        side = 1 if b[0] == 'l' else -1
        if 'thigh' in b or 'shin' in b or 'foot' in b:
            w[:, k] *= (v[:, 1] < 1.1) * (v[:, 0] * side > -.05)
        if 'arm' in b or 'fore' in b or 'hand' in b:
            w[:, k] *= v[:, 0] * side > 1.15
        if b == 'pelvis':
            w[:, k] *= 3
        if b in ('neck', 'head'):
            w[:, k] = 0
    w /= w.sum(1, keepdims=True)
    q = a.quads[(a.group == 'body') | (a.group == 'helper-tights') | (a.group == 'helper-skirt')]
    e = np.concatenate([q[:, [i, (i + 1) % 4]] for i in range(4)])
    g = sparse.csr_matrix((np.ones(2 * len(e)), (e.ravel(), e[:, ::-1].ravel())), (len(v), len(v)))
    g.data[:] = 1
    d = np.maximum(np.asarray(g.sum(1)).ravel(), 1)
    for _ in range(12):
        n = (g @ w) / d[:, None]
        w = np.where((np.asarray(g.sum(1)).ravel() > 0)[:, None], .4 * w + .6 * n, w)
    s = v[:, 1] + .35 * v[:, 2]
    head, neck = skin.step(5.95, 6.5, s)[:, None], skin.step(5.35, 5.95, s)[:, None]
    arm = np.abs(v[:, :1]) < 1.5
    top = np.zeros_like(w)
    top[:, BONES.index('neck')] = 1
    w = np.where(arm, w * (1 - neck) + top * neck, w)
    top = np.zeros_like(w)
    top[:, BONES.index('head')] = 1
    w = np.where(arm, w * (1 - head) + top * head, w)
    return (w / w.sum(1, keepdims=True)).astype(np.float32)


def _part(a: Assets, quads: np.ndarray, w: np.ndarray, levels: int) -> Part:
    q, used = compact(quads, len(a.verts))
    take = sparse.csr_matrix((np.ones(len(used), np.float32), (np.arange(len(used)), used)), (len(used), len(a.verts)))
    for _ in range(levels):
        q, m = subdivide(q, take.shape[0])
        take = (m @ take).tocsr()
    take = take.astype(np.float32)
    return Part(triangles(q), take, take @ a.verts, take @ w)


def build(a: Assets) -> Rig:
    v, q, g = a.verts, a.quads, a.group
    j = {'pelvis': a.joints['joint-pelvis'], 'spine': a.joints['joint-spine-4'], 'chest': a.joints['joint-spine-2'], 'neck': a.joints['joint-neck'], 'head': a.joints['joint-head']}
    for s in 'lr':
        for b, n in dict(clav='clavicle', arm='shoulder', fore='elbow', hand='hand', thigh='upper-leg', shin='knee', foot='ankle').items():
            j[f'{s}-{b}'] = a.joints[f'joint-{s}-{n}']
    w = _weights(a, j)
    low, wide = v[q][:, :, 1].min(1), np.abs(v[q][:, :, 0])
    body = g == 'body'
    head = body & (low > 4.95) & (wide.max(1) < 1.25)
    eye_sides = [g == 'helper-l-eye', g == 'helper-r-eye']
    lash = np.array(['lashes' in n for n in g])
    size = np.zeros(len(v))
    for n, k in (('mouth/mouth-upperlip-volume-incr', .025), ('mouth/mouth-lowerlip-volume-incr', .045)):
        i, d = a.targets[n]
        size[i] = np.maximum(size[i], np.linalg.norm(d, axis=1) / k)
    bv = np.unique(q[body])
    b = v[bv]
    face = bv[(b[:, 1] > 6.02) & (b[:, 1] < 7.86) & (b[:, 2] > .62) & (np.abs(b[:, 0]) < .74)]
    front = bv[(b[:, 2] > 1.1)]
    near = lambda t, n: front[np.argsort(np.linalg.norm(v[front] - t, axis=1))[:n]]
    tip = bv[(np.abs(b[:, 0]) < .05) & (b[:, 1] > 6.75) & (b[:, 1] < 7.15)]
    nose = tip[np.argsort(-v[tip, 2])[:3]]
    eyes = [np.unique(q[m]) for m in eye_sides]
    marks = [eyes[1], eyes[0], nose, near([-.265, 6.612, 1.3], 3), near([.265, 6.612, 1.3], 3)]
    return Rig(a, _part(a, q[head], w, 1), _part(a, q[head], w, 0), _part(a, q[body & (wide.min(1) > 2.1) & (low > .5)], w, 0),
               _part(a, q[eye_sides[0] | eye_sides[1]], w, 1), _part(a, q[lash], w, 0), _part(a, q[g == 'helper-tights'], w, 1),
               size.astype(np.float32), w, j, face, marks)


def outer_map(rig: Rig, size: int) -> np.ndarray:
    return skin.surface(rig.skin_low.base, rig.skin_low.tri, rig.skin_low.take @ rig.lip, size)


def base_normals(part: Part, pos: np.ndarray) -> np.ndarray:
    return normals(pos, part.tri)
