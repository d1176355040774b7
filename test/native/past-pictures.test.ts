import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Pipeline } from '../../native/index.js'
import { watch } from './watch.ts'

const source =
  'videotestsrc num-buffers=30 ! video/x-raw,width=64,height=48,framerate=30/1 ! jpegenc ! appsink name=units'
const decode = 'appsrc name=units ! jpegdec ! videoconvert name=decoded ! appsink name=frames'

/** The threads of this process that feed a decoder of a live camera: they are less urgent than the others. */
const decoders = (): readonly string[] => {
  const stats = readdirSync('/proc/self/task').flatMap((thread) => {
    try {
      return [[thread, readFileSync(`/proc/self/task/${thread}/stat`, 'utf8')] as const]
    } catch {
      return [] // It has ended meanwhile.
    }
  })
  const niceOf = (stat: string) => Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16])
  const own = niceOf(readFileSync('/proc/self/stat', 'utf8'))
  return stats.flatMap(([thread, stat]) =>
    stat.includes('(units:src)') && niceOf(stat) === Math.min(19, own + 5) ? [thread] : [],
  )
}

/** A pipeline that has received all and decodes nothing. */
const received = async (line: string, keepDecoderMs: number): Promise<Pipeline> => {
  const { pipeline, of, until } = watch(source, { decode: line, mode: 'newest', policy: 'none', keepDecoderMs })
  await until('eos', () => of('eos').length > 0)
  expect(pipeline.stats.received).toBe(30)
  return pipeline
}

/** The numbers of the pictures that it gives. */
const look = async (pipeline: Pipeline, ...pictures: readonly number[]): Promise<readonly (number | null)[]> => {
  const frames = await pipeline.picturesAt(pictures.map((picture) => BigInt(Math.round((picture * 1e9) / 30))))
  for (const frame of frames) frame?.close()
  return frames.map((frame) => frame?.seq ?? null)
}

test('one decoder serves all looks, whatever their order, and stop closes it', async () => {
  const pipeline = await received(decode, 60_000)
  const before = decoders()
  expect(await look(pipeline, 7)).toEqual([7])
  const opened = decoders().filter((thread) => !before.includes(thread))
  expect(opened).toHaveLength(1)
  for (const picture of [3, 29, 0, 0]) expect(await look(pipeline, picture)).toEqual([picture])
  expect(decoders().filter((thread) => !before.includes(thread))).toEqual(opened)
  expect(await look(pipeline, 8, 3, 11)).toEqual([8, 3, 11])
  expect(await Promise.all([5, 6, 7].map((picture) => look(pipeline, picture)))).toEqual([[5], [6], [7]])
  await pipeline.stop()
  expect(decoders()).not.toContain(opened[0])
})

test('a decoder that nobody needs is closed, and opened again', async () => {
  const pipeline = await received(decode, 20)
  const before = decoders()
  for (const picture of [7, 8]) {
    expect(await look(pipeline, picture)).toEqual([picture])
    await expect.poll(decoders, { interval: 5, timeout: 10_000 }).toEqual(before)
  }
})

test('all or none: what is not in the ring spoils what is', async () => {
  const pipeline = await received(decode, 60_000)
  expect(await look(pipeline, 7, 9000)).toEqual([null, null])
  expect(await look(pipeline, 7, -1)).toEqual([null, null])
  expect(await look(pipeline)).toEqual([])
  expect(() => pipeline.picturesAt(7n as never)).toThrow(/ptsNs must be an array of bigints/)
})

test('a decoder that gives nothing, or fails, is replaced', async () => {
  const pipeline = await received(decode.replace('jpegdec', 'jpegdec ! identity eos-after=2'), 60_000)
  expect(await look(pipeline, 7)).toEqual([7])
  expect(await look(pipeline, 8)).toEqual([null])
  expect(await look(pipeline, 9)).toEqual([9])
  const failing = await received(decode.replace('jpegdec', 'jpegdec ! identity error-after=2'), 60_000)
  expect(await look(failing, 7)).toEqual([7])
  expect(await look(failing, 8)).toEqual([null])
  expect(await look(failing, 9)).toEqual([9])
})
