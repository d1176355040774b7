"""From a scene's words (waypoints, looks, smiles) to one pose per person and frame."""
import numpy as np
from scipy.ndimage import gaussian_filter1d

from .pose import bones_of

AWAY = 60.0  # metres: somebody who is not in the scene stands there and is not drawn


def _angle_track(a: np.ndarray, sigma: float) -> np.ndarray:
    return np.degrees(gaussian_filter1d(np.unwrap(np.radians(a)), sigma, mode='nearest'))


class Track:
    """One person's part: `d` is the scene's entry, times in seconds, places [x, z] in metres."""

    def __init__(self, d: dict, fps: int, frames: int, cameras: dict):
        self.d, self.fps, self.n = d, fps, frames
        t = np.arange(frames) / fps
        self.present, self.poses = np.zeros(frames, bool), [None] * frames
        for k, visit in enumerate(d['visits']):
            self._visit(visit, t, cameras, k)

    def _visit(self, v, t, cameras, k):
        w = np.asarray([p[:3] for p in v['path']], float)
        inside = (t >= w[0, 0]) & (t <= w[-1, 0])
        i = np.flatnonzero(inside)
        tt = t[i]
        r = np.random.default_rng([self.d['seed'], k, 31])
        soft = lambda a, s: gaussian_filter1d(a, s, mode='nearest')
        x, z = (soft(np.interp(tt, w[:, 0], w[:, c]), 7) for c in (1, 2))
        vx, vz = np.gradient(x) * self.fps, np.gradient(z) * self.fps
        speed = soft(np.hypot(vx, vz), 3)
        moving = speed > .22
        want = np.degrees(np.arctan2(vx, vz))
        stand = np.array([self._facing(v, s) for s in tt])
        ok = moving.copy()
        heading = np.where(moving, want, stand)
        last = np.nan
        for q in range(len(heading)):  # where nothing says where to face, keep facing the last way
            if np.isnan(heading[q]):
                heading[q] = last if not np.isnan(last) else want[np.argmax(ok)] if ok.any() else 0.
            last = heading[q]
        heading = _angle_track(heading, 7)
        cycle = 1.38 * (.75 + .25 * np.clip(speed / 1.3, 0, 1.3))
        phase = r.uniform() + np.cumsum(speed / cycle) / self.fps
        stride = soft(np.clip(speed / 1.25, 0, 1.15), 4)
        look = np.zeros((len(i), 3))
        look[:] = np.nan
        for a, b, target in v.get('looks', []):
            m = (tt >= a) & (tt <= b)
            if isinstance(target, str):
                look[m] = cameras[target]
            elif len(target) == 3:
                look[m] = target
        eye_h = 1.6 * (.72 if v.get('sit') else 1)
        dx, dy, dz = look[:, 0] - x, look[:, 1] - eye_h, look[:, 2] - z
        yaw = np.where(np.isnan(dx), 7 * np.sin(tt * .5 + r.uniform(0, 6)) + 4 * np.sin(tt * 1.3 + r.uniform(0, 6)), (np.degrees(np.arctan2(dx, dz)) - heading + 180) % 360 - 180)
        pitch = np.where(np.isnan(dy), 2.5 * np.sin(tt * .7 + r.uniform(0, 6)) - 2, np.degrees(np.arctan2(dy, np.hypot(dx, dz))) * .7)
        for a, b, p in v.get('pitch', []):
            pitch = np.where((tt >= a) & (tt <= b), p, pitch)
        for a, b, y in v.get('yaw', []):
            yaw = np.where((tt >= a) & (tt <= b), y, yaw)
        reach = np.clip(yaw, -78, 78)
        head, tilt = soft(reach, 6), soft(pitch, 6)
        head += .8 * np.sin(tt * 2.1 + k) + .5 * np.sin(tt * 3.7)
        tilt = tilt + 1.2 * stride * np.sin(4 * np.pi * phase)
        gaze = np.clip(soft(reach, 2) - head, -18, 18)
        jump = np.repeat(r.normal(0, 2.2, len(tt) // 18 + 2), 18)[:len(tt)]
        blink = np.zeros(len(tt))
        at = r.uniform(.4, 2.5)
        while at < tt[-1] - tt[0]:
            blink = np.maximum(blink, np.clip(1.25 - np.abs(tt - tt[0] - at) / .085, 0, 1))
            at += r.uniform(1.8, 4.8)
        e = {n: np.zeros(len(tt)) for n in ('smile', 'open', 'brows', 'purse')}
        for name, a, b, amount in v.get('acts', []):
            m = ((tt >= a) & (tt <= b)).astype(float)
            if name == 'talk':
                syll = np.clip(np.sin(tt * 11 + r.uniform(0, 6)) * .6 + np.sin(tt * 7.3) * .5, 0, 1)
                e['open'] = np.maximum(e['open'], soft(m, 3) * syll * .38 * amount)
                head += soft(m, 5) * 3 * np.sin(tt * 1.9)
                tilt = tilt + soft(m, 5) * 2.2 * np.sin(tt * 2.7)
            elif name == 'nod':
                tilt = tilt + soft(m, 3) * 7 * np.sin((tt - a) * 9) * amount
            else:
                e[name] = np.maximum(e[name], soft(m, 6) * amount)
        sway, lean = .9 * np.sin(tt * .8 + r.uniform(0, 6)) * (1 - stride), .6 * np.sin(tt * 1.45 + k)
        for q, f in enumerate(i):
            self.present[f] = True
            ex = {n: float(a[q]) for n, a in e.items() if a[q] > .01}
            if blink[q] > .02:
                ex['blink'] = float(blink[q])
            self.poses[f] = dict(x=float(x[q]), z=float(z[q]), heading=float(heading[q]), phase=float(phase[q]), stride=float(stride[q]), twist=float(.25 * head[q]), lean=float(lean[q]) + v.get('lean', 0),
                                 sway=float(sway[q]), head=(float(.75 * head[q]), float(tilt[q]), float(1.2 * np.sin(tt[q] * .9 + k))), gaze=(float(gaze[q] + jump[q]), float(jump[q] * .3)),
                                 expression=ex, arms=v.get('arms'), sit=v.get('sit', 0), bend=12 + 3 * np.sin(tt[q] * .6))

    @staticmethod
    def _facing(v, s):
        for a, b, deg in v.get('faces', []):
            if a <= s <= b:
                return float(deg)
        return np.nan


def head_motion(fig, pose) -> np.ndarray:
    """(3,4): rest pose to world of the head bone."""
    return bones_of(fig, pose)[4]
