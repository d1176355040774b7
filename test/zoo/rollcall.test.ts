import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadPersonalities } from '../../simulator/personalities.ts'
import type { Personality } from '../../simulator/personality.ts'
import { createRelays } from '../../src/ingest/relay/relays.ts'
import { zooLoop } from './footage.ts'
import { inTurn } from './in-turn.ts'
import { type Outcome, patienceMs, watch } from './watch.ts'

/** So many cameras at a time leave each its share of two cores. */
const together = 16
/** A machine that is busy with something else is late for some: they get another chance, few at a time. */
const again = 3

const only = process.env.ZOO?.split(',')
const personalities = new Map([...(await loadPersonalities())].filter(([name]) => only?.includes(name) ?? true))
const directory = mkdtempSync(join(tmpdir(), 'rollcall-zoo-'))
afterAll(() => rmSync(directory, { recursive: true }))

const outcomes = new Map<string, Outcome>()
beforeAll(async () => {
  const loop = await zooLoop(directory)
  const relays = createRelays()
  const look = async ([name, personality]: readonly [string, Personality]): Promise<void> =>
    void outcomes.set(name, await watch(name, personality, loop, relays))
  // Those that have to last begin, so that nobody waits for them at the end; those that flood slow down nobody else.
  const [hostile, others] = [[...personalities].filter(isHostile), [...personalities].filter((it) => !isHostile(it))]
  await inTurn(
    others.toSorted(([, a], [, b]) => (b.lastsMs ?? 0) - (a.lastsMs ?? 0)),
    together,
    look,
  )
  await inTurn(hostile, together, look)
  const isWrong = ([name, personality]: readonly [string, Personality]): boolean =>
    faultOf(outcomes.get(name), personality) !== null
  await inTurn([...personalities].filter(isWrong), again, look)
  await relays.close()
}, 180_000)

const isHostile = ([, { kind }]: readonly [string, Personality]): boolean => kind === 'hostile'

/** What is wrong with an outcome; null when it is as expected. */
const faultOf = (
  outcome: Outcome | undefined,
  { expect: expected, lastsMs = 0, breaks = false, size }: Personality,
): string | null => {
  if (outcome === undefined) return 'it was not watched'
  const { firstPictureMs, lastPictureMs, said } = outcome
  const all = `; it said:\n${said.join('\n')}`
  if (expected !== 'picture') {
    const [says = '', remedy = ''] = said[0]?.split(' — ') ?? []
    if (firstPictureMs !== null) return `there was a picture${all}`
    return expected.says.test(says) && expected.remedy.test(remedy)
      ? null
      : `expected ${expected.says} — ${expected.remedy}${all}`
  }
  if (firstPictureMs === null || lastPictureMs === null) return `no picture${all}`
  if (firstPictureMs > patienceMs) return `the first picture after ${Math.round(firstPictureMs)} ms${all}`
  if (lastPictureMs - firstPictureMs < lastsMs) return `no picture after ${Math.round(lastPictureMs)} ms${all}`
  if (lastsMs > 0 && !breaks && said.length > 0) return `it was interrupted${all}`
  if (size && !outcome.sizes.includes(size.join('×')))
    return `pictures of ${outcome.sizes.join(' and ')}, expected ${size.join('×')}`
  return timesFault(outcome)
}

/** Whatever a camera says of the time: frames are of now, and follow each other. */
const timesFault = ({ aheadMs, stepsMs: [least, most] }: Outcome): string | null => {
  if (aheadMs < -3000 || aheadMs > 1000) return `the last frame is of ${Math.round(aheadMs)} ms from now`
  return least > 0 && most < 5000 ? null : `frames follow each other after ${least} to ${most} ms`
}

describe.each([...personalities])('%s', (name, personality) => {
  test(personality.does, () => expect(faultOf(outcomes.get(name), personality)).toBeNull())
})
