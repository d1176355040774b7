import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { watch } from './watch.ts'

const PICTURES = 5
/** How long a decoder takes for each, milliseconds. */
const WORKS_MS = 40

test('as many cameras as there are cores decode at the same time, and all have their turns', async () => {
  const cameras = Array.from({ length: 2 * availableParallelism() }, () => {
    const decodedAtMs: number[] = []
    return {
      decodedAtMs,
      ...watch(`videotestsrc num-buffers=${PICTURES} ! video/x-raw,width=64,height=48 ! jpegenc ! appsink name=units`, {
        decode: `appsrc name=units ! jpegdec ! identity sleep-time=${1000 * WORKS_MS} ! videoconvert ! appsink name=frames`,
        mode: 'newest',
        maxLagMs: 60_000,
        onEvent: (event, pipeline) => {
          const frame = event.type === 'frame' ? pipeline.take() : null
          if (frame) decodedAtMs.push(frame.arrivedAtMs)
          frame?.close()
        },
      }),
    }
  })
  await Promise.all(cameras.map(({ until, of }) => until('the end', () => of('eos').length > 0)))
  expect(cameras.map(({ pipeline }) => pipeline.stats.decoded)).toEqual(cameras.map(() => PICTURES))
  // Before a picture was there, its decoder had worked for so long at least.
  const ends = cameras.flatMap(({ decodedAtMs }) => decodedAtMs)
  const atOnce = ends.map((at) => ends.filter((end) => end >= at && end - WORKS_MS < at - 1).length)
  expect(Math.max(...atOnce)).toBeLessThanOrEqual(availableParallelism())
})

test('a decoder that hangs keeps nobody waiting', async () => {
  const open = (sleepUs: number) =>
    watch('videotestsrc num-buffers=2 ! video/x-raw,width=64,height=48 ! jpegenc ! appsink name=units', {
      decode: `appsrc name=units ! jpegdec ! identity sleep-time=${sleepUs} ! videoconvert ! appsink name=frames`,
      mode: 'newest',
      maxLagMs: 60_000,
    })
  const hanging = Array.from({ length: availableParallelism() }, () => open(2_500_000))
  const { until, of } = open(0)
  await until('a picture', () => of('frame').length > 0)
  expect(hanging.map((each) => each.of('frame').length)).toEqual(hanging.map(() => 0))
})
