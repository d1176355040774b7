"""
Writes MTCNN for Rollcall, from the weights of the PyPI package facenet-pytorch, and what that package finds in photos:

    python -m training.mtcnn export --out MODELS
    python -m training.mtcnn reference PHOTO [PHOTO ...] --out DIR

`export` writes mtcnn.onnx, mtcnn-refine.onnx, mtcnn-output.onnx and their descriptor, mtcnn.json. `reference` writes each photo as
the package saw it (PNG, longest side 640) and reference.json, which `node bench/mtcnn.ts DIR MODELS` compares with.
"""

import argparse
import importlib.util
import json
from pathlib import Path

import numpy as np

descriptor = {
    "kind": "mtcnn",
    "source": "PyPI facenet-pytorch 2.6.0, exported by training/mtcnn",
    "licence": "MIT, Copyright (c) 2019 Timothy Esler",
    "channels": "rgb",
    "mean": [127.5, 127.5, 127.5],
    "std": [128, 128, 128],
    "refine": "mtcnn-refine.onnx",
    "output": "mtcnn-output.onnx",
    "stageScores": [0.6, 0.7],
    "minScore": 0.7,
    "nms": 0.7,
    "minFace": 20,
    "factor": 0.709,
}


def package_folder() -> Path:
    # Only its files are needed: importing it needs torchvision.
    spec = importlib.util.find_spec("facenet_pytorch")
    if spec is None or spec.submodule_search_locations is None:
        raise SystemExit("install the weights first: pip install --no-deps facenet-pytorch==2.6.0")
    return Path(spec.submodule_search_locations[0])


def export(out: Path) -> None:
    import onnx

    from training.mtcnn.networks import build, load, sides

    out.mkdir(parents=True, exist_ok=True)
    for part in sides:
        name = "mtcnn.onnx" if part == "propose" else descriptor[part]
        onnx.save(build(part, load(package_folder() / "data", part)), out / name)
        print(f"{out / name}: {(out / name).stat().st_size // 1024} kB")
    (out / "mtcnn.json").write_text(json.dumps(descriptor, indent=2) + "\n")


def reference(photos: list[Path], out: Path) -> None:
    import torch
    from facenet_pytorch.models.mtcnn import ONet, PNet, RNet
    from facenet_pytorch.models.utils.detect_face import detect_face
    from PIL import Image, ImageOps

    out.mkdir(parents=True, exist_ok=True)
    nets = PNet(), RNet(), ONet()
    found = []
    for i, photo in enumerate(photos):
        picture = ImageOps.exif_transpose(Image.open(photo)).convert("RGB")
        picture.thumbnail((640, 640))
        picture.save(out / f"{i}.png")
        scores = [*descriptor["stageScores"], descriptor["minScore"]]
        with torch.no_grad():
            boxes, points = detect_face(picture, descriptor["minFace"], *nets, scores, descriptor["factor"], "cpu")
        faces = [
            {"box": np.asarray(box[:4], float).tolist(), "score": float(box[4]), "points": np.asarray(at, float).tolist()}
            for box, at in zip(boxes[0], points[0])
        ]
        found.append({"picture": f"{i}.png", "photo": photo.name, "faces": faces})
    (out / "reference.json").write_text(json.dumps(found))
    print(f"{sum(len(each['faces']) for each in found)} faces in {len(found)} photos: {out}")


def main() -> None:
    of = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    verbs = of.add_subparsers(dest="verb", required=True)
    exporting = verbs.add_parser("export")
    exporting.add_argument("--out", type=Path, required=True)
    referring = verbs.add_parser("reference")
    referring.add_argument("photos", type=Path, nargs="+")
    referring.add_argument("--out", type=Path, required=True)
    options = of.parse_args()
    if options.verb == "export":
        export(options.out)
    else:
        reference(options.photos, options.out)


main()
