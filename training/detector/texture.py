"""Procedural colour over the base mesh's own coordinates: skin, brows, lips, eyes, beard, hair, mask, glasses, hat."""

import numpy as np

eye_centre = np.array([0.3078, 7.284, 1.2455])


def step(low, high, x):
    """0 below `low`, 1 above `high`, smooth between; falls when low > high."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def _hash(x, y, z, seed):
    mixed = (x * 73856093) ^ (y * 19349663) ^ (z * 83492791) ^ (seed * 2654435761)
    mixed = (mixed ^ (mixed >> 15)) * 2246822519 & 0xFFFFFFFF
    mixed = (mixed ^ (mixed >> 13)) * 3266489917 & 0xFFFFFFFF
    return (mixed & 0xFFFF).astype(np.float32) / 65535


def noise(points, seed=0):
    """Value noise over points [n, 3], 0-1, one lump a unit."""
    cell = np.floor(points).astype(np.int64)
    t = (points - cell).astype(np.float32)
    t = t * t * (3 - 2 * t)
    total = 0
    for dx in (0, 1):
        for dy in (0, 1):
            for dz in (0, 1):
                weight = (t[:, 0] if dx else 1 - t[:, 0]) * (t[:, 1] if dy else 1 - t[:, 1])
                weight = weight * (t[:, 2] if dz else 1 - t[:, 2])
                total = total + weight * _hash(cell[:, 0] + dx, cell[:, 1] + dy, cell[:, 2] + dz, seed)
    return total


def paint(colour, by, amount):
    """Lays `by` over `colour` [n, 3] where `amount` [n] says."""
    return colour * (1 - amount[:, None]) + np.asarray(by) * amount[:, None]


def hair_cover(person, at):
    """How far inside the hair a point of the scalp is; positive is hair."""
    x, y, z = np.abs(at[:, 0]), at[:, 1], at[:, 2]
    line = 7.93 + person["hairline"] - 0.8 * np.clip(x - 0.36, 0, 1) ** 1.4
    inside = np.where(z > 0.55, y - line, np.where(z > 0.25, y - 7.05, y - 6.55))
    if person["fringe"]:
        inside = np.where((z > 0.55) & (x < 0.66), np.maximum(inside, y - person["fringe"]), inside)
    if person["bald"]:
        inside = np.where(y > 7.5, -1, inside)
    ear = (x > 0.7) & (y < 7.45)
    return np.where(ear, -1, inside)


def strands(person, at):
    around = np.arctan2(at[:, 0], at[:, 2] - 0.3)
    fine = noise(np.stack([around * 45, at[:, 1] * 1.3, at[:, 2] * 0.5], 1), person["seed"])
    return 0.4 + 1.1 * fine


def skin(person, wear, at, lips):
    """Linear RGB [n, 3] of the body's surface at mesh coordinates `at`; `lips` [n] is how much of a lip it is."""
    x, y, z, seed = np.abs(at[:, 0]), at[:, 1], at[:, 2], person["seed"]
    coarse, fine = noise(at * 6, seed) - 0.5, noise(at * 40, seed + 1) - 0.5
    front = z > 0.7
    colour = person["skin"] * (1 + 0.16 * coarse + 0.1 * fine)[:, None]
    cheek = np.exp(-((x - 0.42) ** 2 + (y - 6.98) ** 2) / 0.03) * front
    colour = colour * (1 - cheek[:, None] * [0.0, 0.14, 0.12])
    socket = np.sqrt(((x - 0.31) / 0.2) ** 2 + ((y - 7.29) / 0.1) ** 2)
    colour = colour * (1 - 0.35 * step(1.5, 0.9, socket) * front)[:, None]
    colour = paint(colour, [0.01, 0.008, 0.008], step(1.12, 0.9, socket) * person["liner"] * (z > 1))
    crease = step(0.03, 0.004, np.abs(x - 0.16 - (7 - y) * 0.42)) * (y < 6.98) * (y > 6.62) * front
    colour = colour * (1 - 0.35 * person["creases"] * crease)[:, None]
    lip = step(0.22, 0.45, lips) * (z > 1.1)
    colour = paint(colour, person["lips"], lip)
    mouth = step(0.022, 0.004, np.abs(y - 6.612 - 0.02 * (x / 0.25) ** 2)) * (x < 0.27) * (z > 1.2)
    nostril = np.exp(-((x - 0.085) ** 2 / 0.0012 + (y - 6.855) ** 2 / 0.0007))
    colour = colour * (1 - 0.6 * mouth)[:, None] * (1 - 0.55 * nostril)[:, None]
    thick, up, arch, density = person["brow"]
    along = (x - 0.1) / 0.44
    middle = 7.46 + up + arch * np.sin(np.clip(along, 0, 1) * 2.4)
    brow = step(1.15, 0.5, np.abs(y - middle) / thick) * step(-0.04, 0.1, along) * step(1.05, 0.85, along) * front
    colour = paint(colour, person["brows"], brow * density * (0.6 + 0.8 * noise(at * [60, 14, 0], seed + 9)).clip(0, 1))
    if person["beard"]:
        jaw = step(6.86, 6.6, y - x * 0.22) * step(5.85, 6.1, y) * (z > 0.3) * (y < 6.95)
        jaw = jaw * (1 - step(0.34, 0.22, np.hypot(x * 1.1, (y - 6.6) * 1.6)))
        lip_beard = step(6.64, 6.7, y) * step(6.86, 6.79, y) * step(0.32, 0.24, x) * (z > 1.2)
        cover = np.maximum(jaw, lip_beard) * (1 - lip) * person["beard"]
        colour = paint(colour, person["hair"], (cover * (0.5 + noise(at * 60, seed + 3))).clip(0, 1))
    rough = 0.1 * (noise(at * 25, seed + 4) - 0.5)
    colour = paint(colour, person["hair"][None] * strands(person, at)[:, None], step(-0.01, 0.04, hair_cover(person, at) + rough))
    if wear["mask"] is not None:
        covered = step(7.06, 7.02, y + 0.25 * x - 0.05) * step(5.98, 6.05, y + 0.3 * z - 0.2) * step(0.1, 0.2, z)
        pleats = 1 - 0.15 * (np.sin(y * 40) > 0.8)
        colour = paint(colour, wear["mask"][None] * pleats[:, None], covered)
    if wear["glasses"]:
        ring = np.sqrt(((x - 0.31) / 0.25) ** 2 + ((y - 7.27) / 0.2) ** 2)
        frame = np.maximum(step(0.16, 0.08, np.abs(ring - 1)), step(0.02, 0.01, np.abs(y - 7.32)) * ((x > 0.55) | (x < 0.08)))
        colour = paint(colour, [0.02, 0.02, 0.02], frame * (z > 0.2))
        if wear["glasses"] == "dark":
            colour = paint(colour, [0.02, 0.02, 0.025], step(1.05, 0.98, ring) * front * 0.95)
    if wear["hat"] is not None:
        colour = paint(colour, wear["hat"], step(7.62, 7.66, y + 0.15 * (z < 0.2) * (y < 8)))
    body = y < 5.62 + 0.25 * x - 0.12 * (z - 0.3)
    cloth = person["clothes"] * (0.8 + 0.4 * noise(at * [30, 6, 30], 3))[:, None]
    return np.where(body[:, None], cloth, colour)


def eye(person, wear, at):
    """Linear RGB of an eyeball."""
    centre = eye_centre * np.stack([np.sign(at[:, 0]), np.ones(len(at)), np.ones(len(at))], 1)
    away = np.hypot(at[:, 0] - centre[:, 0], at[:, 1] - centre[:, 1])
    colour = np.array([0.6, 0.56, 0.53]) * (1 - 0.25 * step(0.08, 0.16, away))[:, None]
    colour = paint(colour, person["iris"], step(0.082, 0.074, away))
    colour = paint(colour, [0.005] * 3, step(0.033, 0.027, away))
    colour = colour * (1 - 0.5 * step(0, 0.1, at[:, 1] - centre[:, 1]))[:, None]
    return colour * (0.05 if wear["glasses"] == "dark" else 1)
