import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Picture, Yuv } from '../../src/types.ts'

/** Decoding by gst-launch keeps these tests independent of the addon and of the project's own colour conversion. */
export const canDecode = spawnSync('gst-launch-1.0', ['--version']).status === 0

export interface Decoded {
  readonly full: Yuv
  readonly picture: Picture
}

/**
 * What these branches of a pipeline give of a clip or photo, after the filters that they share; it is decoded once. Of an
 * MP4 the key frames alone may be decoded: that costs a fiftieth.
 */
const decode = (file: string, filters: readonly string[], branches: readonly string[], keysOnly = false): Buffer[] => {
  // A queue that never is full: a branch must not wait for the other, whose pipe is read at the same time.
  const queue = 'queue max-size-buffers=0 max-size-bytes=0 max-size-time=0'
  const sinks = branches.map((branch, i) => `t. ! ${queue} ! ${branch} ! fdsink fd=${i + 3}`)
  const keys = keysOnly ? 'qtdemux ! identity drop-buffer-flags=delta-unit ! ' : ''
  const pipeline = `filesrc name=file ! ${keys}decodebin ! ${filters.map((filter) => `${filter} ! `).join('')}tee name=t ${sinks.join(' ')}`
  const args = ['-q', ...pipeline.replace('name=file', `location=${file}`).split(' ')]
  const stdio = ['ignore', 'ignore', 'pipe', ...branches.map(() => 'pipe' as const)] as const
  const { output, status, stderr } = spawnSync('gst-launch-1.0', args, { maxBuffer: 2 ** 31, stdio: [...stdio] })
  if (status !== 0) throw new Error(`cannot decode ${file}: ${stderr.toString()}`)
  return output.slice(3) as unknown as Buffer[]
}

const up = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple

/** GStreamer's own memory layout: rows rounded up to 4 bytes (gst_video_info_set_format). */
const yuvFrom = (bytes: Uint8Array, format: 'I420' | 'NV12', width: number, height: number): Yuv => {
  const stride = up(width, 4)
  const rows = up(height, 2)
  const colours = { matrix: 'bt601', fullRange: false } as const
  const luma = { data: bytes.subarray(0, stride * rows), stride }
  if (format === 'NV12') {
    const chroma = { data: bytes.subarray(stride * rows, sizeOf(format, width, height)), stride }
    return { format, width, height, planes: [luma, chroma], ...colours }
  }
  const half = up(up(width, 2) / 2, 4)
  const at = stride * rows
  const planes = [0, 1].map((i) => ({
    data: bytes.subarray(at + (i * half * rows) / 2, at + ((i + 1) * half * rows) / 2),
    stride: half,
  }))
  return { format, width, height, planes: [luma, ...planes], ...colours }
}

const sizeOf = (format: 'I420' | 'NV12', width: number, height: number): number => {
  const rows = up(height, 2)
  return format === 'NV12' ? up(width, 4) * rows * 1.5 : up(width, 4) * rows + up(up(width, 2) / 2, 4) * rows
}

/** From GStreamer's packed RGB to planes. */
const rgbFrom = (bytes: Uint8Array, width: number, height: number): Picture => {
  const stride = up(width * 3, 4)
  const data = new Uint8Array(3 * height * width)
  for (let channel = 0, to = 0; channel < 3; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) data[to++] = bytes[y * stride + x * 3 + channel] as number
  return { width, height, data }
}

const split = (bytes: Buffer, size: number): Uint8Array[] =>
  Array.from({ length: Math.floor(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))

/** Every frame of a clip as a small RGB picture. */
export const smallPictures = (file: string, width: number, height: number): Picture[] => {
  const caps = `video/x-raw,format=RGB,width=${width},height=${height},pixel-aspect-ratio=1/1`
  const size = up(width * 3, 4) * height
  const [rgb] = decode(file, ['videoscale'], [`videoconvert ! ${caps}`])
  return split(rgb as Buffer, size).map((each) => rgbFrom(each, width, height))
}

/**
 * The decoder's pictures of a clip (of its first `frames`) or photo, scaled to this size, `fps` a second, and the same as RGB.
 * With `keysOnly` the key frames of an MP4: of the project's loops one every two seconds, of the street one a second.
 */
export const decodeFrames = (
  file: string,
  { width, height }: { readonly width: number; readonly height: number },
  {
    fps,
    format = 'I420',
    frames,
    keysOnly = false,
  }: {
    readonly fps?: string
    readonly format?: 'I420' | 'NV12'
    readonly frames?: number | undefined
    readonly keysOnly?: boolean
  } = {},
): Decoded[] => {
  const first = frames === undefined ? [] : [`identity eos-after=${frames + 1}`]
  const scale = ['videoscale', `video/x-raw,width=${width},height=${height}`]
  const rate = [...first, ...(fps === undefined ? [] : ['videorate', `video/x-raw,framerate=${fps}`]), ...scale]
  const branches = [
    `videoconvert ! video/x-raw,format=${format},colorimetry=bt601`,
    'videoconvert ! video/x-raw,format=RGB',
  ]
  const [planes, packed] = decode(file, rate, branches, keysOnly) as [Buffer, Buffer]
  const rgb = split(packed, up(width * 3, 4) * height)
  return split(planes, sizeOf(format, width, height)).map((bytes, i) => ({
    full: yuvFrom(bytes, format, width, height),
    picture: rgbFrom(rgb[i] as Uint8Array, width, height),
  }))
}

/** Width and height from a JPEG's start-of-frame marker. */
export const jpegSize = (file: string): { width: number; height: number } => {
  const bytes = readFileSync(file)
  for (let at = 2; at < bytes.length; at += 2 + bytes.readUInt16BE(at + 2)) {
    const marker = bytes[at + 1] as number
    if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) }
  }
  throw new Error(`${file} is no JPEG`)
}

/** A binary PGM (P5, 8 bits), as in the ORL database. */
export const readPgm = (file: string): { width: number; height: number; grey: Uint8Array } => {
  const bytes = readFileSync(file)
  const [header, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(bytes.subarray(0, 64).toString('latin1')) ?? []
  if (!header) throw new Error(`${file} is no PGM`)
  return { width: Number(width), height: Number(height), grey: bytes.subarray(header.length) }
}

/** Grey photos side by side on black, as one RGB picture. */
export const montage = (
  directory: string,
  photos: readonly string[],
  places: readonly (readonly number[])[],
  width: number,
  height: number,
): Picture => {
  const data = new Uint8Array(width * height * 3)
  for (const [i, photo] of photos.entries()) {
    const { grey, ...size } = readPgm(join(directory, photo))
    const [left = 0, top = 0] = places[i] ?? []
    for (const channel of [0, 1, 2])
      for (let y = 0; y < size.height; y++)
        data.set(grey.subarray(y * size.width, (y + 1) * size.width), (channel * height + top + y) * width + left)
  }
  return { width, height, data }
}
