import { expect, test } from 'vitest'
import { inspect } from '../../native/index.js'
import { watch } from './watch.ts'

const { elements } = inspect(['x265enc', 'avdec_h265'])

/** Three seconds of 25 pictures; between two that others refer to there are some to which none does. */
const encoded =
  'videotestsrc pattern=ball num-buffers=75 ! video/x-raw,format=I420,width=160,height=96,framerate=25/1 ! ' +
  'x265enc speed-preset=ultrafast key-int-max=25 option-string=log-level=0:bframes=4:b-adapt=0:b-pyramid=1 ! ' +
  'h265parse config-interval=-1 ! video/x-h265,stream-format=byte-stream,alignment=au'
const decode =
  'appsrc name=units is-live=true ! avdec_h265 max-threads=1 ! videoconvert name=decoded ! appsink name=frames'

/** The times of the frames that pass, in milliseconds, and what the pipeline counted. */
const passing = async (pace: string, mode: 'newest' | 'every', maxFps: number) => {
  const times: number[] = []
  const { pipeline, of, until } = watch(`${encoded} ! ${pace}appsink name=units`, {
    decode,
    mode,
    maxFps,
    maxLagMs: 60_000,
    onEvent: (event, taken) => {
      const frame = event.type === 'frame' ? taken.take() : null
      if (frame) times.push(Math.round(Number(frame.ptsNs) / 1e6))
      frame?.close()
    },
  })
  await until('the end', () => of('eos').length > 0)
  return { times, stats: pipeline.stats }
}

test.skipIf(!elements.x265enc || !elements.avdec_h265).each([3, 5])(
  'of a live stream with B-frames the same %i frames a second pass, and fewer units are decoded',
  async (maxFps) => {
    const whole = await passing('', 'every', maxFps)
    const live = await passing('clocksync ! ', 'newest', maxFps)
    expect(whole.times.length).toBeGreaterThan(2 * maxFps)
    // Whoever takes late on a busy machine misses frames; they passed all the same.
    expect(live.stats.decoded).toBe(whole.times.length)
    expect(live.times.filter((time) => !whole.times.includes(time))).toEqual([])
    expect(live.stats.skipped).toMatchObject({ behind: 0, broken: 0, disposable: 0 })
    expect(live.stats.skipped.policy).toBeGreaterThan(75 / 4)
    expect(whole.stats.skipped.policy).toBe(0)
    expect(live.stats.damaged).toBe(0)
  },
)
