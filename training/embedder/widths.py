"""The shipped student's widths."""

from __future__ import annotations

from .network import Widths, stages

STUDENT = Widths(32, 32, stages((96,) + (96,) * 4 + (192,) * 7 + (384, 256, 256), (48, 112, 128)), 512)
