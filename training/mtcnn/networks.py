"""The three networks of MTCNN as ONNX graphs, from the weights that the PyPI package facenet-pytorch brings (MIT)."""

from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

weights_of = {"propose": "pnet.pt", "refine": "rnet.pt", "output": "onet.pt"}

# Layers in their order: a convolution with its PReLU, then a pool of (kernel, stride), or none.
convolutions = {
    "propose": [("conv1", "prelu1", (2, 2)), ("conv2", "prelu2", None), ("conv3", "prelu3", None)],
    "refine": [("conv1", "prelu1", (3, 2)), ("conv2", "prelu2", (3, 2)), ("conv3", "prelu3", None)],
    "output": [
        ("conv1", "prelu1", (3, 2)),
        ("conv2", "prelu2", (3, 2)),
        ("conv3", "prelu3", (2, 2)),
        ("conv4", "prelu4", None),
    ],
}
dense = {"refine": ("dense4", "prelu4"), "output": ("dense5", "prelu5")}
# Scores, offsets, landmarks.
heads = {
    "propose": ["conv4_1", "conv4_2"],
    "refine": ["dense5_1", "dense5_2"],
    "output": ["dense6_1", "dense6_2", "dense6_3"],
}
sides = {"propose": None, "refine": 24, "output": 48}


class Graph:
    def __init__(self, weights: dict):
        self.weights, self.nodes, self.constants = weights, [], []

    def weight(self, name: str, shape=None) -> str:
        array = self.weights[name].numpy()
        array = array if shape is None else array.reshape(shape)
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, kind: str, inputs: list, output: str, **attributes) -> str:
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def conv(self, x: str, name: str) -> str:
        return self.add("Conv", [x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")], name)

    def dense(self, x: str, name: str) -> str:
        return self.add("Gemm", [x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")], name, transB=1)


def build(part: str, weights: dict) -> onnx.ModelProto:
    graph = Graph(weights)
    x = "pixels"
    for name, prelu, pool in convolutions[part]:
        x = graph.conv(x, name)
        x = graph.add("PRelu", [x, graph.weight(f"{prelu}.weight", (-1, 1, 1))], prelu)
        if pool:
            kernel, stride = pool
            x = graph.add(
                "MaxPool", [x], f"pool_{name}", kernel_shape=[kernel] * 2, strides=[stride] * 2, ceil_mode=1
            )
    if part in dense:
        name, prelu = dense[part]
        # The weights were trained on columns before rows.
        x = graph.add("Transpose", [x], "columns_first", perm=[0, 3, 2, 1])
        x = graph.add("Flatten", [x], "flat", axis=1)
        x = graph.dense(x, name)
        x = graph.add("PRelu", [x, graph.weight(f"{prelu}.weight")], prelu)
    outputs = []
    places = [] if part in dense else ["rows", "columns"]
    for head, values in zip(heads[part], (2, 4, 10)):
        y = graph.dense(x, head) if part in dense else graph.conv(x, head)
        y = graph.add("Softmax", [y], "scores", axis=1) if values == 2 else y
        outputs.append(helper.make_tensor_value_info(y, TensorProto.FLOAT, ["n", values, *places]))
    side = sides[part]
    shape = ["n", 3, side or "height", side or "width"]
    proto = helper.make_graph(
        graph.nodes,
        f"mtcnn-{part}",
        [helper.make_tensor_value_info("pixels", TensorProto.FLOAT, shape)],
        outputs,
        graph.constants,
    )
    model = helper.make_model(proto, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, {"licence": "MIT, Copyright (c) 2019 Timothy Esler (facenet-pytorch)"})
    onnx.checker.check_model(model)
    return model


def load(folder: Path, part: str) -> dict:
    return torch.load(folder / weights_of[part], map_location="cpu", weights_only=True)
