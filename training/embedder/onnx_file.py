"""Writes a network as ONNX in int8: quantise/dequantise pairs that ONNX Runtime fuses into integer kernels."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from .fake_quant import Range, rounded_weight
from .network import DIMENSIONS, SIDE, Conv, Network

OPSET = 17


class _Graph:
    """Nodes and constants in the making; values are named by the order in which they appear."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def constant(self, name: str, value: np.ndarray) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(value, name)
        return name

    def node(self, kind: str, inputs: list[str], **attributes) -> str:
        name = f"v{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def rounded(self, x: str, to: Range) -> str:
        """`x` through u8 and back."""
        key = len(self.nodes)
        scale = self.constant(f"s{key}", np.float32(to.scale))
        zero = self.constant(f"z{key}", np.uint8(to.zero_point))
        stored = self.node("QuantizeLinear", [x, scale, zero])
        return self.node("DequantizeLinear", [stored, scale, zero])


def _activation(graph: _Graph, conv: Conv, x: str) -> str:
    if conv.act == "relu6":
        low, high = graph.constant("zero", np.float32(0)), graph.constant("six", np.float32(6))
        return graph.node("Clip", [x, low, high])
    return graph.node("Relu", [x]) if conv.act == "relu" else x


def _convolution(graph: _Graph, name: str, conv: Conv, x: str, into: Range | None) -> str:
    """`into` is the range of `x` when the convolution is to be int8."""
    attributes = {
        "kernel_shape": list(conv.kernel_size),
        "strides": list(conv.stride),
        "pads": list(conv.padding) * 2,
        "group": conv.groups,
    }
    bias = conv.bias.detach().numpy()
    if into is None:
        weight = graph.constant(f"{name}.weight", conv.weight.detach().numpy())
        y = graph.node("Conv", [x, weight, graph.constant(f"{name}.bias", bias)], **attributes)
        return _activation(graph, conv, y)
    whole, scales = (each.detach().numpy() for each in rounded_weight(conv.weight))
    scale = graph.constant(f"{name}.scale", scales)
    zeros = graph.constant(f"{name}.zero", np.zeros(len(scales), np.int8))
    weight = graph.constant(f"{name}.weight", whole.astype(np.int8))
    weight = graph.node("DequantizeLinear", [weight, scale, zeros], axis=0)
    bias_scales = (scales.astype(np.float64) * into.scale).astype(np.float32)
    whole_bias = np.round(bias.astype(np.float64) / bias_scales).clip(-(2**31), 2**31 - 1).astype(np.int32)
    bias_name = graph.node(
        "DequantizeLinear",
        [
            graph.constant(f"{name}.bias", whole_bias),
            graph.constant(f"{name}.bias_scale", bias_scales),
            graph.constant(f"{name}.bias_zero", np.zeros(len(scales), np.int32)),
        ],
        axis=0,
    )
    y = graph.node("Conv", [x, weight, bias_name], **attributes)
    if conv.out_range is None:
        return _activation(graph, conv, y)
    # The range starts at 0 and ends at 6 or below where an activation was: rounding into it is the activation.
    return graph.rounded(y, conv.out_range)


def build(network: Network) -> onnx.ModelProto:
    """Input `input` f32 [n, 3, 112, 112]; output `embedding` f32 [n, 128] of unit length."""
    graph = _Graph()

    def convolve(name: str, conv: Conv, x: str, into: Range | None) -> tuple[str, Range | None]:
        return _convolution(graph, name, conv, x, into), conv.out_range

    x, into = "input", network.input.out_range
    if into:
        x = graph.rounded(x, into)
    for name in ("stem", "stem_depthwise", "stem_pointwise"):
        x, into = convolve(name, getattr(network, name), x, into)
    for index, block in enumerate(network.blocks):
        start = x
        for name in ("expand", "depthwise", "project"):
            x, into = convolve(f"b{index}.{name}", getattr(block, name), x, into)
        if block.sum is not None:
            x, into = graph.node("Add", [start, x]), block.sum.out_range
            if into:
                x = graph.rounded(x, into)
    for name in ("tail", "pool", "embed"):
        x, into = convolve(name, getattr(network, name), x, into)
    x = graph.node("Reshape", [x, graph.constant("shape", np.array([-1, DIMENSIONS], np.int64))])
    length = graph.node("ReduceL2", [x], axes=[1], keepdims=1)
    length = graph.node("Max", [length, graph.constant("least", np.float32(1e-12))])
    graph.nodes.append(helper.make_node("Div", [x, length], ["embedding"]))
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "embedder",
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, ["n", 3, SIDE, SIDE])],
            [helper.make_tensor_value_info("embedding", TensorProto.FLOAT, ["n", DIMENSIONS])],
            list(graph.constants.values()),
        ),
        producer_name="rollcall training/embedder",
        opset_imports=[helper.make_opsetid("", OPSET)],
        ir_version=9,
    )
    onnx.checker.check_model(model)
    return model


def write(network: Network, file: Path) -> None:
    file.write_bytes(build(network).SerializeToString(deterministic=True))
