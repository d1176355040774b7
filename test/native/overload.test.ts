import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { canEncode } from '../support/gst.ts'
import { hashOf } from '../support/luma-hash.ts'
import { makeZonePlate } from '../support/zone-plate.ts'
import { everyFrame, watch } from './watch.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-overload-'))
afterAll(() => rmSync(directory, { recursive: true }))

describe.each((['h264', 'h265'] as const).filter(canEncode))(
  'a decoder that is three times too slow, of %s',
  (codec) => {
    test('shows whole pictures only, none of them late, and all that is received is accounted for', async () => {
      const file = await makeZonePlate(codec, 250, join(directory, `${codec}.mp4`))
      const source = `filesrc location=${file} ! qtdemux ! ${codec}parse config-interval=-1
      ! video/x-${codec},stream-format=byte-stream,alignment=au`
      const decoder = `avdec_${codec} max-threads=1`
      const end = 'videoconvert name=decoded ! appsink name=frames'
      const { values } = await everyFrame(
        `${source} ! appsink name=units`,
        (frame) => [frame.ptsNs, hashOf(frame)] as const,
        64,
        `appsrc name=units ! ${decoder} ! ${end}`,
      )
      const right = new Map(values)
      expect(right.size).toBe(250)

      const arrived = new Map<bigint, number>()
      const shown: { ptsNs: bigint; hash: number; arrivedAtMs: number; damaged: boolean }[] = []
      const { pipeline, of, until } = watch(`${source} ! clocksync ! appsink name=units`, {
        decode: `appsrc name=units ! ${decoder} ! identity sleep-time=60000 ! ${end}`,
        mode: 'newest',
        maxLagMs: 300,
        onEvent: (event, live) => {
          if (event.type === 'accessUnit') arrived.set(event.unit.ptsNs, event.unit.arrivedAtMs)
          const frame = event.type === 'frame' ? live.take() : null
          if (!frame) return
          const { ptsNs, arrivedAtMs, damaged } = frame
          shown.push({ ptsNs, hash: hashOf(frame), arrivedAtMs, damaged })
          frame.close()
        },
      })
      pipeline.accessUnits(true)
      await until('the end', () => of('eos').length > 0)
      const { received, decoded, damaged, skipped, lost } = pipeline.stats
      expect({ received, damaged, lost }).toEqual({ received: 250, damaged: 0, lost: 0 })
      expect(skipped).toMatchObject({ broken: 0, policy: 0 })
      expect(decoded + skipped.behind + skipped.disposable).toBe(250)
      expect(skipped.behind).toBeGreaterThan(50)
      expect(decoded).toBeGreaterThan(10)
      expect(shown.filter(({ ptsNs, hash }) => right.get(ptsNs) !== hash)).toEqual([])
      const lateMs = shown.map(({ ptsNs, arrivedAtMs }) => arrivedAtMs - (arrived.get(ptsNs) ?? arrivedAtMs))
      // Unlimited it would be ten seconds and more; a busy machine adds to the limit.
      expect(Math.max(...lateMs)).toBeLessThan(6000)
    })
  },
)
