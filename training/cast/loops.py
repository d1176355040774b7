"""Scenes to loops: NAME.mp4 and NAME.truth.jsonl, frame by frame."""
import ctypes as C
import json
import os
import time

import numpy as np
from scipy.ndimage import uniform_filter

from . import assets, figure, native, recipe, rig, truth, venue, view
from .encode import Encoder
from .motion import Track, head_motion

HERE = os.path.dirname(__file__)
W, H, FPS, SHADOW = 1280, 720, 25, 2048
ALL = ('lobby', 'gate', 'cafe', 'street')


def read_json(*path):
    with open(os.path.join(HERE, *path)) as f:
        return json.load(f)


def make_people(shared, data, names, outfits, detail=1024):
    """name -> outfit -> Figure. `outfits` maps a name to the outfits that the scene uses."""
    cast = read_json('cast.json')
    out = {}
    for n in names:
        c = cast[n]
        base = recipe.person(c['seed'], data.targets, **{k: v for k, v in c.items() if k in ('hair', 'beard')})
        out[n] = {}
        for o in outfits[n]:
            clothes = {**base['outfit'], **c.get('outfits', {}).get(o, {})}
            out[n][o] = figure.Figure(shared, recipe._plain({**base, 'outfit': clothes, **clothes.get('person', {})}), True, detail)
            out[n][o].points = truth.FacePoints(out[n][o])
    return out


class Place:
    """A venue seen by one camera, with what people's shadows fall on."""

    def __init__(self, v: venue.Venue, camera: str, spp: int, w=W, h=H, enlarge=1):
        """`enlarge`: the empty place is traced at so many times less, because only people need a large picture's detail."""
        self.venue, self.cam, self.w, self.h = v, v.camera(camera, w, h), w, h
        b = v.backdrop(camera, w // enlarge, h // enlarge, spp)
        if enlarge > 1:
            b = {k: native.f32(x.repeat(enlarge, 0).repeat(enlarge, 1)) for k, x in b.items()}
        self.base, self.key, self.iz = b['base'], b['key'], b['iz']
        y, x = np.mgrid[0:h, 0:w]
        z = 1 / np.maximum(self.iz, 1e-4)
        d = np.stack([(x + .5 - w / 2) / self.cam.f, -(y + .5 - h / 2) / self.cam.f, np.ones_like(x)], -1) * z[..., None]
        self.pos = native.f32(d @ self.cam.rot + self.cam.eye)
        self.nrm = b['nrm'] / (np.linalg.norm(b['nrm'], axis=2, keepdims=True) + 1e-6)
        self.quarter = native.f32(self.pos[2::4, 2::4]), native.f32(self.nrm[2::4, 2::4])
        self.half = native.f32(self.pos[1::2, 1::2]), native.f32(self.nrm[1::2, 1::2])
        self.lit = bool((self.key > 1e-4).any())
        self.probes = v.probes()

    def under(self, canvas, v, balls: np.ndarray, gain: float) -> np.ndarray:
        """The empty place with people's contact and cast shadows."""
        w, h = self.w, self.h
        occ = np.ones((h // 4, w // 4), np.float32)
        p, n = self.quarter
        native.lib.contact(occ.size, native.ptr(p), native.ptr(n), len(balls), native.ptr(native.f32(balls)), native.ptr(occ))
        sh = None
        if self.lit:
            sh = np.ones((h // 2, w // 2), np.float32)
            native.lib.cast_on(sh.size, C.byref(v), native.ptr(canvas.sm), native.ptr(self.half[0]), native.ptr(self.half[1]), native.ptr(sh))
            sh = native.f32(uniform_filter(sh, 3))
        out = np.empty_like(self.base)
        q = native.ptr
        native.lib.underlay(w, h, q(self.base), q(self.key), q(occ), None if sh is None else q(sh), C.c_float(gain), q(out))
        return out


def render_frame(place, canvas, shown, shot):
    """`shown`: [(figure, pose)], `shot` the scene's entry (light, exposure, key and fill on people, grain); returns the developed picture and 1/depth per pixel."""
    gain, exposure, grain = shot.get('light', 1.), place.venue.exposure * shot.get('exposure', 1.), shot.get('grain', .004)
    cam = place.cam
    heads = [head_motion(f, p) for f, p in shown]
    centres = [m[:, :3] @ f.centre + m[:, 3] for m, (f, _) in zip(heads, shown)]
    lights = [place.venue.light_at(c, place.probes, gain) for c in centres]
    for q in lights:
        q.sh = np.asarray(q.sh) * shot.get('fill', 1.)
        if 'key' in shot:
            q.key, q.key_rgb, q.key_size = np.asarray(shot['key']['to']), np.asarray(shot['key']['rgb']) * gain, shot['key']['size']
    groups = []
    for (f, p), c in zip(shown, centres):
        far = np.linalg.norm(c - cam.eye)
        groups.append(f.meshes(p, cam.eye) if far < 60 else [])
    if not shown:
        return view.develop((place.base + place.key) * np.float32(gain), exposure, 1, grain), place.iz
    pts = np.array(centres)
    lo, hi = pts.min(0) - [.9, 1.9, .9], pts.max(0) + [.9, .4, .9]
    main = view.Light(np.mean([l.key / np.linalg.norm(l.key) for l in lights], 0) + 1e-6, np.mean([l.key_rgb for l in lights], 0), float(np.mean([l.key_size for l in lights])), lights[0].sh)
    v = canvas.view(cam, main, lo, hi)
    canvas.shadows(v, [m for g in groups for m in g])
    balls = []
    for (f, p), c in zip(shown, centres):
        foot = np.array([p['x'], 0, p['z']])
        balls += [[*(foot + [0, .06, 0]), .17], [*(foot + [0, .45, 0]), .16], [*(foot + [0, .95, 0]), .20], [*(foot + [0, 1.3, 0]), .21], [*c, .12]]
    rgb = place.under(canvas, v, np.array(balls), gain)
    views = []
    for l in lights:
        q = canvas.view(cam, main, lo, hi)
        k = view.unit(l.key)
        q.key[:], q.keyrgb[:], q.keysize, q.sh[:] = k, l.key_rgb, l.key_size, np.asarray(l.sh, float).ravel()
        q.window[:], q.windowrgb[:], q.windowcos = view.unit(l.window), l.window_rgb, l.window_cos
        views.append(q)
    canvas.draw_groups(views, groups, rgb, place.iz)
    z = canvas.z.reshape(place.h, place.w, 4).max(2)
    return view.develop(rgb, exposure, 1, grain), z


def scene_length(s) -> int:
    return int(round(s['seconds'] * FPS))


def scene(name: str):
    """scenes/NAME.json and its venue."""
    s = read_json('scenes', name + '.json')
    return s, venue.Venue(os.path.join(HERE, 'venues', s['venue'] + '.json'))


def cast_of(s, world, n: int, data, shared=None):
    """Who is in a scene of `n` pictures: their data, figures by outfit, outfits by picture, and tracks."""
    shared = shared or rig.build(data)
    people = read_json('scenes', s['people_of'] + '.json')['people'] if 'people_of' in s else s['people']
    cams = {k: np.asarray(c['eye'], float) for k, c in world.cameras.items()}
    tracks = {k: Track({**d, 'seed': sum(map(ord, k))}, FPS, n, cams) for k, d in people.items()}
    used = {k: sorted({v.get('outfit', 'first') for v in d['visits']}) for k, d in people.items()}
    figs = make_people(shared, data, list(people), used)
    outfit = {k: [None] * n for k in people}
    for k, d in people.items():
        for v in d['visits']:
            for f in range(n):
                if v['path'][0][0] <= f / FPS <= v['path'][-1][0]:
                    outfit[k][f] = v.get('outfit', 'first')
    return people, figs, outfit, tracks


def faces_of(shown, place, z, dark: bool) -> list:
    """The true faces of a picture; `shown` as of `render_frame`, with names before."""
    faces = []
    for k, g, p in shown:
        t = truth.face(g.points, head_motion(g, p), place.cam, z)
        if t and t['visible'] >= .05:
            hard = truth.hardness(t, bool(g.p['outfit'].get('mask')), dark)
            t.pop('width')
            faces.append({'person': k, **t, 'hard': hard})
    return faces


def write_truth(path: str, head: dict, lines: list) -> None:
    with open(path, 'w') as out:
        for x in [head, *lines]:
            out.write(json.dumps(x, separators=(',', ':')) + '\n')


def run(name: str, a, shared=None, data=None) -> None:
    """Renders scenes/NAME.json into a.out."""
    s, world = scene(name)
    n = scene_length(s)
    people, figs, outfit, tracks = cast_of(s, world, n, data or assets.load(a.assets), shared)
    places = {c: Place(world, c, a.spp) for c in {x['camera'] for x in s['shots']}}
    canvas = view.Canvas(W, H, SHADOW)
    os.makedirs(a.out, exist_ok=True)
    enc = Encoder(os.path.join(a.out, name + '.mp4'), W, H, FPS, s['codec'], s['crf'], s['bframes'], s['gop'])
    lines, seen, t0 = [], set(), time.time()
    for f in range(n):
        shot = [x for x in s['shots'] if x['from'] <= f / FPS][-1]
        place = places[shot['camera']]
        shown = [(k, figs[k][outfit[k][f]], tracks[k].poses[f]) for k in people if tracks[k].present[f] and k not in shot.get('without', [])]
        im, z = render_frame(place, canvas, [(g, p) for _, g, p in shown], shot)
        enc.add(im)
        faces = faces_of(shown, place, z, bool(shot.get('dark')))
        seen.update(x['person'] for x in faces)
        lines.append({'frame': f, 'faces': faces})
        if f % 50 == 0:
            print(json.dumps(faces), flush=True)
            print(f'{name} {f}/{n} {(time.time() - t0) / (f + 1):.2f} s a frame', flush=True)
    enc.close()
    head = {'loop': name, 'width': W, 'height': H, 'fps': FPS, 'frames': n, 'people': sorted(seen), 'about': s['about']}
    write_truth(os.path.join(a.out, name + '.truth.jsonl'), head, lines)


def still(name: str, at: float, a, path: str) -> None:
    """One picture of a scene, for looking at while a scene is being written."""
    from PIL import Image
    s = read_json('scenes', name + '.json')
    world = venue.Venue(os.path.join(HERE, 'venues', s['venue'] + '.json'))
    data = assets.load(a.assets)
    shared = rig.build(data)
    people = read_json('scenes', s['people_of'] + '.json')['people'] if 'people_of' in s else s['people']
    n, f = scene_length(s), int(at * FPS)
    cams = {k: np.asarray(c['eye'], float) for k, c in world.cameras.items()}
    shot = [x for x in s['shots'] if x['from'] <= at][-1]
    shown = []
    for k, d in people.items():
        t = Track({**d, 'seed': sum(map(ord, k))}, FPS, n, cams)
        if t.present[f]:
            o = [v.get('outfit', 'first') for v in d['visits'] if v['path'][0][0] <= at <= v['path'][-1][0]][0]
            shown.append((make_people(shared, data, [k], {k: [o]})[k][o], t.poses[f]))
    t0 = time.time()
    im, _ = render_frame(Place(world, shot['camera'], a.spp), view.Canvas(W, H, SHADOW), shown, shot)
    print(f'{name} at {at}: {time.time() - t0:.2f} s')
    Image.fromarray(im).save(path)
