import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RollcallError } from '../../../src/errors.ts'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { casesOf } from '../../support/cases.ts'
import { applied, fresh } from '../store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../support/faces.ts'

const options = identityOptions.parse({ archiveAfterDays: null })
const startMs = 1_772_443_800_000

/** The state of a site that has seen five people once each. */
const seen = (() => {
  const random = randomFrom(5)
  const engine = createIdentity(options)
  for (let who = 0; who < 5; who++) {
    const [look, track] = [direction(random, 32), `door/s/${who}`]
    for (let i = 0; i < 5; i++) {
      const seq = who * 5 + i
      const end = i === 4 ? { endedTracks: [track] } : {}
      engine.update(facesAt(startMs + seq * 200, seq, [faceOf(track, near(look, 0.2, random))], end))
    }
  }
  return applied(fresh, engine.takeChange())
})()
const ids = seen.people.map(({ id }) => id)
const name = fc.constantFrom(...ids)
const step = fc.record({
  kind: fc.constantFrom('separate', 'separate', 'merge', 'merge', 'unmerge'),
  a: name,
  b: name,
  restart: fc.boolean(),
})

it('who is not whom stays said of the same IDs, whatever is merged and given back, in any order', () => {
  expect(ids).toHaveLength(5)
  let given = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 14 }), (steps) => {
      let state = seen
      let engine = createIdentity(options, { saved: state })
      const said = new Set<string>()
      const intoOf = new Map<string, string>()
      const say = (a: string, b: string): void => void said.add(`${a} ${b}`).add(`${b} ${a}`)
      /** By the IDs of two people, as what was said of them leads to it; independent of the engine's own books. */
      const apartOf = (id: string): string[] => {
        const pairs = [...said].map((pair) => pair.split(' ').map((each) => engine.resolve(each)))
        return [...new Set(pairs.flatMap(([a, b]) => (a === id && b && b !== id ? b : [])))].toSorted()
      }
      for (const { kind, a, b, restart } of steps) {
        const [one, other] = [engine.resolve(a), engine.resolve(b)]
        try {
          if (kind === 'merge') {
            engine.merge(a, b, startMs, { force: true })
            if (engine.resolve(one) === one) intoOf.set(other, one)
            else intoOf.set(one, other)
          } else if (kind === 'unmerge') {
            engine.unmerge(a, startMs)
            // Neither the person is it, nor the ID that it had been merged into, which may be given back later.
            for (const not of [one, intoOf.get(a) as string]) say(a, not)
            given++
          } else {
            engine.separate(a, b, startMs)
            say(one, other)
          }
        } catch (error) {
          if (!(error instanceof RollcallError)) throw error
          expect(error.code).toBe('PERSON_CONFLICT')
        }
        if (restart) {
          state = applied(state, engine.takeChange())
          engine = createIdentity(options, { saved: state })
        }
        for (const { id } of engine.people()) expect(engine.person(id).apart.toSorted(), id).toEqual(apartOf(id))
      }
      const [elsewhere, again] = [createIdentity(options), createIdentity(options)]
      elsewhere.importPeople(engine.exportPeople(), startMs)
      again.importPeople(JSON.parse(JSON.stringify(elsewhere.exportPeople())), startMs)
      expect(again.exportPeople()).toEqual(elsewhere.exportPeople())
      engine = again
      for (const id of ids.filter((each) => engine.resolve(each) !== each)) {
        const [into, whole] = [intoOf.get(id) as string, engine.resolve(id)]
        engine.unmerge(id, startMs)
        for (const not of [whole, into]) say(id, not)
        for (const each of engine.people())
          expect(engine.person(each.id).apart.toSorted(), id).toEqual(apartOf(each.id))
      }
    }),
    { numRuns: casesOf(300), seed: 125, endOnFailure: true },
  )
  expect(given).toBeGreaterThan(casesOf(50))
})
