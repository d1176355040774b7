"""Teaches a rounded student to say of views what the teacher says.

Loss: 1 - cosine to the teacher's embedding; the squared difference of all similarities within the batch (Park et al.
2019, arXiv 1904.05068); and, after every block, how far the student's state is from the teacher's, as a share of what
the teacher's varies (Romero et al. 2015, arXiv 1412.6550). The last one ties the layers to what the teacher's do at
every place of every picture, so that the student stays a copy of the teacher on faces that look like none of the
material. Of views that only the student sees by night, the embeddings alone are compared.
AdamW, linear warm-up, cosine schedule.
"""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .network import Network, Teacher, embed_all, load_teacher, to_input
from .views import by_night, views

RELATIONS = 4.0
"""Weight of the similarities' part of the loss."""
STATES = 1.0
"""Weight of the states' part."""


@dataclass(frozen=True)
class Schedule:
    steps: int
    batch: int = 32
    rate: float = 5e-5
    """Learning rate after the warm-up."""
    end: float = 0.005
    """Share of it that is left at the last step."""
    warm_up: float = 0.03
    seed: int = 1

    def rate_at(self, step: int) -> float:
        cosine = self.end + (1 - self.end) * 0.5 * (1 + math.cos(math.pi * step / self.steps))
        return self.rate * cosine * min(1.0, (step + 1) / (self.warm_up * self.steps))


@dataclass(frozen=True)
class Judge:
    """Held-out crops u8 [n, 112, 112, 3] with the teacher's embeddings [n, 128], which may be of the same by day."""

    crops: np.ndarray
    embeddings: np.ndarray

    def cosine(self, network: Network) -> float:
        return float((embed_all(network, self.crops) * self.embeddings).sum(1).mean())


def apart(ours: list[Tensor], theirs: list[Tensor]) -> Tensor:
    """The mean over the blocks; 0 when the student's states are the teacher's."""
    shares = []
    for state, wanted in zip(ours, theirs, strict=True):
        spread = ((wanted - wanted.mean((0, 2, 3), keepdim=True)) ** 2).mean()
        shares.append(((state - wanted) ** 2).mean() / spread)
    return torch.stack(shares).mean()


class Lesson:
    """What the teacher says about a batch, and how far the student is from it."""

    def __init__(self, teacher: Path, device: torch.device):
        on_gpu = device.type == "cuda"
        self.teacher = load_teacher(teacher).to(device, memory_format=torch.channels_last) if on_gpu else Teacher(teacher)

    def loss(self, student: Network, x: Tensor, seen: Tensor, same: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """What is minimised, the mean of 1 - cosine, and how far apart the states are.

        `x` is what the teacher sees, `seen` what the student sees, and `same` [n] where they are one.
        """
        with torch.no_grad():
            theirs, states = self.teacher.states(x)
        ours, own = student.states(seen)
        missed = (1 - (ours * theirs).sum(1)).mean()
        relations = ((ours @ ours.T - theirs @ theirs.T) ** 2).mean()
        between = apart([each[same] for each in own], [each[same] for each in states])
        return missed + RELATIONS * relations + STATES * between, missed, between


def _optimiser(network: Network, schedule: Schedule) -> torch.optim.Optimizer:
    weights = [p for p in network.parameters() if p.dim() > 1]
    biases = [p for p in network.parameters() if p.dim() <= 1]
    groups = [{"params": weights, "weight_decay": 1e-4}, {"params": biases, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=schedule.rate, betas=(0.9, 0.99))


def _append(curve: Path, row: dict[str, str]) -> None:
    new = not curve.exists()
    with curve.open("a", newline="") as file:
        writer = csv.DictWriter(file, row.keys())
        if new:
            writer.writeheader()
        writer.writerow(row)


@dataclass(frozen=True)
class Course:
    """What is taught, and how it is watched."""

    teacher: Path
    folders: list[np.ndarray]
    """Crops [n, 144, 144, 3] of each, all as likely."""
    judges: dict[str, Judge]
    curve: Path
    log: Callable[[str], None]
    night: float = 0
    """The share of views that the student sees by night."""
    every: int = 25
    """Steps between two lines of the curve, each with a checkpoint."""


def distil(student: Network, course: Course, schedule: Schedule, checkpoint: Path) -> None:
    """Trains in place, each step on new views. Resumes from `checkpoint`; appends to the course's curve (csv)."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    lesson = Lesson(course.teacher, device)
    optimiser = _optimiser(student.to(device, memory_format=torch.channels_last), schedule)
    first = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device, weights_only=True)
        student.load_state_dict(saved["network"])
        optimiser.load_state_dict(saved["optimiser"])
        first = saved["step"]
        course.log(f"goes on after step {first}")
    sums, began = torch.zeros(2), time.monotonic()
    student.train()
    for step in range(first, schedule.steps):
        for group in optimiser.param_groups:
            group["lr"] = schedule.rate_at(step)
        batch = views(course.folders, schedule.batch, [schedule.seed, step], wide=True)
        seen, changed = by_night(batch, course.night, [schedule.seed, step, 1])
        x, y = (to_input(each).to(device, memory_format=torch.channels_last) for each in (batch, seen))
        loss, *parts = lesson.loss(student, x, y, torch.from_numpy(~changed).to(device))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 2.0)
        optimiser.step()
        sums += torch.tensor([part.item() for part in parts])
        done = step + 1
        if done % course.every == 0 or done == schedule.steps:
            count = (done - 1) % course.every + 1 if step - first >= course.every else done - first
            speed = count * schedule.batch / (time.monotonic() - began)
            values = {"train": 1 - sums[0].item() / count, "states": 1 - sums[1].item() / count}
            values |= {name: judge.cosine(student.cpu()) for name, judge in course.judges.items()}
            student.to(device, memory_format=torch.channels_last).train()
            row = {"step": str(done)} | {name: f"{value:.4f}" for name, value in values.items()}
            _append(course.curve, row)
            course.log(" ".join(f"{name} {value}" for name, value in row.items()) + f", {speed:.0f} views/s")
            state = {"network": student.state_dict(), "optimiser": optimiser.state_dict(), "step": done}
            torch.save(state, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").rename(checkpoint)
            sums, began = torch.zeros(2), time.monotonic()
    student.cpu().eval()
