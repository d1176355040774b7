"""Clothes cut from the base mesh's close suit: tops with collars, trousers, skirts, shoes; and bare hands."""
import numpy as np

from . import native, skin
from .mesh import clip, normals

NECK = {'tee': (5.50, .42, .50), 'shirt': (5.78, .30, .50), 'sweater': (5.62, .30, .50), 'jacket': (5.74, .30, .50), 'turtleneck': (6.02, .12, .30)}
LOOSE = {'tee': .006, 'shirt': .008, 'sweater': .012, 'jacket': .018, 'turtleneck': .006}
COLLAR = {'tee': .0035, 'shirt': .010, 'sweater': .007, 'jacket': .011, 'turtleneck': .009}


def _grow(pos, nrm, base, amount, seed):
    n = native.noise(base, 1.5, seed, 3)[:, None] - .42
    return pos + nrm * (amount * (1 + 1.2 * n)).astype(np.float32)


def dress(fig, o: dict) -> list:
    from .figure import Drawable
    rig, p, v = fig.rig, fig.p, fig.verts
    part = rig.tights
    pos, base = part.take @ v, part.base
    nrm = normals(pos, part.tri)
    x, y, z = np.abs(base[:, 0]), base[:, 1], base[:, 2]
    top, side, front = NECK[o['top']]
    neckline = top + side * np.clip(x - .2, 0, 1) + 2 * np.clip(x - .75, 0, 2) - front * .45 * np.clip(z - .15, -.2, .8)
    waist = -.55 if o['top'] in ('sweater', 'jacket', 'tee') else .0
    sleeve = o['top'] == 'tee'
    arm = x > 1.5
    f = np.minimum(neckline - y, np.where(arm, 10, y - waist))
    if sleeve:
        f = np.minimum(f, np.where(arm, (y - 4.0) * 1.0 + .3 * (3.1 - x), 10))
    out = []
    ao = _body_ao(y, base)
    seed = p['seed']
    par = [*o['colour'], *o['second'], o['pattern'], o['scale'], 1.1, float(o['top'] in ('shirt', 'jacket'))]
    out.append(_piece(Drawable, part, _grow(pos, nrm, base, LOOSE[o['top']], seed), f, ao, par))
    rim = _collar(Drawable, part, out[-1], pos, nrm, f, neckline - y, COLLAR[o['top']], ao, [*np.asarray(o['colour']) * (.92 if o['pattern'] != 3 else 1), *o['colour'], 0, 1, .4, 0])
    out.append(rim)
    legs = np.minimum(np.where(arm, -1, waist + .45 - y), y + 7.55)
    out.append(_piece(Drawable, part, _grow(pos, nrm, base, .007, seed + 1), legs, ao, [*o['legs'], *o['legs'], 0, 1, 1.0, 0]))
    out.append(_piece(Drawable, part, _grow(pos, nrm, base, .012, seed + 2), -7.35 - y, ao, [*o['shoes'], *o['shoes'], 0, 1, .1, 0]))
    hp = rig.limbs
    hpos = hp.take @ v
    shirt = 10 if not sleeve else 0
    hands = np.ones(len(hpos))
    aux = np.stack([.75 * hands, 0 * hands, 0 * hands, 0 * hands], 1)
    out.append(Drawable(hp.tri, hpos, normals(hpos, hp.tri), hp.weights, aux, native.PLAIN, [*p['skin'] * [.92, .9, .9], .6, .35, .9]))
    del shirt
    return out


def _body_ao(y, base):
    under_arm = np.exp(-((np.abs(base[:, 0]) - 1.45) ** 2 / .12 + (y - 4.6) ** 2 / .5))
    crotch = np.exp(-(base[:, 0] ** 2 / .5 + (y + .6) ** 2 / 1.5))
    return np.clip(.92 - .45 * under_arm - .35 * crotch - .1 * np.clip(-y - 5, 0, 3), .3, 1)


def _piece(Drawable, part, pos, f, ao, par):
    tri, m, _ = clip(part.tri, f)
    q = m @ pos
    b = m @ part.base
    aux = np.concatenate([(m @ ao.astype(np.float32))[:, None], b], 1)
    used = np.unique(tri)
    remap = np.zeros(len(q), np.int32)
    remap[used] = np.arange(len(used))
    tri, q, aux = remap[tri], q[used], aux[used]
    return Drawable(tri, q, normals(q, tri), (m @ part.weights)[used], aux, native.CLOTH, par)


def _collar(Drawable, part, piece, pos, nrm, f, neck, thick, ao, par, k=7):
    """A rounded rim along the neckline: every border vertex becomes a small ring."""
    tri, m, cut = clip(part.tri, f)
    at = (m @ neck.astype(np.float32))
    border = [c for c in cut if abs(at[c]) < 1e-3]
    c = m @ pos
    b = m @ part.base
    border = np.array(border)
    a = np.arctan2(b[border, 0], b[border, 2] - .1)
    border = border[np.argsort(a)]
    n = len(border)
    centre, base, w = c[border], b[border], (m @ part.weights)[border]
    for _ in range(3):
        centre = .5 * centre + .25 * (np.roll(centre, 1, 0) + np.roll(centre, -1, 0))
    t = np.roll(centre, -1, 0) - np.roll(centre, 1, 0)
    t /= np.linalg.norm(t, axis=1, keepdims=True) + 1e-9
    out_ = (m @ nrm)[border]
    out_ /= np.linalg.norm(out_, axis=1, keepdims=True) + 1e-9
    up = np.cross(out_, t)
    up *= np.sign(up[:, 1:2] + 1e-9)
    ang = np.arange(k) / k * 2 * np.pi
    ring = centre[:, None] + (out_[:, None] * (np.cos(ang)[:, None] * .55 + .9) + up[:, None] * np.sin(ang)[:, None] * 1.3)[:, :, :] * thick
    q = native.f32(ring.reshape(-1, 3))
    i, j = np.meshgrid(np.arange(n), np.arange(k), indexing='ij')
    i2, j2 = (i + 1) % n, (j + 1) % k
    A, B, Cc, D = i * k + j, i2 * k + j, i2 * k + j2, i * k + j2
    tris = np.concatenate([np.stack([A, B, Cc], -1).reshape(-1, 3), np.stack([A, Cc, D], -1).reshape(-1, 3)])
    nn = normals(q, tris)
    outward = ((q - np.repeat(centre + out_ * .9 * thick, k, 0)) * nn).sum(1).mean()
    if outward < 0:
        tris, nn = tris[:, ::-1], -nn
    aux = np.concatenate([np.full((n * k, 1), .85), np.repeat(base, k, 0)], 1)
    return Drawable(np.ascontiguousarray(tris), q, nn, np.repeat(w, k, 0), aux, native.CLOTH, par)
