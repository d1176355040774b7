import { describe, expect, test } from 'vitest'
import { startSimulatedCameras } from '../../simulator/simulated-cameras.ts'
import { hasElements } from '../support/gst.ts'
import { hashOf } from '../support/luma-hash.ts'
import { linesOf, play } from '../support/play-lines.ts'
import { codecs, testNetworks, useVideos, videos, watchLosses } from './loss.ts'

useVideos()

// Others: loss.long.test.ts.
testNetworks([
  ['tcp', 0.01, ''],
  ['udp', 0.05, ', and moves others'],
])

describe.concurrent.each(codecs)('a camera with %s that loses packets', (codec) => {
  test
    .skipIf(!hasElements('gdppay', 'gdpdepay'))
    .concurrent(
      'with a decoder that forgets which picture is damaged: every other one is whole all the same',
      async () => {
        const { file, right } = videos.get(codec) ?? { file: '', right: [] }
        const simulated = await startSimulatedCameras([{ name: 'a', file }])
        await using opened = new AsyncDisposableStack()
        opened.defer(() => simulated.close())
        const [source] = simulated.cameras
        const { receive, decode } = linesOf(source?.url ?? '', { transport: 'udp' })
        const count = { whole: 0, broken: 0, damaged: 0 }
        let frames = 0
        // Behind it nothing is left of what travels with a picture but its time, as it may be with one in hardware.
        const forgetful = (decode ?? '').replace(/max-threads=1/g, 'max-threads=1 ! gdppay ! gdpdepay')
        await play({ receive, decode: forgetful }, { mode: 'newest', maxBlindMs: 100 }, (frame, now) => {
          if (++frames === 10) source?.camera.lose(0.01, 3, 'udp')
          if (frame.damaged) count.damaged++
          else if (right.includes(hashOf(frame))) count.whole++
          else count.broken++
          expect(frame.ntpAtMs).toBeNull()
          return now.received > 200 && count.damaged > 3 && count.whole > 20
        })
        expect(count.broken, JSON.stringify(count)).toBe(0)
      },
    )

  test.concurrent('shows nothing between a loss and the next key frame while it may be blind', async () => {
    const { whole, broken, damaged, stats } = await watchLosses(
      codec,
      { transport: 'tcp', fraction: 0.002 },
      60_000,
      ({ whole: shown, damaged: spoilt, leftOut }) => shown > 20 && spoilt + leftOut > 0,
    )
    expect({ broken, damaged }).toEqual({ broken: 0, damaged: 0 })
    expect(whole).toBeGreaterThan(20)
    const { broken: left, behind, disposable, policy } = stats.skipped
    expect(stats.decoded + left + behind + disposable + policy).toBeGreaterThan(240)
  })
})
