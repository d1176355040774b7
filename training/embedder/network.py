"""MobileFaceNet (Chen et al. 2018, arXiv 1804.07573) without batch normalisation, in floating point and in int8.

The teacher's ONNX file has its batch normalisations folded into the convolutions and ReLU6/ReLU instead of PReLU. Images are f32 [n, 3, 112, 112], RGB, `(x - MEAN) / STD`.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnx

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is imported: it would report to its makers
import onnxruntime
import torch
import torch.nn.functional as F
from onnx import numpy_helper
from torch import Tensor, nn

from .fake_quant import Range, quantise_activation, quantise_weight

SIDE = 112
MEAN = (123.675, 116.28, 103.53)
STD = (58.395, 57.12, 57.375)
DIMENSIONS = 128


STEM, TAIL = 64, 512
BLOCKS = [(128, 64, 2)] + [(128, 64, 1)] * 4 + [(256, 128, 2)] + [(256, 128, 1)] * 6 + [(512, 128, 2)] + [(256, 128, 1)] * 2
"""(hidden, out, stride) of each bottleneck: five at 28x28, seven at 14x14, three at 7x7."""


class Conv(nn.Conv2d):
    """A convolution with its activation; while `out_range` is set it computes as its int8 version will."""

    def __init__(self, i: int, o: int, k: int = 1, stride: int = 1, groups: int = 1, pad: int = 0, act: str = "none"):
        super().__init__(i, o, k, stride, pad, groups=groups)
        self.act = act
        self.quantised = False
        self.out_range: Range | None = None

    def forward(self, x: Tensor) -> Tensor:
        weight = quantise_weight(self.weight) if self.quantised else self.weight
        y = F.conv2d(x, weight, self.bias, self.stride, self.padding, self.dilation, self.groups)
        if self.quantised and self.out_range:
            return quantise_activation(y, self.out_range)  # whose range is the activation's or narrower
        if self.act == "relu6":
            return F.relu6(y)
        return F.relu(y) if self.act == "relu" else y


class Point(nn.Module):
    """A place between convolutions (the input, a residual sum) where the int8 version rounds."""

    def __init__(self) -> None:
        super().__init__()
        self.quantised = False
        self.out_range: Range | None = None

    def forward(self, x: Tensor) -> Tensor:
        return quantise_activation(x, self.out_range) if self.quantised and self.out_range else x


class Bottleneck(nn.Module):
    def __init__(self, i: int, hidden: int, out: int, stride: int):
        super().__init__()
        self.expand = Conv(i, hidden, act="relu6")
        self.depthwise = Conv(hidden, hidden, 3, stride, hidden, 1, "relu6")
        self.project = Conv(hidden, out)
        self.sum = Point() if stride == 1 and i == out else None

    def hidden(self, x: Tensor) -> Tensor:
        return self.depthwise(self.expand(x))

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.hidden(x))
        return self.sum(x + y) if self.sum is not None else y


class Network(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.input = Point()
        self.stem = Conv(3, STEM, 3, 2, 1, 1, "relu6")
        self.stem_depthwise = Conv(STEM, STEM, 3, 1, STEM, 1, "relu")
        self.stem_pointwise = Conv(STEM, STEM, act="relu")
        ins = (STEM, *(out for _, out, _ in BLOCKS))
        self.blocks = nn.ModuleList(Bottleneck(i, *block) for i, block in zip(ins, BLOCKS, strict=False))
        self.tail = Conv(ins[-1], TAIL, act="relu6")
        self.pool = Conv(TAIL, TAIL, SIDE // 16, groups=TAIL)
        self.embed = Conv(TAIL, DIMENSIONS)

    def early(self, x: Tensor) -> Tensor:
        return self.stem_pointwise(self.stem_depthwise(self.stem(self.input(x))))

    def states(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """The embeddings [n, 128], unit length, and the residual stream after each block."""
        x = self.early(x)
        after = []
        for block in self.blocks:
            x = block(x)
            after.append(x)
        return F.normalize(self.embed(self.pool(self.tail(x))).flatten(1)), after

    def forward(self, x: Tensor) -> Tensor:
        return self.states(x)[0]


def convolutions(network: Network) -> list[Conv]:
    """In the order of computation."""
    return [module for module in network.modules() if isinstance(module, Conv)]


def load_teacher(file: Path) -> Network:
    """The public MobileFaceNet of foamliu (Apache-2.0), whose convolutions stand in the file in order."""
    graph = onnx.load(str(file)).graph
    values = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    found = [node for node in graph.node if node.op_type == "Conv"]
    network = Network()
    for conv, node in zip(convolutions(network), found, strict=True):
        with torch.no_grad():
            conv.weight.copy_(torch.from_numpy(values[node.input[1]].copy()))
            conv.bias.copy_(torch.from_numpy(values[node.input[2]].copy()))
    return network.eval()


class Teacher:
    """The teacher's file on the CPU in ONNX Runtime, which is nearly twice as fast there as PyTorch."""

    def __init__(self, file: Path):
        model = onnx.load(str(file))
        convolved = [node for node in model.graph.node if node.op_type == "Conv"]
        projected = [node.output[0] for node in convolved[5:-3:3]]
        ends = dict(zip(projected, projected, strict=True))
        for node in model.graph.node:
            added = [name for name in node.input if name in ends] if node.op_type == "Add" else []
            if added:  # a projection and the block's input, which may be an earlier projection
                ends[max(added, key=projected.index)] = node.output[0]
        for name in ends.values():
            model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = torch.get_num_threads()
        options.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])

    def states(self, x: Tensor) -> tuple[Tensor, list[Tensor]]:
        """As of `Network`."""
        out, *after = self.session.run(None, {"input": x.contiguous().numpy()})
        return torch.from_numpy(out), [torch.from_numpy(each) for each in after]


def to_input(crops: np.ndarray) -> Tensor:
    """u8 [n, 112, 112, 3] RGB to the network's input, channels last in memory."""
    x = torch.from_numpy(np.array(crops)).float()
    return ((x - torch.tensor(MEAN)) / torch.tensor(STD)).permute(0, 3, 1, 2)


@torch.no_grad()
def embed_all(network: Network, crops: np.ndarray, batch: int = 64) -> np.ndarray:
    """f32 [n, 128], unit length, for u8 [n, 112, 112, 3]."""
    network.eval()
    parts = [network(to_input(crops[at : at + batch])).numpy() for at in range(0, len(crops), batch)]
    return np.concatenate(parts) if parts else np.zeros((0, DIMENSIONS), np.float32)
