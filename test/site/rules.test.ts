import { expect, onTestFinished, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { ruleOptions } from '../../src/rules/options.ts'
import { createRules } from '../../src/rules/rules.ts'
import { createCommittedIdentity } from '../../src/site/committed-identity.ts'
import { embedder, temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'

const given = {
  in: { who: 'anybody', awayMs: 60_000 },
  long: { who: 'anybody', when: 'stays', longerThanMs: 3000 },
  out: { who: 'anybody', when: 'leaves', awayMs: 60_000 },
  third: { who: 'stranger', times: 3, awayMs: 60_000 },
}
const rules = Object.fromEntries(Object.entries(given).map(([name, rule]) => [name, ruleOptions.parse(rule)]))

/** Opens the people and the rules of a state directory, as a start does. */
const start = (directory: string) => {
  const store = openStore(directory, { embedder })
  const saved = store.saved()
  const engine = createIdentity(identityOptions.parse({}), { saved, archive: store })
  const kept = (saved.live ?? []).filter(({ kind }) => kind === 'rule')
  const following = createRules(rules, {
    nameOf: (id) => engine.nameOf(id),
    isKnown: (id) => engine.isPerson(id),
    saved: kept,
  })
  const committed = createCommittedIdentity(engine, store, { rules: following })
  return { store, engine, committed, kept }
}

const random = randomFrom(5)
const looks = [direction(random), direction(random)]
/** Three visits of two people, a second a frame, and more than a minute without anybody after each. */
const frames = [0, 1, 2].flatMap((visit) =>
  Array.from({ length: 22 }, (_, i) => {
    const atMs = 1_000_000 + visit * 120_000 + (i < 20 ? i * 1000 : 110_000 + i)
    const seq = visit * 22 + i
    const faces = i < 20 ? looks.map((look, n) => faceOf(`door/s/${visit}${n}`, near(look, 0.15, random), 0.9)) : []
    return facesAt(atMs, seq, faces)
  }),
)

const isFiring = ({ type }: RollcallEvent): boolean => type === 'rollcall.rule.fired.v1'

/** Plays all frames, with a new start before each of these; returns the events that rules fired, in order. */
const played = (restarts: readonly number[]): readonly RollcallEvent[] => {
  const directory = temporaryDirectory()
  const fired: RollcallEvent[] = []
  let site = start(directory)
  for (const [i, frame] of frames.entries()) {
    if (restarts.includes(i)) {
      site.store.close()
      site = start(directory)
    }
    fired.push(...site.committed.update(frame).filter(isFiring))
    site.committed.commit()
  }
  expect(
    site.store.eventLog
      .after(0, 10_000)
      .filter(isFiring)
      .map(({ id }) => id),
  ).toEqual(fired.map(({ id }) => id))
  site.store.close()
  return fired
}

test('each fires once, with the same IDs, wherever the program is started again', () => {
  const without = played([])
  const counts = Object.keys(rules).map((name) => without.filter(({ id }) => id.includes(`/rule/${name}/`)).length)
  expect(counts).toEqual([6, 2, 6, 2])
  for (const restarts of [[3], [7, 8], [19, 20, 21, 22], [23, 30, 45, 51]])
    expect(played(restarts), `started again before ${restarts.join(', ')}`).toEqual(without)
})

test('all events of a traced frame name its trace, those of rules too, and no others do', () => {
  const site = start(temporaryDirectory())
  onTestFinished(() => site.store.close())
  for (const [i, frame] of frames.entries()) {
    const traceparent = `00-${'a'.repeat(32)}-${String(i).padStart(16, '0')}-01`
    const isTraced = i % 2 === 0
    const events = site.committed.update({ ...frame, ...(isTraced && { traceparent }) })
    expect(new Set(events.map((event) => event.traceparent))).toEqual(new Set([isTraced ? traceparent : undefined]))
  }
  site.committed.commit()
  const fired = site.store.eventLog.after(0, 10_000).filter(isFiring)
  expect(fired.filter(({ traceparent }) => traceparent !== undefined).length).toBeGreaterThan(0)
  expect(site.committed.finish().flatMap(({ traceparent }) => traceparent ?? [])).toEqual([])
})

test('nothing that rules know of somebody outlives a deletion', () => {
  const directory = temporaryDirectory()
  const site = start(directory)
  onTestFinished(() => site.store.close())
  for (const frame of frames.slice(0, 10)) site.committed.update(frame)
  site.committed.commit()
  const rows = () => (site.store.saved().live ?? []).filter(({ kind }) => kind === 'rule').map(({ key }) => key)
  const [first, second] = site.engine.people()
  expect(rows()).toHaveLength(8)
  site.committed.transact((people) => people.remove(first?.id ?? '', 2_000_000))
  expect(rows().toSorted()).toEqual(
    Object.keys(rules)
      .map((name) => `${name} ${second?.id}`)
      .toSorted(),
  )
  expect(
    site.store.eventLog
      .after(0, 10_000)
      .filter(isFiring)
      .map(({ subject }) => subject),
  ).not.toContain(first?.id)
})
