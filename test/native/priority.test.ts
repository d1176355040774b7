import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { watch } from './watch.ts'

/** The nice value of each thread of this process whose name begins so (proc(5), stat field 19). */
const niceOf = (name: string): number[] =>
  readdirSync('/proc/self/task').flatMap((thread) => {
    const stat = readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')
    const [before, after] = [stat.slice(stat.indexOf('(') + 1), stat.slice(stat.lastIndexOf(')') + 2)]
    return before.startsWith(name) ? [Number(after.split(' ')[16])] : []
  })

const source =
  'videotestsrc is-live=true ! video/x-raw,width=64,height=48,framerate=50/1 ! jpegenc ! appsink name=units'
const decode = 'appsrc name=units ! jpegdec ! videoconvert ! appsink name=frames'

test.each([
  ['a camera gives way to everything else', 'newest', 5],
  ['a recording does not', 'every', 0],
] as const)('the decoder of %s', async (_, mode, less) => {
  let taken = 0
  const { until } = watch(source, {
    decode,
    mode,
    onEvent: (event, pipeline) => {
      if (event.type !== 'frame') return
      pipeline.take()?.close()
      taken++
    },
  })
  await until('it decodes', () => taken > 3)
  const [own] = niceOf('')
  const decoders = niceOf('units:src')
  expect(decoders).toHaveLength(1)
  expect(decoders[0]).toBe(Math.min(19, (own as number) + less))
  expect(niceOf('videotestsrc')).toEqual([own])
})

test('the decoder of a picture of a past moment gives way, too', async () => {
  let pts: bigint | null = null
  const { pipeline, until } = watch(source, {
    // Slow enough to be looked at.
    decode:
      'appsrc name=units ! jpegdec ! identity sleep-time=300000 ! videoconvert name=decoded ! appsink name=frames',
    mode: 'newest',
    onEvent: (event, playing) => {
      if (event.type !== 'frame') return
      const frame = playing.take()
      pts ??= frame?.ptsNs ?? null
      frame?.close()
    },
  })
  await until('it decodes', () => pts !== null)
  const pictures = pipeline.picturesAt([pts ?? 0n])
  const [own] = niceOf('')
  const less = Math.min(19, (own as number) + 5)
  // A thread of the recording before may still idle in GStreamer's pool.
  const lessUrgent = () => niceOf('units:src').filter((nice) => nice === less)
  await expect.poll(lessUrgent, { interval: 2, timeout: 5000 }).toHaveLength(2)
  ;(await pictures)[0]?.close()
})
