import { describe, expect, it } from 'vitest'
import { createRecluster } from '../../../src/identity/clustering/recluster.ts'
import { createTrackAssignments } from '../../../src/identity/clustering/track-assignments.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { createCoOccurrence } from '../../../src/identity/people/co-occurrence.ts'
import { comparisonOn } from '../../../src/identity/people/evidence.ts'
import { createPeople } from '../../../src/identity/people/people.ts'
import { createSettledTracks, noSettledArchive } from '../../../src/identity/state/settled-tracks.ts'
import { createTracklets } from '../../../src/identity/tracklets/tracklets.ts'
import { direction, near, randomFrom } from '../support/faces.ts'

const options = identityOptions.parse({})
const compare = comparisonOn({ scale: 1, offset: 0 })

/** Whether somebody is split who has four looks of one person and so many of another, after so many tracks. */
const isSplit = (odd: number, tracks: number): boolean => {
  const random = randomFrom(7)
  const people = createPeople(compare)
  const settled = createSettledTracks(noSettledArchive)
  const tracklets = createTracklets(people, settled)
  const coOccurrence = createCoOccurrence(options.cannotLinkFrames, people)
  const assignments = createTrackAssignments({ people, coOccurrence, tracklets, settled, compare, options })
  const recluster = createRecluster({ people, tracklets, assignments, compare, options })
  const [ann, other] = [direction(random), direction(random)]
  const person = people.create('door/s/0', 'door', 0)
  const looks = [...Array<Float32Array>(4).fill(ann), ...Array<Float32Array>(odd).fill(other)]
  for (const look of looks) people.teach(person, { sum: near(look, 0.5, random), weight: 1 })
  person.tracks = tracks
  recluster.touch(person)
  recluster.run(1000, new Set())
  return assignments.takeChanges().some(({ type }) => type === 'split')
}

describe('somebody with looks of two people', () => {
  it('is split when two tracks have shown each of them', () => {
    expect([1, 2, 3, 4].map((odd) => isSplit(odd, 4 + odd))).toEqual([false, true, true, true])
  })

  it('who has been one for long is split only for more than a few odd looks', () => {
    expect([1, 2, 3, 4].map((odd) => isSplit(odd, 200))).toEqual([false, false, false, true])
  })
})
