/** What simulated cameras show whose people are known, picture by picture. */
import { resolve } from 'node:path'
import type { Loop } from '../simulator/loop.ts'
import { readLoop } from '../simulator/read-loop.ts'
import { readTruth, type TrueFace } from '../src/demo/truth.ts'
import { type LoopName, loopFile } from '../test/support/footage.ts'

/** A camera's loop, and the faces in each of its pictures. */
export interface LiveScene {
  readonly name: string
  readonly loop: Loop
  readonly facesOf: readonly (readonly TrueFace[])[]
  /** The loop begins so many seconds of it later. */
  readonly joinsAtS?: number
}

/** One of the footage's loops; `file` is another encoding of the same pictures. */
export const sceneOf = async (name: LoopName, file = loopFile(name)): Promise<LiveScene> => {
  const { facesOf } = await readTruth(resolve(import.meta.dirname, `../footage/${name}.truth.jsonl`))
  return { name, loop: await readLoop(file), facesOf }
}
