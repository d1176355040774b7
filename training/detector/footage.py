"""Frames of video clips through GStreamer, as the project itself decodes them."""

import subprocess
from pathlib import Path

import numpy as np


def frames(file: Path, width: int, height: int, fps: str) -> np.ndarray:
    """RGB u8 [n, height, width, 3], `fps` (a fraction such as 5/1) a second. Width must be a multiple of 4."""
    caps = f"video/x-raw,format=RGB,width={width},height={height}"
    pipeline = ["filesrc", f"location={file}", "!", "decodebin", "!", "videorate", "!", f"video/x-raw,framerate={fps}", "!"]
    pipeline += ["videoscale", "!", "videoconvert", "!", caps, "!", "fdsink", "fd=1"]
    raw = subprocess.run(["gst-launch-1.0", "-q", *pipeline], check=True, stdout=subprocess.PIPE).stdout
    size = width * height * 3
    count = len(raw) // size
    return np.frombuffer(raw, np.uint8, count * size).reshape(count, height, width, 3)
