import { expect, test } from 'vitest'
import type { Sighting } from '../../src/events/types.ts'
import { dryRun } from '../../src/rules/dry-run.ts'
import { ruleOptions } from '../../src/rules/options.ts'

const minute = 60_000
const hour = 60 * minute

let count = 0
const sighting = (person: string, camera: string, fromMs: number, untilMs: number, frames = 100): Sighting => ({
  sighting: `s${++count}`,
  person,
  camera,
  fromMs,
  untilMs,
  frames,
  tracks: [`t${count}`],
  ended: true,
})

const run = (rule: object, sightings: readonly Sighting[]) =>
  dryRun(
    { r: ruleOptions.parse(rule) },
    {
      sightings: sightings.toReversed(),
      nameOf: (id) => ({ 'p-ada': 'Ada' })[id] ?? null,
      untilMs: 10 * hour,
      localTime: (atMs) => ({ day: 1, minutes: Math.floor(atMs / minute) }),
    },
  ).map(({ person, atMs }) => [person, atMs])

test('says of the past what would have fired, in its order', () => {
  const past = [
    sighting('p-ada', 'door', 0, minute),
    sighting('p-x', 'door', 2 * minute, 20 * minute),
    sighting('p-ada', 'hall', 90_000, 2 * minute),
    sighting('p-ada', 'door', 2 * hour, 2 * hour + minute),
    sighting('p-y', 'door', 3 * hour, 3 * hour + 100, 1),
  ]
  expect(run({}, past)).toEqual([
    ['p-ada', 0],
    ['p-ada', 2 * hour],
  ])
  expect(run({ who: 'anybody', when: 'leaves' }, past)).toEqual([
    ['p-ada', 2 * minute],
    ['p-x', 20 * minute],
    ['p-ada', 2 * hour + minute],
  ])
  const [[person, atMs] = []] = run({ who: 'stranger', when: 'stays', longerThanMs: 10 * minute }, past)
  expect([person, Math.floor(Number(atMs) / minute)]).toEqual(['p-x', 12])
  expect(run({ who: 'stranger', evidence: { frames: 1 }, hours: '03:00-04:00' }, past)).toEqual([['p-y', 3 * hour]])
  expect(run({ when: 'misses', cameras: ['door'], notOn: ['hall'], withinMs: 2 * minute }, past)).toEqual([
    ['p-ada', 2 * hour],
  ])
})

test('what is not kept of sightings passes', () => {
  expect(run({ evidence: { quality: 0.9, score: 1 } }, [sighting('p-ada', 'door', 0, minute)])).toEqual([['p-ada', 0]])
})

test('looks at nobody again for each moment of somebody else', () => {
  const crowd = Array.from({ length: 100 }, (_, i) => sighting(`p-${i}`, 'door', i * 1000, i * 1000 + 500))
  const asked: string[] = []
  const nameOf = (id: string): null => {
    asked.push(id)
    return null
  }
  const rules = {
    in: ruleOptions.parse({ who: 'anybody' }),
    out: ruleOptions.parse({ who: 'anybody', when: 'leaves' }),
  }
  expect(dryRun(rules, { sightings: crowd, nameOf, untilMs: hour })).toHaveLength(200)
  expect(asked.length).toBeLessThanOrEqual(200)
})
