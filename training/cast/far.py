"""Scenes seen through a wide lens at 3840x2160, and the same scaled to 640x360: the two streams of one camera."""
import json
import os
import subprocess
import time

from . import assets, loops, view

W, H, ENLARGE = 3840, 2160, 3
# Every second picture of the loops. Lens, and the seconds in which most people are there.
STEP, FPS = 2, '25/2'
SCENES = {'lobby': (88, 8, 18), 'street': (72, 8, 18)}


def encode(pictures: str, big: str, small: str) -> None:
    """Both streams by one GStreamer pipeline, a key picture every two seconds."""
    made = 'video/x-raw,format=I420 ! openh264enc gop-size=25 complexity=low rate-control=bitrate'
    queue = 'queue max-size-buffers=2 max-size-bytes=0'
    line = (f'multifilesrc location={pictures}/%04d.jpg caps=image/jpeg,framerate={FPS} ! jpegdec ! videoconvert ! tee name=t '
            f't. ! {queue} ! {made} bitrate=8000000 max-bitrate=12000000 ! h264parse ! mp4mux ! filesink location={big} '
            f't. ! {queue} ! videoscale method=bilinear2 ! video/x-raw,width=640,height=360 ! videoconvert ! {made} bitrate=500000 max-bitrate=800000 '
            f'! h264parse ! mp4mux ! filesink location={small}')
    subprocess.run(['gst-launch-1.0', '-q', '-e', *line.split()], check=True)


class Scene:
    """A scene of the loops with another lens."""

    def __init__(self, name: str, fov: float, a):
        s, world = loops.scene(name)
        self.people, self.figs, self.outfit, self.tracks = loops.cast_of(s, world, loops.scene_length(s), assets.load(a.assets))
        self.shot = s['shots'][0]
        world.cameras[self.shot['camera']] = {**world.cameras[self.shot['camera']], 'fov': fov}
        self.place, self.canvas = loops.Place(world, self.shot['camera'], a.spp, W, H, ENLARGE), view.Canvas(W, H, loops.SHADOW)

    def render(self, f: int):
        """Picture `f` of the scene, and its true faces."""
        shown = [(k, self.figs[k][self.outfit[k][f]], self.tracks[k].poses[f]) for k in self.people if self.tracks[k].present[f]]
        im, z = loops.render_frame(self.place, self.canvas, [(g, p) for _, g, p in shown], self.shot)
        return im, loops.faces_of(shown, self.place, z, False)


def run(name: str, a) -> None:
    """Writes NAME-4k.mp4, NAME-640.mp4 and NAME.truth.jsonl, about 12 MB a scene, into a.out. Goes on where an earlier run has ended."""
    from PIL import Image
    fov, first, last = SCENES[name]
    path = lambda end: os.path.join(a.out, name + end)
    pictures, truths = path('.pictures'), path('.faces')
    os.makedirs(pictures, exist_ok=True)
    os.makedirs(truths, exist_ok=True)
    scene, began, made, lines = None, time.time(), 0, []
    for n, f in enumerate(range(first * loops.FPS, last * loops.FPS, STEP)):
        picture, truth = f'{pictures}/{n:04d}.jpg', f'{truths}/{n:04d}.json'
        if not os.path.exists(truth):
            scene = scene or Scene(name, fov, a)
            im, faces = scene.render(f)
            Image.fromarray(im).save(picture, quality=97, subsampling=0)
            with open(truth + '.new', 'w') as out:
                json.dump(faces, out)
            os.rename(truth + '.new', truth)
            made += 1
            if made % 10 == 0:
                print(f'{name} {n + 1} {(time.time() - began) / made:.2f} s a picture', flush=True)
        with open(truth) as made_before:
            lines.append({'frame': n, 'faces': json.load(made_before)})
    encode(pictures, path('-4k.mp4'), path('-640.mp4'))
    seen = sorted({x['person'] for line in lines for x in line['faces']})
    head = {'loop': name, 'width': W, 'height': H, 'fps': loops.FPS / STEP, 'frames': len(lines), 'people': seen, 'about': 'from far away'}
    loops.write_truth(path('.truth.jsonl'), head, lines)
