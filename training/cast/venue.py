"""Rooms and streets from data: shapes, materials, lights; traced once per camera, cached, then only people are drawn over them."""
import ctypes as C
import hashlib
import json
import os

import numpy as np
from scipy.ndimage import median_filter

from . import native, view
from .assets import cache_dir
from .figure import sphere

TEX = {n: i for i, n in enumerate('flat wood tile brick concrete carpet stripes art city leaf terrazzo shelf asphalt facade night'.split())}
KINDS = {'box': 0, 'ball': 1, 'pillar': 2}


class PrimT(C.Structure):
    _fields_ = [('kind', C.c_int), ('mat', C.c_int), ('c', C.c_float * 3), ('h', C.c_float * 3), ('ca', C.c_float), ('sa', C.c_float), ('v', C.c_float * 9)]


class MatT(C.Structure):
    _fields_ = [('tex', C.c_int), ('a', C.c_float * 3), ('b', C.c_float * 3), ('scale', C.c_float), ('coat', C.c_float), ('rough', C.c_float), ('emit', C.c_float), ('key', C.c_float), ('glass', C.c_float)]


class RectT(C.Structure):
    _fields_ = [('c', C.c_float * 3), ('u', C.c_float * 3), ('v', C.c_float * 3), ('rgb', C.c_float * 3), ('key', C.c_int)]


class WorldT(C.Structure):
    _fields_ = [('np', C.c_int), ('nm', C.c_int), ('nl', C.c_int), ('p', C.c_void_p), ('m', C.c_void_p), ('l', C.c_void_p),
                ('sky', C.c_float * 3), ('horizon', C.c_float * 3), ('ground', C.c_float * 3), ('sun', C.c_float * 3), ('sunrgb', C.c_float * 3), ('sunsize', C.c_float), ('outdoors', C.c_int)]


def _no_fireflies(x: np.ndarray, times=1.4, where=True) -> None:
    """Limits single bright pixels to some times the median of their surroundings."""
    lum = x.mean(2)
    top = times * median_filter(lum, 5) + .004
    x *= np.where(where, np.minimum(1, top / np.maximum(lum, 1e-6)), 1)[..., None].astype(np.float32)


def _plant(at, size, seed):
    """Leaves as bent strips of triangles around a stem."""
    r, out = np.random.default_rng(seed), []
    for k in range(int(26 + 14 * size)):
        a, up, ln = r.uniform(0, 6.28), r.uniform(.25, 1.25), size * r.uniform(.45, .95)
        d = np.array([np.cos(a), 0, np.sin(a)])
        side = np.array([-d[2], 0, d[0]]) * size * r.uniform(.06, .12)
        pts = [np.asarray(at) + d * (ln * .55 * t) + np.array([0, size * up * t - ln * .75 * t * t, 0]) for t in np.linspace(0, 1, 5)]
        wid = [.25, .9, 1., .7, .02]
        for i in range(4):
            q = [pts[i] - side * wid[i], pts[i] + side * wid[i], pts[i + 1] + side * wid[i + 1], pts[i + 1] - side * wid[i + 1]]
            out += [('tri', [q[0], q[1], q[2]]), ('tri', [q[0], q[2], q[3]])]
    return out


def _expand(s):
    """A shape of the data to primitives (kind, material, numbers)."""
    kind = s[0]
    if kind in KINDS:
        return [(kind, s[1], s[2], s[3], s[4] if len(s) > 4 else 0)]
    if kind == 'plant':  # plant, leaf material, pot material, [x,y,z], size, seed
        _, leaf, pot, at, size, seed = s
        return [('pillar', pot, [at[0], at[1] + .2 * size, at[2]], [.2 * size, .2 * size, 0], 0)] + [(k, leaf, v) for k, v in _plant([at[0], at[1] + .38 * size, at[2]], size, seed)]
    if kind == 'table':  # table, top material, leg material, [x,z], radius, height
        _, top, leg, (x, z), r, h = s
        return [('pillar', top, [x, h, z], [r, .018, 0], 0), ('pillar', leg, [x, h / 2, z], [.03, h / 2, 0], 0), ('pillar', leg, [x, .012, z], [r * .55, .012, 0], 0)]
    if kind == 'chair':  # chair, seat material, leg material, [x,z], yaw
        _, seat, leg, (x, z), yaw = s
        c, n = np.cos(np.radians(yaw)), np.sin(np.radians(yaw))
        at = lambda u, w: [x + c * u + n * w, z - n * u + c * w]
        out = []
        for u in (-.19, .19):
            for w in (-.19, .19):
                p = at(u, w)
                out.append(('pillar', leg, [p[0], .22, p[1]], [.013, .22, 0], 0))
        p, b = at(0, 0), at(0, -.2)
        return out + [('box', seat, [p[0], .45, p[1]], [.21, .02, .21], yaw), ('box', seat, [b[0], .72, b[1]], [.2, .14, .015], yaw)]
    if kind == 'row':  # row, count, [dx,dy,dz], shape
        _, count, d, shape = s
        out = []
        for i in range(count):
            for q in _expand(shape):
                q = list(q)
                if q[0] != 'tri':
                    q[2] = [q[2][k] + i * d[k] for k in range(3)]
                out.append(tuple(q))
        return out
    raise ValueError(f'unknown shape {kind!r}')


class Venue:
    def __init__(self, path: str):
        with open(path) as f:
            self.text = f.read()
        d = self.data = json.loads(self.text)
        self.cameras, self.exposure = d['cameras'], d.get('exposure', 1.0)
        names = list(d['materials'])
        mats = []
        for n in names:
            m = d['materials'][n]
            a = m['a']
            mats.append(MatT(TEX[m.get('tex', 'flat')], tuple(a), tuple(m.get('b', a)), m.get('scale', 1), m.get('coat', 0), m.get('rough', 0), m.get('emit', 0), m.get('key', 0), m.get('glass', 0)))
        prims = []
        for s in d['shapes']:
            for q in _expand(s):
                p = PrimT(mat=names.index(q[1]))
                if q[0] == 'tri':
                    p.kind = 3
                    p.v[:] = np.asarray(q[2], float).ravel()
                else:
                    p.kind, p.ca, p.sa = KINDS[q[0]], np.cos(np.radians(q[4])), np.sin(np.radians(q[4]))
                    p.c[:], p.h[:] = q[2], q[3]
                prims.append(p)
        self.rects = d.get('lights', [])
        rects = [RectT(tuple(l['at']), tuple(l['u']), tuple(l['v']), tuple(l['rgb']), int(l.get('key', False))) for l in self.rects]
        self.prims, self.mats, self.lights = (PrimT * len(prims))(*prims), (MatT * len(mats))(*mats), (RectT * max(1, len(rects)))(*rects)
        sun = d.get('sun')
        w = self.world = WorldT(len(prims), len(mats), len(rects), C.addressof(self.prims), C.addressof(self.mats), C.addressof(self.lights))
        w.sky[:], w.horizon[:], w.ground[:] = d.get('sky', [.3, .5, .9]), d.get('horizon', [.8, .85, .9]), d.get('ground', [.2, .2, .2])
        if sun:
            w.sun[:], w.sunrgb[:], w.sunsize = view.unit(sun['to']), sun['rgb'], sun.get('size', .01)

    def _what(self) -> str:
        return json.dumps({k: v for k, v in self.data.items() if k not in ('exposure', 'cameras')}, sort_keys=True)

    def camera(self, name: str, w: int, h: int) -> view.Camera:
        c = self.cameras[name]
        return view.Camera(c['eye'], c['target'], c['fov'], w, h)

    def backdrop(self, name: str, w: int, h: int, spp: int) -> dict:
        """The empty place from a camera: `base` light, `key` light apart (h,w,3 linear), `iz` 1/depth and `nrm`."""
        tag = hashlib.sha256((self._what() + native.tag('cast.h', 'trace.c', 'surfaces.c') + f'{self.cameras[name]}{w}{h}{spp}').encode()).hexdigest()[:16]
        path = os.path.join(cache_dir(), f'backdrop-{tag}.npz')
        if not os.path.exists(path):
            cam = self.camera(name, w, h)
            v = native.ViewT()
            v.w, v.h, v.f, v.cx, v.cy = w, h, cam.f, w / 2, h / 2
            v.eye[:], v.rot[:] = cam.eye, cam.rot.ravel()
            native.lib.world_build(C.byref(self.world))
            b = [np.zeros((h, w, 3), np.float32) for _ in range(5)] + [np.zeros((h, w), np.float32)]
            p = native.ptr
            native.lib.trace_view(C.byref(v), spp, 1, *[p(x) for x in b])
            alb, dif, key, mir, nrm, iz = b
            tmp = np.empty_like(dif)
            for x in (dif, key):
                _no_fireflies(x)
            for x, passes, sigma in ((dif, 5, .5), (key, 4, 3.), (mir, 2, 9.)):
                native.lib.denoise(w, h, p(x), p(nrm), p(iz), passes, C.c_float(sigma), p(tmp))
            np.savez(path + '.tmp.npz', base=(alb * dif + mir).astype(np.float16), key=(alb * key).astype(np.float16), iz=iz, nrm=nrm.astype(np.float16))
            os.replace(path + '.tmp.npz', path)
        z = np.load(path)
        out = {k: np.ascontiguousarray(z[k].astype(np.float32)) for k in z.files}
        flat = np.abs(out['nrm'][..., 1]) > .85
        _no_fireflies(out['base'], 1.12, flat)  # what mirrors leave on floors and ceilings
        return out

    def probe(self, at) -> np.ndarray:
        """Ambient harmonics (9,3) at a place where people's faces pass, without the key lights."""
        native.lib.world_build(C.byref(self.world))
        d = sphere(700)
        out = np.empty((700, 3), np.float32)
        native.lib.trace_probe(native.ptr(native.f32(at)), 700, native.ptr(d), 24, 5, native.ptr(out))
        return view.irradiance(d, out)

    def probes(self) -> list:
        """[(place, harmonics)] on the data's probe points, cached."""
        tag = hashlib.sha256((self._what() + native.tag('cast.h', 'trace.c', 'surfaces.c') + 'probes').encode()).hexdigest()[:16]
        path = os.path.join(cache_dir(), f'probes-{tag}.npy')
        if not os.path.exists(path):
            np.save(path, np.stack([self.probe(p) for p in self.data['probes']]))
        return list(zip(np.asarray(self.data['probes'], float), np.load(path)))

    def light_at(self, p, probes, gain=1.0) -> view.Light:
        """Light on a face at `p`: nearby probes blended, the key light as seen from there."""
        d = np.array([1 / (np.sum((p - q) ** 2) + .15) ** 1.5 for q, _ in probes])
        sh = sum(w * s for w, (_, s) in zip(d / d.sum(), probes)) * gain
        w = self.data.get('window', {})
        mirror = dict(window=np.asarray(w.get('to', [-.4, .4, .8])), window_rgb=np.asarray(w.get('rgb', [3, 3, 3])) * gain, window_cos=w.get('cos', .965))
        if 'sun' in self.data:
            s = self.data['sun']
            return view.Light(np.asarray(s['to']), np.asarray(s['rgb']) * gain, s.get('softness', .03), sh, **mirror)
        keys = [l for l in self.rects if l.get('key')]
        if not keys:
            return view.Light(np.array([0, 1, .5]), np.zeros(3), .1, sh, **mirror)
        total, towards, area = np.zeros(3), np.zeros(3), 0.
        for l in keys:
            u, v = np.asarray(l['u'], float), np.asarray(l['v'], float)
            for a in (-.6, 0, .6):
                for b in (-.6, .6):
                    d = np.asarray(l['at']) + a * u + b * v - p
                    n = np.cross(u, v)
                    r2 = d @ d
                    e = max(0., -(n @ d) / np.linalg.norm(n) / np.sqrt(r2)) * 4 * np.linalg.norm(n) / 6 / (r2 + .05) / np.pi
                    total += e * np.asarray(l['rgb'])
                    towards += e * d / np.sqrt(r2)
                    area += e
        return view.Light(towards + 1e-6, total * gain * .9, float(np.clip(np.sqrt(area) * .55, .06, .4)), sh, **mirror)
