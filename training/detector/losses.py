"""What the student should say in each cell, from the labels and from the teacher (the public YuNet) on the same picture."""

import numpy as np
import torch
from torch.nn import functional as F

from yunet import strides

# The teacher puts faces of these widths (pixels) on each stride; measured on rendered faces that it finds.
bounds = ((0, 40), (40, 110), (110, 1e9))
# A labelled face that the teacher finds should score at least this much where the teacher is best, if it is wide enough.
wanted = 0.9
wide_enough = 24


def cells(level, stride: int):
    """Upper left corners of the cells, pixels: [h, w, 2]."""
    height, width = level.shape[-2:]
    y, x = torch.meshgrid(torch.arange(height), torch.arange(width), indexing="ij")
    return torch.stack([x, y], -1).float() * stride


def boxes_of(raw, corner, stride: int):
    """Raw box channels [4, h, w] to left, top, right, bottom [h, w, 4]."""
    raw = raw.permute(1, 2, 0)
    centre = corner + raw[..., :2] * stride
    half = raw[..., 2:].clamp(-4, 6).exp() * stride / 2
    return torch.cat([centre - half, centre + half], -1)


def overlap(boxes, box):
    """Intersection over union of [..., 4] with one box [4]."""
    low, high = torch.maximum(boxes[..., :2], box[:2]), torch.minimum(boxes[..., 2:], box[2:])
    shared = (high - low).clamp(min=0).prod(-1)
    areas = (boxes[..., 2:] - boxes[..., :2]).prod(-1) + (box[2:] - box[:2]).prod()
    return shared / (areas - shared).clamp(min=1e-6)


def inside(corner, stride: int, box, grow: float = 0.0):
    """Which cells' centres lie in a box, grown by a share of its sides: [h, w]."""
    by = (box[2:] - box[:2]) * grow
    centre = corner + stride / 2
    return ((centre > box[:2] - by) & (centre < box[2:] + by)).all(-1)


class Wanted:
    """For one picture and level: what to learn. `face`, `from_label` and `careless` are masks [h, w]."""

    def __init__(self, teacher, stride: int):
        self.corner, self.stride = cells(teacher, stride), stride
        self.teacher = teacher
        self.object, self.kind = torch.sigmoid(teacher[1]), torch.sigmoid(teacher[0])
        self.score = (self.object * self.kind).sqrt()
        self.boxes = boxes_of(teacher[2:6], self.corner, stride)
        shape = self.object.shape
        self.zone = torch.zeros(shape, dtype=torch.bool)
        self.careless = torch.zeros(shape, dtype=torch.bool)
        self.from_label = torch.zeros(shape, dtype=torch.bool)
        self.label_box = torch.zeros((*shape, 4))
        self.label_points = torch.zeros((*shape, 10))


def teach_face(levels, face) -> None:
    """Writes one visible labelled face into the targets: sharper where the teacher finds it, by the label where not."""
    box = torch.tensor(face.box, dtype=torch.float32)
    near = [torch.where(overlap(level.boxes, box) > 0.45, level.score, torch.zeros(())) for level in levels]
    best = max(float(each.max()) for each in near)
    for level in levels:
        level.zone |= inside(level.corner, level.stride, box)
    if best >= 0.45:
        more = max(1.0, wanted / best) if face.width >= wide_enough else 1.0
        for level, score in zip(levels, near):
            here = score > 0.5 * best
            level.zone |= here
            for values in (level.object, level.kind):
                values[here] = (values[here] * more).clamp(max=0.98)
        return
    width = face.width
    if width < wide_enough:
        for level in levels:
            level.careless |= inside(level.corner, level.stride, box, 0.2)
        return
    for level, (low, high) in zip(levels, bounds):
        if not low <= width < high:
            continue
        middle = (box[:2] + box[2:]) / 2
        away = (level.corner + level.stride / 2 - middle).abs().amax(-1)
        here = away <= max(0.75 * level.stride, 0.12 * width)
        level.from_label |= here
        level.zone |= here
        level.object[here], level.kind[here] = 0.9, 0.9
        level.label_box[here] = box
        points = torch.tensor(face.points, dtype=torch.float32).flatten()
        level.label_points[here] = points


def targets(teacher, scene, narrowest: float) -> list:
    """
    The targets of one scene, a level each. `teacher` is its raw output for that picture. Of a face narrower than `narrowest` pixels
    nothing is wanted, whoever finds it.
    """
    levels = [Wanted(raw, stride) for raw, stride in zip(teacher, strides)]
    if scene.labelled:
        for face in scene.faces:
            box = torch.tensor(face.box, dtype=torch.float32)
            shown = (box.clamp(0, scene.picture.shape[0])[2:] - box.clamp(0, scene.picture.shape[0])[:2]).clamp(min=0).prod()
            partly = float(shown / (box[2:] - box[:2]).prod())
            if face.visible > 0.6 and abs(face.yaw) < 78 and face.width >= narrowest and partly > 0.6:
                teach_face(levels, face)
            else:
                for level in levels:
                    level.careless |= inside(level.corner, level.stride, box, 0.2)
        for level in levels:
            nothing = ~level.zone & ~level.careless
            level.object[nothing] = 0
            level.kind[nothing & (level.score > 0.1)] = 0
    else:
        for veto in torch.tensor(np.asarray(scene.vetoed), dtype=torch.float32):
            for level in levels:
                wrong = overlap(level.boxes, veto) > 0.4
                level.object[wrong], level.kind[wrong] = 0, 0
    return levels


def loss_of(student, wanted_levels):
    """Losses of one picture: object and class (cross-entropy against soft targets), box, points; and how many positives."""
    total = {"object": 0.0, "kind": 0.0, "box": 0.0, "points": 0.0}
    positives = 1.0
    for raw, level in zip(student, wanted_levels):
        care = (~level.careless).float()
        floor = F.binary_cross_entropy(level.object, level.object, reduction="none")
        entropy = F.binary_cross_entropy_with_logits(raw[1], level.object, reduction="none")
        total["object"] = total["object"] + ((entropy - floor) * care).sum()
        floor = F.binary_cross_entropy(level.kind, level.kind, reduction="none")
        entropy = F.binary_cross_entropy_with_logits(raw[0], level.kind, reduction="none")
        doubt = torch.maximum(torch.sigmoid(raw[1]).detach(), level.object)
        total["kind"] = total["kind"] + ((entropy - floor) * care * (0.02 + doubt)).sum()
        known = (level.object * level.kind).sqrt() * care
        known = torch.where(level.from_label | (known < 0.3), torch.zeros(()), known)
        positives += float(known.sum() + level.from_label.sum())
        away = F.smooth_l1_loss(raw[2:6], level.teacher[2:6], reduction="none", beta=0.1).sum(0)
        total["box"] = total["box"] + (away * known).sum()
        away = F.smooth_l1_loss(raw[6:], level.teacher[6:], reduction="none", beta=0.1).sum(0)
        total["points"] = total["points"] + (away * known).sum()
        here = level.from_label
        if here.any():
            boxes = boxes_of(raw[2:6], level.corner, level.stride)[here]
            for box, label in zip(boxes, level.label_box[here]):
                total["box"] = total["box"] + 2 * (1 - overlap(box, label))
            offset = raw[6:].permute(1, 2, 0)[here]
            label = (level.label_points[here] - level.corner[here].repeat(1, 5)) / level.stride
            total["points"] = total["points"] + F.smooth_l1_loss(offset, label, reduction="none", beta=0.1).sum()
    return total, positives
