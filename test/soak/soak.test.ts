import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { configuredScale } from '../../src/vision/calibration.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { lookAtLoops } from './look-at-loops.ts'
import { runSoak } from './soak.ts'

describe('a site in the long run', () => {
  it('ends with as many people as there are, after outages, overload and restarts, and splits nobody', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-soak-'))
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
    // Two of their eight people are in both.
    const loops = await lookAtLoops(['lobby', 'street'], 10)
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
