"""The two backbones: faces [n, 3, 96, 96], scaled by `(x - MEAN) / STD`, to unit vectors [n, 128]."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

DIMENSIONS = 128
MEAN, STD = 127.5, 128.0


def conv(i: int, o: int, k: int = 1, stride: int = 1, groups: int = 1, pad: int | None = None, act: bool = True) -> nn.Sequential:
    """Convolution, batch normalisation and, if `act`, ReLU."""
    padding = k // 2 if pad is None else pad
    layers = [nn.Conv2d(i, o, k, stride, padding, groups=groups, bias=False), nn.BatchNorm2d(o)]
    return nn.Sequential(*layers, *([nn.ReLU(inplace=True)] if act else []))


class Bottleneck(nn.Module):
    """MobileFaceNet's: expand, depthwise, project; with a residual where the shape stays."""

    def __init__(self, i: int, o: int, stride: int):
        super().__init__()
        hidden = 2 * max(i, o)
        self.body = nn.Sequential(conv(i, hidden), conv(hidden, hidden, 3, stride, hidden), conv(hidden, o, act=False))
        self.stays = stride == 1 and i == o

    def forward(self, x: Tensor) -> Tensor:
        return x + self.body(x) if self.stays else self.body(x)


def mobile(width: float) -> nn.Module:
    """The shape of MobileFaceNet (Chen et al. 2018, arXiv 1804.07573), shorter and narrower: a convolution over all places at its end."""
    a, b, c, d = (max(8, round(channels * width)) for channels in (16, 24, 48, 64))
    shape = [(a, b, 2), (b, b, 1), (b, c, 2), (c, c, 1), (c, c, 1), (c, d, 2), (d, d, 1)]
    blocks = [Bottleneck(*each) for each in shape]
    return nn.Sequential(conv(3, a, 3, 2), *blocks, conv(d, 4 * d), conv(4 * d, 4 * d, 6, groups=4 * d, pad=0, act=False), nn.Flatten(), nn.Linear(4 * d, DIMENSIONS))


class Pool(nn.Module):
    """A 3 x 3 pool, maximum or L2 (the root of the mean square)."""

    def __init__(self, kind: str, stride: int = 1):
        super().__init__()
        self.kind, self.stride = kind, stride

    def forward(self, x: Tensor) -> Tensor:
        if self.kind == "max":
            return F.max_pool2d(x, 3, self.stride, 1)
        return torch.sqrt(F.avg_pool2d(x * x, 3, self.stride, 1) + 1e-6)


class Inception(nn.Module):
    """1 x 1, 3 x 3, 5 x 5 convolutions and a pool side by side; a branch with nothing in it is left out."""

    def __init__(self, i: int, one: int, three: tuple[int, int], five: tuple[int, int], pool: tuple[str, int], stride: int = 1):
        super().__init__()
        branches: list[nn.Module] = [conv(i, one)] if one else []
        branches += [nn.Sequential(conv(i, few), conv(few, o, k, stride)) for k, (few, o) in ((3, three), (5, five)) if o]
        kind, o = pool
        branches.append(nn.Sequential(Pool(kind, stride), *([conv(i, o)] if o else [])))
        self.branches = nn.ModuleList(branches)
        self.out = one + three[1] + five[1] + (o or i)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([branch(x) for branch in self.branches], 1)


NN4 = (
    (0, (64, 192), (0, 0), ("none", 0), 1),
    (64, (96, 128), (16, 32), ("max", 32), 1),
    (64, (96, 128), (32, 64), ("l2", 64), 1),
    (0, (128, 256), (32, 64), ("max", 0), 2),
    (256, (96, 192), (0, 0), ("l2", 128), 1),
    (224, (112, 224), (0, 0), ("l2", 128), 1),
    (192, (128, 256), (0, 0), ("l2", 128), 1),
    (160, (144, 288), (0, 0), ("l2", 128), 1),
    (0, (160, 256), (0, 0), ("max", 0), 2),
    (384, (192, 384), (0, 0), ("l2", 128), 1),
    (384, (192, 384), (0, 0), ("max", 128), 1),
)
"""FaceNet's table 2 (NN2) without the 5 x 5 convolutions of its higher layers, which NN4 leaves out: a module a row."""


def inception(width: float) -> nn.Module:
    """FaceNet's NN4 at `width` times its channels."""

    def wide(channels: int) -> int:
        return max(4, round(channels * width)) if channels else 0

    first = wide(64)
    few, channels = wide(NN4[0][1][0]), wide(NN4[0][1][1])
    layers: list[nn.Module] = [conv(3, first, 7, 2), Pool("max", 2), conv(first, few), conv(few, channels, 3), Pool("max", 2)]
    for one, three, five, (kind, pooled), stride in NN4[1:]:
        row = Inception(channels, wide(one), (wide(three[0]), wide(three[1])), (wide(five[0]), wide(five[1])), (kind, wide(pooled)), stride)
        layers.append(row)
        channels = row.out
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, DIMENSIONS))


BACKBONES = {"mobile": mobile, "inception": inception}


class Embedder(nn.Module):
    """A backbone and the unit sphere after it."""

    def __init__(self, backbone: str, width: float):
        super().__init__()
        self.backbone = BACKBONES[backbone](width)

    def forward(self, x: Tensor) -> Tensor:
        return F.normalize(self.backbone(x), dim=1)


def multiply_adds(network: nn.Module, side: int) -> int:
    """Of the convolutions and linear layers, for one face."""
    total = 0

    def count(module: nn.Module, _: object, out: Tensor) -> None:
        nonlocal total
        total += module.weight.numel() * (out.shape[2] * out.shape[3] if out.ndim == 4 else 1)

    hooks = [m.register_forward_hook(count) for m in network.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    with torch.no_grad():
        network.eval()(torch.zeros(1, 3, side, side))
    for hook in hooks:
        hook.remove()
    return total
