import { expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentities } from './identities.ts'

const box = { x: 0.1, y: 0.1, width: 0.2, height: 0.2 }
const real = { person: 'ivo', box }
const camera = { truth: { people: ['ivo'], facesOf: [[real]] }, shownAt: () => 0 }

/** Tells what each period says has changed; a period is the frames with each ID. */
const changes = (...periods: readonly Readonly<Record<string, number>>[]): readonly string[] => {
  const identities = createIdentities(new Map([['street', camera]]) as never)
  return periods.flatMap((period) => {
    for (const [person, frames] of Object.entries(period)) {
      const data = { camera: 'street', clock: 'camera', capturedAtMs: 0, faces: [{ box, person }] }
      for (let i = 0; i < frames; i++) identities.saw({ type: 'rollcall.frame.v1', data } as unknown as RollcallEvent)
    }
    return identities.compare().changed
  })
}

test('an ID that is gone is told once', () => {
  expect(changes({ a: 9 }, { b: 9 }, { b: 9 })).toEqual(['ivo was a and is b'])
  expect(changes({ a: 9 }, { b: 5 }, { b: 9, c: 8 })).toEqual(['ivo was a and is b'])
})

test('a track that goes on with another person where two cross is no loss of the ID', () => {
  expect(changes({ a: 9 }, { a: 5, b: 12 }, { a: 9 })).toEqual([])
})
