"""Measures finished loops and their truth with a detector and an embedder; exit code 1 when something promised does not hold.

Promised: every clear view within yaw 20 degrees is found at 0.7; mean embeddings of two people at most .36 alike; views
within yaw 30 at least .55 like the person's own front; boxes agree with the detector's; everybody is near and frontal
for 1.5 s in every loop; the loop begins and ends alike. A view is clear when its face is at least 40 px wide and 90 %
visible and nothing marks it hard.
"""
import json
import os
import subprocess

import numpy as np

from . import judge

NEAR, CLEAR = 60, 40


def frames_of(path: str, w: int, h: int, every: int):
    """Every n-th decoded picture as (index, RGB)."""
    p = subprocess.Popen(['ffmpeg', '-loglevel', 'error', '-threads', '1', '-i', path, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-'], stdout=subprocess.PIPE)
    n = 0
    while len(b := p.stdout.read(w * h * 3)) == w * h * 3:
        if n % every == 0:
            yield n, np.frombuffer(b, np.uint8).reshape(h, w, 3)
        n += 1
    p.wait()


def read_truth(path: str):
    with open(path) as f:
        rows = [json.loads(line) for line in f]
    return rows[0], rows[1:]


def near_seconds(head, rows, person) -> float:
    """Longest unbroken time that a person is near, frontal, visible and not hard."""
    best = run = 0
    for row in rows:
        ok = any(f['person'] == person and f['box'][2] * head['width'] >= NEAR and abs(f['yaw']) <= 20 and f['visible'] > .9 and not f['hard'] for f in row['faces'])
        run = run + 1 if ok else 0
        best = max(best, run)
    return best / head['fps']


def measure(folder: str, name: str, j: judge.Judge, every: int) -> dict:
    head, rows = read_truth(os.path.join(folder, name + '.truth.jsonl'))
    w, h = head['width'], head['height']
    views, ious, marks, extra, clear, found, ends = [], [], [], 0, 0, 0, []
    count = 0
    for n, im in frames_of(os.path.join(folder, name + '.mp4'), w, h, every):
        seen = j.detect(im, .3)
        taken = set()
        for f in rows[n]['faces']:
            x, y, bw, bh = np.array(f['box']) * [w, h, w, h]
            box = np.array([x, y, x + bw, y + bh])
            best = max(range(len(seen)), key=lambda i: judge.iou(box, seen[i][1]), default=None)
            o = judge.iou(box, seen[best][1]) if best is not None else 0
            if o > .2:
                taken.add(best)
            is_clear = bw >= CLEAR and f['visible'] > .9 and not f['hard'] and x > 0 and y > 0
            if is_clear and abs(f['yaw']) <= 20:
                clear += 1
                found += o > .3 and seen[best][0] >= .7
            if o > .3 and is_clear:
                ious.append(o)
                marks.append(np.abs(seen[best][2] - np.array(f['landmarks']) * [w, h]).mean() / bw)
                if abs(f['yaw']) <= 30 and bw >= NEAR:
                    views.append((f['person'], f['yaw'], j.embed(im, seen[best][2])))
        extra += sum(i not in taken and seen[i][0] >= .7 for i in range(len(seen)))
        count += len(seen)
        ends.append(im) if n == 0 or n >= head['frames'] - every else None
    return dict(head=head, rows=rows, views=views, iou=float(np.mean(ious)), marks=float(np.mean(marks)), clear=clear, found=found, extra=extra, detections=count, jump=float(np.abs(ends[0].astype(int) - ends[-1]).mean()))


def run(a) -> int:
    j = judge.Judge(a.detector, a.embedder)
    names = sorted(n[:-12] for n in os.listdir(a.footage) if n.endswith('.truth.jsonl'))
    views, failed = [], []

    def hold(ok, text):
        print(('ok    ' if ok else 'FAILS ') + text)
        if not ok:
            failed.append(text)

    for n in names:
        m = measure(a.footage, n, j, a.every)
        views += m['views']
        hold(m['found'] == m['clear'], f'{n}: {m["found"]} of {m["clear"]} clear views within yaw 20 found at 0.7')
        hold(m['iou'] >= .6, f'{n}: boxes overlap the detector\'s by {m["iou"]:.2f}; landmarks {100 * m["marks"]:.1f} % of the face\'s width away; {m["extra"]} detections without a face')
        hold(m['jump'] < 3, f'{n}: first and last picture differ by {m["jump"]:.2f} of 255')
        for p in m['head']['people']:
            s = near_seconds(m['head'], m['rows'], p)
            hold(s >= 1.5, f'{n}: {p} near and frontal for {s:.1f} s')
    people = sorted({v[0] for v in views})
    mean, worst = {}, {}
    for p in people:
        front = np.mean([e for q, y, e in views if q == p and abs(y) <= 20], 0)
        mean[p] = front / np.linalg.norm(front)
        worst[p] = min(float(e @ mean[p]) for q, _, e in views if q == p)
    pairs = [(float(mean[p] @ mean[q]), p, q) for i, p in enumerate(people) for q in people[:i]]
    c, p, q = max(pairs)
    hold(c <= .36, f'most alike: {p} and {q} at {c:.3f}')
    p = min(worst, key=worst.get)
    hold(worst[p] >= .55, f'least like the own front: a view of {p} at {worst[p]:.3f}; median of all {np.median([float(e @ mean[q]) for q, _, e in views]):.3f} over {len(views)} views')
    return 1 if failed else 0
