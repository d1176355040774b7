"""Training by triplets: seeded, resumed at its checkpoint, measured on people it has not seen."""

from __future__ import annotations

import csv
import json
import os
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from .batches import batch, middle, to_input
from .measure import equal_error_rate, split_distances, val_at_far
from .mining import MARGIN, triplets
from .networks import Embedder

FIELDS = ("step", "active", "loss", "spread", "eer", "val_1e2", "val_1e3")
CHECKPOINT_S = 60


@dataclass(frozen=True)
class Course:
    """What a run depends on; with the same faces and versions, two runs of one course are the same."""

    backbone: str
    width: float
    mining: str
    people: int
    each: int
    steps: int
    rate: float
    every: int
    seed: int


WARM_UP = 50
"""Steps in which the rate rises to its height, where it stays: so a run may be made longer."""
AVERAGED = 0.98
"""The running average of the weights forgets by this factor a step; it is what is measured and what comes out."""


def triplet_loss(embeddings: torch.Tensor, people: np.ndarray, mining: str, rng: np.random.Generator) -> tuple[torch.Tensor, float]:
    """The mean over the chosen triplets of [d(a, p) - d(a, n) + margin]+, and the share of them with a loss above 0."""
    distances = (2 - 2 * embeddings @ embeddings.T).clamp(min=0)
    a, p, n = triplets(distances.detach().cpu().numpy(), people, mining, rng)
    losses = torch.relu(distances[a, p] - distances[a, n] + MARGIN)
    return losses.mean(), float((losses > 0).float().mean())


@torch.no_grad()
def embed(network: Embedder, faces: np.ndarray, device: str) -> np.ndarray:
    """Crops [n, 112, 112, 3] to [n, 128]."""
    parts = [network.eval()(to_input(middle(faces[at : at + 64])).to(device)).cpu().numpy() for at in range(0, len(faces), 64)]
    return np.concatenate(parts)


def measured(network: Embedder, unseen: list[np.ndarray], device: str) -> dict[str, float]:
    """EER and VAL on people who are not trained on, and how far apart two of them are on average (0: collapsed)."""
    who = np.repeat(np.arange(len(unseen)), [len(of) for of in unseen])
    same, different = split_distances(embed(network, np.concatenate(unseen), device), who)
    vals = {"val_1e2": val_at_far(same, different, 1e-2)[0], "val_1e3": val_at_far(same, different, 1e-3)[0]}
    return {"spread": float(different.mean()), "eer": equal_error_rate(same, different)} | vals


def train(course: Course, faces: list[np.ndarray], unseen: list[np.ndarray], work: Path, log: Callable[[str], None]) -> tuple[Embedder, list[dict]]:
    """Trains in `work`, or goes on there, and returns the network and its curve, a row every `course.every` steps."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(course.seed)
    network = Embedder(course.backbone, course.width).to(device, memory_format=torch.channels_last)
    average = AveragedModel(network, multi_avg_fn=get_ema_multi_avg_fn(AVERAGED), use_buffers=True)
    optimiser = torch.optim.Adam(network.parameters(), course.rate)
    work.mkdir(parents=True, exist_ok=True)
    file, rows, sums, start = work / "state.pt", [], [], 0
    if file.exists():
        state = torch.load(file, weights_only=True)
        if json.loads(state["course"]) | {"steps": course.steps} != asdict(course):
            raise SystemExit(f"{file} is of another course: remove it, or give another --work")
        network.load_state_dict(state["network"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        rows, sums, start = json.loads(state["rows"]), state["sums"], state["step"]
    began = saved = time.monotonic()
    for step in range(start, course.steps + 1):
        if step % course.every == 0 or step == course.steps:
            active, loss = np.mean(sums, axis=0) if sums else (np.nan, np.nan)
            rows.append({"step": step, "active": active, "loss": loss} | measured(average.module, unseen, device))
            left = (time.monotonic() - began) / max(1, step - start) * (course.steps - step)
            log(f"{course.mining} step {step} of {course.steps}: " + told(rows[-1]) + (f", {left:.0f} s left" if step > start else ""))
            sums = []
        if step == course.steps:
            break
        rng = np.random.default_rng([course.seed, step])
        x, who = batch(faces, course.people, course.each, rng)
        for group in optimiser.param_groups:
            group["lr"] = course.rate * min(1.0, (step + 1) / WARM_UP)
        loss, active = triplet_loss(network(x.to(device, memory_format=torch.channels_last)), who, course.mining, rng)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        average.update_parameters(network)
        sums.append((active, loss.item()))
        if time.monotonic() - saved > CHECKPOINT_S or step + 1 == course.steps:
            state = {"network": network.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(), "course": json.dumps(asdict(course)), "rows": json.dumps(rows), "sums": sums, "step": step + 1}
            torch.save(state, file.with_suffix(".new"))
            os.replace(file.with_suffix(".new"), file)
            saved = time.monotonic()
    return average.module.cpu().eval(), rows


def told(row: dict) -> str:
    return f"active {row['active']:.1%}, loss {row['loss']:.4f}, EER {row['eer']:.2%}, VAL {row['val_1e2']:.1%} at FAR 1e-2, {row['val_1e3']:.1%} at 1e-3"


def write_curve(rows: list[dict], file: Path) -> None:
    """CSV, five digits."""
    with file.open("w", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows([row[name] if name == "step" else f"{row[name]:.5g}" for name in FIELDS] for row in rows)
