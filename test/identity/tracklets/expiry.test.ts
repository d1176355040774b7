import { describe, expect, it } from 'vitest'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { comparisonOn } from '../../../src/identity/people/evidence.ts'
import { createPeople } from '../../../src/identity/people/people.ts'
import { liveFrom } from '../../../src/identity/state/live-rows.ts'
import { createSettledTracks, noSettledArchive } from '../../../src/identity/state/settled-tracks.ts'
import { createExpiry } from '../../../src/identity/tracklets/expiry.ts'
import { type Evicted, trackletLimits } from '../../../src/identity/tracklets/limits.ts'
import { createTracklets } from '../../../src/identity/tracklets/tracklets.ts'
import { withFace } from '../../../src/math/template.ts'
import { direction, faceOf, facesAt, randomFrom } from '../support/faces.ts'

const limits = { visible: 3, unassigned: 2, ended: 2 }

const start = () => {
  const random = randomFrom(3)
  const people = createPeople(comparisonOn({ scale: 1, offset: 0 }))
  const tracklets = createTracklets(people, createSettledTracks(noSettledArchive))
  const evicted: Evicted[] = []
  const kept: string[] = []
  const expiry = createExpiry({
    tracklets,
    lateJoins: { claim: () => {}, joinClearest: () => false, joinAtLast: () => false },
    options: { tentativeMs: 60_000, waitMs: 600_000, windowMs: 30_000, joinWeight: 0.1 },
    droppedTracks: { end: () => {} },
    dropping: { wasTheirs: () => false },
    past: { add: (tracklet) => void kept.push(tracklet.track) },
    limits,
    onEvict: (from) => evicted.push(from),
  })
  const begin = (number: number) => {
    const tracklet = tracklets.begin(`t${number}`, 'door', 1000 * number, 0.64)
    tracklet.template = withFace(null, direction(random), 0.7)
    return tracklet
  }
  return { people, tracklets, expiry, evicted, kept, begin }
}

describe('too many tracklets', () => {
  it('with live tracks: those not seen for longest end', () => {
    const { tracklets, expiry, evicted, begin } = start()
    const [first, ...rest] = [1, 2, 3, 4].map(begin)
    if (first) first.lastMs = 9000
    expiry.end('door', () => false)
    expect([...tracklets.visible('door').values()]).toEqual([first, ...rest.slice(1)])
    expect(evicted).toEqual(['visible'])
  })

  it('without a person: the one that ended first is forgotten', () => {
    const { tracklets, expiry, evicted, kept, begin } = start()
    const all = [1, 2, 3].map(begin)
    expiry.end('door', () => true)
    expect(kept, 'as a past track').toEqual(['t1'])
    expect(all.map(({ state }) => state)).toEqual(['forgotten', 'unassigned', 'unassigned'])
    expect([...tracklets.all()]).toHaveLength(2)
    expect(evicted).toEqual(['unassigned'])
  })

  it('that wait for somebody: the oldest is forgotten, and that is no eviction', () => {
    const { expiry, evicted, kept, begin } = start()
    const [first, second] = [1, 2].map(begin)
    expiry.end('door', () => true)
    expiry.expire('door', 70_000)
    expect([first?.waits, second?.waits, kept]).toEqual([true, true, ['t1', 't2']])
    const third = begin(80)
    expiry.end('door', () => true)
    expect([first, second, third].map((one) => one?.state)).toEqual(['forgotten', 'unassigned', 'unassigned'])
    expect([evicted, kept]).toEqual([[], ['t1', 't2']])
  })

  it('with a person: the one that ended first settles, so its person keeps the contribution', () => {
    const { people, tracklets, expiry, evicted, begin } = start()
    const ann = people.create('ann', 'door', 0)
    for (const tracklet of [1, 2, 3].map(begin)) tracklets.assign(tracklet, ann)
    expiry.end('door', () => true)
    expect(expiry.expire('door', 4000)).toEqual([ann])
    expect([ann.tracks, ann.exemplars.length, ann.contributions.size]).toEqual([3, 1, 2])
    expect(evicted).toEqual(['ended'])
  })

  it('of a crowd whose tracks never end stay within the limits', () => {
    const random = randomFrom(1)
    const evicted: Evicted[] = []
    const options = identityOptions.parse({ emptyFrames: false })
    const engine = createIdentity(options, { onEvict: (from) => evicted.push(from) })
    const most = trackletLimits.visible + trackletLimits.unassigned
    for (let frame = 0; frame < 2; frame++) {
      const faces = Array.from({ length: most }, (_, i) => faceOf(`f${frame}/${i}`, direction(random, 16), 0.2))
      engine.update(facesAt(1000 * frame, frame, faces.slice(0, trackletLimits.visible)))
      engine.update(facesAt(1000 * frame + 1, frame + 100, faces.slice(trackletLimits.visible)))
    }
    const { tracklets } = liveFrom(engine.takeChange().live?.put ?? [])
    expect(tracklets).toHaveLength(most)
    expect(evicted.filter((from) => from === 'unassigned').length).toBeGreaterThan(0)
  }, 180_000)
})

it('lets tracklets wait only where somebody could be their person', () => {
  const { expiry, kept, begin } = start()
  const [good, small] = [1, 2].map(begin)
  if (small) small.template = withFace(null, direction(randomFrom(4)), 0.05)
  expiry.end('door', () => true)
  expiry.expire('door', 70_000)
  expect([good?.state, small?.state]).toEqual(['unassigned', 'forgotten'])
  expect(kept, 'as past tracks').toEqual(['t1', 't2'])
})
