import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LiveRow } from '../../../src/identity/state/live-rows.ts'
import type { StateChange } from '../../../src/identity/state/state.ts'
import { openStore } from '../../../src/identity/store/open.ts'
import { casesOf } from '../../support/cases.ts'
import { applied, changeOf, embedder, fresh, personAt, temporaryDirectory } from './states.ts'

const order = fc.nat(9)
const id = order.map((n) => `p-${n}`)
const person = fc
  .record({
    order,
    faces: fc.nat(5),
    name: fc.option(fc.string()),
    archived: fc.boolean(),
    // SQLite knows no negative zero.
    lastSeenAtMs: fc.double({ noNaN: true }).map((ms) => ms + 0),
    unseenSinceMs: fc.option(fc.double({ noNaN: true }).map((ms) => ms + 0)),
    lastCamera: fc.constantFrom('', 'door', 'hall'),
  })
  .map(({ order, faces, ...more }) => personAt(order, more, faces))
const frames = fc.oneof(fc.nat(3), fc.constant(Infinity))
const touched = fc.array(id).map((value): LiveRow => ({ kind: 'touched', key: '', value }))
const camera = fc
  .record({ key: fc.constantFrom('door', 'hall'), place: fc.nat(3), nowMs: fc.double({ noNaN: true }) })
  .map(({ key, place, nowMs }): LiveRow => {
    const record = { streams: new Map([['s1', place]]), nowMs, reclusteredMs: -Infinity, changes: 0 }
    return { kind: 'camera', key, value: { place, record } }
  })
const template = fc.record({ key: fc.constantFrom('1', '2', '3'), faces: fc.nat(9) }).map(
  ({ key, faces }): LiveRow => ({
    kind: 'template',
    key,
    value: { sum: Float64Array.from({ length: 300 }, () => faces), weight: faces / 3, faces, mean: null },
  }),
)
const live = fc.option(
  fc.record({
    put: fc
      .uniqueArray(fc.oneof(touched, camera, template), { maxLength: 4, selector: ({ kind, key }) => kind + key })
      .map((rows): LiveRow[] => [{ kind: 'version', key: '', value: 2 }, ...rows]),
    gone: fc
      .uniqueArray(fc.constantFrom('1', '2', '3'), { maxLength: 2 })
      .map((keys) => keys.map((key) => ({ kind: 'template', key }) as const)),
  }),
)
const change: fc.Arbitrary<StateChange> = fc
  .record({
    sequence: fc.nat(),
    created: fc.nat(),
    people: fc.uniqueArray(person, { maxLength: 4, selector: (one) => one.id }),
    gone: fc.array(id, { maxLength: 2 }),
    aliases: fc.uniqueArray(fc.tuple(id, id), { maxLength: 3, selector: ([former]) => former }),
    aliasesGone: fc.array(id, { maxLength: 1 }),
    apart: fc.uniqueArray(fc.tuple(id, id, frames), { maxLength: 3, selector: ([a, b]) => [a, b].sort().join(' ') }),
    retired: fc.array(id, { maxLength: 1 }),
    live,
  })
  .map(changeOf)

test('any sequence of changes is what is loaded afterwards, with any restarts in between', () => {
  const directory = temporaryDirectory()
  let run = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(change, fc.boolean()), { maxLength: 8 }), (changes) => {
      const own = `${directory}/${run++}`
      let store = openStore(own, { embedder })
      try {
        let expected = fresh
        expect(store.saved()).toEqual(expected)
        for (const [each, restarts] of changes) {
          store.commit(each)
          expected = applied(expected, each)
          if (restarts) {
            store.close()
            store = openStore(own, { embedder })
          }
          expect(store.saved()).toEqual(expected)
        }
      } finally {
        store.close()
      }
    }),
    { numRuns: casesOf(60) },
  )
}, 120_000)
