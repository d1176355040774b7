import { describe, expect, it } from 'vitest'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { archiveInMemory } from '../../src/identity/store/archive.ts'
import { createSearchTracks } from '../../src/site/search-tracks.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'

const startMs = 1_772_443_800_000
const minuteMs = 60_000

/** A site in memory that keeps unassigned tracks; `pass` shows a track for so many frames, ten a second, a minute apart. */
const scene = () => {
  const random = randomFrom(8)
  const archive = archiveInMemory()
  const engine = createIdentity(identityOptions.parse({ unassignedDays: 7 }), { archive })
  let [seq, atMs] = [0, startMs]
  const flush = (): void => archive.apply(engine.takeChange())
  const pass = (track: string, look: Float32Array, frames: number): void => {
    for (let i = 0; i < frames; i++, atMs += 100) {
      const endedTracks = i === frames - 1 ? [track] : []
      engine.update(facesAt(atMs, seq++, [faceOf(track, near(look, 0.3, random))], { endedTracks }))
    }
    atMs += 2 * minuteMs
    engine.update(facesAt(atMs, seq++, []))
  }
  const search = createSearchTracks({
    ...archive,
    isTrackOf: (embedding, quality, track) => engine.isTrackOf(embedding, quality, track),
    resolve: (id) => engine.resolve(id),
    nameOf: (id) => engine.nameOf(id),
    flush,
  })
  return { engine, pass, search, random, atMs: () => atMs }
}

describe('the search of past tracks', () => {
  it('finds who was never enrolled and who never got an ID, with where, when and how sure', async () => {
    const { engine, pass, search, random } = scene()
    const [ada, bo] = [direction(random), direction(random)]
    pass('t1', ada, 20)
    pass('t2', bo, 20)
    // Two frames found nobody.
    const stranger = direction(random)
    pass('t3', stranger, 2)
    const [first] = engine.people()
    const found = await search(ada, 0.8, 0)
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({ track: 't1', camera: 'door', fromMs: startMs, untilMs: startMs + 1900 })
    expect(found[0]).toMatchObject({ person: first?.id, name: null, is: true, threshold: 0.64 })
    expect(found[0]?.probability).toBeGreaterThan(0.99)
    expect(await search(stranger, 0.8, 0)).toMatchObject([{ track: 't3', person: null, name: null, is: true }])
    expect(await search(direction(random), 0.8, 0)).toEqual([])
  })

  it('says whose a track is now, after names, merges and deletions', async () => {
    const { engine, pass, search, random, atMs } = scene()
    const [ada, bo] = [direction(random), direction(random)]
    pass('t1', ada, 20)
    pass('t2', bo, 20)
    const [a, b] = engine.people().map(({ id }) => id) as [string, string]
    engine.name(a, 'Ada', atMs())
    engine.merge(a, b, atMs(), { force: true })
    expect(await search(bo, 0.8, 0)).toMatchObject([{ track: 't2', person: a, name: 'Ada' }])
    engine.remove(a, atMs())
    expect(await search(ada, 0.8, 0)).toEqual([])
    expect(await search(bo, 0.8, 0)).toEqual([])
  })

  it('leaves out what was over before, and gives the fifty most alike of many, the best first', async () => {
    const { pass, search, random } = scene()
    const ada = direction(random)
    for (let i = 0; i < 55; i++) pass(`t${i}`, ada, 20)
    const all = await search(ada, 0.8, 0)
    expect(all).toHaveLength(50)
    expect(all.map(({ score }) => score)).toEqual(all.map(({ score }) => score).toSorted((a, b) => b - a))
    const late = await search(ada, 0.8, startMs + 52 * (2 * minuteMs + 2000))
    expect(late.map(({ track }) => track).toSorted()).toEqual(['t52', 't53', 't54'])
  })
})
