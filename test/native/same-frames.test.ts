import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { NativeFrame } from '../../native/index.js'
import { gstLaunch, hasElements } from '../support/gst.ts'
import { everyFrame } from './watch.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-same-'))
afterAll(() => rmSync(directory, { recursive: true }))

/** The time of a frame and FNV-1a over its luma. */
const look = ({ ptsNs, planes, width, height }: NativeFrame): string => {
  const [{ data, stride } = { data: new Uint8Array(), stride: 0 }] = planes
  let hash = 0x811c9dc5
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) hash = Math.imul(hash ^ (data[y * stride + x] as number), 0x01000193)
  return `${ptsNs} ${width}×${height} ${hash >>> 0}`
}

/** Encoder, container, demuxer, parser, decoder. The edit list of an MP4 with B pictures cuts into its times. */
const chains = [
  ['H.264', 'openh264enc gop-size=10 ! h264parse', 'mp4mux', 'qtdemux', 'h264parse', 'avdec_h264'],
  [
    'H.265 with B pictures',
    'x265enc key-int-max=10 option-string=log-level=0 ! h265parse',
    'mp4mux',
    'qtdemux',
    'h265parse',
    'avdec_h265',
  ],
  [
    'H.265 in a transport stream',
    'x265enc key-int-max=10 option-string=log-level=0 ! h265parse',
    'mpegtsmux',
    'tsdemux',
    'h265parse',
    'avdec_h265',
  ],
  ['MPEG-4 with B pictures', 'avenc_mpeg4 max-bframes=2', 'avimux', 'avidemux', 'mpeg4videoparse', 'avdec_mpeg4'],
  ['VP8', 'vp8enc deadline=1', 'matroskamux', 'matroskademux', 'identity', 'vp8dec'],
  ['VP9', 'vp9enc deadline=1 cpu-used=8', 'matroskamux', 'matroskademux', 'vp9parse', 'vp9dec'],
  ['Motion JPEG', 'jpegenc', 'avimux', 'avidemux', 'jpegparse', 'jpegdec'],
] as const

test.each(chains)('%s: what comes through the ring is what one pipeline gives', async (name, ...chain) => {
  const [encoder, mux, demux, parser, decoder] = chain
  if (!hasElements(encoder.split(' ', 1)[0] as string, mux, demux, parser, decoder)) return
  const file = join(directory, `${name.replaceAll(' ', '_')}.video`)
  const picture = 'video/x-raw,format=I420,width=96,height=64,framerate=25/1'
  const made = await gstLaunch(
    `videotestsrc num-buffers=60 pattern=zone-plate kx2=20 ky2=20 kt=5 kt2=1 ! ${picture} ! ${encoder} ! ${mux} ! filesink location=${file}`,
  )
  expect(made.code, made.errors).toBe(0)
  const source = `filesrc location=${file} ! ${demux} ! ${parser}`
  const end = 'videoconvert name=decoded ! appsink name=frames'
  const { values: right } = await everyFrame(`${source} ! ${decoder} ! ${end}`, look, 64)
  const decode = `appsrc name=units ! ${decoder} ! ${end}`
  const { values } = await everyFrame(`${source} ! appsink name=units`, look, 64, decode)
  expect(right.length).toBeGreaterThan(45)
  expect(values).toEqual(right)
})
