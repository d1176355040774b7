"""A narrower student out of the teacher without gradients: least squares, block by block, in minutes.

1. The residual streams of MobileFaceNet are linear, so each stage gets a low-rank basis: reduced-rank regression
   against the weights that read the stage.
2. Hidden channels of a bottleneck go one at a time, the one whose loss costs the block's output least (optimal brain
   surgeon, Hassibi & Stork 1993, with least squares for the Hessian).
3. What remains is fitted again, each block on the outputs of those before it, so that it corrects their errors.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from .network import Bottleneck, Conv, Network, Widths, to_input

Step = Callable[[Tensor], Tensor]
BATCH = 64


def _map(step: Step, x: Tensor) -> Tensor:
    return torch.cat([step(x[at : at + BATCH]) for at in range(0, len(x), BATCH)])


class _Places:
    """The same random places of every picture, for activations of one size."""

    def __init__(self, pictures: int, side: int, each: int, random: np.random.Generator):
        each = min(each, side * side)
        self.at = torch.from_numpy(np.stack([random.permutation(side * side)[:each] for _ in range(pictures)]))

    def rows(self, step: Step, x: Tensor) -> Tensor:
        """f64 [pictures * places, channels] of step(x)."""
        parts = []
        for at in range(0, len(x), BATCH):
            y = step(x[at : at + BATCH]).flatten(2)
            index = self.at[at : at + BATCH, None].expand(-1, y.shape[1], -1)
            parts.append(y.gather(2, index).transpose(1, 2).flatten(0, 1).double())
        return torch.cat(parts)


def _same(x: Tensor) -> Tensor:
    return x


def _covariance(x: Tensor, ridge: float) -> Tensor:
    c = x.T @ x / len(x)
    return c + ridge * torch.trace(c) / len(c) * torch.eye(len(c), dtype=c.dtype)


def fit(x: Tensor, y: Tensor, ridge: float = 1e-4, start: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Weights [in, out] and bias of the ridge regression of y on x, drawn towards `start` (else towards 0)."""
    mean_x, mean_y = x.mean(0), y.mean(0)
    x, target = x - mean_x, y - mean_y
    if start is not None:
        target = target - x @ start
    weights = torch.linalg.solve(_covariance(x, ridge), x.T @ target / len(x))
    if start is not None:
        weights = weights + start
    return weights, mean_y - mean_x @ weights


def select(x: Tensor, y: Tensor, keep: int, ridge: float = 1e-3) -> Tensor:
    """The `keep` columns of x from which y can still be computed best."""
    if keep >= x.shape[1]:
        return torch.arange(x.shape[1])
    x, y = x - x.mean(0), y - y.mean(0)
    inverse = torch.linalg.inv(_covariance(x, ridge))
    weights = inverse @ (x.T @ y / len(x))
    alive = torch.ones(len(inverse), dtype=torch.bool)
    for _ in range(len(inverse) - keep):
        cost = (weights**2).sum(1) / torch.diag(inverse).clamp_min(1e-30)
        cost[~alive] = torch.inf
        gone = cost.argmin()
        factor = inverse[:, gone] / inverse[gone, gone]
        weights = weights - torch.outer(factor, weights[gone])
        inverse = inverse - torch.outer(factor, inverse[gone])
        alive[gone] = False
        weights[gone] = 0
        inverse[gone] = 0
        inverse[:, gone] = 0
    return torch.where(alive)[0]


class Basis(NamedTuple):
    """How the student sees a state of the teacher's."""

    directions: Tensor
    """[teacher's channels, student's channels]; along each the teacher's state has variance 1."""
    importance: Tensor
    """[student's channels], sums to 1: the share of what the next layers notice."""


def basis(x: Tensor, readers: list[Tensor], rank: int) -> Basis:
    """The whitened directions of x that its readers [channels, *] notice most."""
    values, vectors = torch.linalg.eigh(_covariance(x - x.mean(0), 1e-6))
    values = values.clamp_min(1e-8)
    root = vectors * values.sqrt() @ vectors.T
    inverse_root = vectors / values.sqrt() @ vectors.T
    left, strength, _ = torch.linalg.svd(root @ torch.cat(readers, 1).double(), full_matrices=False)
    noticed = strength[:rank] ** 2
    return Basis(inverse_root @ left[:, :rank], noticed / noticed.sum())


def _assign(conv: Conv, weights: Tensor, bias: Tensor) -> None:
    conv.weight.copy_(weights.T.reshape(conv.weight.shape).float())
    conv.bias.copy_(bias.float())


def _copy(to: Conv, source: Conv, kept: Tensor) -> None:
    to.weight.copy_(source.weight[kept])
    to.bias.copy_(source.bias[kept])


def _reads(conv: Conv) -> Tensor:
    return conv.weight.flatten(1).T


def _linear(conv: Conv) -> Step:
    """The convolution before its activation."""
    return lambda x: F.conv2d(x, conv.weight, conv.bias, conv.stride, conv.padding, conv.dilation, conv.groups)


def _prune_early(teacher: Network, student: Network, x: Tensor, random: np.random.Generator) -> Tensor:
    """Returns the student's state after its first three convolutions."""
    places = _Places(len(x), 56, 40, random)
    teacher_hidden: Step = lambda z: teacher.stem_depthwise(teacher.stem(z))
    out = _linear(teacher.stem_pointwise)
    hidden = places.rows(teacher_hidden, x)
    kept = select(hidden, places.rows(lambda z: out(teacher_hidden(z)).clamp_min(-2), x), student.widths.stem)
    _copy(student.stem, teacher.stem, kept)
    _copy(student.stem_depthwise, teacher.stem_depthwise, kept)
    state = places.rows(teacher.early, x)
    first = teacher.blocks[0].expand
    wanted = places.rows(lambda z: _linear(first)(teacher.early(z)).clamp(-2, 8), x)
    channels = select(state, wanted, student.widths.first)
    target = places.rows(lambda z: out(teacher_hidden(z))[:, channels].clamp_min(-2), x)
    _assign(student.stem_pointwise, *fit(places.rows(lambda z: student.stem_depthwise(student.stem(z)), x), target))
    return _map(student.early, x)


def stage_of(index: int) -> int:
    """Of a block: 0 at 28x28, 1 at 14x14, 2 at 7x7."""
    return 0 if index < 5 else 1 if index < 12 else 2


def _bases(teacher: Network, states: list[Tensor], widths: Widths, random: np.random.Generator) -> list[Basis]:
    found = []
    for stage, last in enumerate((5, 12, 15)):
        inside = [i for i in range(1, 16) if stage_of(i - 1) == stage]  # states after the blocks of this stage
        readers = [_reads(teacher.blocks[i].expand if i < 15 else teacher.tail) for i in inside]
        side = states[last].shape[-1]
        places = _Places(len(states[last]), side, 20, random)
        rows = torch.cat([places.rows(_same, states[i]) for i in inside])
        found.append(basis(rows, readers, widths.blocks[last - 1][1]))
    return found


def _prune_block(
    ours: Bottleneck, theirs: Bottleneck, start: Tensor, end: Tensor, state: Tensor, to: Tensor, random: np.random.Generator
) -> Tensor:
    """`start`, `end`: the teacher's states around the block; `state`: the student's before it. Returns the one after."""
    inner, outer = (_Places(len(state), each.shape[-1], 60, random) for each in (start, end))
    target = outer.rows(_same, end) @ to
    kept = select(outer.rows(theirs.hidden, start), target, ours.expand.out_channels)
    wanted = inner.rows(lambda z: _linear(theirs.expand)(z)[:, kept].clamp(-2, 8), start)
    _assign(ours.expand, *fit(inner.rows(_same, state), wanted))
    _copy(ours.depthwise, theirs.depthwise, kept)
    if ours.sum is not None:
        target = target - outer.rows(_same, state)
    _assign(ours.project, *fit(outer.rows(ours.hidden, state), target))
    return _map(ours, state)


def _prune_tail(teacher: Network, student: Network, end: Tensor, state: Tensor, random: np.random.Generator) -> None:
    pooled = _map(lambda z: teacher.pool(teacher.tail(z)), end)
    embedded = teacher.embed(pooled).flatten(1).double()
    weights = _reads(teacher.embed)
    importance = pooled.flatten(1).var(0) * (weights**2).sum(1)
    kept = importance.argsort(descending=True)[: student.widths.tail].sort()[0]
    places = _Places(len(state), 7, 49, random)
    wanted = places.rows(lambda z: _linear(teacher.tail)(z)[:, kept].clamp(-2, 8), end)
    _assign(student.tail, *fit(places.rows(_same, state), wanted))
    _copy(student.pool, teacher.pool, kept)
    ours = _map(lambda z: student.pool(student.tail(z)), state).flatten(1).double()
    lengths = embedded.norm(dim=1, keepdim=True)
    _assign(student.embed, *fit(ours, embedded / lengths * lengths.mean(), 0.05, weights[kept].double()))


@torch.no_grad()
def prune(
    teacher: Network, widths: Widths, crops: np.ndarray, seed: int, log: Callable[[str], None]
) -> tuple[Network, list[Basis]]:
    """A student of these widths, fitted on crops u8 [n, 112, 112, 3] (some hundred are enough); the stages' bases."""
    random = np.random.default_rng(seed)
    student = Network(widths).eval()
    x = to_input(crops).contiguous()
    states = [_map(teacher.early, x)]
    for block in teacher.blocks:
        states.append(_map(block, states[-1]))
    state = _prune_early(teacher, student, x, random)
    bases = _bases(teacher, states, widths, random)
    for index, (ours, theirs) in enumerate(zip(student.blocks, teacher.blocks, strict=True)):
        to = bases[stage_of(index)].directions
        state = _prune_block(ours, theirs, states[index], states[index + 1], state, to, random)
        target = states[index + 1].mean((2, 3)).double() @ to
        explained = 1 - ((state.mean((2, 3)) - target) ** 2).sum() / ((target - target.mean(0)) ** 2).sum()
        log(f"block {index}: {explained:.3f} of the teacher's state explained")
    _prune_tail(teacher, student, states[-1], state, random)
    return student, bases
