"""
Fine-tunes a YuNet, the public one or the shipped, on composed scenes and real frames:

    python train.py --bank DIR --start FILE.onnx --second retinaface_mnet025.onnx --out DIR [--steps 600] [--views 0.33]

Writes `log.csv` (the learning curve), `average.pt` (the running average of the weights, the result) and `start.json` /
`validation.txt` (see validate.py). The teacher is the network that it starts from, frozen: what is not a labelled face, nor
known to be none, is to stay as it was. It always looks at the scene in colour and in good light; of the share `--views` the
student sees what another camera would send of it (see views.py).
"""

import argparse
import copy
import csv
import json
import math
import time
from pathlib import Path

import numpy as np
import torch

from losses import loss_of, targets
from scenes import Bank, Scene, compose, real_crop
from teachers import RetinaTeacher, YunetTeacher, overlap
from validate import score, tensor, validation_scenes, viewed
from views import views
from yunet import load

shares = {"object": 1.0, "kind": 1.0, "box": 2.0, "points": 1.0}


def real_scene(bank, rng, first: YunetTeacher, second: RetinaTeacher) -> Scene:
    """A piece of a real frame: to stay as the teacher has it, but for what RetinaFace sees nothing in."""
    name = "backs-only" if rng.random() < 0.5 else "marathon"
    picture = (real_crop(bank.frames[name], rng) * 255).astype(np.uint8)
    mine = first.detect(picture, 0.3)
    other = second.detect(picture, 0.3)
    confirmed = overlap(mine, other).max(1) > 0.3 if len(mine) and len(other) else np.zeros(len(mine), bool)
    # RetinaFace is no judge of faces below its smallest priors.
    least = 14 if name == "backs-only" else 30
    vetoed = mine[~confirmed & (mine[:, 2] - mine[:, 0] >= least), :4]
    return Scene(picture, labelled=False, vetoed=vetoed)


def seen(scene: Scene, share: float, rng) -> np.ndarray:
    """What the student sees: of a share of the scenes, what another camera sends."""
    if rng.random() >= share:
        return scene.picture
    return views[rng.choice(list(views), p=[0.4, 0.3, 0.3])](scene.picture, scene.faces, rng)


def rate(step: int, steps: int, most: float) -> float:
    """Linear warm-up over 5 %, then a cosine to 2 %."""
    warm = max(1, steps // 20)
    if step < warm:
        return most * (step + 1) / warm
    return most * (0.02 + 0.98 * (1 + math.cos(math.pi * (step - warm) / (steps - warm))) / 2)


def main() -> None:
    of = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    of.add_argument("--bank", type=Path, required=True)
    of.add_argument("--start", type=Path, required=True)
    of.add_argument("--second", type=Path, required=True)
    of.add_argument("--out", type=Path, required=True)
    of.add_argument("--steps", type=int, default=600)
    of.add_argument("--batch", type=int, default=16)
    of.add_argument("--rate", type=float, default=3e-4)
    of.add_argument("--real", type=float, default=0.3, help="share of real frames")
    of.add_argument("--views", type=float, default=0, help="share of scenes that the student sees as another camera sends them")
    of.add_argument("--smallest", type=float, default=10, help="width of the smallest faces composed, pixels")
    of.add_argument("--seed", type=int, default=1)
    of.add_argument("--minutes", type=float, default=1e9, help="end the schedule early if this is not enough for --steps")
    options = of.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(1)
    options.out.mkdir(parents=True, exist_ok=True)
    bank = Bank(options.bank)
    first, second = YunetTeacher(options.start), RetinaTeacher(options.second)
    teacher = load(options.start).eval().to(memory_format=torch.channels_last)
    student = copy.deepcopy(teacher).train()
    average = copy.deepcopy(teacher)
    optimiser = torch.optim.AdamW(student.parameters(), lr=options.rate, weight_decay=0)
    held_out = validation_scenes(options.bank, 120)
    held_out_views = {"colour": held_out, **({view: viewed(held_out, view) for view in views} if options.views else {})}
    (options.out / "start.json").write_text(json.dumps({view: score(teacher, each) for view, each in held_out_views.items()}, indent=1))
    curve = (options.out / "log.csv").open("w", buffering=1)
    log = csv.writer(curve)
    log.writerow(["step", "seconds", *shares])
    began, sums = time.time(), dict.fromkeys(shares, 0.0)
    for step in range(options.steps):
        rng = np.random.default_rng([options.seed, step])
        real = rng.random(options.batch) < options.real
        scenes = [real_scene(bank, rng, first, second) if each else compose(bank, rng, options.smallest) for each in real]
        pictures = tensor([scene.picture for scene in scenes]).contiguous(memory_format=torch.channels_last)
        with torch.no_grad():
            before = teacher(pictures)
        wanted = [targets([level[i] for level in before], scene, options.smallest - 1) for i, scene in enumerate(scenes)]
        now = student(tensor([seen(scene, options.views, rng) for scene in scenes]).contiguous(memory_format=torch.channels_last))
        total, positives = dict.fromkeys(shares, 0.0), 0.0
        for i, levels in enumerate(wanted):
            losses, count = loss_of([level[i] for level in now], levels)
            positives += count
            total = {name: total[name] + losses[name] for name in shares}
        loss = sum(total[name] * weight for name, weight in shares.items()) / positives
        for group in optimiser.param_groups:
            group["lr"] = rate(step, options.steps, options.rate)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 2.0)
        optimiser.step()
        keep = min(0.995, (step + 1) / (step + 10))
        with torch.no_grad():
            for mean, value in zip(average.parameters(), student.parameters()):
                mean.lerp_(value, 1 - keep)
        sums = {name: sums[name] + float(total[name].detach()) / positives for name in shares}
        if (step + 1) % 20 == 0:
            log.writerow([step + 1, round(time.time() - began), *(round(sums[name] / 20, 5) for name in shares)])
            sums = dict.fromkeys(shares, 0.0)
        late = time.time() - began > options.minutes * 60
        if (step + 1) % 150 == 0 or late or step + 1 == options.steps:
            torch.save(average.state_dict(), options.out / "average.pt")
            with (options.out / "validation.txt").open("a") as file:
                scores = {view: score(average, each) for view, each in held_out_views.items()}
                file.write(f"{step + 1} {json.dumps(scores)}\n")
        if late:
            break


if __name__ == "__main__":
    main()
