"""From a pose in words (walk phase, where the head looks) to one rigid motion per bone."""
import numpy as np

from .rig import BONES

PARENT = {'spine': 'pelvis', 'chest': 'spine', 'neck': 'chest', 'head': 'neck'}
for _s in 'lr':
    PARENT |= {f'{_s}-clav': 'chest', f'{_s}-arm': f'{_s}-clav', f'{_s}-fore': f'{_s}-arm', f'{_s}-hand': f'{_s}-fore',
               f'{_s}-thigh': 'pelvis', f'{_s}-shin': f'{_s}-thigh', f'{_s}-foot': f'{_s}-shin'}
NEXT = {'arm': 'fore', 'fore': 'hand', 'thigh': 'shin', 'shin': 'foot'}


def rot(axis: str, deg: float) -> np.ndarray:
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return {'x': np.array([[1, 0, 0], [0, c, -s], [0, s, c]]), 'y': np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]), 'z': np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])}[axis]


def turn(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The shortest rotation of direction a onto direction b."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    v, c = np.cross(a, b), float(a @ b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.eye(3) + k + k @ k / (1 + c + 1e-9)


def _limbs(p: dict) -> dict:
    """Wanted directions of arms and legs in the body's frame (x left, y up, z ahead)."""
    ph, st = 2 * np.pi * p.get('phase', 0.), p.get('stride', 0.)
    out = {}
    for s, m, o in (('l', 1, 0.), ('r', -1, np.pi)):
        swing = np.sin(ph + o) * 26 * st
        knee = (10 + 34 * max(0., np.cos(ph + o))) * st + 2
        leg = lambda a: np.array([m * .02, -np.cos(np.radians(a)), np.sin(np.radians(a))])
        out[f'{s}-thigh'], out[f'{s}-shin'] = leg(swing + 5 * st), leg(swing + 5 * st - knee)
        if p.get('sit'):
            out[f'{s}-thigh'], out[f'{s}-shin'] = np.array([m * .12, -.12, 1.]), np.array([m * .03, -1., -.08])
        out[f'{s}-foot'] = swing - knee * .4 * (swing < 0)
        a, bend = -np.sin(ph + o) * 24 * st, p.get('bend', 12.) + 10 * st
        arm = lambda e, w: np.array([m * w, -np.cos(np.radians(e)), np.sin(np.radians(e))])
        out[f'{s}-arm'], out[f'{s}-fore'] = arm(a - 2, .17), arm(a + bend, .06)
    what = p.get('arms')
    if what in ('phone', 'cup'):
        out['r-arm'], out['r-fore'] = np.array([-.22, -.95, .20]), np.array([.35, .50 if what == 'phone' else .35, .80])
    if what == 'folder':
        out['l-arm'], out['l-fore'] = np.array([.2, -.97, .08]), np.array([-.55, .12, .82])
    if what == 'bag':
        out['l-arm'], out['l-fore'] = np.array([.2, -.95, -.05]), np.array([-.25, .75, .6])
    if what == 'clasped':
        for s, m in (('l', 1), ('r', -1)):
            out[f'{s}-arm'], out[f'{s}-fore'] = np.array([m * .26, -.95, .12]), np.array([-m * .75, -.28, .62])
    return out


def bones_of(fig, p: dict) -> np.ndarray:
    """(bones,3,4) motions from the rest pose to the world. Keys of `p`: x, z, heading, phase, stride, lean, twist, arms, bend, head (yaw, pitch, roll), breath, sit."""
    j = fig.joints
    ph, st = 2 * np.pi * p.get('phase', 0.), p.get('stride', 0.)
    heading = rot('y', p.get('heading', 0.))
    yaw, pitch, roll = p.get('head', (0., 0., 0.))
    tw = p.get('twist', 0.)
    pelvis = heading @ rot('y', 5 * st * np.sin(ph)) @ rot('z', p.get('sway', 0.))
    chest = heading @ rot('y', tw - 6 * st * np.sin(ph)) @ rot('x', p.get('lean', 0.) + 2 * st) @ rot('z', -p.get('sway', 0.) * .8)
    head = heading @ rot('y', tw + yaw) @ rot('x', -pitch) @ rot('z', roll)
    r = {'pelvis': pelvis, 'spine': .5 * (pelvis + chest), 'chest': chest, 'neck': None, 'head': head}
    u, _, w = np.linalg.svd(r['spine'])
    r['spine'] = u @ w
    u, _, w = np.linalg.svd(.5 * (chest + head) + 1e-6 * np.eye(3))
    r['neck'] = u @ w
    limbs = _limbs(p)
    for s in 'lr':
        r[f'{s}-clav'] = chest
        for b in ('arm', 'fore'):
            k = f'{s}-{b}'
            frame = chest if b == 'arm' else chest
            r[k] = frame @ turn(j[f'{s}-{NEXT[b]}'] - j[k], limbs[k])
        r[f'{s}-hand'] = r[f'{s}-fore']
        for b in ('thigh', 'shin'):
            k = f'{s}-{b}'
            r[k] = pelvis @ turn(j[f'{s}-{NEXT[b]}'] - j[k], limbs[k])
        r[f'{s}-foot'] = pelvis @ rot('x', -limbs[f'{s}-foot'])
    at = {'pelvis': j['pelvis'].astype(float).copy()}
    for b in BONES[1:]:
        q = PARENT[b]
        at[b] = at[q] + r[q] @ (j[b] - j[q])
    at['neck'] = at['neck']
    low = min(at[f'{s}-foot'][1] + (r[f'{s}-foot'] @ np.array([0, -j[f'{s}-foot'][1], z]))[1] for s in 'lr' for z in (-.05, .14))
    shift = np.array([p.get('x', 0.), -low + p.get('breath', 0.) * 0 - p.get('down', 0.), p.get('z', 0.)]) - np.array([at['pelvis'][0], 0, at['pelvis'][2]])
    out = np.zeros((len(BONES), 3, 4), np.float32)
    for k, b in enumerate(BONES):
        out[k, :, :3] = r[b]
        out[k, :, 3] = at[b] + shift - r[b] @ j[b]
    return out
