"""Faces followed by the overlap of their boxes, and people by the nearest centroid."""

from dataclasses import dataclass, field
from itertools import count

import numpy as np

#: A box goes on with a track that it overlaps by this much (intersection over union).
LEAST_OVERLAP = 0.3
#: A track outlives the last sight of its face by so many seconds.
MOST_AGE = 1.5
#: A face is embedded from its third frame on (false alarms seldom last), from this width on (pixels), then once a second.
CONFIRMED, LEAST_WIDTH, EMBED_EVERY = 3, 28, 1.0


@dataclass
class Track:
    number: int
    box: np.ndarray
    seen: float
    frames: int = 1
    embedded: float = -np.inf
    #: Sum of its embeddings, which is what it is compared by.
    look: np.ndarray | float = 0.0
    person: int | None = None

    def wants_embedding(self, now: float) -> bool:
        return self.frames >= CONFIRMED and self.box[2] >= LEAST_WIDTH and now - self.embedded >= EMBED_EVERY


def overlaps(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Intersection over union of all pairs, [len(a), len(b)]; boxes are (left, top, width, height)."""
    low = np.maximum(a[:, None, :2], b[None, :, :2])
    high = np.minimum(a[:, None, :2] + a[:, None, 2:], b[None, :, :2] + b[None, :, 2:])
    both = np.clip(high - low, 0, None).prod(2)
    return both / (a[:, 2:].prod(1)[:, None] + b[:, 2:].prod(1)[None] - both)


@dataclass
class Tracker:
    """The tracks of one camera. Numbers are unique among all."""

    numbers: count
    tracks: list[Track] = field(default_factory=list)

    def update(self, boxes: np.ndarray, now: float) -> list[Track]:
        """The track of each box, in order."""
        self.tracks = [track for track in self.tracks if now - track.seen <= MOST_AGE]
        chosen: list[Track | None] = [None] * len(boxes)
        if self.tracks and len(boxes) > 0:
            pairs = overlaps(boxes, np.stack([track.box for track in self.tracks]))
            while pairs.max() >= LEAST_OVERLAP:
                i, j = np.unravel_index(pairs.argmax(), pairs.shape)
                chosen[i] = self.tracks[j]
                pairs[i, :] = pairs[:, j] = -1
        for i, box in enumerate(boxes):
            track = chosen[i]
            if track is None:
                chosen[i] = Track(next(self.numbers), box, now)
                self.tracks.append(chosen[i])
            else:
                track.box, track.seen, track.frames = box, now, track.frames + 1
        return chosen


@dataclass
class People:
    """Everybody seen so far, by the sum of their embeddings."""

    threshold: float
    centroids: list[np.ndarray] = field(default_factory=list)

    def learn(self, track: Track, embedding: np.ndarray) -> None:
        """Adds an embedding to a track, and says who it is: the nearest person, or a new one."""
        track.look = track.look + embedding
        if self.centroids:
            all_ = np.stack(self.centroids)
            cosines = all_ @ track.look / np.linalg.norm(all_, axis=1) / np.linalg.norm(track.look)
            nearest = int(cosines.argmax())
            if cosines[nearest] >= self.threshold:
                track.person = nearest
                self.centroids[nearest] = self.centroids[nearest] + embedding
                return
        if track.person is None:
            track.person = len(self.centroids)
            self.centroids.append(embedding.copy())
