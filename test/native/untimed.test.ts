import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inspect } from '../../native/index.js'
import { mp4Of } from '../../src/ingest/capture/mp4.ts'
import { watch } from './watch.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-untimed-'))
afterAll(() => rmSync(directory, { recursive: true }))

const { elements } = inspect(['openh264enc', 'avdec_h264'])
const count = 60
const encoded = `videotestsrc num-buffers=${count} pattern=ball ! video/x-raw,format=I420,width=64,height=48,framerate=25/1 ! openh264enc gop-size=1000`
const parse = 'h264parse config-interval=-1 ! video/x-h264,stream-format=byte-stream,alignment=au'

test.skipIf(!elements.openh264enc || !elements.avdec_h264)(
  'units without a time get one, which is that of their frames',
  async () => {
    const first = watch(`${encoded} ! ${parse} ! appsink name=units`, {
      decode: 'appsrc name=units ! fakesink appsink name=frames',
      onEvent: () => {},
    })
    first.pipeline.accessUnits(true)
    await first.until('all units', () => first.of('accessUnit').length === count)
    // As a jitter buffer does with what comes late: ten pictures of one time, of which the parser passes the first on.
    const film = mp4Of(
      first.of('accessUnit').map(({ unit }, i) => ({
        ...unit,
        ptsNs: BigInt(i >= 20 && i < 30 ? 20 : i) * 40_000_000n,
        arrivedAtMs: i * 40,
      })),
    )
    const file = join(directory, 'film.mp4')
    writeFileSync(file, film)
    const frames: bigint[] = []
    const second = watch(
      `filesrc location=${file} ! qtdemux ! ${parse} ! identity sleep-time=4000 ! appsink name=units`,
      {
        decode: 'appsrc name=units ! avdec_h264 max-threads=1 ! videoconvert name=decoded ! appsink name=frames',
        mode: 'newest',
        maxLagMs: 60_000,
        onEvent: (event, opened) => {
          if (event.type !== 'frame') return
          const frame = opened.take()
          if (frame) frames.push(frame.ptsNs)
          frame?.close()
        },
      },
    )
    second.pipeline.accessUnits(true)
    await second.until('the end', () => second.of('eos').length > 0)
    const units = second.of('accessUnit').map(({ unit }) => unit.ptsNs)
    expect(units).toHaveLength(count)
    expect(units.every((ptsNs, i) => i === 0 || ptsNs > (units[i - 1] ?? 0n))).toBe(true)
    for (const ptsNs of frames) expect(units).toContain(ptsNs)
    expect(frames.length).toBeGreaterThan(0)
  },
)
