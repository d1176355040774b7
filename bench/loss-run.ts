/** The real program behind a network that loses packets: what `loss.bench.ts` and its test look at. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Quirks } from '../simulator/quirks.ts'
import { startSimulatedCameras } from '../simulator/simulated-cameras.ts'
import type { Scene } from '../src/demo/footage.ts'
import { createScorer } from '../src/demo/score.ts'
import type { RollcallEvent } from '../src/events/types.ts'
import type { TruthScore } from '../src/types.ts'
import { shippedModels } from '../src/vision/options.ts'
import { type Rollcall, rollcall } from '../test/integration/rollcall.ts'

/** Jitter and reorder, as over UDP, while `isOn`: a third of the packets come up to 30 ms late, behind others. */
const disorder = (isOn: () => boolean): Quirks => ({
  transport: {
    packets: (random) => (packets) =>
      isOn() ? packets.map((packet) => (random() < 1 / 3 ? { ...packet, afterMs: 30 * random() } : packet)) : packets,
  },
})

/** What is watched, and how it is configured. */
export interface LossyCameras {
  /** A camera for each. */
  readonly scenes: readonly Scene[]
  /** Keys of every camera, besides its URL and `transport: udp`. */
  readonly keys: { readonly maxFps?: number; readonly maxBlindMs?: number; readonly latencyMs?: number }
}

/** What came of it. */
export interface LossyRun {
  readonly events: readonly RollcallEvent[]
  /** Beside the truth of the scenes. */
  readonly score: TruthScore
  /** Counters of the program, summed over its cameras, by name and reason: `rollcall_units_skipped_total broken`. */
  readonly counters: ReadonlyMap<string, number>
}

/**
 * Runs `rollcall run` with these cameras over UDP until `watch` resolves. From `lose(fraction)` on this share of the packets,
 * 0–1, is lost, and others come late and out of order. Rejects as `watch` does.
 */
export const runThroughLoss = async (
  { scenes, keys }: LossyCameras,
  watch: (program: Rollcall, lose: (fraction: number) => void) => Promise<unknown>,
): Promise<LossyRun> => {
  let isLosing = false
  await using owned = new AsyncDisposableStack()
  const home = owned.adopt(mkdtempSync(join(tmpdir(), 'rollcall-loss-')), (folder) =>
    rmSync(folder, { recursive: true }),
  )
  const simulated = owned.adopt(await startSimulatedCameras(scenes, { quirks: disorder(() => isLosing) }), (started) =>
    started.close(),
  )
  const cameras = Object.fromEntries(simulated.cameras.map(({ name, url }) => [name, { url }]))
  const config = join(home, 'rollcall.yaml')
  const cameraDefaults = { transport: 'udp', ...keys }
  const models = { directory: shippedModels }
  writeFileSync(config, JSON.stringify({ cameras, cameraDefaults, models, http: { port: 0 } }))
  const program = owned.adopt(
    rollcall(['run', '--config', config, '--state', 'off', '--events', '-']),
    async (started) => {
      started.kill('SIGKILL')
      await started.exited
    },
  )
  await watch(program, (fraction) => {
    isLosing = true
    for (const [i, { camera }] of simulated.cameras.entries()) camera.lose(fraction, i + 1, 'udp')
  })
  const counters = await countersOf(program)
  program.kill('SIGTERM')
  await program.exited
  const watched = scenes.flatMap(({ name, truth }, i) => {
    const camera = simulated.cameras[i]?.camera
    return truth && camera ? [[name, { truth, shownAt: (atMs: number) => camera.shownAt(atMs) }] as const] : []
  })
  const scorer = createScorer(new Map(watched))
  scorer.saw(program.events)
  return { events: program.events, score: scorer.score(), counters }
}

/** Reads `/metrics`, whose address the program has logged. */
const countersOf = async ({ stderr }: Rollcall): Promise<Map<string, number>> => {
  const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(stderr()) ?? []
  const counters = new Map<string, number>()
  if (url === undefined) return counters
  const text = await (await fetch(`${url}/metrics`)).text()
  for (const [, name = '', labels = '', value] of text.matchAll(/^(\w+_total)\{(.*)\} (\S+)$/gm)) {
    const [, reason] = /reason="(\w+)"/.exec(labels) ?? []
    const key = reason === undefined ? name : `${name} ${reason}`
    counters.set(key, (counters.get(key) ?? 0) + Number(value))
  }
  return counters
}
