import { describe, expect, it, onTestFinished } from 'vitest'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import type { StoredEmbedder } from '../../src/identity/store/problems.ts'
import { whoRuns } from '../../src/identity/store/running.ts'
import { unit } from '../../src/math/vector.ts'
import type { PersonId } from '../../src/types.ts'
import { chosenEmbedder } from '../../src/vision/chosen-embedder.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { embedder as small, temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'
import { mostAlike } from '../identity/support/vectors.ts'
import { rollcall } from '../integration/rollcall.ts'
import { calledWith, changes } from './people/called.ts'

/** A state in which two people, each seen ten times an hour ago, were made one. */
const wronglyOne = (embedder: StoredEmbedder) => {
  const state = temporaryDirectory()
  const store = openStore(state, { embedder })
  const engine = createIdentity(identityOptions.parse({}), { archive: store })
  const random = randomFrom(11)
  const looks = [direction(random, embedder.dimensions), direction(random, embedder.dimensions)]
  const found: PersonId[] = []
  const startMs = Date.now() - 3_600_000
  for (let visit = 0, seq = 0; visit < 20; visit++)
    for (let i = 0; i < 20; i++) {
      const track = `door/s/${visit}`
      const face = faceOf(track, near(looks[visit % 2] as Float32Array, 0.3, random))
      const over = i === 19 ? { endedTracks: [track] } : {}
      for (const event of engine.update(facesAt(startMs + visit * 60_000 + i * 100, seq++, [face], over)))
        if (event.type === 'rollcall.track.assigned.v1') found.push(event.data.person)
      store.commit(engine.takeChange())
    }
  const [ada = '', bo = ''] = found
  engine.merge(ada, bo, Date.now(), { force: true })
  engine.finish()
  // Nobody is in view any more: what was seen last settles, too.
  engine.tick(null)
  store.commit(engine.takeChange())
  const sightings = store.sightings.ofPeople([bo]).map(({ sighting }) => sighting)
  store.close()
  return { state, ada, bo, sightings, look: looks[1] as Float32Array }
}

/** Takes sightings off by the program: first some of them, then the rest. */
const takeOff = async (of: ReturnType<typeof wronglyOne>): Promise<void> => {
  const { state, ada, bo, sightings, look } = of
  const { run, json } = calledWith('--state', state)
  const options = (names: readonly string[]) => names.flatMap((name) => ['--sighting', name])
  const off = await json('split', ada, ...options(sightings.slice(0, 4)))
  expect(changes(off).filter((kind) => kind === 'split')).toHaveLength(1)
  const moved = off.events.filter(({ type }: { type: string }) => type === 'rollcall.sighting.corrected.v1')
  expect(moved).toHaveLength(4)
  const other = off.events[0].subject
  for (const { data } of moved) expect(data).toMatchObject({ person: other, before: ada, why: 'split' })
  expect((await json('show', other)).person).toMatchObject({ tracks: 4, apart: [ada] })

  const again = await run('split', ada, ...options(sightings.slice(0, 1)))
  expect(again).toMatchObject({ code: 1, stderr: expect.stringMatching(`PERSON_CONFLICT: .*it is one of ${other} — `) })
  const unknown = await run('split', ada, '--track', 'door/s/99')
  expect(unknown).toMatchObject({ code: 1, stderr: expect.stringMatching(/PERSON_CONFLICT: .*sightingDays/) })

  // What is left of the old ID: it is given back.
  expect(changes(await json('split', ada, ...options(sightings.slice(4))))).toContain('unmerged')
  expect((await json('show', bo)).person).toMatchObject({ id: bo, tracks: 6 })
  expect((await json('show', ada)).person).toMatchObject({ id: ada, tracks: 10, aliases: [] })
  const { people } = await json('export')
  const vectors = (id: PersonId) =>
    people.find((one: { id: PersonId }) => one.id === id).exemplars.map(({ vector }: { vector: number[] }) => vector)
  expect(mostAlike(vectors(ada), unit(look) as Float32Array)).toBeLessThan(0.3)
  for (const id of [bo, other]) expect(mostAlike(vectors(id), look)).toBeGreaterThan(0.9)
}

describe('sightings of an hour ago are taken off a person', () => {
  it('in a state directory that no Rollcall has open', () => takeOff(wronglyOne(small)))

  it('over HTTP, in a Rollcall that runs', async () => {
    const of = wronglyOne(await chosenEmbedder(modelOptions.parse({})))
    const args = ['run', '--state', of.state, '--http', '127.0.0.1:0', '--camera', 'door=rtsp://127.0.0.1:9/']
    const site = rollcall(args)
    onTestFinished(async () => {
      site.kill('SIGTERM')
      await site.exited
    })
    await site.until('it listens', () => whoRuns(of.state)?.url ?? undefined, 60_000)
    await takeOff(of)
  }, 120_000)
})
