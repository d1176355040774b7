import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadPersonalities } from '../../simulator/personalities.ts'
import type { Personality } from '../../simulator/personality.ts'
import { zooLoop } from './footage.ts'
import { type Outcome, patienceMs, watchAll } from './watch.ts'

/** As many cameras at a time start within a second on two cores. */
const together = 16

const only = process.env.ZOO?.split(',')
const personalities = new Map([...(await loadPersonalities())].filter(([name]) => only?.includes(name) ?? true))
const directory = mkdtempSync(join(tmpdir(), 'rollcall-zoo-'))
afterAll(() => rmSync(directory, { recursive: true }))

const outcomes = new Map<string, Outcome>()
beforeAll(async () => {
  const loop = await zooLoop(directory)
  // Those that have to last come together, so that nobody waits for them twice.
  const all = [...personalities].sort(([, a], [, b]) => (a.lastsMs ?? 0) - (b.lastsMs ?? 0))
  for (let at = 0; at < all.length; at += together) {
    const group: ReadonlyMap<string, Personality> = new Map(all.slice(at, at + together))
    for (const [name, outcome] of await watchAll(group, loop)) outcomes.set(name, outcome)
  }
}, 180_000)

describe.each([...personalities])('%s', (name, { does, expect: expected, lastsMs = 0, size }) => {
  test(does, () => {
    const outcome = outcomes.get(name)
    if (outcome === undefined) throw new Error('not watched')
    const { firstPictureMs, lastPictureMs, said } = outcome
    if (expected === 'picture') {
      expect(firstPictureMs, said.join('\n')).not.toBeNull()
      expect(firstPictureMs).toBeLessThan(patienceMs)
      expect((lastPictureMs ?? 0) - (firstPictureMs ?? 0), said.join('\n')).toBeGreaterThanOrEqual(lastsMs)
      if (lastsMs > 0) expect(said).toEqual([])
      if (size) expect(outcome.sizes).toContain(size.join('×'))
      expectRightTimes(outcome)
      return
    }
    expect(firstPictureMs).toBeNull()
    const [says, remedy] = said[0]?.split(' — ') ?? []
    expect(says).toContain('127.0.0.1')
    expect(says).toMatch(expected.says)
    expect(remedy).toMatch(expected.remedy)
  })
})

/** Whatever a camera says of the time: frames are of now, and follow each other. */
const expectRightTimes = ({ aheadMs, stepsMs: [least, most] }: Outcome): void => {
  expect(aheadMs).toBeLessThan(1000)
  expect(aheadMs).toBeGreaterThan(-3000)
  expect(least).toBeGreaterThan(0)
  expect(most).toBeLessThan(5000)
}
