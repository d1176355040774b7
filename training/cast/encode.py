"""Pictures to MP4 by ffmpeg: one thread, so that the same pictures give the same bytes."""
import subprocess


class Encoder:
    def __init__(self, path: str, w: int, h: int, fps: int, codec: str, crf: int, bframes: int, gop: int):
        common = ['ffmpeg', '-y', '-loglevel', 'error', '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', f'{w}x{h}', '-r', str(fps), '-i', '-',
                  '-vf', 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p', '-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709']
        if codec == 'h265':
            out = ['-c:v', 'libx265', '-preset', 'medium', '-x265-params', f'crf={crf}:keyint={gop}:min-keyint={gop}:scenecut=0:open-gop=0:bframes={bframes}:pools=none:frame-threads=1:log-level=error:repeat-headers=1', '-tag:v', 'hvc1']
        else:
            out = ['-c:v', 'libx264', '-preset', 'medium', '-profile:v', 'high' if bframes else 'main', '-crf', str(crf), '-x264-params', f'keyint={gop}:min-keyint={gop}:scenecut=0:bframes={bframes}:threads=1:repeat-headers=1']
        self.p = subprocess.Popen([*common, *out, '-movflags', '+faststart', '-fflags', '+bitexact', '-flags:v', '+bitexact', '-map_metadata', '-1', path], stdin=subprocess.PIPE)

    def add(self, picture) -> None:
        self.p.stdin.write(picture.tobytes())

    def close(self) -> None:
        self.p.stdin.close()
        if self.p.wait():
            raise RuntimeError('ffmpeg failed; its message is above')
