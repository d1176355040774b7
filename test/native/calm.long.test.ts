import { relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { calmAfter } from '../../native/index.js'
import { makeFootage } from '../../simulator/footage/footage.ts'
import { loopFile } from '../support/footage.ts'
import { canEncode } from '../support/gst.ts'
import { footageDirectory } from '../zoo/watch.ts'

const size = 'video/x-raw,width=320,height=180,framerate=25/1'
const film = (frames: number) =>
  `filesrc location=${relative(process.cwd(), loopFile('lobby'))} ! qtdemux ! identity eos-after=${frames + 1} ! h264parse ! avdec_h264 max-threads=1`
/** Eight seconds of an empty lobby, then eight more: somebody comes in after 1.2 s, with a face of a pixel or two. */
const room = `${film(1)} ! imagefreeze num-buffers=200 ! videoscale ! ${size} ! c. ${film(200)} ! videoscale ! ${size} ! c. concat name=c`
const noise = (alpha: number) =>
  `! mix.sink_0 videotestsrc pattern=snow ! ${size} ! mix.sink_1 compositor name=mix sink_0::zorder=0 sink_1::zorder=1 sink_1::alpha=${alpha}`
const cisco = (more: string) => `openh264enc complexity=low gop-size=50 ${more}`
const x265 = (options: string, more = '') =>
  `x265enc speed-preset=ultrafast key-int-max=50 ${more} option-string=log-level=0:scenecut=0:${options}`

/** When it began and ceased to be calm, in seconds. */
const changesOf = async (codec: 'h264' | 'h265', encoder: string, alpha: number): Promise<readonly number[]> => {
  const launch = `${room} ${alpha > 0 ? noise(alpha) : ''} ! videoconvert ! video/x-raw,format=I420 ! identity eos-after=401 ! ${encoder}`
  const { units } = await makeFootage({ codec, width: 320, height: 180, launch }, footageDirectory)
  const sizes = units.map(({ key, data, dtsUs }) => ({ key, bytes: data.length, atMs: dtsUs / 1000 }))
  const calm = calmAfter(sizes)
  return calm.flatMap((now, i) => (now === (calm[i - 1] ?? false) ? [] : [(sizes[i]?.atMs ?? 0) / 1000]))
}

describe.skipIf(!canEncode('h264') || !canEncode('h265'))('of an empty room', () => {
  test.each([
    ['H.264 of one quality', 'h264', cisco('rate-control=off qp-min=28 qp-max=28'), 0],
    ['the same with noise', 'h264', cisco('rate-control=off qp-min=28 qp-max=28'), 0.04],
    ['H.264 of a bit rate that is not used up', 'h264', cisco('bitrate=500000'), 0.02],
    ['H.265 of one quality', 'h265', x265('crf=28:bframes=0'), 0.02],
    ['H.265 with B frames', 'h265', x265('crf=28:bframes=3'), 0.02],
  ] as const)('%s says that nothing moves, until somebody comes', async (_, codec, encoder, alpha) => {
    const [from = 0, until = 0] = await changesOf(codec, encoder, alpha)
    // A bit rate is found in the first group.
    expect(from).toBeLessThan(8.5)
    expect(until).toBeGreaterThanOrEqual(9.1)
    expect(until).toBeLessThan(9.7)
  })

  test.each([
    ['H.265 of a fixed bit rate', 'h265', x265('vbv-maxrate=300:vbv-bufsize=300:strict-cbr=1', 'bitrate=300'), 0],
    ['H.264 of much noise', 'h264', cisco('bitrate=500000'), 0.04],
  ] as const)('%s says nothing', async (_, codec, encoder, alpha) => {
    expect(await changesOf(codec, encoder, alpha)).toEqual([])
  })
})
