import { describe, expect, it } from 'vitest'
import { comparisonOn } from '../../../src/identity/people/evidence.ts'
import { createPeople } from '../../../src/identity/people/people.ts'
import { assertContributions, assertLive } from '../../../src/identity/state/assert-saved.ts'
import { type SavedLive, saveTracklet } from '../../../src/identity/state/saved-live.ts'
import { createSettledTracks, noSettledArchive } from '../../../src/identity/state/settled-tracks.ts'
import { undecided } from '../../../src/identity/tracklets/tracklet.ts'
import { createTracklets } from '../../../src/identity/tracklets/tracklets.ts'
import { withFace } from '../../../src/math/template.ts'
import { direction, randomFrom } from '../support/faces.ts'

const start = () => {
  const random = randomFrom(3)
  const people = createPeople(comparisonOn({ scale: 1, offset: 0 }))
  const tracklets = createTracklets(people, createSettledTracks(noSettledArchive))
  const begin = (track: string) => {
    const tracklet = tracklets.begin(track, 'door', 1000, 0.64)
    tracklet.template = withFace(null, direction(random), 0.7)
    return tracklet
  }
  const person = (name: string) => people.create(name, 'door', 1000)
  const live = (): SavedLive => ({
    version: 2,
    cameras: [],
    tracklets: [...tracklets.all()].map((one) => saveTracklet(one, () => true)),
    touched: [],
  })
  return { people, tracklets, begin, person, live }
}

describe('a tracklet', () => {
  it('passes through its states, and contributes to its person until it settles', () => {
    const { tracklets, begin, person } = start()
    const [one, ann] = [begin('t1'), person('ann')]
    expect([one.state, [...tracklets.visible('door').values()]]).toEqual(['tentative', [one]])
    tracklets.assign(one, ann)
    expect([one.state, one.person, ann.tracks, ann.contributions.has(one)]).toEqual(['assigned', ann, 1, true])
    tracklets.release(one)
    expect([one.state, one.person, ann.tracks, ann.contributions.size]).toEqual(['tentative', null, 0, 0])
    tracklets.end(one)
    expect([one.state, tracklets.visible('door').size, [...tracklets.unassigned()]]).toEqual(['unassigned', 0, [one]])
    tracklets.assign(one, ann)
    expect([one.state, tracklets.unassigned().size, [...tracklets.ended()]]).toEqual(['ended', 0, [one]])
    tracklets.settle(one)
    expect([one.state, ann.contributions.size, ann.exemplars.length, ann.tracks]).toEqual(['settled', 0, 1, 1])
    tracklets.forget(one)
    expect([one.state, one.template, [...tracklets.all()]]).toEqual(['forgotten', null, []])
    expect(ann.exemplars).toHaveLength(1)
  })

  it('refuses a step between states that TrackletLife does not have', () => {
    const { tracklets, begin, person } = start()
    const one = begin('t1')
    expect(() => tracklets.settle(one)).toThrow('no person')
    expect(() => tracklets.begin('t1', 'door', 0, 0.6)).toThrow('has a track t1 already')
    tracklets.end(one)
    expect(() => tracklets.end(one)).toThrow('is unassigned, so it cannot become unassigned')
    expect(() => tracklets.release(one)).toThrow('is unassigned, so it cannot become tentative')
    tracklets.forget(one)
    expect(() => tracklets.assign(one, person('ann'))).toThrow('nothing to be recognised by')
    expect(() => tracklets.forget(one)).toThrow('is forgotten, so it cannot become forgotten')
    expect(() => saveTracklet(one, () => true)).toThrow('is forgotten, so it cannot be saved')
  })

  it('is removed from co-occurrences, which remember its person once it has settled', () => {
    const { tracklets, begin, person } = start()
    const [one, two, three, ann] = [begin('t1'), begin('t2'), begin('t3'), person('ann')]
    tracklets.countCoOccurrences([one, two, three])
    tracklets.countCoOccurrences([one, three])
    tracklets.assign(one, ann)
    tracklets.end(one)
    tracklets.settle(one)
    tracklets.forget(one)
    tracklets.forget(two)
    expect(three.coOccurrences.size).toBe(0)
    expect([...three.coOccurringPeople]).toEqual([[ann.id, 2]])
    tracklets.forgetPerson(ann, new Set([ann.id]))
    expect(three.coOccurringPeople.size).toBe(0)
  })

  it('that is forgotten before it has settled takes its contribution with it', () => {
    const { tracklets, begin, person } = start()
    const [one, ann] = [begin('t1'), person('ann')]
    tracklets.assign(one, ann)
    tracklets.forget(one)
    expect([ann.contributions.size, ann.tracks, ann.known]).toEqual([0, 0, null])
  })

  it('is reported once when it changes and once when it is forgotten', () => {
    const { tracklets, begin } = start()
    const [one, two] = [begin('t1'), begin('t2')]
    expect(tracklets.takeChanged()).toEqual({ changed: new Set([one, two]), forgotten: [] })
    tracklets.countCoOccurrences([one, two])
    tracklets.takeChanged()
    tracklets.forget(one)
    expect(tracklets.takeChanged()).toEqual({ changed: new Set([two]), forgotten: [one.key] })
    expect(tracklets.takeChanged()).toEqual({ changed: new Set(), forgotten: [] })
  })

  it('is restored as it was saved, in its order', () => {
    const { people, tracklets, begin, person, live } = start()
    const [one, two, three, ann] = [begin('t1'), begin('t2'), begin('t3'), person('ann')]
    tracklets.countCoOccurrences([one, two, three])
    for (const each of [three, one]) tracklets.assign(each, ann)
    for (const each of [two, three, one]) tracklets.end(each)
    const saved = structuredClone(live())
    for (const each of ann.contributions.keys()) people.contribute(ann, each, null)
    const again = createTracklets(people, createSettledTracks(noSettledArchive))
    again.restore(saved.tracklets.toReversed())
    expect([...again.all()].map((one) => saveTracklet(one, () => true)).sort((a, b) => a.key - b.key)).toEqual(
      saved.tracklets,
    )
    expect([...again.ended()].map(({ key }) => key)).toEqual([three.key, one.key])
    expect([...ann.contributions.keys()]).toEqual(again.of(ann))
    expect(again.of(ann).map(({ key }) => key)).toEqual([three.key, one.key])
    expect(again.begin('t9', 'door', 0, 0.6).key).toBeGreaterThan(three.key)
  })
})

describe('what is saved', () => {
  it.each([
    [
      'names a person who does not exist',
      { before: 'p-gone' },
      'tracklet 1 of track t1 names p-gone, who does not exist',
    ],
    [
      'was compared with a person who does not exist',
      {
        decision: { ...undecided(0.64), runnerUp: { person: 'p-gone', similarity: 0.4, score: 0.5 } },
      },
      'names p-gone',
    ],
    ['was seen with a person who does not exist', { coOccurringPeople: [['p-gone', 3]] }, 'names p-gone'],
    [
      'was seen with a tracklet that is forgotten',
      { coOccurrences: [[7, 1]] },
      'seen with tracklet 7, which is forgotten',
    ],
    [
      'belongs to a person who does not exist',
      { state: 'ended', person: 'p-gone' },
      'belongs to p-gone, who does not exist',
    ],
    ['belongs to nobody', { state: 'assigned' }, 'is assigned with the person null'],
    ['is in a state that is not kept', { state: 'settled' }, 'is settled'],
    ['has the key of another', { key: 2 }, 'two tracklets have one key'],
  ])('is refused, where it is written and where it is read, when a tracklet %s', (_, damage, message) => {
    const { people, begin, live } = start()
    begin('t1')
    begin('t2')
    expect(() => assertLive(live(), people)).not.toThrow()
    const [first, ...rest] = live().tracklets
    const damaged = { ...live(), tracklets: [{ ...first, ...damage }, ...rest] } as SavedLive
    expect(() => assertLive(damaged, people)).toThrow(
      expect.objectContaining({ code: 'STATE', message: expect.stringContaining(message) }),
    )
  })

  it('has no vector that a forgotten tracklet has contributed', () => {
    const { people, tracklets, begin, person } = start()
    const [one, ann] = [begin('t1'), person('ann')]
    tracklets.assign(one, ann)
    const look = () => assertContributions(tracklets.all(), [ann])
    expect(look).not.toThrow()
    people.contribute(ann, {}, { sum: direction(randomFrom(1)), weight: 1 })
    expect(look).toThrow(expect.objectContaining({ code: 'STATE', message: expect.stringContaining('was forgotten') }))
  })
})
