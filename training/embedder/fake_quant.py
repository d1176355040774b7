"""What int8 does to numbers, so that training can see it and the written model computes exactly that.

Activations: u8, one scale and zero point a tensor. Weights: s8, symmetric, one scale an output channel. CPUs without
VNNI multiply u8 by s8 with VPMADDUBSW, which adds pairs of neighbours in 16 bits and saturates at 32,767: two weights
of a pair may not exceed 128 together (255 * 128 = 32,640). Halving all weights to 7 bits ("reduce_range") ensures it;
here each channel's scale is the smallest that keeps every pair within 128, which costs about half as much precision.
The depthwise kernels widen before they multiply and may use all 8 bits.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor


class Range(NamedTuple):
    """Real value = (stored u8 - zero_point) * scale."""

    scale: float
    zero_point: int


def range_of(low: float, high: float) -> Range:
    """The u8 range that covers [low, high] and represents 0 exactly."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = max(high - low, 1e-6) / 255
    return Range(scale, round(-low / scale))


def weight_scales(weight: Tensor) -> Tensor:
    """One scale an output channel, for weights [out, in, kh, kw]."""
    size = weight.detach().abs()
    alone = size.flatten(1).amax(1)
    if weight.shape[1] == 1:
        return alone.clamp_min(1e-8) / 127
    if weight.shape[2] > 1:  # neighbours depend on how the runtime unrolls the window: any two may meet
        return alone.clamp_min(1e-8) / 64
    pairs = size.flatten(1)
    pairs = torch.nn.functional.pad(pairs, (0, pairs.shape[1] % 2)).unflatten(1, (-1, 2)).sum(2).amax(1)
    return torch.maximum(alone / 127, pairs / 127).clamp_min(1e-8)


def rounded_weight(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Whole numbers in [-127, 127] (as floats) and their scales."""
    scales = weight_scales(weight)
    return torch.round(weight / scales[:, None, None, None]).clamp(-127, 127), scales


def quantise_weight(weight: Tensor) -> Tensor:
    """Rounded; the gradient passes straight through (Jacob et al. 2018, arXiv 1712.05877)."""
    whole, scales = rounded_weight(weight)
    return weight + (whole * scales[:, None, None, None] - weight).detach()


class _Rounded(torch.autograd.Function):
    """Written by hand because it runs after every layer: half the passes over memory of the same in plain operations."""

    @staticmethod
    def forward(ctx, x: Tensor, scale: float, zero_point: int) -> Tensor:
        whole = torch.mul(x, 1 / scale).round_()
        inside = whole.clamp(-zero_point, 255 - zero_point)
        ctx.save_for_backward(inside == whole)
        return inside.mul_(scale)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None, None]:
        return gradient * ctx.saved_tensors[0], None, None


def quantise_activation(x: Tensor, to: Range) -> Tensor:
    """Rounded and clipped to the range; the gradient passes straight through inside it."""
    return _Rounded.apply(x, to.scale, to.zero_point)
