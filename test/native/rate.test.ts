import { describe, expect, test } from 'vitest'
import { watch } from './watch.ts'

const picture = 'video/x-raw,format=I420,width=64,height=48'

/** The time stamps of the frames that pass, in milliseconds, and how the pipeline ended. */
const passing = async (launch: string, maxFps: number | null) => {
  const times: number[] = []
  const { of, until } = watch(launch, {
    maxFps,
    onEvent: (event, pipeline) => {
      if (event.type !== 'frame') return
      const frame = pipeline.take()
      if (frame) times.push(Math.round(Number(frame.ptsNs) / 1e6))
      frame?.close()
    },
  })
  await until('an end', () => of('eos').length + of('error').length > 0)
  expect(of('error')).toEqual([])
  return times
}

describe('maxFps', () => {
  test.each([
    [25, 5],
    [25, 10],
    [25, 7],
    [30, 12],
    [30, 11],
    [15, 10],
    [25, 25],
    [25, 240],
  ])('of %i frames a second lets %i pass: the first one of each slot', async (fps, maxFps) => {
    const frames = `videotestsrc num-buffers=60 ! ${picture},framerate=${fps}/1`
    const chosen = await passing(`${frames} ! videoconvert name=decoded ! appsink name=frames`, maxFps)
    const byVideorate = await passing(
      `${frames} ! videorate drop-only=true max-rate=${maxFps} ! appsink name=frames`,
      null,
    )
    expect(chosen.slice(0, byVideorate.length)).toEqual(byVideorate)
  })

  /** Frames without time stamp and duration, as some HTTP cameras send them; videorate aborts on these. */
  const bare = (count: number) =>
    `fakesrc num-buffers=${count} sizetype=fixed sizemax=4608 format=bytes
     ! capsfilter caps="${picture},framerate=(fraction)0/1" ! videoconvert name=decoded ! appsink name=frames`

  test('a recording without time stamps is taken to have 25 frames a second', async () => {
    expect(await passing(bare(50), 5)).toHaveLength(10)
  })

  test('a live camera without time stamps is measured by the clock', async () => {
    const { of, until, pipeline } = watch(bare(500), { mode: 'newest', maxFps: 1 })
    await until('an end', () => of('eos').length > 0)
    // All 500 take far less than ten seconds.
    expect(pipeline.stats.decoded).toBeLessThan(10)
  })

  test.each([
    ['begins anew', -3],
    ['jumps ahead', 3],
  ])('a time line that %s goes on', async (_, seconds) => {
    const part = (offset: number) =>
      `videotestsrc num-buffers=25 timestamp-offset=${4e9 + offset * 1e9} ! ${picture},framerate=25/1 ! parts.`
    const launch = `concat name=parts adjust-base=false ! videoconvert name=decoded ! appsink name=frames
      ${part(0)} ${part(seconds)}`
    expect(await passing(launch, 5)).toHaveLength(10)
  })

  test('can be changed while frames come', async () => {
    const times: number[] = []
    const limits = new Map([
      [10, 5],
      [20, null],
    ])
    const { of, until } = watch(
      `videotestsrc num-buffers=90 ! ${picture},framerate=25/1 ! videoconvert name=decoded ! identity sleep-time=10000 ! appsink name=frames`,
      {
        onEvent: (event, pipeline) => {
          if (event.type !== 'frame') return
          const frame = pipeline.take()
          if (frame) times.push(Math.round(Number(frame.ptsNs) / 1e6))
          frame?.close()
          const limit = limits.get(times.length)
          if (limit !== undefined) pipeline.limit(limit)
        },
      },
    )
    await until('an end', () => of('eos').length > 0)
    const steps = times.slice(1).map((time, i) => time - times[i])
    // Whoever takes late on a busy machine misses frames: steps may be longer, never shorter.
    expect(Math.min(...steps.slice(0, 9))).toBe(40)
    // A frame or two were on their way.
    expect(Math.min(...steps.slice(12, 19))).toBe(200)
    expect(Math.min(...steps.slice(22))).toBe(40)
  })

  test.each([0, -1, 1001, 'many'])('refuses %o', (maxFps) => {
    expect(() => watch('fakesrc ! appsink name=frames', { maxFps: maxFps as number })).toThrow(/maxFps must be/)
  })

  test.each([0, 1001, 'many'])('limit refuses %o', (maxFps) => {
    const { pipeline } = watch('fakesrc num-buffers=1 ! appsink name=frames', {})
    expect(() => pipeline.limit(maxFps as number)).toThrow(/maxFps must be/)
  })
})
