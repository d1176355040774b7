import { expect, it } from 'vitest'
import { namePeople } from '../../src/recognition/name-people.ts'
import type { WholeTrack } from '../../src/recognition/whole-tracks.ts'

const track = (name: string, weight: number, ...mean: number[]): WholeTrack =>
  ({
    track: name,
    weight,
    known: mean.length === 0 ? null : { mean: Float32Array.from(mean) },
  }) as unknown as WholeTrack

it('names people by all that their tracks show, weighed, and nobody who is like nobody', () => {
  const ids = new Map([
    ['a', 'p-1'],
    ['b', 'p-1'],
    ['c', 'p-2'],
    ['d', 'p-3'],
  ])
  const tracks = [
    track('a', 1, 0, 1, 0),
    track('b', 5, 1, 0, 0),
    track('c', 1, 0, 0, 1),
    track('d', 0),
    track('e', 9, 0, 1, 0),
  ]
  const looks = [
    { person: 'Ada', file: null, embedding: [1, 0, 0] },
    { person: 'Ben', file: null, embedding: [0, 1, 0] },
  ]
  expect([...namePeople(ids, tracks, looks, 0.4)]).toEqual([['p-1', 'Ada']])
  expect([...namePeople(ids, tracks.with(1, track('b', 0.2, 1, 0, 0)), looks, 0.4)]).toEqual([['p-1', 'Ben']])
})
