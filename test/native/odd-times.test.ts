import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { type AccessUnit, inspect } from '../../native/index.js'
import { mp4Of } from '../../src/ingest/capture/mp4.ts'
import { watch } from './watch.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-times-'))
afterAll(() => rmSync(directory, { recursive: true }))

const { elements } = inspect(['openh264enc', 'x265enc', 'avdec_h264', 'avdec_h265'])
const shapes = {
  h264: { encoder: 'openh264enc gop-size=1000', parse: 'h264parse config-interval=-1 ! video/x-h264' },
  h265: {
    encoder: 'x265enc key-int-max=1000 option-string=log-level=0',
    parse: 'h265parse config-interval=-1 ! video/x-h265',
  },
}
const count = 60

/** The units of one group of pictures, in the order of decoding. */
const groupOf = async (codec: 'h264' | 'h265'): Promise<readonly AccessUnit[]> => {
  const { encoder, parse } = shapes[codec]
  const raw = `videotestsrc num-buffers=${count} pattern=ball ! video/x-raw,format=I420,width=64,height=48,framerate=25/1`
  const { pipeline, of, until } = watch(
    `${raw} ! ${encoder} ! ${parse},stream-format=byte-stream,alignment=au ! appsink name=units`,
    {
      decode: 'appsrc name=units ! fakesink appsink name=frames',
      onEvent: () => {},
    },
  )
  pipeline.accessUnits(true)
  await until('all units', () => of('accessUnit').length === count)
  return of('accessUnit').map(({ unit }) => unit)
}

/** How many units of the group are left out when they have these times, in milliseconds. */
const leftOut = async (codec: 'h264' | 'h265', timeOf: (ms: number, i: number) => number): Promise<number> => {
  const units = await groupOf(codec)
  const from = units[0]?.ptsNs ?? 0n
  const film = mp4Of(
    units.map((unit, i) => ({
      ...unit,
      ptsNs: BigInt(Math.round(timeOf(Number(unit.ptsNs - from) / 1e6, i) * 1e6)),
      arrivedAtMs: i * 40,
    })),
  )
  const file = join(directory, `${codec}-${film.length}-${timeOf(0, 0)}.mp4`)
  writeFileSync(file, film)
  const { pipeline, of, until } = watch(
    `filesrc location=${file} ! qtdemux ! ${shapes[codec].parse},stream-format=byte-stream,alignment=au ! identity sleep-time=4000 ! appsink name=units`,
    {
      decode: `appsrc name=units ! avdec_${codec} max-threads=1 ! videoconvert name=decoded ! appsink name=frames`,
      mode: 'newest',
      maxLagMs: 60_000,
      onEvent: (event, opened) => {
        if (event.type === 'frame') opened.take()?.close()
      },
    },
  )
  await until('the end', () => of('eos').length > 0)
  const { received, decoded, skipped } = pipeline.stats
  expect([received, decoded]).toEqual([count, count - skipped.broken])
  return skipped.broken
}

describe.skipIf(!elements.openh264enc || !elements.avdec_h264)('of a group of pictures of H.264', () => {
  test.each([
    ['jump back', (ms: number, i: number) => (i < 5 ? 3000 : 0) + ms],
    ['jump back behind the key picture', (ms: number, i: number) => (i < 1 ? 3000 : 0) + ms],
    ['jump forth and back', (ms: number, i: number) => (i > 9 && i < 20 ? 1000 : 0) + ms],
    ['are all the same', () => 40],
  ] as const)('whose times %s, nothing is taken for leading pictures', async (_, timeOf) => {
    expect(await leftOut('h264', timeOf)).toBe(0)
  })
})

describe.skipIf(!elements.x265enc || !elements.avdec_h265)('of a group of pictures of H.265 with B pictures', () => {
  // A network moves times as well: what follows the key picture comes to lie before it.
  test.each([8, 1])('whose times jump back after %i, nothing is taken for leading pictures', async (after) => {
    expect(await leftOut('h265', (ms, i) => (i < after ? 3000 : 0) + ms)).toBe(0)
  })
})
