import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { StateChange } from '../../../src/identity/state.ts'
import { openStore } from '../../../src/identity/store/open.ts'
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
const live = fc.oneof(
  fc.constant(null),
  fc.record({
    cameras: fc.array(fc.tuple(fc.string(), fc.float32Array({ maxLength: 300 }))).map((all) => new Map(all)),
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
    { numRuns: 60 },
  )
}, 120_000)
