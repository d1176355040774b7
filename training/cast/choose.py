"""Chooses a cast: of many seeds, those that a detector finds well and an embedder tells apart best, and writes a picture to judge by eye."""
import json
import os

import numpy as np

from . import assets, figure, judge, native, recipe, rig, view
from .pose import bones_of

VIEWS = [(0, 0), (-16, 4), (16, -4), (-29, 0), (29, 0)]


def studio() -> view.Light:
    d = figure.sphere(300)
    rad = np.clip(d[:, 1:2] * .5 + .6, 0, 2) * [.42, .43, .45] + np.clip(d @ [.9, .1, .3], 0, 1)[:, None] ** 3 * [.4, .35, .3]
    return view.Light(np.array([-.5, .5, .8]), np.array([1.4, 1.35, 1.25]), .12, view.irradiance(d, rad))


def portrait(fig, canvas, yaw, pitch, size=256, height=.40, light=None):
    pose = dict(head=(yaw, pitch, 0), gaze=(-.5 * yaw, 0))
    m = bones_of(fig, pose)[4]
    at = m[:, :3] @ fig.centre + m[:, 3]
    cam = view.Camera(at + [0, .02, 2.4], at + [0, -.01, 0], np.degrees(2 * np.arctan(height / 4.8)), size, size)
    meshes = fig.meshes(pose, cam.eye)
    v = canvas.view(cam, light or studio(), at - [.35, .4, .35], at + [.35, .3, .35])
    canvas.shadows(v, meshes)
    rgb = native.f32(np.broadcast_to(np.float32([.34, .34, .33]), (size, size, 3)).copy())
    canvas.draw(v, meshes, rgb, np.zeros((size, size), np.float32))
    return view.develop(rgb, 1., 0)


def measure(a) -> None:
    """One .npz of scores and embeddings per part; front pictures beside it."""
    from PIL import Image
    data = assets.load(a.assets)
    shared, canvas, j = rig.build(data), view.Canvas(256, 256, 768), judge.Judge(a.detector, a.embedder)
    os.makedirs(a.out, exist_ok=True)
    for seed in range(a.first, a.first + a.people):
        path = os.path.join(a.out, f'{seed:04d}.npz')
        if seed % a.of != a.part or os.path.exists(path):
            continue
        p = recipe.person(seed, data.targets)
        fig = figure.Figure(shared, p, fine=False, texture=512, strands=.5, body=False)
        score, emb = [], []
        for yaw, pitch in VIEWS:
            im = portrait(fig, canvas, yaw, pitch)
            f = j.detect(im, .3)
            score.append(f[0][0] if f else 0.)
            emb.append(j.embed(im, f[0][2]) if f else np.zeros(128))
            if (yaw, pitch) == (0, 0):
                Image.fromarray(im).save(path[:-4] + '.png')
        np.savez(path, score=score, emb=emb, male=p['male'], hair=p['hair'])


def pick(a) -> None:
    """Prints seeds, greedily, each the least alike to those already taken."""
    rows = []
    for n in sorted(os.listdir(a.out)):
        if n.endswith('.npz'):
            z = np.load(os.path.join(a.out, n))
            if z['score'][:3].min() > .8 and (z['emb'][1:] @ z['emb'][0]).min() > .65:
                m = z['emb'][:3].mean(0)
                rows.append((int(n[:-4]), m / np.linalg.norm(m), float(z['male']) > .5, str(z['hair'])))
    rows = [r for r in rows if r[0] not in set(a.without)]
    chosen = [r for r in rows if r[0] in set(a.keep)]
    if not chosen:
        chosen = [rows[0]]
    while len(chosen) < a.count:
        worst = [(max(float(r[1] @ c[1]) for c in chosen) + .04 * sum(c[3] == r[3] for c in chosen) + (.2 if sum(c[2] == r[2] for c in chosen) >= a.count // 2 else 0), r) for r in rows if r not in chosen]
        chosen.append(min(worst, key=lambda w: w[0])[1])
    g = np.stack([c[1] for c in chosen])
    c = g @ g.T - 2 * np.eye(len(g))
    print(json.dumps({'seeds': [c[0] for c in chosen], 'male': [c[2] for c in chosen], 'hair': [c[3] for c in chosen], 'most_alike': round(float(c.max()), 3), 'of': len(rows)}))
