"""
Who is there? Live cameras watched by OpenCV and onnxruntime: one thread a stage, the newest picture of each camera, every
face detected and followed in each, embedded once a second, and named by the nearest centroid.

    python live_faces.py MODELS NAME=URL [NAME=URL …]

Each picture gives a JSON line: `camera`, `frame` (of the stream, from 0), `width`, `height` and `faces`, each with `track`,
`person` (null while unknown) and `box` in fractions of the picture. It runs until it is ended.
"""

import json
import os
import queue
import sys
import threading
from itertools import count
from pathlib import Path

os.environ["OPENCV_FFMPEG_CAPTURE_OPTIONS"] = "rtsp_transport;tcp"
import cv2  # noqa: E402

from face_models import Detector, Embedder  # noqa: E402
from face_tracks import People, Tracker  # noqa: E402

#: More faces than this do not wait for the embedder.
MOST_WAITING = 32


class Newest:
    """The newest picture of each camera. Whoever takes one waits for it, and takes cameras in turn."""

    def __init__(self) -> None:
        self.pictures: dict[str, tuple] = {}
        self.changed = threading.Condition()

    def put(self, camera: str, picture: tuple) -> None:
        with self.changed:
            # A camera that waits keeps its turn.
            self.pictures[camera] = picture
            self.changed.notify()

    def take(self) -> tuple:
        with self.changed:
            while not self.pictures:
                self.changed.wait()
            camera = next(iter(self.pictures))
            return camera, *self.pictures.pop(camera)


def read(camera: str, url: str, newest: Newest) -> None:
    capture = cv2.VideoCapture(url, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    for number in count():
        is_there, bgr = capture.read()
        if not is_there:
            print(f"{camera}: no picture", file=sys.stderr, flush=True)
            os._exit(1)
        newest.put(camera, (number, bgr))


def embed(waiting: queue.Queue, embedder: Embedder, people: People) -> None:
    while True:
        track, crop = waiting.get()
        people.learn(track, embedder.embed(crop))


def main() -> None:
    folder, cameras = Path(sys.argv[1]), dict(argument.split("=", 1) for argument in sys.argv[2:])
    cv2.setNumThreads(1)
    detector, embedder = Detector(folder), Embedder(folder)
    newest, waiting, numbers = Newest(), queue.Queue(MOST_WAITING), count(1)
    trackers = {camera: Tracker(numbers) for camera in cameras}
    for camera, url in cameras.items():
        threading.Thread(target=read, args=(camera, url, newest), daemon=True).start()
    threading.Thread(target=embed, args=(waiting, embedder, People(embedder.threshold)), daemon=True).start()
    while True:
        camera, number, bgr = newest.take()
        height, width = bgr.shape[:2]
        boxes, points = detector.find(bgr)
        now = number / 25
        tracks = trackers[camera].update(boxes, now)
        for track, landmarks in zip(tracks, points):
            if track.wants_embedding(now) and not waiting.full():
                track.embedded = now
                waiting.put((track, embedder.crop(bgr, landmarks)))
        faces = [
            {"track": track.number, "person": track.person, "box": [x / width, y / height, w / width, h / height]}
            for track, (x, y, w, h) in zip(tracks, boxes.tolist())
        ]
        line = {"camera": camera, "frame": number, "width": width, "height": height, "faces": faces}
        print(json.dumps(line), flush=True)


main()
