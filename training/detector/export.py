"""
Writes the shipped model:

    python export.py --start FILE --weights DIR/average.pt --out ../../models/detector.onnx [--share 1]

`--start` is what train.py started from. `--share` goes from there (0) to the trained ones (1) in a straight line: between the two is less change and
less gained (Wortsman and others: Robust fine-tuning of zero-shot models, 2022). The result is run against the network in PyTorch.
"""

import argparse
import copy
import os
from pathlib import Path

import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # before it is imported: it would report to its makers
import onnxruntime
import torch

from yunet import export, load, parts, strides

licence = (
    "Apache-2.0. Fine-tuned from YuNet-n of libfacedetection.train (Wei Wu, Hanyang Peng, Shiqi Yu), "
    "Apache-2.0; see detector.md."
)


def mixed(start, trained, share: float):
    net = copy.deepcopy(start)
    with torch.no_grad():
        for mine, to in zip(net.parameters(), trained.parameters()):
            mine.lerp_(to, share)
    return net


def main() -> None:
    of = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    of.add_argument("--start", type=Path, required=True)
    of.add_argument("--weights", type=Path, required=True)
    of.add_argument("--out", type=Path, required=True)
    of.add_argument("--share", type=float, default=1.0)
    options = of.parse_args()
    start = load(options.start)
    trained = copy.deepcopy(start)
    trained.load_state_dict(torch.load(options.weights, weights_only=True))
    net = mixed(start, trained, options.share).eval()
    export(net, options.out, licence=licence)
    picture = np.random.default_rng(1).uniform(0, 255, (2, 3, 96, 160)).astype(np.float32)
    session = onnxruntime.InferenceSession(options.out, providers=["CPUExecutionProvider"])
    got = dict(zip((each.name for each in session.get_outputs()), session.run(None, {"input": picture})))
    with torch.no_grad():
        raw = net(torch.from_numpy(picture))
    for stride, level in zip(strides, raw):
        level[:, :2] = torch.sigmoid(level[:, :2])
        for part, (first, last) in parts.items():
            wanted = level[:, first:last].flatten(2).transpose(1, 2).numpy()
            np.testing.assert_allclose(got[f"{part}_{stride}"], wanted, rtol=1e-3, atol=1e-3)
    print(f"{options.out}: {options.out.stat().st_size} bytes, the same as in PyTorch")


if __name__ == "__main__":
    main()
