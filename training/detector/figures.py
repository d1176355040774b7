"""Pictures of heads and hands with nothing behind them, with box and landmarks known by construction."""

from functools import lru_cache

import numpy as np

import texture
from mesh import crop, normals
from people import expression_weights, random_person, random_wear
from raster import draw

body, eyeball, long_hair = 1, 2, 3
pivot = np.array([0, 7.0, 0.1], np.float32)
camera_distance = 14.0


@lru_cache(1)
def head(assets: str):
    groups = {"body": body, "helper-l-eye": eyeball, "helper-r-eye": eyeball, "helper-hair": long_hair}
    folders = (*sorted("head nose mouth chin forehead cheek eyes eyebrows ears neck macrodetails".split()), "expression")
    part = crop(assets, groups, lambda x, y, z: (y > 4.6) & (np.abs(x) < 2.3), folders)
    lips = np.zeros(len(part.vertices), np.float32)
    for name, most in (("mouth/mouth-upperlip-volume-incr", 0.025), ("mouth/mouth-lowerlip-volume-incr", 0.045)):
        index, by = part.targets[name]
        lips[index] = np.maximum(lips[index], np.linalg.norm(by, axis=1) / most)
    return part, lips


@lru_cache(1)
def hand(assets: str):
    """The mesh's left hand with some of its forearm."""
    return crop(assets, {"body": body}, lambda x, y, z: (x > 3.5) & (y < 3.6))


def rotation(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """Degrees; yaw turns the face to the image's right, pitch down, roll clockwise."""
    a, b, c = np.radians([yaw, pitch, roll])
    turn = np.array([[np.cos(a), 0, np.sin(a)], [0, 1, 0], [-np.sin(a), 0, np.cos(a)]])
    nod = np.array([[1, 0, 0], [0, np.cos(b), -np.sin(b)], [0, np.sin(b), np.cos(b)]])
    tilt = np.array([[np.cos(c), np.sin(c), 0], [-np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return (tilt @ nod @ turn).astype(np.float32)


def project(points, scale: float, middle: tuple) -> np.ndarray:
    """Points around the origin to pixels, with a little perspective; the third column is depth."""
    near = camera_distance / (camera_distance - points[:, 2:])
    return np.concatenate([middle + points[:, :2] * near * scale * [1, -1], points[:, 2:]], 1)


def light(rng) -> dict:
    """From soft to hard, from any side in front, warm or cold."""
    towards = np.array([rng.normal(0, 0.6), rng.normal(0.45, 0.4), rng.uniform(0.15, 1)])
    colour = 1 + rng.normal(0, 0.06, 3)
    return {
        "towards": towards / np.linalg.norm(towards),
        "key": rng.uniform(0.3, 1.5) * colour,
        "ambient": rng.uniform(0.2, 0.7) * (1 + rng.normal(0, 0.05, 3)),
        "gloss": rng.uniform(0, 0.25),
    }


def shade(colour, normal, sky, lamp):
    normal = normal / (np.linalg.norm(normal, axis=1, keepdims=True) + 1e-6)
    facing = normal @ lamp["towards"]
    key = np.clip((facing[:, None] + 0.2) / 1.2, 0, 1) * np.clip(sky[:, None] * 1.5, 0, 1)
    above = (0.7 + 0.3 * normal[:, 1:2]) * sky[:, None]
    half = lamp["towards"] + [0, 0, 1]
    glint = np.clip(normal @ (half / np.linalg.norm(half)), 0, 1)[:, None] ** 16 * lamp["gloss"] * sky[:, None]
    return colour * (lamp["key"] * key + lamp["ambient"] * above) + glint


def finish(linear, alpha, rng):
    """Tone curve and exposure; gives u8 RGBA."""
    exposed = np.clip(linear * rng.uniform(0.8, 1.3), 0, None)
    toned = np.clip(exposed / (1 + 0.25 * exposed) * 1.1, 0, 1) ** (1 / 2.2)
    return (np.concatenate([toned, alpha[..., None]], 2) * 255 + 0.5).astype(np.uint8)


def centred(part, moved) -> np.ndarray:
    """Eyes where the base mesh has them and as far above the chin, because body height and head size move them."""
    base = part.vertices
    eyes = np.unique(part.triangles[part.material == eyeball])
    chin = (base[:, 1] > 6.05) & (base[:, 1] < 6.35) & (base[:, 2] > 1.2) & (np.abs(base[:, 0]) < 0.4)
    middle, low = moved[eyes].mean(0), moved[chin].mean(0)
    of_base = base[eyes].mean(0)
    scale = (of_base[1] - base[chin, 1].mean()) / max(0.5, middle[1] - low[1])
    return ((moved - middle) * np.clip(scale, 0.7, 1.4) + of_base).astype(np.float32)


def face_points(part, lips, moved, turned):
    """Image-left eye, image-right eye, nose tip, image-left and image-right mouth corner, before projection."""
    base = part.vertices
    eyes = np.unique(part.triangles[part.material == eyeball])
    left, right = eyes[base[eyes, 0] < 0], eyes[base[eyes, 0] > 0]
    nose = np.flatnonzero((np.abs(base[:, 0]) < 0.12) & (np.abs(base[:, 1] - 6.95) < 0.25))
    tip = nose[np.argmax(moved[nose, 2])]
    mouth = np.flatnonzero((lips > 0.1) & (base[:, 2] > 1))
    corners = mouth[[np.argmin(base[mouth, 0]), np.argmax(base[mouth, 0])]]
    front = [turned[left].mean(0), turned[right].mean(0), turned[tip], *turned[corners]]
    return np.array(front)


def render_head(assets: str, seed: int, view: int, *, back=False, size=288, span=4.4, person=None, turned=None, wear=None) -> dict:
    """
    One view of the person `seed`: `rgba` u8 [size, size, 4], `points` [5, 2] and `box` (left, top, right, bottom) in
    pixels, `yaw` in degrees, and what is worn. A back shows no face. The picture is `span` decimetres wide. Who it is,
    (yaw, pitch, roll) in degrees and what is worn follow from `seed` and `view` where they are not given.
    """
    part, lips = head(assets)
    person = person or random_person(seed, part.targets)
    rng = np.random.default_rng([seed, view])
    yaw = rng.uniform(125, 235) if back else rng.choice([rng.uniform(-25, 25), rng.uniform(-60, 60), rng.uniform(-95, 95)], p=[0.45, 0.35, 0.2])
    pitch, roll = np.clip(rng.normal(0, 12), -35, 35), np.clip(rng.normal(0, 9), -40, 40)
    worn_here = random_wear(rng)
    yaw, pitch, roll = turned or (yaw, pitch, roll)
    wear = wear or worn_here
    moved = centred(part, part.moved(person["weights"] | expression_weights(rng, part.targets)))
    cover = texture.hair_cover(person, part.vertices)
    facing = normals(moved, part.triangles)
    thick = person["volume"] * texture.step(-0.1, 0.15, cover)
    if wear["hat"] is not None:
        thick = np.maximum(thick, 0.08 * texture.step(7.6, 7.7, part.vertices[:, 1]))
        thick = thick + 0.3 * np.exp(-(((part.vertices[:, 1] - 7.66) / 0.06) ** 2)) * (part.vertices[:, 2] > 0.9)
    moved = moved + facing * thick[:, None].astype(np.float32)
    turn = rotation(yaw, pitch, roll)
    placed, normal = (moved - pivot) @ turn.T, normals(moved, part.triangles) @ turn.T
    scale, middle = size / span, (size * 0.5, size * 0.52)
    corners = project(placed, scale, middle)
    seen = part.material < 3
    if person["long"] and wear["hat"] is None:
        low = part.vertices[part.triangles][:, :, 1].min(1)
        centre = part.vertices[part.triangles].mean(1)
        clear = (centre[:, 2] < 0.75) | (np.abs(centre[:, 0]) > 0.68) | (centre[:, 1] > 8.2)
        seen = seen | ((part.material == long_hair) & (low > person["long"]) & clear)
    triangles, material = part.triangles[seen], part.material[seen]
    attributes = np.concatenate([normal, part.vertices, lips[:, None], part.occlusion[:, None]], 1)
    _, values, owner = draw(triangles, corners, attributes, size, size)
    linear, alpha = np.zeros((size, size, 3)), (owner >= 0).astype(np.float32)
    of = np.where(owner >= 0, material[owner], 0)
    lamp = light(rng)
    for kind in (body, eyeball, long_hair):
        here = of == kind
        if not here.any():
            continue
        n, at, lip, sky = np.split(values[here], [3, 6, 7], 1)
        sky = sky[:, 0] if kind != long_hair else np.full(len(sky), 0.7)
        if kind == body:
            colour = texture.skin(person, wear, at, lip[:, 0])
        elif kind == eyeball:
            colour, sky = texture.eye(person, wear, at), np.clip(sky * 1.6 + 0.25, 0, 1)
        else:
            colour = person["hair"][None] * texture.strands(person, at)[:, None]
        linear[here] = shade(colour, n, sky, lamp)
    points = project(face_points(part, lips, moved, placed), scale, middle)[:, :2]
    base = part.vertices
    face = (base[:, 1] > 6.12) & (base[:, 1] < 7.95) & (base[:, 2] > 0.35) & (np.abs(base[:, 0]) < 0.8)
    outline = corners[face & np.isin(np.arange(len(base)), triangles[material == body]), :2]
    box = np.concatenate([outline.min(0), outline.max(0)])
    worn = "mask" if wear["mask"] is not None else wear["glasses"] or ("hat" if wear["hat"] is not None else "")
    return {"rgba": finish(linear, alpha, rng), "points": points, "box": box, "yaw": yaw, "pitch": pitch, "worn": worn}


def render_hand(assets: str, seed: int, size=224) -> dict:
    """A hand, open or half closed, from any side."""
    part = hand(assets)
    rng = np.random.default_rng([seed, 77])
    person = random_person(seed, {})
    wrist, tip = np.array([4.3, 2.45, 1.75]), np.array([4.8, 1.2, 3.0])
    axis = (tip - wrist) / np.linalg.norm(tip - wrist)
    hinge = np.cross(axis, [1, 0, 0])
    hinge /= np.linalg.norm(hinge)
    points = part.vertices - wrist
    along = points @ axis
    bend = np.radians(rng.uniform(-10, 55)) * np.clip(along / 1.8, 0, 1)
    out = np.cross(hinge, axis)
    across = points @ out
    bent = (along * np.cos(bend) - across * np.sin(bend))[:, None] * axis
    bent = bent + (along * np.sin(bend) + across * np.cos(bend))[:, None] * out + (points @ hinge)[:, None] * hinge
    moved = (bent - axis * 0.7).astype(np.float32)
    turn = rotation(rng.uniform(0, 360), rng.uniform(-80, 80), rng.uniform(0, 360))
    turned, normal = moved @ turn.T, normals(moved, part.triangles) @ turn.T
    corners = project(turned, size / 3.4, (size / 2, size / 2))
    attributes = np.concatenate([normal, part.vertices, part.occlusion[:, None]], 1)
    _, values, owner = draw(part.triangles, corners, attributes, size, size)
    here = owner >= 0
    linear, alpha = np.zeros((size, size, 3)), here.astype(np.float32)
    n, at, sky = np.split(values[here], [3, 6], 1)
    lines = texture.noise(at * [9, 30, 9], seed) - 0.5
    colour = person["skin"] * (1 + 0.15 * lines + 0.1 * (texture.noise(at * 40, seed) - 0.5))[:, None]
    linear[here] = shade(colour, n, sky[:, 0], light(rng))
    return {"rgba": finish(linear, alpha, rng)}
