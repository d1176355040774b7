"""
What other cameras send of a scene: without colours, by infrared light, in poor light. RGB u8 in, RGB u8 of the same size out. Whatever
is a face in colour is one here, in the same place.
"""

import io

import numpy as np
from PIL import Image, ImageFilter


def _same(light) -> np.ndarray:
    return np.repeat((np.clip(light, 0, 1) * 255 + 0.5).astype(np.uint8)[..., None], 3, 2)


def _packed(image: Image.Image, quality: int) -> Image.Image:
    file = io.BytesIO()
    image.save(file, "JPEG", quality=quality)
    return Image.open(file)


def grey(picture, faces, rng) -> np.ndarray:
    """Luma (BT.601), as cameras with a grey mode send it."""
    return _same(picture @ np.array([0.299, 0.587, 0.114], np.float32) / 255)


def infrared(picture, faces, rng) -> np.ndarray:
    """The light of red, in which skin is bright and flat, from a lamp at the camera: far things are dark, pupils may be bright."""
    red = rng.uniform(0.7, 1.15)
    light = picture @ np.array([red, 0.8 * (1 - red), 0.2 * (1 - red)], np.float32) / 255
    height, width = light.shape
    y, x = np.mgrid[0:height, 0:width]
    middle, reach = rng.uniform(0.2, 0.8, 2) * (width, height), rng.uniform(0.4, 1.5) * width
    lamp = 1 / (1 + ((x - middle[0]) ** 2 + (y - middle[1]) ** 2) / reach**2)
    light = light * np.maximum(lamp, 0.25) * rng.uniform(0.7, 1.3)
    if rng.random() < 0.5:
        for face in faces:
            radius = face.width * rng.uniform(0.025, 0.045)
            if face.width < 24 or abs(face.yaw) > 40 or face.visible < 0.9:
                continue
            for at_x, at_y in face.points[:2]:
                near = np.clip(1.5 - np.hypot(x - at_x, y - at_y) / radius, 0, 1)
                light = light + near * (0.95 - light)
    light = light + rng.standard_normal(light.shape, np.float32) * rng.uniform(0, 0.02)
    return _same(light)


def dim(picture, faces, rng) -> np.ndarray:
    """Little light, noise, what hides noise, and a low bit rate; every second without colours."""
    seen = picture.astype(np.float32) / 255
    if rng.random() < 0.5:
        seen = np.repeat((seen @ np.array([0.299, 0.587, 0.114], np.float32))[..., None], 3, 2)
        noise = rng.standard_normal((*seen.shape[:2], 1), np.float32)
    else:
        noise = rng.standard_normal(seen.shape, np.float32)
    contrast, black = rng.uniform(0.25, 0.6), rng.uniform(0, 0.12)
    seen = black + contrast * seen + noise * rng.uniform(0.01, 0.04) * (contrast + 0.4)
    image = Image.fromarray((np.clip(seen, 0, 1) * 255 + 0.5).astype(np.uint8))
    if rng.random() < 0.5:
        image = image.filter(ImageFilter.GaussianBlur(rng.uniform(0.4, 0.9)))
    return np.asarray(_packed(image, int(rng.uniform(30, 80))).convert("RGB"))


views = {"grey": grey, "infrared": infrared, "dim": dim}
