"""Clothes cut from the base mesh's close suit: tops with collars, trousers, skirts, shoes; and bare hands."""
import numpy as np

from . import native, skin
from .mesh import clip, normals

NECK = {'tee': (5.50, .42, .50), 'shirt': (5.78, .30, .50), 'sweater': (5.62, .30, .50), 'jacket': (5.74, .30, .50), 'turtleneck': (6.02, .12, .30)}
LOOSE = {'tee': .011, 'shirt': .012, 'sweater': .014, 'jacket': .016, 'turtleneck': .011}
COLLAR = {'tee': .0035, 'shirt': .010, 'sweater': .007, 'jacket': .011, 'turtleneck': .009}


def _drape(pos, tri, base):
    """Cloth spans hollows: the suit smoothed, least where it is thin (wrists, ankles) and at the neck."""
    from scipy import sparse
    e = np.concatenate([tri[:, [0, 1]], tri[:, [1, 2]], tri[:, [2, 0]]])
    g = sparse.csr_matrix((np.ones(2 * len(e), np.float32), (e.ravel(), e[:, ::-1].ravel())), (len(pos), len(pos)))
    g.data[:] = 1
    d = np.asarray(g.sum(1)).reshape(-1, 1)
    keep = skin.step(5.0, 5.5, base[:, 1])[:, None]
    out = pos
    for _ in range(22):
        out = out + (.6 * (1 - keep)) * (g @ out / d - out)
    return out.astype(np.float32)


def _grow(pos, nrm, base, amount, seed):
    n = native.noise(base, 1.0, seed, 2)[:, None] - .4
    return pos + nrm * (amount * (1 + 1.0 * n)).astype(np.float32)


def dress(fig, o: dict) -> list:
    from .figure import Drawable
    rig, p, v = fig.rig, fig.p, fig.verts
    part = rig.tights
    pos, base = part.take @ v, part.base
    pos = _drape(pos, part.tri, base)
    nrm = normals(pos, part.tri)
    x, y, z = np.abs(base[:, 0]), base[:, 1], base[:, 2]
    top, side, front = NECK[o['top']]
    neckline = top + side * np.clip(x - .2, 0, 1) + 2 * np.clip(x - .75, 0, 2) - front * .45 * np.clip(z - .15, -.2, .8)
    waist = {'sweater': .0, 'jacket': -.15, 'tee': .05}.get(o['top'], .2)
    sleeve = o['top'] == 'tee'
    arm = (x > np.where(y < 3.5, 2.0, 1.5)) & (y > 1.2)  # hips are wider than the upper arm begins
    f = np.minimum(neckline - y, np.where(arm, 10, y - waist))
    if sleeve:
        f = np.minimum(f, np.where(arm, _sleeve(x, y), 10))
    out = []
    ao = _body_ao(y, base)
    seed = p['seed']
    par = [*o['colour'], *o['second'], o['pattern'], o['scale'], .6, float(o['top'] in ('shirt', 'jacket'))]
    out.append(_piece(Drawable, part, _grow(pos, nrm, base, LOOSE[o['top']], seed), f, ao, par))
    rim = _collar(Drawable, part, out[-1], pos, nrm, f, neckline - y, COLLAR[o['top']], ao, [*np.asarray(o['colour']) * (.92 if o['pattern'] != 3 else 1), *o['colour'], 0, 1, .4, 0])
    out.append(rim)
    legs = np.minimum(np.where(arm, -1, waist + .5 - y), y + 7.55)
    out.append(_piece(Drawable, part, _grow(pos, nrm, base, (.014 - .0125 * skin.step(waist - .75, waist - .1, y))[:, None], seed + 1), legs, ao, [*o['legs'], *o['legs'], 0, 1, 1.0, 0]))
    out.append(_piece(Drawable, part, _grow(pos, nrm, base, .012, seed + 2), -7.35 - y, ao, [*o['shoes'], *o['shoes'], 0, 1, .1, 0]))
    hp = rig.limbs
    hpos = hp.take @ v
    hx, hy = np.abs(hp.base[:, 0]), hp.base[:, 1]
    if sleeve:  # the sleeve is smoothed and the arm is not: inside it the arm is thinner, and soon ends
        hpos = hpos - normals(hpos, hp.tri) * (.016 * skin.step(-.05, .2, _sleeve(hx, hy)))[:, None].astype(np.float32)
    htri, m, _ = clip(hp.tri, np.minimum(hx - 2.1, .45 - _sleeve(hx, hy)) if sleeve else hx - 3.5)
    hpos, w = m @ hpos, m @ hp.weights
    aux = np.tile(np.float32([.75, 0, 0, 0]), (len(hpos), 1))
    out.append(Drawable(htri, hpos, normals(hpos, htri), w, aux, native.PLAIN, [*p['skin'] * [.92, .9, .9], .6, .35, .9]))
    if o.get('mask'):
        out.append(_mask(Drawable, fig))
    return out


def _sleeve(x, y):
    """Above 0 inside a short sleeve."""
    return y - 4.0 + .3 * (3.1 - x)


def _mask(Drawable, fig):
    """A pleated face mask from the bridge of the nose to under the chin."""
    part = fig.rig.skin_low
    pos, b = part.take @ fig.verts, part.base
    x, y, z = np.abs(b[:, 0]), b[:, 1], b[:, 2]
    f = np.minimum(np.minimum(7.06 - .12 * (x / .5) ** 2 - y, y - 6.08 - .05 * x), np.minimum((z - .55) * 1.0, .70 - x))
    f = np.where((y < 6.3) & (z < .75), -.1, f)
    nrm = normals(pos, part.tri)
    hull = pos.copy()
    inner = f > -.05
    tri = part.tri[inner[part.tri].all(1)]
    from scipy import sparse
    e = np.concatenate([tri[:, [0, 1]], tri[:, [1, 2]], tri[:, [2, 0]]])
    g = sparse.csr_matrix((np.ones(2 * len(e)), (e.ravel(), e[:, ::-1].ravel())), (len(pos), len(pos)))
    g.data[:] = 1
    d = np.maximum(np.asarray(g.sum(1)).ravel(), 1)[:, None]
    front = hull[:, 2].copy()
    for _ in range(30):  # stretched over the face: smooth, never behind the skin
        z2 = np.where(np.asarray(g.sum(1)).ravel() > 0, .3 * hull[:, 2] + .7 * (g @ hull[:, 2]) / d[:, 0], hull[:, 2])
        hull[:, 2] = np.maximum(z2, front)
    lift = np.clip(f * 8, .15, 1)[:, None] * .006
    pleat = (.0012 * np.sin(y * 34))[:, None] * np.clip(f * 4, 0, 1)[:, None]
    hull = hull + nrm * .002 + np.array([0, 0, 1]) * (lift + pleat)
    tri, m, _ = clip(part.tri, f)
    q, used = m @ hull.astype(np.float32), np.unique(tri)
    remap = np.zeros(q.shape[0], np.int32)
    remap[used] = np.arange(len(used))
    deltas = {k: native.f32(.5 * (m @ (part.take @ v)))[used] for k, v in fig.delta.items() if k in ('open', 'smile')}
    aux = np.zeros((len(used), 4))
    aux[:, 0] = .95
    return Drawable(remap[tri], q[used], normals(q[used], remap[tri]), (m @ part.weights)[used], aux, native.PLAIN, [.46, .58, .66, .8, .3, .4], deltas=deltas)


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
