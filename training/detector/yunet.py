"""
YuNet's network (Wu, Peng, Yu: YuNet, a tiny millisecond-level face detector, 2023) without batch normalisation, which is
folded into its convolutions, and with the four heads of a stride joined into one of 16 channels: the same numbers come
out, in 3 pairs of convolutions instead of 12. Reads the public weights and its own; writes ONNX.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn import functional as F

strides = (8, 16, 32)
# Channels of the joined head: class score, object score, box, landmarks.
parts = {"cls": (0, 1), "obj": (1, 2), "bbox": (2, 6), "kps": (6, 16)}


class Pair(nn.Module):
    """A pointwise convolution, then a depthwise 3x3 one."""

    def __init__(self, into: int, out: int, relu: bool = True):
        super().__init__()
        self.point = nn.Conv2d(into, out, 1)
        self.depth = nn.Conv2d(out, out, 3, padding=1, groups=out)
        self.relu = relu

    def forward(self, x):
        x = self.depth(self.point(x))
        return F.relu(x, inplace=True) if self.relu else x


class Yunet(nn.Module):
    """Input f32 [n, 3, h, w], BGR, 0-255, sides multiples of 32; gives [n, 16, h/s, w/s] for the strides 8, 16, 32."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 16, 3, stride=2, padding=1)
        self.stem = Pair(16, 16)
        self.stages = nn.ModuleList(
            nn.Sequential(Pair(into, middle), Pair(middle, out))
            for into, middle, out in ((16, 16, 64), (64, 64, 64), (64, 64, 64), (64, 64, 64), (64, 64, 64))
        )
        self.lateral = nn.ModuleList(Pair(64, 64) for _ in strides)
        self.shared = nn.ModuleList(Pair(64, 64) for _ in strides)
        self.heads = nn.ModuleList(Pair(64, 16, relu=False) for _ in strides)

    def forward(self, x):
        x = F.max_pool2d(self.stem(F.relu(self.first(x))), 2)
        x = self.stages[0](x)
        x = F.max_pool2d(self.stages[1](x), 2)
        fine = self.stages[2](x)
        middle = self.stages[3](F.max_pool2d(fine, 2))
        coarse = self.lateral[2](self.stages[4](F.max_pool2d(middle, 2)))
        middle = self.lateral[1](middle + F.interpolate(coarse, scale_factor=2.0))
        fine = self.lateral[0](fine + F.interpolate(middle, scale_factor=2.0))
        levels = (fine, middle, coarse)
        return [head(shared(level)) for head, shared, level in zip(self.heads, self.shared, levels)]


def convolutions(net: Yunet) -> list:
    """Every convolution in the order in which the public file has them, but for the heads."""
    pairs = [net.stem, *(pair for stage in net.stages for pair in stage), *reversed(net.lateral), *net.shared]
    return [net.first, *(conv for pair in pairs for conv in (pair.point, pair.depth))]


def load(file: Path) -> Yunet:
    """The public `yunet_n_dynamic.onnx`, or what `export` wrote, as a network to train."""
    graph = onnx.load(file).graph
    arrays = {each.name: torch.tensor(numpy_helper.to_array(each).copy()) for each in graph.initializer}
    found = [(arrays[node.input[1]], arrays[node.input[2]]) for node in graph.node if node.op_type == "Conv"]
    net = Yunet()
    own = [*convolutions(net)[: -2 * len(strides)]]
    for shared, head in zip(net.shared, net.heads):
        own += [shared.point, shared.depth, head.point, head.depth]
    if len(found) == len(own):
        trunk = own
    else:
        trunk = convolutions(net)
        _join_heads(net, found[len(trunk) :])
    for conv, (weight, bias) in zip(trunk, found):
        if conv.weight.shape != weight.shape:
            raise ValueError(f"{file}: not YuNet-n: {tuple(weight.shape)} where {tuple(conv.weight.shape)} was expected")
        conv.weight.data, conv.bias.data = weight, bias
    return net


def _join_heads(net: Yunet, found: list) -> None:
    """The public heads come as cls, bbox, obj, kps; each for the three strides; each pointwise, then depthwise."""
    for name, block in zip(("cls", "bbox", "obj", "kps"), range(0, 24, 6)):
        first, last = parts[name]
        for level, pair in enumerate(net.heads):
            for k, conv in enumerate((pair.point, pair.depth)):
                weight, bias = found[block + 2 * level + k]
                conv.weight.data[first:last], conv.bias.data[first:last] = weight, bias


class _Graph:
    """Collects nodes and constants of an ONNX graph."""

    def __init__(self):
        self.nodes, self.constants, self.count = [], [], 0

    def constant(self, name, array):
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind, *inputs, out=None, **attributes):
        self.count += 1
        out = out or f"{kind.lower()}_{self.count}"
        self.nodes.append(helper.make_node(kind, list(inputs), [out], **attributes))
        return out

    def conv(self, module, x):
        at = f"conv_{self.count}"
        weight = self.constant(f"{at}_weight", module.weight.detach().numpy().astype(np.float32))
        bias = self.constant(f"{at}_bias", module.bias.detach().numpy().astype(np.float32))
        pad, stride = module.padding[0], module.stride[0]
        return self.add(
            "Conv", x, weight, bias, kernel_shape=list(module.kernel_size), pads=[pad] * 4,
            strides=[stride, stride], group=module.groups,
        )

    def pair(self, module, x):
        x = self.conv(module.depth, self.conv(module.point, x))
        return self.add("Relu", x) if module.relu else x

    def pool(self, x):
        return self.add("MaxPool", x, kernel_shape=[2, 2], strides=[2, 2])


def export(net: Yunet, file: Path, *, licence: str) -> None:
    """Writes ONNX (opset 13) with the public file's input and outputs: cls_, obj_, bbox_, kps_ for 8, 16, 32."""
    g = _Graph()
    twice = g.constant("twice", np.array([1, 1, 2, 2], np.float32))
    x = g.pair(net.stem, g.add("Relu", g.conv(net.first, "input")))
    features = []
    for i, stage in enumerate(net.stages):
        x = g.pool(x) if i != 1 else x
        x = g.pair(stage[1], g.pair(stage[0], x))
        features.append(x)
    above, levels = None, []
    for lateral, x in zip(reversed(net.lateral), reversed(features[2:])):
        if above:
            up = g.add("Resize", above, "", twice, mode="nearest", coordinate_transformation_mode="asymmetric", nearest_mode="floor")
            x = g.add("Add", x, up)
        above = g.pair(lateral, x)
        levels.insert(0, above)
    rows = g.constant("rows", np.array([0, -1, 16], np.int64))
    sizes = g.constant("sizes", np.array([1, 1, 4, 10], np.int64))
    for stride, level, shared, head in zip(strides, levels, net.shared, net.heads):
        raw = g.add("Transpose", g.pair(head, g.pair(shared, level)), perm=[0, 2, 3, 1])
        flat = g.add("Reshape", raw, rows)
        names = [f"{part}_{stride}" for part in parts]
        g.nodes.append(helper.make_node("Split", [flat, sizes], [f"raw_{names[0]}", f"raw_{names[1]}", *names[2:]], axis=2))
        for name in names[:2]:
            g.add("Sigmoid", f"raw_{name}", out=name)
    kind = TensorProto.FLOAT
    inputs = [helper.make_tensor_value_info("input", kind, ["batch", 3, "height", "width"])]
    outputs = [
        helper.make_tensor_value_info(f"{part}_{stride}", kind, ["batch", f"cells_{stride}", last - first])
        for part, (first, last) in parts.items()
        for stride in strides
    ]
    graph = helper.make_graph(g.nodes, "rollcall-detector", inputs, outputs, g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8, producer_name="rollcall")
    helper.set_model_props(model, {"licence": licence})
    onnx.checker.check_model(model)
    onnx.save(model, file)
