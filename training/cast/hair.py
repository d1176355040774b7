"""Hair as thousands of tapered ribbons that grow from the scalp and flow over the skull, solid without gaps."""
import numpy as np

from . import native, skin

CENTRE = np.float32([0, 7.42, .22])  # of the skull, base units


class Skull:
    """Distance from the skull's centre to its surface in every direction, without the ears, in metres of the figure."""

    def __init__(self, pos: np.ndarray, base: np.ndarray, centre: np.ndarray):
        ear = (np.abs(base[:, 0]) > .70) & (base[:, 1] < 7.62) & (base[:, 2] > -.2) & (base[:, 2] < .62)
        use = (base[:, 1] > 5.9) & ~ear & (base[:, 2] < 1.75) & ~((base[:, 2] > .8) & (base[:, 1] < 7.5) & (np.abs(base[:, 0]) < .5) & (base[:, 2] < 1.0))
        d = pos[use] - centre
        r = np.linalg.norm(d, axis=1)
        n = d / r[:, None]
        th, ph = np.meshgrid((np.arange(48) + .5) / 48 * 2 * np.pi - np.pi, (np.arange(25)) / 24 * np.pi)
        dirs = np.stack([np.sin(ph) * np.sin(th), np.cos(ph), np.sin(ph) * np.cos(th)], -1).reshape(-1, 3)
        w = np.exp(-(1 - dirs @ n.T) * 260) + 1e-12
        self.grid = (w @ r / w.sum(1)).reshape(25, 48).astype(np.float32)
        self.centre = centre

    def radius(self, d: np.ndarray) -> np.ndarray:
        """Radius along unit directions (n,3), bilinear."""
        th = (np.arctan2(d[:, 0], d[:, 2]) + np.pi) / (2 * np.pi) * 48 - .5
        ph = np.arccos(np.clip(d[:, 1], -1, 1)) / np.pi * 24
        i, j = np.floor(ph).astype(int).clip(0, 23), np.floor(th).astype(int)
        a, b = (ph - i).astype(np.float32), (th - j).astype(np.float32)
        g = self.grid
        return (g[i, j % 48] * (1 - b) + g[i, (j + 1) % 48] * b) * (1 - a) + (g[i + 1, j % 48] * (1 - b) + g[i + 1, (j + 1) % 48] * b) * a


STYLES = {
    # count, segments, length (m), half width (m), lift off the skull (m)
    'crop': (16000, 4, .018, .0009, .007), 'side': (14000, 8, .065, .0010, .013), 'quiff': (14000, 8, .052, .0010, .014), 'pixie': (14000, 7, .055, .0010, .013),
    'swept': (12000, 9, .095, .0011, .015), 'curly': (10000, 9, .055, .0011, .026), 'bob': (9000, 16, .24, .0013, .019), 'fringe': (9500, 16, .25, .0013, .019),
    'long': (8500, 20, .40, .0014, .018), 'bun': (10000, 11, .17, .0011, .009), 'buzz': None, 'bald': None,
}


def _roots(pos, base, tri, p, count, r):
    f = skin.hairline(p, base)
    t = tri[(f[tri].max(1) > -.02) & (base[tri][:, :, 1].min(1) > 6.3)]
    e = np.cross(pos[t[:, 1]] - pos[t[:, 0]], pos[t[:, 2]] - pos[t[:, 0]])
    area = np.linalg.norm(e, axis=1)
    pick = r.choice(len(t), int(count * 1.25), p=area / area.sum())
    b = r.dirichlet([1, 1, 1], len(pick)).astype(np.float32)
    root = np.einsum('nk,nkc->nc', b, pos[t[pick]])
    rb = np.einsum('nk,nkc->nc', b, base[t[pick]])
    keep = skin.hairline(p, rb) + .05 * r.normal(size=len(rb)) > .015
    return root[keep][:count].astype(np.float32), rb[keep][:count].astype(np.float32)


def _flow(p, style, n, rb, r, which):
    """Wanted direction of growth at unit skull directions `n`; blends of combing rules."""
    x, y, z = rb[:, 0], rb[:, 1] - 7.42, rb[:, 2] - .22
    part = p['part']
    s = which[:, None]
    side, up, fwd = np.float32([1, 0, 0]), np.float32([0, 1, 0]), np.float32([0, 0, 1])
    front = skin.step(.15, .8, z)[:, None]
    top = skin.step(.35, .85, y)[:, None]
    crown = np.float32([0, .86, -.5])
    away = n - crown
    if style == 'crop':
        d = away * 1.0 + fwd * .5 * top - up * .5 * (1 - top)
    elif style == 'side':
        d = s * side * 1.1 - up * (.8 - .6 * top) + fwd * (.25 * front) - fwd * .35 * (1 - top)
    elif style == 'quiff':
        d = top * (front * (up * 1.0 - fwd * .35 + side * .25 * np.sign(part)) + (1 - front) * (-fwd * .9)) + (1 - top) * (-up * .9 - fwd * .55)
    elif style == 'pixie':
        d = away * .7 + fwd * .7 * top + side * s * .3 * top - up * .6 * (1 - top) - fwd * .25 * (1 - top)
    elif style == 'swept':
        d = -fwd * 1.0 + up * .75 * front - up * .65 * (1 - top) * (1 - front) + side * .15 * np.sign(part)
    elif style == 'bun':
        target = np.float32([0, .35, -1.0])
        d = target * 1.25 - n
    elif style == 'curly':
        d = n * 1.0 + r.normal(0, .5, n.shape)
    else:
        d = s * side * 1.2 * top + side * np.sign(x)[:, None] * .35 * (1 - top) - up * 1.0 - fwd * (.55 * front + .12)
        if style == 'fringe':
            mid = (skin.step(.45, .75, z) * skin.step(.62, .5, np.abs(x)) * skin.step(.2, .45, y))[:, None]
            d = d * (1 - mid) + mid * (fwd * .8 - up * .9 + side * .25 * x[:, None])
    return d.astype(np.float32)


def grow(p, pos, base, tri, scale: float):
    """Strands of a person's hair: dict of pts (n,k+1,3), nrm (n,k+1,3), par (n,3), or None for shaved heads."""
    style = p['hair']
    if STYLES[style] is None:
        return None
    count, k, length, width, lift = STYLES[style]
    r = np.random.default_rng([p['seed'], 7])
    centre = pos[np.argmin(np.linalg.norm(base - (CENTRE + [0, 1.0, 0]), axis=1))] * 0 + _centre(pos, base)
    skull = Skull(pos, base, centre)
    root, rb = _roots(pos, base, tri, p, count, r)
    n = len(root)
    d0 = root - centre
    d0 /= np.linalg.norm(d0, axis=1, keepdims=True)
    layer = r.uniform(size=n).astype(np.float32) ** .7
    edge = skin.step(.0, .30, skin.hairline(p, rb)).astype(np.float32)
    off = (.0015 + lift * layer * (.25 + .75 * edge)).astype(np.float32)
    ln = length * r.uniform(.8, 1.1, n).astype(np.float32)
    temple = skin.step(7.7, 7.25, rb[:, 1]) * skin.step(-.75, -.2, rb[:, 2])
    if style in ('side', 'quiff', 'crop', 'pixie', 'swept'):
        low = skin.step(8.0, 7.3, rb[:, 1])
        ln *= 1 - (.72 if style != 'crop' else .5) * low
        off *= 1 - .65 * low
    if style == 'fringe':
        mid = skin.step(.45, .75, rb[:, 2] - .22) * skin.step(.62, .5, np.abs(rb[:, 0])) * skin.step(.2, .45, rb[:, 1] - 7.42)
        reach = np.clip(rb[:, 1] - 7.52, .1, 2) * .1 * scale * 1.25
        ln = np.where(mid > .5, np.minimum(ln, reach + .02), ln)
    chin = centre[1] - .082 * scale * 1.0
    cut = {'bob': chin - .035, 'fringe': chin - .03, 'long': chin - .15}.get(style)
    cut = None if cut is None else cut + r.normal(0, .006, n).astype(np.float32)
    pts = np.zeros((n, k + 1, 3), np.float32)
    q, d = root.copy(), None
    pts[:, 0] = q
    wob = r.normal(0, 1, (n, 3)).astype(np.float32)
    clump = native.noise(rb, 3.3, p['seed'] + 9, 2)[:, None] - .45
    curl_ax = r.uniform(0, 6.28, n)
    long = style in ('bob', 'fringe', 'long')
    which = np.sign(rb[:, 0] - p['part'] * skin.step(-.5, .2, rb[:, 2]) + .07 * r.normal(size=n)).astype(np.float32)
    short = ln < .1
    for i in range(k):
        nn = q - centre
        rad = np.linalg.norm(nn, axis=1, keepdims=True)
        nn = nn / rad
        here = (q - centre) / (.1 * scale) + CENTRE
        want = _flow(p, style, nn, here, r, which) if style != 'curly' else _flow(p, style, d0, rb, r, which) * (.8 if i else 1)
        below = skin.step(centre[1] - .02 * scale, centre[1] - .07 * scale, q[:, 1])[:, None]
        if style in ('bob', 'fringe', 'long'):
            inward = np.stack([-nn[:, 0] * .25, np.full(n, -1.), -nn[:, 2] * .12 - .04], 1)
            want = want * (1 - below) + inward * below
        want = want - nn * (want * nn).sum(1, keepdims=True) * (.95 if style not in ('curly', 'quiff') else .3) * (1 - below * .9)
        want += clump * np.float32([.35, .1, .35]) * np.sign(wob[:, :1]) * .6 + wob * .10
        want /= np.linalg.norm(want, axis=1, keepdims=True) + 1e-6
        if style in ('crop', 'quiff') and i == 0:
            want = want * .6 + nn * (.8 if style == 'quiff' else .55)
        d = want if d is None else .35 * d + .65 * want
        if style == 'curly':
            a = curl_ax + i * 2.1
            d = .25 * nn + .75 * np.stack([np.cos(a), np.sin(a * .9), np.sin(a)], 1).astype(np.float32) * .8 + .45 * nn
        d = d / (np.linalg.norm(d, axis=1, keepdims=True) + 1e-6)
        q = q + d * (ln / k)[:, None]
        nn = q - centre
        rad = np.linalg.norm(nn, axis=1, keepdims=True)
        nn /= rad
        ramp = min(1., (i + 1) / (2.2 if k > 6 else 1.5))
        floor = skull.radius(nn)[:, None] + (off * ramp)[:, None]
        ear = skin.step(.70, .88, np.abs(nn[:, :1])) * skin.step(.30, .12, nn[:, 1:2]) * skin.step(-.75, -.5, nn[:, 1:2])
        if long:
            floor = floor + ear * .013 * scale
        close = style in ('side', 'swept', 'bun', 'pixie') or long & (q[:, 1:2] > centre[1] - .035 * scale)
        hold = (rad < floor) | (close & (rad > floor) & (rad < floor + .06))
        q = np.where(hold & (nn[:, 1:2] > -.86), centre + nn * floor, q)
        if long:
            q = _off_face(q, centre, scale, which, short, min(1., (i + 1) / 5))
        if cut is not None:
            stop = q[:, 1] < cut
            q[stop] = pts[stop, i] + (q[stop] - pts[stop, i]) * .02
        if style == 'bun':
            knot = centre + np.float32([0, .030, -.098]) * scale
            near = np.linalg.norm(q - knot, axis=1) < .03
            q[near] = pts[near, i] + (q[near] - pts[near, i]) * .05
        pts[:, i + 1] = q
    nrm = pts - centre
    nrm[..., 1] = np.where(nrm[..., 1] < 0, nrm[..., 1] * .3, nrm[..., 1])
    nrm /= np.linalg.norm(nrm, axis=2, keepdims=True)
    nrm += .25 * r.normal(size=(n, 1, 3)) * [1, .3, 1]
    nrm /= np.linalg.norm(nrm, axis=2, keepdims=True)
    par = np.stack([width * r.uniform(.7, 1.25, n), r.uniform(size=n) * .7 + .3 * np.clip(clump[:, 0] + .5, 0, 1), .35 + .65 * layer], 1)
    out = [dict(pts=pts, nrm=native.f32(nrm), par=native.f32(par))]
    if style == 'bun':
        out.append(_knot(centre + np.float32([0, .042, -.112]) * scale, .036 * scale, r))
    return _merge(out)


def _off_face(q, centre, scale, side, keep, ease):
    """Turns strands that hang in front of the face aside, each to its side of the parting."""
    d = (q - centre) / (.1 * scale)
    a, rad = np.arctan2(d[:, 0], d[:, 2]), np.hypot(d[:, 0], d[:, 2])
    least = np.radians(66) * skin.step(.56, -.12, d[:, 1]) * ease
    want = side * np.maximum(side * a, least)
    want = np.where(keep | (np.abs(a) > 2.6), a, want)
    out = q.copy()
    out[:, 0], out[:, 2] = centre[0] + np.sin(want) * rad * .1 * scale, centre[2] + np.cos(want) * rad * .1 * scale
    return out.astype(np.float32)


def _centre(pos, base):
    """The skull's centre in the figure: where the base's centre went."""
    top = pos[np.argmax(base[:, 1])]
    w = np.exp(-((base - (CENTRE + [0, 0, 0])) ** 2).sum(1) * 1.2)
    mid = (pos * w[:, None]).sum(0) / w.sum() - (base * w[:, None]).sum(0) / w.sum() * 0
    off = CENTRE - (base * w[:, None]).sum(0) / w.sum()
    k = (top - mid)[1] / max(.3, base[:, 1].max() - CENTRE[1] + off[1])
    return (mid + off * k).astype(np.float32)


def _knot(c, rad, r, n=1600, k=11):
    a0, tilt = r.uniform(0, 6.28, n), r.normal(0, .5, n)
    t = np.linspace(0, 1, k + 1)
    a = a0[:, None] + t * 2.2
    y = np.sin(tilt)[:, None] * np.ones(k + 1) + .15 * np.sin(a * 2 + a0[:, None])
    ring = np.sqrt(np.clip(1 - (y * .85) ** 2, .05, 1))
    u = np.stack([np.cos(a) * ring, y * .85, np.sin(a) * ring], 2) * (.93 + .09 * r.uniform(size=(n, 1, 1)))
    return dict(pts=native.f32(c + u * rad * [1.05, .95, .85]), nrm=native.f32(u / np.linalg.norm(u, axis=2, keepdims=True)), par=native.f32(np.stack([np.full(n, .0016), r.uniform(size=n), r.uniform(.6, 1, n)], 1)))


def whiskers(p, pos, base, nrm, tri):
    """Strands of a beard, or None."""
    if not p['beard']:
        return None
    r = np.random.default_rng([p['seed'], 8])
    m = skin.beard(p, base)
    t = tri[m[tri].max(1) > .1]
    area = np.linalg.norm(np.cross(pos[t[:, 1]] - pos[t[:, 0]], pos[t[:, 2]] - pos[t[:, 0]]), axis=1)
    n = {'full': 9000, 'goatee': 3200, 'moustache': 1800}[p['beard']]
    pick, b = r.choice(len(t), n, p=area / area.sum()), r.dirichlet([1, 1, 1], n).astype(np.float32)
    root, rb, rn = (np.einsum('nk,nkc->nc', b, x[t[pick]]) for x in (pos, base, nrm))
    keep = skin.beard(p, rb) > r.uniform(.15, .9, n)
    root, rb, rn = root[keep], rb[keep], rn[keep]
    lip = skin.step(6.62, 6.68, rb[:, 1]) * skin.step(.36, .3, np.abs(rb[:, 0]))
    d = rn * .38 + np.stack([np.sign(rb[:, 0]) * .5 * lip, np.full(len(rb), -.85), 0 * lip], 1) + r.normal(0, .16, rn.shape)
    d /= np.linalg.norm(d, axis=1, keepdims=True)
    ln = (r.uniform(.0045, .008, len(rb)) * (1 + .3 * skin.step(6.4, 6.1, rb[:, 1])) * (1 - .35 * lip))[:, None, None]
    s = np.linspace(0, 1, 4)[None, :, None]
    pts = root[:, None] + d[:, None] * ln * s + np.float32([0, -.0025, 0]) * s**2
    return dict(pts=native.f32(pts), nrm=native.f32(np.repeat(rn[:, None], 4, 1)), par=native.f32(np.stack([np.full(len(rb), .00042), r.uniform(size=len(rb)), r.uniform(.5, 1, len(rb))], 1)))


def _merge(parts):
    return {k: np.concatenate([q[k] for q in parts]) for k in parts[0]}
