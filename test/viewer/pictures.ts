import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Box } from '../../src/types.ts'

const [width, height] = [640, 360]

/** Dark picture with a white rectangle where each box is. */
const paint = (boxes: readonly Box[]): Buffer => {
  const rgb = Buffer.alloc(width * height * 3, 40)
  for (const box of boxes) {
    const [left, right] = [Math.round(box.x * width), Math.round((box.x + box.width) * width)]
    const [top, bottom] = [Math.round(box.y * height), Math.round((box.y + box.height) * height)]
    for (let y = top; y < bottom; y++) rgb.fill(255, (y * width + left) * 3, (y * width + right) * 3)
  }
  return rgb
}

/** Real JPEGs, from GStreamer, in which the content itself says where the boxes have to be. */
export const jpegsWith = async (frames: readonly (readonly Box[])[]): Promise<Buffer[]> => {
  const directory = await mkdtemp(join(tmpdir(), 'rollcall-jpeg-'))
  try {
    await writeFile(join(directory, 'rgb'), Buffer.concat(frames.map(paint)))
    const size = [`width=${width}`, `height=${height}`]
    const source = ['filesrc', `location=${join(directory, 'rgb')}`, '!', 'rawvideoparse', 'format=rgb', ...size]
    const encode = ['videoconvert', '!', 'jpegenc', 'quality=95', '!', 'multifilesink']
    await promisify(execFile)('gst-launch-1.0', ['-q', ...source, '!', ...encode, `location=${directory}/%d.jpg`])
    return await Promise.all(frames.map((_, i) => readFile(join(directory, `${i}.jpg`))))
  } finally {
    await rm(directory, { recursive: true })
  }
}
