"""
dlib's face recognition (as in the PyPI package face_recognition) over a folder of photos, DIR/PERSON/PHOTO: a JSON line for each
photo with its `file`, how the face was found and its embedding [128], in the order of names. CPU milliseconds go to stderr.

    pip install dlib-bin==20.0.1 face_recognition_models==0.3.0 opencv-python-headless numpy
    python bench/peer/dlib_faces.py DIR > dlib.jsonl

Faces are taken as `rollcall eval verification` does: HOG in the photo, then with half its size added in grey on every side, then
the largest square in the middle; of several the one with the largest area less twice the squared distance from the middle.
"""

import importlib.util
import json
import sys
import time
from pathlib import Path

import cv2
import dlib
import numpy as np

# Only its files: the package itself needs pkg_resources, which setuptools no longer has.
models = Path(importlib.util.find_spec("face_recognition_models").origin).with_name("models")
detector = dlib.get_frontal_face_detector()
landmarks = dlib.shape_predictor(str(models / "shape_predictor_5_face_landmarks.dat"))
network = dlib.face_recognition_model_v1(str(models / "dlib_face_recognition_resnet_model_v1.dat"))
kinds = {".jpg", ".jpeg", ".png", ".pgm", ".ppm", ".bmp", ".webp"}


def main_face(faces, width: int, height: int):
    def worth(face) -> float:
        away = (face.center().x - width / 2) ** 2 + (face.center().y - height / 2) ** 2
        return face.area() - 2 * away

    return max(faces, key=worth)


def find(picture: np.ndarray):
    """The picture, perhaps with a margin, the face's rectangle in it, and how it was found. Enlarged twice, as face_recognition does."""
    height, width = picture.shape[:2]
    if faces := detector(picture, 1):
        return picture, main_face(faces, width, height), "found"
    x, y = width // 2, height // 2
    wide = cv2.copyMakeBorder(picture, y, y, x, x, cv2.BORDER_CONSTANT, value=(127, 127, 127))
    if faces := detector(wide, 1):
        return wide, main_face(faces, wide.shape[1], wide.shape[0]), "padded"
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    return picture, dlib.rectangle(left, top, left + side, top + side), "centred"


def main() -> None:
    began, files = time.process_time(), [f for f in sorted(Path(sys.argv[1]).glob("*/*")) if f.suffix.lower() in kinds]
    for done, file in enumerate(files):
        bgr = cv2.imread(str(file), cv2.IMREAD_COLOR)
        if bgr is None:
            continue
        picture, face, how = find(np.ascontiguousarray(bgr[..., ::-1]))
        embedding = network.compute_face_descriptor(picture, landmarks(picture, face))
        print(json.dumps({"file": str(file), "how": how, "embedding": [round(x, 6) for x in embedding]}), flush=True)
        if (done + 1) % 100 == 0 or done + 1 == len(files):
            each = (time.process_time() - began) / (done + 1)
            print(f"{done + 1} of {len(files)} photos, {each * 1000:.0f} ms CPU each", file=sys.stderr, flush=True)


main()
