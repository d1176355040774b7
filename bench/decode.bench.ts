/**
 * What does decoding cost where few pictures are analysed? A recording is decoded in real time, as a camera's stream, with all frames
 * wanted and with some of a second, in turn.
 *
 *   npm run bench -- decode [--clip FILE] [--fps 3] [--seconds 20] [--rounds 3]
 *
 * all, few   CPU milliseconds a second of the thread that decodes; the median of the rounds
 * left_out   share of the access units that were not decoded, because nobody wants them and no other refers to them
 */
import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { open } from '../native/index.js'
import { median } from './cpu-time.ts'
import { linesOfFile } from './file-lines.ts'

/** CPU milliseconds of this process's thread that feeds the decoder, which decodes in it. */
const decodingMs = (): number => {
  for (const thread of readdirSync('/proc/self/task')) {
    if (readFileSync(`/proc/self/task/${thread}/comm`, 'utf8') !== 'units:src\n') continue
    return Number(readFileSync(`/proc/self/task/${thread}/schedstat`, 'utf8').split(' ')[0]) / 1e6
  }
  throw new Error('no thread decodes: is the clip shorter than --seconds?')
}

const decode = async (clip: string, maxFps: number | null, seconds: number) => {
  const { receive, decode } = await linesOfFile(clip, true)
  const errors: string[] = []
  const pipeline = open({
    launch: receive,
    decode,
    mode: 'newest',
    pictureSide: 64,
    maxFps,
    onEvent: (event) => {
      if (event.type === 'frame') pipeline.take()?.close()
      if (event.type === 'error') errors.push(event.message)
    },
  })
  try {
    await sleep(seconds * 1000)
    if (errors.length > 0) throw new Error(errors[0])
    const { skipped, received } = pipeline.stats
    return { ms: decodingMs() / seconds, leftOut: skipped.policy / received }
  } finally {
    await pipeline.stop()
  }
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      clip: { type: 'string', default: resolve(import.meta.dirname, '../footage/cafe.mp4') },
      fps: { type: 'string', default: '3' },
      seconds: { type: 'string', default: '20' },
      rounds: { type: 'string', default: '3' },
    },
  })
  const all: number[] = []
  const few: number[] = []
  let share = 0
  for (let round = 0; round < Number(values.rounds); round++) {
    all.push((await decode(values.clip, null, Number(values.seconds))).ms)
    const { ms, leftOut } = await decode(values.clip, Number(values.fps), Number(values.seconds))
    few.push(ms)
    share = leftOut
    console.error(`round ${round + 1}: ${all.at(-1)?.toFixed(1)} and ${ms.toFixed(1)} ms a second`)
  }
  console.log(`all ${median(all).toFixed(1)}\nfew ${median(few).toFixed(1)}\nleft_out ${share.toFixed(2)}`)
}
