"""Scenes seen through a wide lens at 3840x2160, and the same scaled to 640x360: the two streams of one camera."""
import os
import subprocess
import time

from . import assets, loops, view

W, H, ENLARGE = 3840, 2160, 3
# Every second picture of the loops. Lens, and the seconds in which most people are there.
STEP, FPS = 2, '25/2'
SCENES = {'lobby': (88, 8, 18), 'street': (72, 8, 18)}


class Encoder:
    """Both streams by one GStreamer pipeline, a key picture every two seconds."""

    def __init__(self, big: str, small: str):
        encode = 'videoconvert ! video/x-raw,format=I420 ! openh264enc gop-size=25 complexity=low rate-control=bitrate'
        line = (f'fdsrc ! rawvideoparse width={W} height={H} format=rgb framerate={FPS} ! tee name=t '
                f't. ! queue max-size-buffers=2 max-size-bytes=0 ! {encode} bitrate=8000000 max-bitrate=12000000 ! h264parse ! mp4mux ! filesink location={big} '
                f't. ! queue max-size-buffers=2 max-size-bytes=0 ! videoscale method=bilinear2 ! video/x-raw,width=640,height=360 ! {encode} bitrate=500000 max-bitrate=800000 ! h264parse ! mp4mux ! filesink location={small}')
        self.p = subprocess.Popen(['gst-launch-1.0', '-q', '-e', *line.split()], stdin=subprocess.PIPE)

    def add(self, picture) -> None:
        self.p.stdin.write(picture.tobytes())

    def close(self) -> None:
        self.p.stdin.close()
        if self.p.wait():
            raise RuntimeError('gst-launch-1.0 failed; its message is above')


def run(name: str, a) -> None:
    """Writes NAME-4k.mp4, NAME-640.mp4 and NAME.truth.jsonl, about 20 MB a scene, into a.out."""
    fov, first, last = SCENES[name]
    s, world = loops.scene(name)
    people, figs, outfit, tracks = loops.cast_of(s, world, loops.scene_length(s), assets.load(a.assets))
    shot = s['shots'][0]
    world.cameras[shot['camera']] = {**world.cameras[shot['camera']], 'fov': fov}
    place, canvas = loops.Place(world, shot['camera'], a.spp, W, H, ENLARGE), view.Canvas(W, H, loops.SHADOW)
    os.makedirs(a.out, exist_ok=True)
    path = lambda end: os.path.join(a.out, name + end)
    enc, lines, began = Encoder(path('-4k.mp4'), path('-640.mp4')), [], time.time()
    for f in range(first * loops.FPS, last * loops.FPS, STEP):
        shown = [(k, figs[k][outfit[k][f]], tracks[k].poses[f]) for k in people if tracks[k].present[f]]
        im, z = loops.render_frame(place, canvas, [(g, p) for _, g, p in shown], shot)
        enc.add(im)
        lines.append({'frame': len(lines), 'faces': loops.faces_of(shown, place, z, False)})
        if len(lines) % 10 == 0:
            print(f'{name} {len(lines)} {(time.time() - began) / len(lines):.2f} s a picture', flush=True)
    enc.close()
    seen = sorted({x['person'] for line in lines for x in line['faces']})
    head = {'loop': name, 'width': W, 'height': H, 'fps': loops.FPS / STEP, 'frames': len(lines), 'people': seen, 'about': 'from far away'}
    loops.write_truth(path('.truth.jsonl'), head, lines)
