import { open, type Pipeline } from '../native/index.js'
import { linesOf, play } from '../test/support/play-lines.ts'

/** CPU milliseconds of looking at some pictures of a video, and of decoding all of it. */
export interface DecodingCost {
  readonly looksMs: number
  readonly allMs: number
}

/** A camera's decoder of looks is closed when it was not needed for so long. */
const KEPT_US = 5_000_000
/** All of a video stays in the ring. */
const allKept = { ringMs: 86_400_000, ringBytes: 1 << 29 }

const cpuMsOf = async (work: () => Promise<unknown>): Promise<number> => {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** A pipeline that has received the video and decodes only what it is asked for. */
const received = (file: string, keepDecoderMs: number): Promise<Pipeline> =>
  new Promise((resolve, reject) => {
    const { receive, decode } = linesOf(file)
    const pipeline: Pipeline = open({
      ...allKept,
      launch: receive,
      decode,
      mode: 'newest',
      policy: 'none',
      pictureSide: 640,
      keepDecoderMs,
      onEvent: (event) => {
        if (event.type === 'error') reject(new Error(event.message))
        if (event.type === 'eos') resolve(pipeline)
      },
    })
  })

/** Looks at the pictures in their order. What comes long after the last look finds the decoder closed, as it does live. */
const lookAtAll = async (file: string, looksUs: readonly (readonly number[])[]): Promise<number> => {
  let ms = 0
  let pipeline = await received(file, 60_000)
  let lastUs = 0
  for (const picturesUs of looksUs) {
    if ((picturesUs[0] ?? 0) - lastUs > KEPT_US) {
      await pipeline.stop()
      pipeline = await received(file, 60_000)
    }
    ms += await cpuMsOf(async () => {
      const frames = await pipeline.picturesAt(picturesUs.map((ptsUs) => BigInt(ptsUs) * 1000n))
      if (frames.includes(null)) throw new Error(`${file} lacks a picture of ${picturesUs.join(', ')} µs`)
      for (const frame of frames) frame?.close()
    })
    lastUs = picturesUs[0] ?? 0
  }
  await pipeline.stop()
  return ms
}

/** Measures a video of H.264 in an MP4; `looksUs` are the pictures of each look. The cost of reading it is no part of either figure. */
export const decodingCost = async (file: string, looksUs: readonly (readonly number[])[]): Promise<DecodingCost> => {
  const readingMs = await cpuMsOf(async () => {
    const pipeline = await received(file, 0)
    await pipeline.stop()
  })
  const everyMs = await cpuMsOf(() => play(linesOf(file), { mode: 'every' }, () => false))
  return { looksMs: await lookAtAll(file, looksUs), allMs: everyMs - readingMs }
}
