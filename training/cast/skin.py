"""Skin painted once per person on a map around the head: colour, hairiness, relief and shine.

The map is a cylinder about the neck's axis: u grows with the angle from the left ear side (0.5 is the face's middle),
v from above the crown down to the collar bones. Frontal angles get more texels than the back of the head.
"""
import os

import numpy as np

from . import native
from .assets import cache_dir

AXIS_Z, TOP, BOTTOM = .25, 8.62, 5.0


def uv_of(base: np.ndarray) -> np.ndarray:
    """(n,2) map coordinates of base-mesh positions in decimetres."""
    a = np.arctan2(base[..., 0], base[..., 2] - AXIS_Z) / np.pi
    return np.stack([.5 + .5 * np.sign(a) * np.abs(a) ** .72, np.clip((TOP - base[..., 1]) / (TOP - BOTTOM), 0, .999)], -1)


def corner_uv(base: np.ndarray, tri: np.ndarray) -> np.ndarray:
    """(nt,6) corner coordinates, unwrapped across the seam at the back of the head."""
    uv = uv_of(base)[tri]
    far = uv[..., :1] - uv[:, :1, :1]
    uv[..., :1] -= np.round(far)
    return native.f32(uv.reshape(len(tri), 6))


def surface(base: np.ndarray, tri: np.ndarray, lip: np.ndarray, size: int) -> np.ndarray:
    """(size,size,4): base position and lip weight of the outermost surface at each texel; holes take their neighbour."""
    path = os.path.join(cache_dir(), f'surface-{size}.npy')
    if os.path.exists(path):
        return np.load(path)
    uv = corner_uv(base, tri).reshape(-1, 3, 2)
    rad = np.hypot(base[:, 0], base[:, 2] - AXIS_Z)
    corners = np.concatenate([uv * size, rad[tri][..., None]], 2).reshape(-1, 3)
    attrs = np.concatenate([base, lip[:, None]], 1)[tri].reshape(-1, 4)
    t = np.arange(len(corners), dtype=np.int32).reshape(-1, 3)
    shifted = [corners + np.float32([k * size, 0, 0]) for k in (-1, 0, 1)]
    z, out = native.bake(np.concatenate([t + i * len(corners) for i in range(3)]), np.concatenate(shifted), np.concatenate([attrs] * 3), size, size)
    from scipy.ndimage import distance_transform_edt
    i = distance_transform_edt(z < -1e8, return_distances=False, return_indices=True)
    out = out[i[0], i[1]]
    np.save(path, out)
    return out


def step(a, b, x):
    t = np.clip((x - a) / (b - a), 0, 1)
    return t * t * (3 - 2 * t)


def hairline(p, c) -> np.ndarray:
    """Signed height of base positions above the hairline, decimetres; positive grows hair."""
    x, y, z = np.abs(c[:, 0]), c[:, 1], c[:, 2]
    front = 7.96 + p['hairline'] * .7 - 1.0 * np.clip(x - .36, 0, 1) ** 1.35 * (1 - 1.2 * p['temple']) + p['temple'] * .55 * np.exp(-((x - .40) / .15) ** 2)
    side = 7.16 + .55 * np.abs(np.clip(z, -1, .3) - .42) * (z < .42)
    back = 6.55 + .25 * np.clip(x, 0, 1)
    f = y - front
    t1, t2 = step(.62, .50, z), step(.22, .02, z)
    f = f * (1 - t1) + (y - side + .12 * step(.42, .6, z)) * t1
    f = f * (1 - t2) + (y - back) * t2
    ear = np.sqrt(((y - 7.05) / .52) ** 2 + ((z - .22) / .36) ** 2) - 1  # below 0 inside the ear's oval
    f = np.where(x > .62, np.minimum(f, .45 * ear), f)
    if p['hair'] == 'bald':
        f = np.minimum(f, 7.62 - y - .5 * np.clip(z, -.4, .4))
    return f


def beard(p, c) -> np.ndarray:
    """Density 0-1 of the beard at base positions."""
    x, y, z = np.abs(c[:, 0]), c[:, 1], c[:, 2]
    n = native.noise(c, 5, p['seed'], 2) - .4
    cheek = step(6.98, 6.66, y + .18 * (.75 - x) * 0 - .34 * np.clip(x - .25, 0, .6) + .10 * n) * step(6.0, 6.2, y + .1 * n + .12 * np.clip(z - .6, -.5, .5)) * step(.18, .5, z)
    cheek *= 1 - step(.36, .22, np.hypot(x * 1.05, (y - 6.60) * 1.55))
    lipline = step(6.655, 6.70, y) * step(6.865, 6.80, y + x * .15) * step(.34, .25, x) * step(1.1, 1.25, z)
    chin = step(.24, .15, x) * step(6.47, 6.40, y) * step(5.98, 6.12, y) * step(.8, 1.0, z)
    ring = step(.34, .29, x) * step(.21, .26, x) * step(6.72, 6.66, y) * step(6.3, 6.42, y) * step(1.0, 1.1, z)
    kind = p['beard'] or 'full'
    return {'full': np.maximum(cheek, lipline), 'goatee': np.maximum(np.maximum(lipline, chin), ring), 'moustache': lipline}[kind]


def brow_strokes(p, size) -> np.ndarray:
    """Hairs of both brows as strokes in texels."""
    b, r, out = p['brow'], np.random.default_rng([p['seed'], 3]), []
    for side in (-1, 1):
        for _ in range(int(420 * b['dense'] + 140)):
            u = r.uniform(0, 1) ** .9
            th = b['thick'] * np.clip(1.08 - b['tail'] * u ** 1.6, .22, 2) * min(1., .45 + 4 * u)
            y = 7.455 + b['y'] + b['slope'] * u + b['arch'] * np.sin(min(u, 1) * 2.5) - .09 * max(0, u - .62) * 1.6 + th * r.uniform(-1, 1) * .95
            x = b['x0'] + (b['x1'] - b['x0']) * u
            ang = np.radians(np.interp(u, [0, .18, .5, 1], [84, 48, 14, -20]) + r.normal(0, 8))
            ln = r.uniform(.045, .085) * (1 if u < .8 else .7)
            ends = np.array([[x, y, 0], [x + ln * np.cos(ang), y + ln * np.sin(ang), 0]])
            ends[:, 2] = 1.38 - .55 * ends[:, 0] ** 1.6
            ends[:, 0] *= side
            q = uv_of(ends) * size
            out.append([*q[0], *q[1], size / 1024 * r.uniform(.9, 1.5), r.uniform(.30, .62)])
    return np.array(out, np.float32)


def stubble_strokes(mask: np.ndarray, r, count: int, size: int, density: float) -> np.ndarray:
    y, x = r.integers(0, size, count), r.integers(0, size, count)
    k = r.uniform(size=count) < mask[y, x]
    y, x, n = y[k], x[k], int(k.sum())
    return np.stack([x, y, x + r.normal(0, .7, n), y + r.uniform(.6, 2., n) * size / 1024, np.full(n, size / 1024 * .9), r.uniform(.25, .75, n) * density], 1).astype(np.float32)


def paint(p, surf: np.ndarray) -> np.ndarray:
    """The mip chain (uint8) of albedo+hairiness followed by that of relief, shine, gloss, 0."""
    size = surf.shape[0]
    c, lipw = surf[..., :3].reshape(-1, 3), surf[..., 3].reshape(-1)
    x, y, z, s = c[:, 0], c[:, 1], c[:, 2], p['seed']
    ax = np.abs(x)
    n1, n2, n3 = native.noise(c, 5, s, 3) - .44, native.noise(c, 19, s + 1, 2) - .4, native.noise(c, 64, s + 2, 2) - .4
    a = p['skin'][None] * (1 + p['blotch'] * (1.5 * n1 + 1.0 * n2 + .9 * n3))[:, None]
    red = np.exp(-((ax - .42) ** 2 + (y - 6.98) ** 2) / .035) + .8 * np.exp(-(x**2 / .02 + (y - 6.95) ** 2 / .012)) + .5 * np.exp(-((ax - .78) ** 2 + (y - 7.15) ** 2) / .03) + .35 * np.exp(-(x**2 / .05 + (y - 6.3) ** 2 / .02))
    red = p['flush'] * red * (1 + 1.2 * n1) * (1 - .6 * p['melanin'])
    a = a * (1 - np.clip(red, 0, .9)[:, None] * np.float32([.02, .26, .24]))
    lid = np.sqrt(((ax - .31) / .19) ** 2 + ((y - 7.285) / .085) ** 2)
    a = a * (1 - (p['bags'] * .55 * np.exp(-((ax - .28) ** 2 / .02 + (y - 7.14) ** 2 / .004)) + .16 * step(1.7, 1.0, lid))[:, None] * np.float32([.5, .8, .7]))
    if p['freckles'] > 0:
        f = step(.64, .74, native.noise(c, 44, s + 3)) * np.exp(-((y - 7.0) / .4) ** 2) * step(.2, .7, z)
        a = a * (1 - (f * p['freckles'])[:, None] * np.float32([.16, .27, .30]))
    for mx, my, rad in p['moles']:
        a = a * (1 - .6 * step(rad * 1.4, rad * .7, np.hypot(x - mx, y - my)) * (z > .5))[:, None]
    relief = .5 + .16 * n3 + .10 * n2
    crease = _creases(p, c, n1)
    relief -= .55 * crease
    a = a * (1 - .22 * crease[:, None] * np.float32([.8, 1, 1]))
    line = step(1.22, .98, lid) * (z > .95) * p['liner']
    a = a * (1 - .62 * line)[:, None]
    lm = step(.20, .46, lipw) * step(1.0, 1.15, z)
    chap = 1 + .22 * (native.noise(c, [70, 7, 7], s, 2) - .4)
    a = a * (1 - lm)[:, None] + (p['lips'] * chap[:, None]) * lm[:, None]
    a = a * (1 - .55 * step(.02, .004, np.abs(y - 6.612 - .02 * (ax / .25) ** 2)) * (ax < .27) * (z > 1.15))[:, None]
    a = a * (1 - .5 * np.exp(-((ax - .085) ** 2 / .0011 + (y - 6.855) ** 2 / .0006)))[:, None]
    hairy = np.zeros(len(c), np.float32)

    def grow(mask, colour):
        nonlocal a, hairy
        a = a * (1 - mask)[:, None] + colour * mask[:, None]
        hairy = np.maximum(hairy, mask)

    r = np.random.default_rng([s, 4])
    if p['stubble'] > 0 or p['beard']:
        b = (beard({**p, 'beard': p['beard'] or 'full'}, c) * (1 - lm)).reshape(size, size)
        m = np.zeros((size, size), np.float32)
        native.strokes(m, stubble_strokes(b, r, int(size * size * .16), size, .9 if p['beard'] else p['stubble']))
        cover = b.reshape(-1) * (.72 if p['beard'] else .30 * p['stubble'])
        grow(np.clip(np.maximum(m.reshape(-1) * (1 if p['beard'] else .8), cover), 0, .92), np.minimum(p['hair_colour'] * .9, .3) * .8 + p['skin'] * .06)
    f = hairline(p, c) + .10 * (native.noise(c, 26, s + 5, 2) - .4)
    short = p['hair'] in ('buzz', 'bald')
    scalp = step(-.02, .09 if short else .05, f) * (.78 if short else .96)
    if short:
        m = np.zeros((size, size), np.float32)
        native.strokes(m, stubble_strokes(step(-.03, .06, f).reshape(size, size), r, int(size * size * .3), size, .9))
        scalp = np.maximum(scalp * (.55 if p['hair'] == 'bald' else .8), m.reshape(-1))
    grow(scalp, p['hair_colour'] * .55)
    m = np.zeros((size, size), np.float32)
    native.strokes(m, brow_strokes(p, size))
    grow(np.clip(m.reshape(-1), 0, .93), p['brow_colour'] + .004)
    shine = .35 + .5 * p['oil'] * (np.exp(-(x**2 / .03 + (y - 7.1) ** 2 / .12)) + .7 * np.exp(-(x**2 / .12 + (y - 7.75) ** 2 / .04)) + .4 * np.exp(-((ax - .42) ** 2 + (y - 7.05) ** 2) / .03)) * step(.6, .9, z) + .15 * n3
    albedo = np.concatenate([np.clip(a, .002, 1) ** (1 / 2.2), hairy[:, None]], 1)
    detail = np.stack([relief, shine, lm * p['gloss'], 0 * lm], 1)
    return np.concatenate([_mips(albedo.reshape(size, size, 4)), _mips(detail.reshape(size, size, 4))])


def _creases(p, c, n1):
    """Forehead, smile and eye-corner lines, 0-1."""
    x, y, z = np.abs(c[:, 0]), c[:, 1], c[:, 2]
    w = p['wrinkles']
    wave = .022 * np.sin(c[:, 0] * 7 + p['seed']) + .05 * n1
    front = sum(step(.020, .003, np.abs(y - h - wave)) for h in (7.64, 7.74, 7.83)) * step(.46, .3, x)
    smile = step(.026, .003, np.abs(x - (.15 + (7.0 - y) * .44))) * step(6.98, 6.9, y) * step(6.58, 6.68, y)
    crow = step(.016, .003, np.abs((y - 7.28) - (x - .5) * np.round((y - 7.28) / np.maximum(x - .46, .02) / .6) * .6)) * step(.5, .53, x) * step(.66, .58, x) * (np.abs(y - 7.28) < .12)
    return np.clip((w * (.8 * front + .7 * crow) + (.12 + .8 * w) * smile) * step(.55, .8, z), 0, 1).astype(np.float32)


def _mips(level: np.ndarray) -> np.ndarray:
    out = []
    while level.shape[0] >= 8:
        out.append((np.clip(level, 0, 1) * 255 + .5).astype(np.uint8).ravel())
        h = level.shape[0] // 2
        level = level.reshape(h, 2, h, 2, 4).mean((1, 3))
    return np.concatenate(out)
