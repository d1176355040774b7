"""Goes on from a written `embedder.onnx`, when the run that made it is gone: its weights and ranges, and what its states are of the teacher's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from .fake_quant import Range
from .network import Conv, Network, Teacher, to_input
from .prune import Basis, stage_of
from .quantise import places_of, set_ranges
from .widths import STUDENT

BATCH = 64


def _dequantised(values: dict[str, np.ndarray], name: str, scale: str) -> np.ndarray:
    """The last layer's weights are stored as they are."""
    if scale not in values:
        return values[name].copy()
    shape = (-1,) + (1,) * (values[name].ndim - 1)
    return values[name].astype(np.float32) * values[scale].reshape(shape)


def read_int8(file: Path) -> Network:
    """The network in a file of `onnx_file.write(…, quantised=True)`, with the weights that the file computes with, and its ranges."""
    graph = onnx.load(str(file)).graph
    values = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    network = Network(STUDENT).eval()
    for name, module in network.named_modules():
        if isinstance(module, Conv):
            stored = name.replace("blocks.", "b")
            weight = _dequantised(values, f"{stored}.weight", f"{stored}.scale")
            bias = _dequantised(values, f"{stored}.bias", f"{stored}.bias_scale")
            with torch.no_grad():
                module.weight.copy_(torch.from_numpy(weight))
                module.bias.copy_(torch.from_numpy(bias))
    rounds = [node.input for node in graph.node if node.op_type == "QuantizeLinear"]
    ranges = [Range(float(values[scale]), int(values[zero])) for _, scale, zero in rounds]
    set_ranges(network, dict(zip(places_of(network), ranges, strict=True)))
    return network


@torch.no_grad()
def bases_of(student: Network, teacher: Path, crops: np.ndarray) -> list[Basis]:
    """Of each stage, what the student's states are of the teacher's: least squares over the places of crops u8 [n, 112, 112, 3]."""
    taught, sums = Teacher(teacher), {}
    for at in range(0, len(crops), BATCH):
        x = to_input(crops[at : at + BATCH])
        for index, (own, wanted) in enumerate(zip(student.states(x)[1], taught.states(x)[1], strict=True)):
            ours, theirs = (each.movedim(1, -1).flatten(0, 2).double() for each in (own, wanted))
            squares, products = sums.get(stage_of(index), (0, 0))
            sums[stage_of(index)] = squares + theirs.T @ theirs, products + theirs.T @ ours
    readers = [block.expand for block in student.blocks[1:]] + [student.tail]
    bases = []
    for stage, (squares, products) in sums.items():
        ridge = 1e-6 * torch.trace(squares) / len(squares) * torch.eye(len(squares), dtype=squares.dtype)
        noticed = sum((_norms(conv) for index, conv in enumerate(readers) if stage_of(index) == stage), torch.zeros(products.shape[1]))
        bases.append(Basis(torch.linalg.solve(squares + ridge, products), noticed / noticed.sum()))
    return bases


def _norms(conv: Conv) -> Tensor:
    return conv.weight.square().sum((0, 2, 3))
