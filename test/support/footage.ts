import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Loop } from '../../simulator/loop.ts'
import { gstLaunch } from './gst.ts'
import { madeOnce } from './made-once.ts'

const folder = resolve(import.meta.dirname, '../../footage')

/** The project's own footage, always there: 1280×720, 25 frames a second, 700 frames. `gate` is H.265, the others H.264. */
export type LoopName = 'lobby' | 'gate' | 'cafe' | 'street'

const parseOf = (name: LoopName): string => (name === 'gate' ? 'h265parse' : 'h264parse')
const muxOf = (file: string): string => (file.endsWith('.mkv') ? 'matroskamux' : 'mp4mux')

export const loopFile = (name: LoopName): string => join(folder, `${name}.mp4`)

/** The detector and embedder that come with the project. */
export const shippedModels = resolve(import.meta.dirname, '../../models')

/** A directory that is gone after the test. */
export const scratchDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-test-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/**
 * Writes the first `frames` access units of a loop to `to`; nothing is encoded anew. The ending of the name says what
 * file it becomes. The street's first people come after three seconds, the first three of them before the eleventh.
 */
export const firstFrames = async (name: LoopName, frames: number, to: string): Promise<string> => {
  await launched(
    `filesrc location=${loopFile(name)} ! qtdemux ! identity eos-after=${frames + 1} ! ${parseOf(name)} ! ${muxOf(to)} ! filesink location=${to}`,
  )
  return to
}

/** The directory that has a loop in MPEG-TS files of two seconds, by number: one can be appended to another. */
const partsOf = (name: LoopName): Promise<string> =>
  madeOnce(`parts-${name}`, [loopFile(name), import.meta.filename], (directory) =>
    launched(
      `filesrc location=${loopFile(name)} ! qtdemux ! ${parseOf(name)} config-interval=-1 ! mpegtsmux ! ` +
        `multifilesink next-file=key-frame min-keyframe-distance=1900000000 location=${directory}/%d.ts`,
    ),
  )

/**
 * Writes the part of a loop from `fromS` to `untilS` to `to`, an .mp4 or .mkv; nothing is encoded anew. Both are even
 * seconds, because a key frame comes every two. Who is seen when is in `footage/NAME.truth.jsonl`.
 */
export const partOf = async (name: LoopName, fromS: number, untilS: number, to: string): Promise<string> => {
  const directory = await partsOf(name)
  const parts = Array.from({ length: (untilS - fromS) / 2 }, (_, i) => join(directory, `${fromS / 2 + i}.ts`))
  const whole = `${to}.ts`
  try {
    writeFileSync(whole, Buffer.concat(parts.map((part) => readFileSync(part))))
    await launched(`filesrc location=${whole} ! tsdemux ! ${parseOf(name)} ! ${muxOf(to)} ! filesink location=${to}`)
    return to
  } finally {
    rmSync(whole, { force: true })
  }
}

const launched = async (launch: string): Promise<void> => {
  const { code, errors } = await gstLaunch(launch)
  if (code !== 0) throw new Error(`gst-launch-1.0 ended with ${code}: ${errors}`)
}

/** The part of a loop from its last key frame before `fromS` to the first one at or after `untilS`, in seconds. */
export const excerpt = (loop: Loop, fromS: number, untilS: number): Loop => {
  const keyAt = (test: (ptsS: number) => boolean): number[] =>
    loop.units.flatMap(({ key, ptsUs }, i) => (key && test(ptsUs / 1e6) ? i : []))
  const from = keyAt((ptsS) => ptsS <= fromS).at(-1) ?? 0
  const until = keyAt((ptsS) => ptsS >= untilS)[0] ?? loop.units.length
  const units = loop.units.slice(from, until)
  const startUs = Math.min(...units.map(({ ptsUs }) => ptsUs))
  return {
    ...loop,
    units: units.map((unit) => ({ ...unit, ptsUs: unit.ptsUs - startUs, dtsUs: unit.dtsUs - startUs })),
  }
}
