"""
Measures a network on composed scenes of people that were not trained on:

    python validate.py --bank DIR --start FILE [--weights FILE] [--scenes 300] [--view grey|infrared|dim]
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from losses import boxes_of, cells
from scenes import Bank, compose
from teachers import overlap, suppress
from views import views
from yunet import load, strides


def detect(levels, least: float) -> np.ndarray:
    """Raw outputs of one picture to [n, 5] boxes and scores."""
    found = []
    for raw, stride in zip(levels, strides):
        score = (torch.sigmoid(raw[0]) * torch.sigmoid(raw[1])).sqrt()
        boxes = boxes_of(raw[2:6], cells(raw, stride), stride)
        here = score >= least
        found.append(torch.cat([boxes[here], score[here][:, None]], 1))
    return suppress(torch.cat(found).numpy())


def groups(face, scene) -> list:
    """The groups for which a face counts."""
    yaw = abs(face.yaw)
    size = "size_to_20" if face.width < 20 else "size_20_40" if face.width < 40 else "size_from_40"
    names = [size]
    if face.width >= 20:
        names.append("yaw_to_20" if yaw <= 20 else "yaw_20_50" if yaw <= 50 else "yaw_50_78")
        names += [worn for worn in ("mask", "dark", "hat") if face.worn == worn] if face.worn != "dark" else ["sunglasses"]
        names += [scene.condition] if scene.condition else []
        names += ["occluded"] if face.visible < 0.85 else []
    return names


def tensor(pictures) -> torch.Tensor:
    """RGB u8 pictures to the network's BGR f32 input."""
    return torch.from_numpy(np.stack(pictures)[..., ::-1].transpose(0, 3, 1, 2).astype(np.float32))


def score(net, scenes, least=0.6) -> dict:
    """Recall a group, false detections a hundred scenes, and those of 40 px and more."""
    found, wrong, wrong_large = {}, 0, 0
    for at in range(0, len(scenes), 10):
        batch = scenes[at : at + 10]
        with torch.no_grad():
            raw = net(tensor([scene.picture for scene in batch]))
        for k, scene in enumerate(batch):
            boxes = detect([level[k] for level in raw], least)
            labels = np.array([face.box for face in scene.faces]).reshape(-1, 4)
            shared = overlap(labels, boxes) if len(boxes) and len(labels) else np.zeros((len(labels), max(1, len(boxes))))
            for face, row in zip(scene.faces, shared):
                shown = np.clip(face.box, 0, scene.picture.shape[0])
                whole = (shown[2:] - shown[:2]).clip(0).prod() > 0.6 * (face.box[2:] - face.box[:2]).prod()
                if face.visible > 0.6 and abs(face.yaw) < 78 and face.width >= 9 and whole:
                    for group in groups(face, scene):
                        found.setdefault(group, []).append(row.max() > 0.4)
            for box, best in zip(boxes, shared.max(0) if len(labels) else np.zeros(len(boxes))):
                wrong += best < 0.2
                wrong_large += best < 0.2 and box[2] - box[0] >= 40
    recall = {group: round(float(np.mean(hits)), 3) for group, hits in sorted(found.items())}
    return {"recall": recall, "wrong": 100 * int(wrong) / len(scenes), "wrong_from_40": 100 * int(wrong_large) / len(scenes)}


def validation_scenes(folder: Path, count: int) -> list:
    bank = Bank(folder, people=lambda digit: digit == 9)
    return [compose(bank, np.random.default_rng([7, i])) for i in range(count)]


def viewed(scenes: list, view: str) -> list:
    """The same scenes as another camera sends them (see views.py)."""
    return [
        replace(scene, picture=views[view](scene.picture, scene.faces, np.random.default_rng([8, i])))
        for i, scene in enumerate(scenes)
    ]


def main() -> None:
    of = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    of.add_argument("--bank", type=Path, required=True)
    of.add_argument("--start", type=Path, required=True, help="the public or the shipped .onnx")
    of.add_argument("--weights", type=Path, help="a checkpoint of train.py; without it those of --start are measured")
    of.add_argument("--scenes", type=int, default=300)
    of.add_argument("--view", choices=list(views))
    options = of.parse_args()
    torch.set_num_threads(1)
    net = load(options.start)
    if options.weights:
        net.load_state_dict(torch.load(options.weights, weights_only=True))
    scenes = validation_scenes(options.bank, options.scenes)
    if options.view:
        scenes = viewed(scenes, options.view)
    print(json.dumps({str(least): score(net.eval(), scenes, least) for least in (0.6, 0.7)}, indent=1))


if __name__ == "__main__":
    main()
