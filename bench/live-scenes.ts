/** What simulated cameras show whose people are known, picture by picture. */
import { resolve } from 'node:path'
import type { Loop } from '../simulator/loop.ts'
import { readLoop } from '../simulator/read-loop.ts'
import { readTruth, type TrueFace } from '../src/demo/truth.ts'
import { excerpt, type LoopName, loopFile } from '../test/support/footage.ts'

/** A camera's loop, and the faces in each of its pictures. */
export interface LiveScene {
  readonly name: string
  readonly loop: Loop
  readonly facesOf: readonly (readonly TrueFace[])[]
}

/** Seconds of a loop, from key frame to key frame. */
export type Stretch = readonly [fromS: number, untilS: number]

/** A scene of stretches of another, one after the other; nothing is encoded anew. */
export const composed = (name: string, { loop, facesOf }: LiveScene, stretches: readonly Stretch[]): LiveScene => {
  const frameUs = 1e6 / Math.round(loop.fps)
  let frames = 0
  const parts = stretches.map(([fromS, untilS]) => {
    const { units } = excerpt(loop, fromS, untilS)
    const shiftUs = frames * frameUs
    frames += units.length
    const first = Math.round((fromS * 1e6) / frameUs)
    return {
      units: units.map((unit) => ({ ...unit, ptsUs: unit.ptsUs + shiftUs, dtsUs: unit.dtsUs + shiftUs })),
      faces: facesOf.slice(first, first + units.length),
    }
  })
  return {
    name,
    loop: { ...loop, units: parts.flatMap(({ units }) => units) },
    facesOf: parts.flatMap(({ faces }) => faces),
  }
}

/** One of the footage's loops; `file` is another encoding of the same pictures. */
export const sceneOf = async (name: LoopName, file = loopFile(name)): Promise<LiveScene> => {
  const { facesOf } = await readTruth(resolve(import.meta.dirname, `../footage/${name}.truth.jsonl`))
  return { name, loop: await readLoop(file), facesOf }
}

const empty = (count: number): readonly Stretch[] =>
  Array.from({ length: count }, (_, i): Stretch => (i % 2 === 0 ? [0, 2] : [4, 6]))

/**
 * From the café, 52 seconds: six in which two people come, the others of the empty room. In those of 2–4 something is taken for a
 * face now and then; they come once, as in the loop.
 */
export const quietStretches: readonly Stretch[] = [...empty(11), [20, 26], [2, 4], ...empty(11)]
