import { spawnSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createPeople } from '@rollcall/client'
import { describe, expect, it } from 'vitest'
import { createEvents } from '../../src/identity/events/events.ts'
import { faultsOf } from '../schemas/validate.ts'
import { story } from './story.ts'

const examples = resolve(import.meta.dirname, '../../examples')
const events = story()
const until = (type: string) => events.slice(0, events.findIndex((event) => event.type === type) + 1)

/** Runs examples/people.py over events, and says what it knows in the end. */
const inPython = (told: readonly object[]) => {
  const program = [
    'import json, sys',
    'from people import People',
    'people = People()',
    'new = [people.apply(event) for event in json.load(sys.stdin)]',
    'ids = ["p-ada", "p-bob", "p-cy", "p-dan", "p-eve"]',
    'print(json.dumps({"new": new, "all": people.all(), "resolved": [people.resolve(id) for id in ids]}))',
  ].join('\n')
  const options = {
    cwd: examples,
    input: JSON.stringify(told),
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  } as const
  const { status, stdout, stderr } = spawnSync('python3', ['-c', program], options)
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout) as unknown
}

const inTypeScript = (told: typeof events) => {
  const people = createPeople()
  const fresh = told.map((event) => people.apply(event))
  const resolved = ['p-ada', 'p-bob', 'p-cy', 'p-dan', 'p-eve'].map((id) => people.resolve(id))
  return { new: fresh, all: people.all(), resolved }
}

describe('the consumer of the examples', () => {
  it('is told events that are valid', () => {
    for (const event of events) expect(faultsOf(event)).toEqual([])
  })

  it('follows a person over merges, and keeps when it was last seen under whatever ID', () => {
    const { all, resolved } = inTypeScript(until('rollcall.person.named.v1'))
    expect(resolved).toEqual(['p-cy', 'p-cy', 'p-cy', 'p-dan', 'p-eve'])
    expect(all).toEqual([
      { id: 'p-cy', name: 'Cy', archived: false, seen: { camera: 'yard', atMs: 1_772_444_225_000 } },
      { id: 'p-dan', name: null, archived: false, seen: null },
    ])
  })

  it('drops repeats and what is older than what it knows', () => {
    const people = createPeople()
    for (const event of events) people.apply(event)
    for (const event of events) expect(people.apply(event), event.id).toBe(false)
    const archivedAgain = {
      ...(events.find(({ type }) => type === 'rollcall.person.archived.v1') as object),
      id: 'another',
    }
    expect(people.apply(archivedAgain as never)).toBe(false)
    expect(people.get('p-dan')?.archived).toBe(false)
  })

  it('forgets who was deleted, whatever comes late', () => {
    expect(
      inTypeScript(events)
        .all.map(({ id }) => id)
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['p-dan', 'p-eve'])
    const people = createPeople()
    for (const event of events) people.apply(event)
    for (const id of ['p-ada', 'p-bob', 'p-cy']) expect(people.get(id)).toBeUndefined()
  })

  it('takes a merge back, and ends up with the same in whatever order partitions are read', () => {
    const make = createEvents('site')
    const [ada, bob] = [
      { id: 'p-ada', name: 'Ada' },
      { id: 'p-bob', name: null },
    ]
    const [made, other] = [make.created(ada, null, 0), make.created(bob, null, 0)]
    const merged = make.merged(ada, 'p-bob', 'user', null, 1)
    const unmerged = make.unmerged(ada, 'p-bob', 'user', null, 2)
    const again = make.merged(bob, 'p-ada', 'user', null, 3)
    const later = make.merged(ada, 'p-bob', 'user', null, 4)
    expect([unmerged, again, later].flatMap(faultsOf)).toEqual([])
    expect(new Set([merged, later].map(({ id }) => id)).size).toBe(2)
    const told = [made, other, merged, unmerged]
    for (const { all, resolved } of [inTypeScript(told), inPython(told) as ReturnType<typeof inTypeScript>]) {
      expect(resolved.slice(0, 2)).toEqual(['p-ada', 'p-bob'])
      expect(new Map(all.map(({ id, name }) => [id, name]))).toEqual(
        new Map([
          ['p-ada', 'Ada'],
          ['p-bob', null],
        ]),
      )
    }
    for (const order of [
      [made, merged, unmerged, other, again],
      [other, again, made, merged, unmerged],
      [merged, again, unmerged],
    ])
      for (const { resolved } of [inTypeScript(order), inPython(order) as ReturnType<typeof inTypeScript>])
        expect(resolved.slice(0, 2)).toEqual(['p-ada', 'p-ada'])
  })

  it('knows the name by any last event, which is all that a compacted topic keeps', () => {
    const make = createEvents('site')
    const ada = { id: 'p-ada', name: 'Ada' }
    const last = [
      make.apart(ada, 'p-bob', true, 1),
      make.split(ada, 'p-bob', 'user', null, 1),
      make.unmerged(ada, 'p-bob', 'user', null, 1),
      make.restored(ada, 1),
    ]
    expect(last.flatMap(faultsOf)).toEqual([])
    for (const event of last)
      for (const { all } of [inTypeScript([event]), inPython([event]) as ReturnType<typeof inTypeScript>])
        expect(all, event.type).toEqual([{ id: 'p-ada', name: 'Ada', archived: false, seen: null }])
  })

  it('ignores what it does not know', () => {
    const people = createPeople()
    expect(
      people.apply({ id: '1', source: '/s', type: 'rollcall.person.promoted.v9', data: { person: 'p', sequence: 1 } }),
    ).toBe(false)
    expect(people.all()).toEqual([])
  })
})

// The examples use `match`, which Python has from 3.10 on.
const hasPython = spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))']).status === 0
if (!hasPython) console.warn(`${join(examples, 'people.py')} is not tested: there is no Python 3.10 or newer`)

describe.skipIf(!hasPython)('the consumer in Python', () => {
  it('says the same as the one in TypeScript after every event', () => {
    for (let count = 0; count <= events.length; count++) {
      expect(inPython(events.slice(0, count))).toEqual(inTypeScript(events.slice(0, count)))
    }
  }, 120_000)

  it('is Python', () => {
    const parse = 'import ast; [ast.parse(open(name).read(), name) for name in ("people.py", "follow_person.py")]'
    const { stderr } = spawnSync('python3', ['-c', parse], { cwd: examples, encoding: 'utf8' })
    expect(stderr).toBe('')
  })
})
