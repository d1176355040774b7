"""Writes what `rollcall … --models DIR` opens: embedder, descriptor, and a detector beside them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import torch

from .networks import DIMENSIONS, MEAN, STD, Embedder
from .people import POINTS, SIDE


def export(network: Embedder, threshold: float, source: str, detector: Path, out: Path) -> None:
    """`network` is on the CPU; `threshold` is the cosine from which two faces are one person."""
    out.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        network.eval(),
        (torch.zeros(1, 3, SIDE, SIDE),),
        str(out / "embedder.onnx"),
        input_names=["input"],
        output_names=["embedding"],
        dynamic_axes={"input": {0: "n"}, "embedding": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )
    descriptor = {
        "kind": "embedder",
        "source": source,
        "channels": "rgb",
        "mean": [MEAN] * 3,
        "std": [STD] * 3,
        "side": SIDE,
        "template": [[round(float(x), 4) for x in point] for point in POINTS],
        "dimensions": DIMENSIONS,
        "threshold": round(threshold, 3),
        "normalised": True,
    }
    (out / "embedder.json").write_text(json.dumps(descriptor, indent=2) + "\n")
    for file in (detector, detector.with_suffix(".json")):
        if file.exists() and not (out / file.name).exists():
            shutil.copyfile(file, out / file.name)
