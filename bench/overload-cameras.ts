/** The cameras of `overload.bench.ts`, in a process of their own, and the truth of what they show. */
import { resolve } from 'node:path'
import { startSimulatedCameras } from '../simulator/simulated-cameras.ts'
import { scenesIn } from '../src/demo/footage.ts'
import { createScorer } from '../src/demo/score.ts'
import type { RollcallEvent } from '../src/events/types.ts'
import type { TruthScore } from '../src/types.ts'

/** `open` starts so many cameras, the loops of the footage in turn. `saw` is compared with the truth. */
export type ToCameras =
  | { readonly type: 'open'; readonly count: number }
  | { readonly type: 'saw'; readonly event: RollcallEvent }
  | { readonly type: 'score' }

export type FromCameras =
  | { readonly type: 'opened'; readonly cameras: readonly { readonly name: string; readonly url: string }[] }
  | { readonly type: 'scored'; readonly score: TruthScore }

const answer = (message: FromCameras): void => void process.send?.(message)

const open = async (count: number) => {
  const scenes = await scenesIn(resolve(import.meta.dirname, '../footage'), 4)
  const files = Array.from({ length: count }, (_, i) => {
    const scene = scenes[i % scenes.length]
    return { ...scene, name: `${scene.name}-${Math.floor(i / scenes.length) + 1}` }
  })
  const { cameras } = await startSimulatedCameras(files)
  answer({ type: 'opened', cameras: cameras.map(({ name, url }) => ({ name, url })) })
  return createScorer(
    new Map(
      files.flatMap(({ name, truth }, i) => {
        const camera = cameras[i]?.camera
        return truth && camera ? [[name, { truth, shownAt: (atMs: number) => camera.shownAt(atMs) }] as const] : []
      }),
    ),
  )
}

let scorer: ReturnType<typeof createScorer> | null = null
process.on('message', async (message: ToCameras) => {
  if (message.type === 'open') scorer = await open(message.count)
  else if (message.type === 'saw') scorer?.saw([message.event])
  else if (scorer) answer({ type: 'scored', score: scorer.score() })
})
process.on('disconnect', () => process.exit())
