"""
Curves of several runs side by side, as SVG, at most four:

    python -m training.facenet.plot DIR/semi-hard.csv DIR/random.csv … > mining.svg
"""

from __future__ import annotations

import csv
import math
import sys
from pathlib import Path

PANELS = (
    ("active", "triplets with a loss above 0", 1.0),
    ("loss", "loss", None),
    ("eer", "EER, unseen people", 0.5),
    ("val_1e2", "VAL at FAR 1e-2", None),
    ("val_1e3", "VAL at FAR 1e-3", None),
    ("spread", "distance of two people", 2.2),
)
COLOURS = ("#0b6e4f", "#b5651d", "#b00020", "#3454a4")
WIDTH, HEIGHT, GAP = 250, 150, 46


def _panel(curves: dict[str, list[dict]], field: str, title: str, top: float | None, x: int, y: int) -> list[str]:
    values = [row[field] for rows in curves.values() for row in rows if not math.isnan(row[field])]
    top = top or max(values) * 1.05 or 1.0
    last = max(row["step"] for rows in curves.values() for row in rows) or 1
    parts = [
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" fill="none" stroke="#999"/>',
        f'<text x="{x}" y="{y - 6}">{title}</text>',
        f'<text x="{x - 4}" y="{y + 9}" text-anchor="end" fill="#666">{top:.2g}</text>',
        f'<text x="{x - 4}" y="{y + HEIGHT}" text-anchor="end" fill="#666">0</text>',
        f'<text x="{x + WIDTH}" y="{y + HEIGHT + 13}" text-anchor="end" fill="#666">{last:.0f} steps</text>',
    ]
    for colour, rows in zip(COLOURS, curves.values(), strict=False):
        points = [
            f"{x + WIDTH * row['step'] / last:.1f},{y + HEIGHT * (1 - min(1, row[field] / top)):.1f}"
            for row in rows
            if not math.isnan(row[field])
        ]
        parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{colour}" stroke-width="2"/>')
    return parts


def plot(curves: dict[str, list[dict]]) -> str:
    """A panel for each measure; `curves` are rows of `train` by the name of the run."""
    columns = 3
    rows = -(-len(PANELS) // columns)
    size = (GAP + columns * (WIDTH + GAP), GAP + rows * (HEIGHT + GAP))
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" font-family="sans-serif" font-size="12">']
    parts.append(f"<title>{', '.join(curves)}: measures over steps</title>")
    parts.append(f'<rect width="{size[0]}" height="{size[1]}" fill="white"/>')
    for i, (field, title, top) in enumerate(PANELS):
        parts += _panel(curves, field, title, top, GAP + i % columns * (WIDTH + GAP), GAP + i // columns * (HEIGHT + GAP))
    for i, (colour, name) in enumerate(zip(COLOURS, curves, strict=False)):
        parts.append(f'<text x="{GAP + i * 110}" y="18" fill="{colour}" font-weight="bold">{name}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def read_curve(file: Path) -> list[dict]:
    """What `train.write_curve` wrote."""
    with file.open(newline="") as lines:
        return [{name: float(value) for name, value in row.items()} for row in csv.DictReader(lines)]


if __name__ == "__main__":
    print(plot({Path(name).stem: read_curve(Path(name)) for name in sys.argv[1:5]}), end="")
