"""Chooses the int8 ranges of a network from what it computes on held-out views."""

from __future__ import annotations

import numpy as np
import torch

from .fake_quant import Range, range_of
from .network import Conv, Network, Point, embed_all

SHARE = 0.9999
"""Of all values at a place, this share lies inside its range; rarer ones are clipped."""


def places_of(network: Network) -> dict[str, Conv | Point]:
    """Where values are rounded: everywhere but after the last two layers, which stay in floating point."""
    return {
        name: module
        for name, module in network.named_modules()
        if isinstance(module, Conv | Point) and name not in ("pool", "embed")
    }


def set_quantised(network: Network, on: bool) -> None:
    """The last layer never is: its input is not rounded, and its weights are worth their bytes."""
    for name, module in network.named_modules():
        if isinstance(module, Conv | Point) and name != "embed":
            module.quantised = on


def calibrate(network: Network, crops: np.ndarray) -> None:
    """Sets every range from views u8 [n, 112, 112, 3]; some hundred are enough."""
    set_quantised(network, False)
    seen: dict[str, list[tuple[float, float]]] = {}

    def watch(name: str, module: Conv | Point):
        def look(_module, _inputs, out: torch.Tensor) -> None:
            values = out.detach().flatten()[:: max(1, out.numel() // 2**18)].float().sort()[0]
            rare = int(len(values) * (1 - SHARE))
            seen.setdefault(name, []).append((values[rare].item(), values[-1 - rare].item()))

        return module.register_forward_hook(look)

    places = places_of(network)
    hooks = [watch(name, module) for name, module in places.items()]
    embed_all(network, crops)
    for hook in hooks:
        hook.remove()
    for name, module in places.items():
        low, high = (float(np.mean(side)) for side in zip(*seen[name], strict=True))
        module.out_range = range_of(0.0 if isinstance(module, Conv) and module.act != "none" else low, high)
    network.input.out_range = range_of(-2.1179, 2.64)  # black in red to white in blue


def ranges_of(network: Network) -> dict[str, Range]:
    return {name: module.out_range for name, module in places_of(network).items() if module.out_range}


def set_ranges(network: Network, ranges: dict[str, Range | list]) -> None:
    for name, module in places_of(network).items():
        module.out_range = Range(*ranges[name])
