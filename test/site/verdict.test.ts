import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Exit } from '../../src/ipc/child.ts'
import { type Death, deathWeight, suspectsOf } from '../../src/site/suspects.ts'
import { judge } from '../../src/site/verdict.ts'

const crash: Exit = { code: null, signal: 'SIGSEGV', failure: null, hung: null, isStopped: false }

interface Share {
  cameras: readonly string[]
  deaths: readonly Death[]
  isSuspect: boolean
  quarantines: number
}

/** Lets every process with a guilty camera crash until all guilty ones are in quarantine; counts the deaths. */
const search = (cameras: readonly string[], guilty: ReadonlySet<string>, seen: (camera: string) => boolean) => {
  const shares: Share[] = [{ cameras, deaths: [], isSuspect: false, quarantines: 0 }]
  const quarantined = new Set<string>()
  const died = new Map<string, number>()
  const isCrashing = (share: Share): boolean =>
    share.quarantines === 0 && share.cameras.some((camera) => guilty.has(camera))
  for (let at = 0; shares.some(isCrashing); at++) {
    const share = shares.find(isCrashing) as Share
    for (const camera of share.cameras) died.set(camera, (died.get(camera) ?? 0) + 1)
    const doing = new Map(
      share.cameras.map((camera) => [
        camera,
        { state: seen(camera) ? ('online' as const) : undefined, sinceMs: 10_000 },
      ]),
    )
    share.deaths = [...share.deaths, { atMs: at, weight: 1, doing }]
    const verdict = judge({
      ...share,
      exit: crash,
      nowMs: at,
      livedMs: 100,
      untilEnd: false,
      maySplit: true,
      failedStarts: 0,
      guiltyBefore: new Set(),
    })
    if (verdict.action === 'quarantine') {
      share.quarantines = verdict.quarantines
      for (const camera of share.cameras) quarantined.add(camera)
    }
    if (verdict.action === 'split') {
      const { suspects } = verdict
      expect(suspects.length).toBeGreaterThan(0)
      expect(suspects.length).toBeLessThan(share.cameras.length)
      shares.push({ cameras: suspects, deaths: [], isSuspect: true, quarantines: 0 })
      share.cameras = share.cameras.filter((camera) => !suspects.includes(camera))
      share.deaths = []
      share.isSuspect = true
    }
  }
  return { quarantined, died, shares }
}

const names = fc.integer({ min: 1, max: 24 }).map((count) => Array.from({ length: count }, (_, i) => `c${i}`))

test('exactly the guilty cameras come into quarantine, each alone, whatever they did before', () => {
  fc.assert(
    fc.property(
      names,
      fc.array(fc.nat(23)),
      fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
      (cameras, picks, seen) => {
        const guilty = new Set(picks.flatMap((pick) => cameras[pick] ?? []))
        const found = search(cameras, guilty, (camera) => seen[cameras.indexOf(camera)] === true)
        expect(found.quarantined).toEqual(guilty)
        expect(found.shares.flatMap((share) => share.cameras).sort()).toEqual([...cameras].sort())
      },
    ),
  )
})

test('without any sign one of n is found after 3 + 2 log2 n deaths at most, with a sign after 4, of which the others feel two', () => {
  for (const count of [2, 3, 5, 8, 16, 24]) {
    const cameras = Array.from({ length: count }, (_, i) => `c${i}`)
    for (const one of cameras) {
      const blind = search(cameras, new Set([one]), () => true)
      expect(blind.died.get(one)).toBeLessThanOrEqual(3 + 2 * Math.ceil(Math.log2(count)))
      const told = search(cameras, new Set([one]), (camera) => camera !== one)
      expect(told.died.get(one)).toBe(4)
      for (const other of cameras) if (other !== one) expect(told.died.get(other)).toBe(2)
    }
  }
})

test('a camera that was guilty before is the first suspect', () => {
  const deaths = [{ atMs: 0, weight: 1, doing: new Map([['b', { state: 'online' as const, sinceMs: 60_000 }]]) }]
  expect(suspectsOf(['a', 'b', 'c'], deaths, new Set(['b']))).toEqual(['b'])
})

test('what a death says about cameras', () => {
  const exits: readonly [Partial<Exit>, boolean, number][] = [
    [{ signal: 'SIGSEGV' }, false, 1],
    [{ signal: 'SIGABRT' }, false, 1],
    [{ code: 1 }, false, 1],
    [{ signal: 'SIGKILL' }, false, 0.25],
    [{ signal: 'SIGTERM' }, false, 0.25],
    [{ signal: 'SIGKILL', hung: 'did not answer for 20 s', isStopped: true }, false, 0.25],
    [{ signal: 'SIGKILL' }, true, 1],
    [{ signal: 'SIGKILL', hung: 'did not answer for 20 s' }, false, 1],
    [{ failure: 'spawn EAGAIN' }, false, 0],
  ]
  for (const [exit, outOfMemory, weight] of exits)
    expect(
      deathWeight({ code: null, signal: null, failure: null, hung: null, isStopped: false, ...exit }, outOfMemory),
    ).toBe(weight)
})
