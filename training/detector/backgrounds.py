"""Procedural backgrounds: nothing in them is a face, though some parts are round, skin-coloured, striped or lettered."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont


def smooth_noise(rng, side: int, cells: int) -> np.ndarray:
    small = Image.fromarray(rng.uniform(0, 1, (cells, cells)).astype(np.float32))
    return np.asarray(small.resize((side, side), Image.Resampling.BICUBIC))


def colour(rng) -> np.ndarray:
    """Any colour, or one of skin in a fifth of the cases."""
    if rng.random() < 0.2:
        return np.array([0.85, 0.65, 0.53]) * rng.uniform(0.25, 1.05) + rng.normal(0, 0.03, 3)
    return rng.uniform(0, 1, 3)


def clouds(rng, side):
    mix = sum(smooth_noise(rng, side, cells) * 0.6**k for k, cells in enumerate((3, 6, 14, 40)) if rng.random() < 0.8 or k == 0)
    mix = (mix - mix.min()) / (np.ptp(mix) + 1e-6)
    return colour(rng) * mix[..., None] + colour(rng) * (1 - mix[..., None])


def stripes(rng, side):
    y, x = np.mgrid[0:side, 0:side]
    angle, period = rng.uniform(0, np.pi), np.exp(rng.uniform(np.log(4), np.log(80)))
    wave = np.sin((x * np.cos(angle) + y * np.sin(angle)) / period * 2 * np.pi)
    mix = (np.clip(wave * rng.uniform(1, 6), -1, 1)[..., None] + 1) / 2
    return colour(rng) * mix + colour(rng) * (1 - mix)


def room(rng, side):
    """Boxes before a wall: doors, windows, furniture."""
    picture = np.ones((side, side, 3)) * colour(rng)
    for _ in range(rng.integers(3, 25)):
        x, y = rng.integers(0, side, 2)
        w, h = np.exp(rng.uniform(np.log(6), np.log(side * 0.7), 2)).astype(int)
        picture[y : y + h, x : x + w] = colour(rng) * rng.uniform(0.5, 1)
    return picture


def dots(rng, side):
    """Ellipses, some of the colour of skin: what a careless detector takes for faces."""
    picture = clouds(rng, side)
    for _ in range(rng.integers(3, 30)):
        cx, cy = rng.uniform(0, side, 2)
        a, b = np.exp(rng.uniform(np.log(4), np.log(60), 2))
        x0, y0, x1, y1 = (int(np.clip(v, 0, side)) for v in (cx - a, cy - b, cx + a, cy + b))
        y, x = np.mgrid[y0:y1, x0:x1]
        away = ((x - cx) / a) ** 2 + ((y - cy) / b) ** 2
        edge = np.clip((1 - away) * rng.uniform(1, 8), 0, 1)[..., None]
        piece = picture[y0:y1, x0:x1]
        picture[y0:y1, x0:x1] = piece * (1 - edge) + colour(rng) * edge * (1 - 0.3 * away.clip(0, 1)[..., None])
    return picture


def grain(rng, side):
    picture = np.ones((side, side, 3)) * colour(rng)
    return picture + rng.standard_normal((side, side, 1 if rng.random() < 0.5 else 3), np.float32) * rng.uniform(0.02, 0.3)


def letters(rng, width: int, height: int) -> np.ndarray:
    """A mask f32 [height, width], 0-1, with one to three rows of letters, as on shirts, bags and signs."""
    image = Image.new("L", (width, height))
    pen, rows = ImageDraw.Draw(image), int(rng.integers(1, 4))
    size = height / rows
    for row in range(rows):
        word = "".join(chr(rng.integers(48, 91)) for _ in range(rng.integers(1, 9)))
        font = ImageFont.load_default(max(6, size * rng.uniform(0.6, 1.1)))
        pen.text((rng.uniform(0, 0.2) * width, row * size), word, 255, font, stroke_width=int(size * rng.uniform(0, 0.1)))
    return np.asarray(image, np.float32) / 255


def write_on(picture, rng, left: int, top: int, width: int, height: int, where=None) -> None:
    """Letters in a colour of their own, sometimes on a plate, into a picture; only `where` is true."""
    side = picture.shape[0]
    x0, y0, x1, y1 = max(0, left), max(0, top), min(side, left + width), min(side, top + height)
    if x1 - x0 < 4 or y1 - y0 < 4:
        return
    mask = letters(rng, x1 - x0, y1 - y0)[..., None]
    if where is not None:
        mask = mask * where[y0:y1, x0:x1, None]
    piece = picture[y0:y1, x0:x1]
    if rng.random() < 0.3:
        plate = 1 if where is None else where[y0:y1, x0:x1, None]
        piece = piece * (1 - plate) + colour(rng) * plate
    picture[y0:y1, x0:x1] = piece * (1 - mask) + colour(rng) * mask


def procedural(rng, side: int) -> np.ndarray:
    """RGB f64 [side, side, 3], about 0-1; sometimes one half is another kind, and a gradient of light lies over it."""
    kinds = (clouds, stripes, room, room, dots, grain)
    picture = kinds[rng.integers(len(kinds))](rng, side)
    if rng.random() < 0.4:
        cut = rng.integers(side // 4, side)
        picture[cut:] = kinds[rng.integers(len(kinds))](rng, side)[cut:]
    if rng.random() < 0.3:
        for _ in range(rng.integers(1, 6)):
            x, y = rng.integers(0, side, 2)
            w, h = np.exp(rng.uniform(np.log(10), np.log(120), 2)).astype(int)
            write_on(picture, rng, x, y, w, h)
    shade = np.linspace(rng.uniform(0.5, 1.2), rng.uniform(0.5, 1.2), side)
    picture = picture * (shade[:, None, None] if rng.random() < 0.5 else shade[None, :, None])
    if rng.random() < 0.6:
        picture = picture * (0.85 + 0.3 * smooth_noise(rng, side, rng.integers(8, 120))[..., None])
    return picture
