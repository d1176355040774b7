import { describe, expect, it } from 'vitest'
import { conditions } from './degrade.ts'
import type { LoopLooks } from './looks.ts'
import { startMs, tellStory } from './story.ts'

const look = { frame: 0, samples: { width: 1, height: 1, data: new Uint8Array(3) }, faces: [] }
const loops = ['a', 'b'].map((name): LoopLooks => {
  const looks = Object.fromEntries(conditions.map((condition) => [condition, [look]]))
  return { name, durationMs: 27_000.7, width: 1280, height: 720, people: [], looks }
})
const told = (seed: number) => [...tellStory(loops, { hours: 5, seed, fps: 1, troubles: true })]

describe('the story of a soak', () => {
  it.each([1, 2, 3])('ends, goes forward in time on each camera, and is the same for the same seed (%i)', (seed) => {
    const steps = told(seed)
    expect(told(seed)).toEqual(steps)
    for (const { name } of loops) {
      const stamps = steps.flatMap((step) => (step.type === 'frame' && step.stamp.camera === name ? [step.stamp] : []))
      expect(stamps.length).toBeGreaterThan(5000)
      for (const [i, { capturedAtMs }] of stamps.entries())
        expect(capturedAtMs).toBeGreaterThan(stamps[i - 1]?.capturedAtMs ?? startMs - 1)
    }
    const kinds = new Set(steps.map((step) => (step.type === 'change' ? step.change.state : step.type)))
    expect([...kinds].sort()).toEqual(['frame', 'offline', 'online', 'restart', 'visionRestart'])
  })
})
