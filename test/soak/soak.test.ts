import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { scenesIn } from '../../src/demo/footage.ts'
import { configuredScale } from '../../src/vision/calibration.ts'
import { chosenEmbedder, loadModels } from '../../src/vision/models.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { type LoopLooks, recordLooks } from './looks.ts'
import { runSoak } from './soak.ts'

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }

/** A few pictures of two of the project's loops, as the shipped models see them: two of their eight people are in both. */
const lookAtLoops = async (): Promise<readonly LoopLooks[]> => {
  const models = await loadModels(modelOptions.parse({ providers: ['cpu'] }), {
    log: silent,
    onFallback: () => undefined,
  })
  const loops: LoopLooks[] = []
  const scenes = await scenesIn(resolve(import.meta.dirname, '../../footage'), 16)
  for (const scene of scenes.filter(({ name }) => name === 'lobby' || name === 'street'))
    loops.push(await recordLooks(scene, models, { conditions: ['plain'], everyNth: 10 }))
  await models.close()
  return loops
}

describe('a site in the long run', () => {
  it('ends with as many people as there are, after outages, overload and restarts, and splits nobody', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-soak-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    const loops = await lookAtLoops()
    const { changes, people, ids, scores } = await runSoak(loops, {
      hours: 1 / 4,
      seed: 1,
      fps: 2,
      troubles: true,
      embedder: await chosenEmbedder(modelOptions.parse({})),
      scale: await configuredScale(modelOptions.parse({})),
      directory,
    })
    expect(changes.filter(({ type }) => type === 'split')).toEqual([])
    expect(people).toBe(8)
    expect(ids).toBe(people)
    expect(scores?.bcubedP).toBeGreaterThan(0.99)
  }, 240_000)
})
