import { expect, test } from 'vitest'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import type { Face, Faces } from '../../src/types.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './support/faces.ts'

const setUp = () => {
  const random = randomFrom(8)
  const engine = createIdentity(identityOptions.parse({}))
  const [ann, bob] = [direction(random), direction(random)]
  let seq = 0
  const see = (faces: readonly Face[], more: Partial<Faces> = {}): FrameEvent => {
    seq++
    const events: RollcallEvent[] = engine.update(facesAt(seq * 100, seq, faces, more))
    return events.findLast(({ type }) => type === 'rollcall.frame.v1') as FrameEvent
  }
  const looks = (person: Float32Array, track: string, x = 0.1) => faceOf(track, near(person, 0.3, random), 0.8, x)
  return { engine, see, looks, ann, bob }
}

test('a frame says that it is damaged, and a whole one says nothing', () => {
  const { see, looks, ann } = setUp()
  expect(see([looks(ann, 'a')], { damaged: true }).data).toMatchObject({ damaged: true })
  expect(see([looks(ann, 'a')]).data).not.toHaveProperty('damaged')
})

test('nobody is founded from damaged frames, whatever they show', () => {
  const { engine, see, looks, ann } = setUp()
  for (let i = 0; i < 20; i++) see([looks(ann, 'a')], { damaged: true })
  expect(engine.people()).toEqual([])
  for (let i = 0; i < 6; i++) see([looks(ann, 'a')])
  expect(engine.people()).toHaveLength(1)
})

test('a track keeps its person through damaged frames, and is not turned by what they show', () => {
  const { engine, see, looks, ann, bob } = setUp()
  for (let i = 0; i < 6; i++) see([looks(ann, 'a')])
  const [person] = engine.people()
  for (let i = 0; i < 20; i++) expect(see([looks(bob, 'a')], { damaged: true }).data.faces[0]?.person).toBe(person?.id)
  expect(see([looks(ann, 'a')]).data.faces[0]?.person).toBe(person?.id)
  expect(engine.people()).toHaveLength(1)
})

test('two faces of one damaged frame may be one person', () => {
  const apart = (damaged: boolean): number => {
    const { engine, see, looks, ann } = setUp()
    for (let i = 0; i < 6; i++) see([looks(ann, 'a')])
    const smear = () => [faceOf('a', null), faceOf('b', null, 0, 0.5)]
    for (let i = 0; i < 10; i++) see(smear(), damaged ? { damaged: true } : {})
    see([], { endedTracks: ['a'] })
    for (let i = 0; i < 12; i++) see([looks(ann, 'b', 0.5)])
    return engine.people().length
  }
  expect(apart(true)).toBe(1)
  expect(apart(false)).toBe(2)
})
