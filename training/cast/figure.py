"""One person in three dimensions: built once from a recipe, then posed as often as a camera needs it."""
import ctypes as C

import numpy as np

from . import clothes, hair, native, skin
from .mesh import normals
from .pose import bones_of
from .rig import Rig, outer_map

DIRS = None


def sphere(n: int) -> np.ndarray:
    k = np.arange(n) + .5
    ph, th = np.arccos(1 - 2 * k / n), np.pi * (1 + 5**.5) * k
    return native.f32(np.stack([np.sin(ph) * np.cos(th), np.cos(ph), np.sin(ph) * np.sin(th)], 1))


class Drawable:
    """A mesh in the figure's rest pose, ready to be moved by bones."""

    def __init__(self, tri, pos, nrm, weights, aux, mat, par, uv=None, tex=None, size=0, deltas=None, shadow=1):
        self.tri, self.pos, self.nrm, self.weights = np.ascontiguousarray(tri, np.int32), native.f32(pos), native.f32(nrm), native.f32(weights)
        self.aux, self.mat, self.par, self.uv, self.tex, self.size = native.f32(aux), mat, native.f32(np.resize(np.append(par, np.zeros(16)), 16)), uv, tex, size
        self.deltas, self.shadow = deltas or {}, shadow

    def moved(self, motion: np.ndarray, expression: dict):
        pos, nrm = self.pos, self.nrm
        motion = native.f32(motion)
        active = [(k, v) for k, v in expression.items() if k in self.deltas and abs(v) > 1e-3]
        if active:
            pos = pos + sum(self.deltas[k] * np.float32(v) for k, v in active)
            nrm = normals(pos, self.tri)
        out = np.empty_like(self.pos), np.empty_like(self.pos)
        p = native.ptr
        native.lib.move_by_bones(len(pos), len(motion), p(self.weights), p(motion), p(native.f32(pos)), p(native.f32(nrm)), p(out[0]), p(out[1]))
        return out


def mesh_struct(tri, pos, nrm, aux, mat, par, shadow, tan=None, uv=None, tex=None, size=0):
    p = native.ptr
    m = native.MeshT(len(pos), len(tri), p(tri), p(pos), p(nrm), None if tan is None else p(tan), None if uv is None else p(uv), p(aux), mat, shadow, None if tex is None else p(tex), size, p(par))
    m.keep = (tri, pos, nrm, aux, par, tan, uv, tex)
    return m


EXPRESSIONS = {
    'blink': {'eye-left-closure': 1., 'eye-right-closure': 1.}, 'smile': {'mouth-corner-puller': .8, 'mouth-elevation': .15, 'eye-left-slit': .2, 'eye-right-slit': .2},
    'open': {'mouth-open': 1.}, 'brows': {'eyebrows-left-up': .7, 'eyebrows-right-up': .7}, 'purse': {'mouth-compression': .6},
}
REST = {'eye-left-slit': .05, 'eye-right-slit': .05}


class Figure:
    def __init__(self, rig: Rig, p: dict, fine=True, texture=1024, strands=1.0, body=True):
        self.rig, self.p = rig, p
        t = rig.assets.targets
        v = rig.assets.verts.copy()
        for n, a in p['morphs'].items():
            i, d = t[n]
            v[i] += np.float32(a) * d
        for n, a in REST.items():
            i, d = t['expression/units/caucasian/' + n]
            v[i] += np.float32(a) * d
        floor = v[:, 1].min()
        self.scale = .1 * p['height']
        v = ((v - [0, floor, 0]) * self.scale).astype(np.float32)
        self.verts = v
        self.joints = {b: v[i].mean(0) for b, i in rig.joints.items()}
        self.delta = {}
        for e, units in EXPRESSIONS.items():
            d = np.zeros_like(v)
            for n, a in units.items():
                i, x = t['expression/units/caucasian/' + n]
                d[i] += np.float32(a * self.scale) * x
            self.delta[e] = d
        self._head(fine, texture)
        self._eyes()
        self.strands = self._ribbons(hair.grow(p, *self._scalp(), self.scale / .1), strands)
        low = rig.skin_low
        pos = low.take @ v
        self.beard = self._ribbons(hair.whiskers(p, pos, low.base, normals(pos, low.tri), low.tri), strands)
        self.body = clothes.dress(self, p['outfit']) if body else []
        self.face = v[rig.face]
        self.marks = [v[m] for m in rig.marks]
        f = self.marks
        self.centre = (f[0].mean(0) + f[1].mean(0) + f[2].mean(0)) / 3

    def _scalp(self):
        low = self.rig.skin_low
        return low.take @ self.verts, low.base, low.tri

    def _head(self, fine, texture):
        rig, p, v = self.rig, self.p, self.verts
        surf = outer_map(rig, texture)
        self.tex = skin.paint(p, surf)
        part = rig.skin if fine else rig.skin_low
        pos = part.take @ v
        nrm = normals(pos, part.tri)
        coarse, eyes = rig.skin_low, rig.eyes
        cpos, epos = coarse.take @ v, eyes.take @ v
        tri = np.concatenate([coarse.tri, eyes.tri + len(cpos)])
        hide = np.abs(coarse.base[:, 0]) < 3
        self.ao_scene = (tri, np.concatenate([cpos, epos]), hide)
        both = np.concatenate([pos, epos])
        fine_tri = np.concatenate([part.tri, eyes.tri + len(pos)])
        n2 = np.concatenate([nrm, normals(epos, eyes.tri)])
        ao = native.occlusion(fine_tri, both, n2, sphere(64 if fine else 40), 320 if fine else 224)
        self.eye_ao = ao[len(pos):]
        ao = np.clip(ao[:len(pos)] * 1.08, 0, 1) ** 1.1
        aux = np.stack([ao, 0 * ao, 0 * ao, 0 * ao], 1)
        deltas = {k: native.f32(part.take @ d) for k, d in self.delta.items()}
        self.head = Drawable(part.tri, pos, nrm, part.weights, aux, native.SKIN, [1.6, .75 + .5 * p['oil']], skin.corner_uv(part.base, part.tri), self.tex, texture, deltas)

    def _eyes(self):
        part, p = self.rig.eyes, self.p
        pos = part.take @ self.verts
        left = part.base[:, 0] > 0
        self.eye_centre = {}
        local = np.zeros_like(pos)
        for side, k in (('l', left), ('r', ~left)):
            b = part.base[k]
            c = (b.max(0) + b.min(0)) / 2
            local[k] = (b - c) / np.linalg.norm(b - c, axis=1, keepdims=True)
            self.eye_centre[side] = pos[k].mean(0)
        self.eye_local, self.eye_left = native.f32(local), left
        white = np.array([.50, .475, .45]) * (1 - .25 * self.p['melanin'])
        par = [*p['iris'], .47, .19, p['seed'] % 97, *white]
        self.eye = Drawable(part.tri, pos, normals(pos, part.tri), part.weights, np.zeros((len(pos), 4)), native.EYE, par)
        lash = self.rig.lashes
        lp = lash.take @ self.verts
        self.lash = self._lashes(lp, lash)

    def _lashes(self, pos, part):
        """Thin curved triangles along the modelled lash strips."""
        r = np.random.default_rng([self.p['seed'], 9])
        c = {k: self.eye_centre[k] for k in 'lr'}
        dist = np.minimum(np.linalg.norm(pos - c['l'], axis=1), np.linalg.norm(pos - c['r'], axis=1))
        tri = part.tri
        order = np.argsort(dist[tri], axis=1)
        t = np.take_along_axis(tri, order, 1)
        a, b, tip = pos[t[:, 0]], pos[t[:, 1]], pos[t[:, 2]]
        vs, ts = [], []
        dense = self.p['liner']
        for k in range(2):
            u = r.uniform(.1, .9, (len(t), 1))
            base = a * (1 - u) + b * u
            end = base + (tip - (a + b) / 2) * r.uniform(.45, .85, (len(t), 1)) * (.55 + .45 * dense)
            w = (b - a) / (np.linalg.norm(b - a, axis=1, keepdims=True) + 1e-9) * .00028 * (.6 + .6 * dense)
            n = len(vs) * 3 * len(t)
            vs.append(np.stack([base - w, base + w, end], 1).reshape(-1, 3))
            ts.append(np.arange(3 * len(t)).reshape(-1, 3) + n)
        v = np.concatenate(vs)
        w = np.repeat(part.weights[t[:, 0]], 3, 0)
        lower = {k: native.f32(np.repeat((part.take @ d)[t[:, 0]], 3, 0)) for k, d in self.delta.items()}
        aux = np.zeros((len(v), 4))
        aux[:, 0] = .8
        return Drawable(np.concatenate(ts), v, np.tile([0, 0, 1.], (len(v), 1)), np.tile(w, (2, 1)), aux, native.PLAIN, [.012, .009, .008, .8, .1, 0],
                        deltas={k: np.tile(d, (2, 1)) for k, d in lower.items()}, shadow=0)

    def _ribbons(self, s, share):
        if s is None:
            return None
        n, k = s['pts'].shape[0], s['pts'].shape[1] - 1
        keep = np.arange(int(n * share))
        s = {q: native.f32(a[keep]) for q, a in s.items()}
        n = len(keep)
        s['par'][:, 0] *= share**-.7
        q = np.arange(k)[None] * 2 + np.arange(n)[:, None] * 2 * (k + 1)
        tri = np.stack([q, q + 1, q + 2, q + 1, q + 3, q + 2], 2).reshape(-1, 3).astype(np.int32)
        return dict(s, tri=np.ascontiguousarray(tri), n=n, k=k)

    def meshes(self, pose: dict, eye, shadow_eye=None) -> list:
        """Mesh structs of this figure in `pose`, hair facing the camera at `eye` (3,)."""
        motion = bones_of(self, pose)
        expr = pose.get('expression', {})
        out = []
        for d in [self.head, self.lash, *self.body]:
            pos, nrm = d.moved(motion, expr)
            out.append(mesh_struct(d.tri, pos, nrm, d.aux, d.mat, d.par, d.shadow, uv=d.uv, tex=d.tex, size=d.size))
        out.append(self._posed_eyes(motion, pose))
        head = native.f32(motion[4])
        col = self.p['hair_colour']
        bright = float(col.mean())
        for s, c in ((self.strands, col), (self.beard, np.minimum(col * .9, .35))):
            if s is not None:
                out.append(self._posed_hair(s, head, eye, [*c, .010 + .05 * bright, .14]))
        return out

    def _posed_eyes(self, motion, pose):
        d = self.eye
        pos, nrm = d.moved(motion, {})
        yaw, pitch = np.radians(np.clip(pose.get('gaze', (0., 0.)), -24, 24))
        a = np.where(self.eye_left, .03, -.03) + yaw
        x, y, z = self.eye_local.T
        x, z = x * np.cos(a) + z * np.sin(a), -x * np.sin(a) + z * np.cos(a)
        y, z = y * np.cos(-pitch) - z * np.sin(-pitch), y * np.sin(-pitch) + z * np.cos(-pitch)
        ao = np.clip(self.eye_ao * 1.5, 0, 1)
        return mesh_struct(d.tri, pos, nrm, native.f32(np.stack([ao, x, y, z], 1)), d.mat, d.par, 1)

    def _posed_hair(self, s, head, eye, par):
        nv = s['n'] * (s['k'] + 1) * 2
        pos, nrm, tan, aux = (np.empty((nv, c), np.float32) for c in (3, 3, 3, 4))
        p = native.ptr
        native.lib.ribbons(s['n'], s['k'], p(s['pts']), p(s['nrm']), p(s['par']), p(head), p(native.f32(eye)), C.c_float(1), p(pos), p(nrm), p(tan), p(aux))
        return mesh_struct(s['tri'], pos, nrm, aux, native.HAIR, native.f32(np.resize(np.append(par, np.zeros(16)), 16)), 1, tan=tan)
