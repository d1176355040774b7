"""Single face pictures of many people for training: OUT/SEED/NNN.jpg, 256 px, any pose, light, expression and background."""
import os

import numpy as np

from . import assets, figure, native, recipe, rig, view
from .pose import bones_of

SIZE = 256


def random_light(r) -> view.Light:
    d = figure.sphere(300)
    warm = np.float32([1, r.uniform(.78, 1.02), r.uniform(.6, 1.1)])
    sky = np.clip(d[:, 1:2] * r.uniform(.1, .7) + .6, 0, 2) * r.uniform(.12, .6)
    lobes = sum(np.clip(d @ view.unit(r.normal(size=3) * [1, .6, 1]), 0, 1)[:, None] ** r.uniform(1, 5) * r.uniform(.1, .9) * np.float32([1, r.uniform(.75, 1.05), r.uniform(.6, 1.15)]) for _ in range(2))
    a = r.uniform(-1.5, 1.5)
    key = np.array([np.sin(a), r.uniform(.05, 1.1), np.cos(a)])
    return view.Light(key, warm * r.choice([0, r.uniform(.3, 1.9)], p=[.12, .88]), r.uniform(.03, .3), view.irradiance(d, sky + lobes), key + r.normal(0, .3, 3), np.float32([5, 5, 5]) * r.uniform(.3, 1.5), r.uniform(.95, .985))


def background(r, size) -> np.ndarray:
    """Out-of-focus colours, light or dark."""
    y, x = np.mgrid[0:size, 0:size].astype(np.float32) / size
    p = np.stack([x.ravel(), y.ravel(), np.zeros(size * size, np.float32)], 1)
    s = int(r.integers(1 << 20))
    n = np.stack([native.noise(p, r.uniform(1, 6), s + k, 2) for k in range(3)], 1).reshape(size, size, 3)
    grey = native.noise(p, r.uniform(1, 9), s + 7, 3).reshape(size, size, 1)
    return native.f32(np.clip(r.uniform(.02, .7) * (.25 + 1.2 * grey) * (1 + r.uniform(0, .9) * (n - .5)), .005, 3))


def random_pose(r) -> dict:
    yaw = float(np.clip(r.normal(0, 26), -88, 88)) if r.uniform() < .75 else float(r.uniform(-90, 90))
    e = {}
    for k, odds, hi in (('smile', .4, 1.), ('open', .2, .7), ('brows', .2, .8), ('purse', .1, .8), ('blink', .12, 1.)):
        if r.uniform() < odds:
            e[k] = float(r.uniform(.2, hi))
    return dict(head=(yaw * .85, float(r.normal(0, 9)), float(r.normal(0, 6))), twist=yaw * .15 + float(r.normal(0, 10)), expression=e, gaze=(float(r.normal(0, 10)), float(r.normal(0, 5))))


def picture(fig, r, canvas, size=SIZE, frontal=False):
    """One developed picture (size,size,3) and the head's yaw to the camera."""
    pose = dict(head=(float(r.uniform(-18, 18)), float(r.normal(0, 5)), 0.), expression={}) if frontal else random_pose(r)
    m = bones_of(fig, pose)[4]
    at = m[:, :3] @ fig.centre + m[:, 3]
    dist = r.uniform(1.1, 4)
    height = r.uniform(.24, .36)
    eye = at + np.array([r.normal(0, .12), r.normal(.04, .16), 1]) * dist
    cam = view.Camera(eye, at + [r.normal(0, .012), r.normal(-.002, .012), 0], np.degrees(2 * np.arctan(height / 2 / dist)), size, size)
    light = random_light(r)
    meshes = fig.meshes(pose, cam.eye)
    v = canvas.view(cam, light, at - [.3, .35, .3], at + [.3, .25, .3])
    canvas.shadows(v, meshes)
    rgb = background(r, size)
    canvas.draw(v, meshes, rgb, np.zeros((size, size), np.float32))
    return view.develop(rgb, r.uniform(.55, 1.5), int(r.integers(1 << 30)), r.uniform(.002, .02)), cam.yaw_of(m[:, :3] @ [0, 0, 1], at)


def change(p: dict, r) -> dict:
    """The same person on another day: other clothes, sometimes another hairstyle or a shave."""
    q = {**p, 'outfit': recipe._plain(recipe.outfit(r, p['male'] > .5))}
    if r.uniform() < .35:
        q['hair'] = str(r.choice(recipe.MALE_HAIR[:4] + recipe.MALE_HAIR[5:] if p['male'] > .5 else recipe.FEMALE_HAIR))
    if r.uniform() < .2:
        q['beard'] = None
    return q


def run(a) -> None:
    from PIL import Image
    data = assets.load(a.assets)
    shared = rig.build(data)
    canvas = view.Canvas(SIZE, SIZE, 768)
    for seed in range(a.first, a.first + a.people):
        if seed % a.of != a.part:
            continue
        folder = os.path.join(a.out, f'{seed:05d}')
        if os.path.exists(os.path.join(folder, f'{a.views - 1:03d}.jpg')):
            continue
        os.makedirs(folder, exist_ok=True)
        r = np.random.default_rng([seed, 77])
        p = recipe.person(seed, data.targets)
        for n in range(a.views):
            if n % 4 == 0:
                fig = figure.Figure(shared, p if n == 0 else change(p, r), fine=False, texture=512, strands=.6)
            im, _ = picture(fig, r, canvas)
            Image.fromarray(im).save(os.path.join(folder, f'{n:03d}.jpg'), quality=int(r.integers(70, 96)))
