import { describe, expect, it } from 'vitest'
import { createTrackAssignments } from '../../../src/identity/clustering/track-assignments.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { createCoOccurrence } from '../../../src/identity/people/co-occurrence.ts'
import { comparisonOn } from '../../../src/identity/people/evidence.ts'
import { createPeople } from '../../../src/identity/people/people.ts'
import { createSettledTracks, noSettledArchive } from '../../../src/identity/state/settled-tracks.ts'
import { createTracklets } from '../../../src/identity/tracklets/tracklets.ts'
import { unit } from '../../../src/math/vector.ts'
import { direction, randomFrom } from '../support/faces.ts'

const options = identityOptions.parse({})
const compare = comparisonOn({ scale: 1, offset: 0 })

interface Variant {
  readonly isEnrolled?: boolean
  /** Evidence of each track; full when left out. */
  readonly evidence?: number
}

/** Two people, each of so many tracks, whose similarity as a whole is the given one. */
const twoPeople = (tracks: number, similarity: number, { isEnrolled = false, evidence = 1 }: Variant = {}) => {
  const random = randomFrom(tracks)
  const people = createPeople(compare)
  const [ann, off] = [direction(random), direction(random)]
  const along = off.reduce((sum, value, i) => sum + value * (ann[i] ?? 0), 0)
  const across = unit(off.map((value, i) => value - along * (ann[i] ?? 0))) as Float32Array
  const looks = (cosine: number) =>
    ann.map((value, i) => cosine * value + Math.sqrt(1 - cosine ** 2) * (across[i] ?? 0))
  const add = (name: string, look: Float32Array) => {
    const person = people.create(name, 'door', 0)
    person.tracks = isEnrolled ? 0 : tracks
    const exemplar = { sum: look.map((value) => evidence * value), weight: evidence }
    for (let i = 0; i < tracks; i++) people.teach(person, exemplar)
    return person
  }
  const older = add('older', looks(1))
  const known = older.known
  if (!known) throw new Error('nothing is known')
  const younger = add('younger', looks(similarity / compare(known, known).score))
  const settled = createSettledTracks(noSettledArchive)
  const membership = createTrackAssignments({
    people,
    coOccurrence: createCoOccurrence(options.cannotLinkFrames, people),
    tracklets: createTracklets(people, settled),
    settled,
    compare,
    options,
  })
  return { people, membership, older, younger, add, looks }
}

describe('mergeAlike', () => {
  it.each([
    [1, 0.66, true],
    [2, 0.66, false],
    [2, 0.69, true],
    [3, 0.69, false],
    [3, 0.72, true],
    [4, 0.72, false],
    [9, 0.75, true],
  ])('of people of %i tracks each, as similar as %d: %o', (tracks, similarity, merges) => {
    const { people, membership, older, younger } = twoPeople(tracks, similarity)
    membership.mergeAlike(younger, new Set())
    expect(people.resolve(younger.id)).toBe(merges ? older.id : younger.id)
    const [change] = membership.takeChanges()
    if (!merges) return expect(change).toBeUndefined()
    expect(change).toMatchObject({
      type: 'merged',
      from: younger,
      into: older,
      why: { score: expect.closeTo(similarity, 5) },
    })
  })

  it('counts the photos of an enrolled person as tracks', () => {
    const { people, membership, younger } = twoPeople(4, 0.72, { isEnrolled: true })
    membership.mergeAlike(younger, new Set())
    expect(people.resolve(younger.id)).toBe(younger.id)
  })

  it.each([
    [0.8, 0.57, true],
    [0.8, 0.53, false],
    [0.9, 0.57, false],
  ])('of one track each that is over, with evidence %d, as similar as %d: %o', (evidence, similarity, merges) => {
    const { people, membership, older, younger } = twoPeople(1, similarity, { evidence })
    membership.mergeAlike(younger, new Set())
    expect(people.resolve(younger.id)).toBe(merges ? older.id : younger.id)
    const why = { score: expect.closeTo(similarity, 5), threshold: options.create }
    if (merges) expect(membership.takeChanges()).toMatchObject([{ type: 'merged', why }])
  })

  it('merges a person of one poor track with the unnamed person it is clearly most like', () => {
    const unclear = twoPeople(1, 0.57, { evidence: 0.8 })
    unclear.add('as similar', unclear.looks(-0.5))
    const named = twoPeople(1, 0.57, { evidence: 0.8 })
    named.older.name = 'Ann'
    for (const { membership, younger } of [unclear, named]) {
      membership.mergeAlike(younger, new Set())
      expect(membership.takeChanges()).toEqual([])
    }
  })

  it('never merges two people of the current frame', () => {
    const { people, membership, older, younger } = twoPeople(4, 0.9)
    membership.mergeAlike(younger, new Set([older, younger]))
    expect(people.resolve(younger.id)).toBe(younger.id)
  })
})

/** Somebody of one track as similar to another as said, where `returned` others have come again; one has not. */
const lateComer = (similarity: number, returned: number) => {
  const { people, membership, older, add, looks } = twoPeople(1, -1)
  const random = randomFrom(returned + 3)
  older.tracks = 5
  for (let i = 0; i < returned; i++) add(`returned ${i}`, direction(random)).tracks = 5
  const known = older.known
  if (!known) throw new Error('nothing is known')
  const late = add('late', looks(similarity / compare(known, known).score))
  const merge = (present: Set<typeof late>) => {
    membership.mergeSeldom(late, present)
    return people.resolve(late.id) === older.id
  }
  return { merge, membership, older, late, add, looks }
}

describe('mergeSeldom', () => {
  it.each([
    [0.5, 40, true],
    [0.45, 40, false],
    [0.5, 4, false],
    [0.6, 4, true],
  ])('of a person as similar as %d, where %i others have come again: %o', (similarity, returned, merges) => {
    expect(lateComer(similarity, returned).merge(new Set())).toBe(merges)
  })

  it('says the threshold that follows from how many have come again', () => {
    const { merge, membership, older, late } = lateComer(0.5, 40)
    merge(new Set())
    const why = { score: expect.closeTo(0.5, 5), threshold: expect.closeTo(0.595 + Math.log(3 / 42) / 22, 5) }
    expect(membership.takeChanges()).toMatchObject([{ type: 'merged', from: late, into: older, why }])
  })

  it('merges nobody who is as similar to another, nobody with somebody who has a name, and no two of a frame', () => {
    const unclear = lateComer(0.5, 40)
    unclear.add('as similar', unclear.looks(-0.5)).tracks = 5
    const named = lateComer(0.5, 40)
    named.older.name = 'Ann'
    const present = lateComer(0.5, 40)
    expect(unclear.merge(new Set())).toBe(false)
    expect(named.merge(new Set())).toBe(false)
    expect(present.merge(new Set([present.older, present.late]))).toBe(false)
  })
})
