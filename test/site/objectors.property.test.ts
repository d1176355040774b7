import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createMetrics } from '../../src/metrics.ts'
import { openPeople, type SitePeople } from '../../src/site/open-people.ts'
import type { PersonId } from '../../src/types.ts'
import { temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'
import { mostAlike, vectorsIn } from '../identity/support/vectors.ts'
import { casesOf } from '../support/cases.ts'
import { flatJpeg } from '../support/flat-jpeg.ts'

/** Ada objects; the others do not. */
const names = ['ada', 'bo', 'cy'] as const
const cameras = ['door', 'hall'] as const
type Name = (typeof names)[number]

/** So many frames of these people on a camera; their tracks go on next time, or are over. */
const visit = fc.record({
  kind: fc.constant('visit' as const),
  camera: fc.constantFrom(...cameras),
  who: fc.subarray([...names], { minLength: 1 }),
  frames: fc.integer({ min: 1, max: 8 }),
  quality: fc.constantFrom(0.25, 0.5, 0.8),
  isEnded: fc.boolean(),
})
const move = fc.oneof(
  { weight: 6, arbitrary: visit },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1000, 7000, 400_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constantFrom('name', 'split', 'delete'), who: fc.constantFrom('bo', 'cy') }),
  },
)
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never
const scenes = fc.record({
  before: fc.array(move, { maxLength: 8 }),
  by: fc.constantFrom('person', 'photo'),
  after: fc.array(move, { minLength: 1, maxLength: 10 }),
  seed: fc.integer(),
})

const config = configSchema.parse({
  site: 'here',
  identity: { crops: 'disk', unassignedDays: 7 },
  rules: { comes: { who: 'anybody' }, goes: { who: 'stranger', when: 'leaves', awayMs: 1000 } },
})
const jpeg = flatJpeg({ width: 16, height: 16, sampling: [[1, 1]] })
/** What every track of Ada's is called, so that it is found in any file. */
const adas = 'track-of-ada-'

/** A site's people in a state directory, before which people come and go. */
const openScene = async (seed: number) => {
  const random = randomFrom(seed)
  const looks = { ada: direction(random), bo: direction(random), cy: direction(random) }
  const directory = temporaryDirectory()
  const said: unknown[] = []
  const line = (...all: unknown[]): void => void said.push(all)
  const log = { debug: line, info: line, warn: line, error: line }
  let owner = new AsyncDisposableStack()
  const open = (): Promise<SitePeople> => {
    const metrics = createMetrics(new Registry())
    return openPeople(config, { stateDirectory: directory, log, metrics, nowMs: () => atMs, owner })
  }
  const events: RollcallEvent[] = []
  const ids = new Map<Name, PersonId>()
  const tracks = new Map<string, string>()
  let [atMs, seq, count] = [1_772_443_800_000, 0, 0]
  let people = await open()
  const take = (more: readonly RollcallEvent[]): void => {
    events.push(...more)
    for (const { type, data } of more)
      if (type === 'rollcall.track.assigned.v1')
        for (const name of names) if (data.track.includes(`-${name}-`)) ids.set(name, data.person)
  }
  const show = ({ camera, who, frames, quality, isEnded }: Extract<Move, { kind: 'visit' }>): void => {
    const own = who.map((name) => {
      const place = `${camera} ${name}`
      if (!tracks.has(place)) tracks.set(place, `track-of-${name}-${++count}`)
      return { name, place, track: tracks.get(place) ?? '' }
    })
    for (let i = 0; i < frames; i++, atMs += 100) {
      const faces = own.map(({ name, track }) =>
        // The first face is a good one, by which an objector is known at once.
        faceOf(track, near(looks[name], 0.3, random), i === 0 ? 0.8 : quality, names.indexOf(name) / 4),
      )
      const endedTracks = isEnded && i === frames - 1 ? own.map(({ track }) => track) : []
      take(people.committed.update(facesAt(atMs, seq++, faces, { camera, endedTracks })))
      for (const { track } of own)
        people.keepCrop({ track, camera, stream: 's1', seq, capturedAtMs: atMs, quality, width: 16, height: 16, jpeg })
    }
    if (isEnded) for (const { place } of own) tracks.delete(place)
  }
  const act = (kind: string, name: Name): void => {
    const id = ids.get(name)
    const known = people.engine.people().find((one) => one.id === people.engine.resolve(id ?? ''))
    if (!known) return
    if (kind === 'name') take(people.service.name(known.id, `Called ${name}`, 'me').events)
    if (kind === 'delete') take(people.service.remove(known.id, 'me').events)
    if (kind === 'split' && known.tracks > 1)
      try {
        take(people.service.split(known.id, { tracks: [], sightings: [] }, 'me').events)
      } catch {
        // Of one look there is nothing to split.
      }
  }
  const restart = async (): Promise<void> => {
    people.committed.commit()
    await owner.disposeAsync()
    owner = new AsyncDisposableStack()
    people = await open()
  }
  return {
    looks,
    events,
    said,
    people: () => people,
    play: async (step: Move): Promise<void> => {
      if (step.kind === 'visit') show(step)
      else if (step.kind === 'restart') await restart()
      else if (step.kind === 'wait') atMs += step.ms
      else act(step.kind, step.who)
      people.tick(atMs)
      people.committed.commit()
      // Every sink has taken what there is, as it does in a second.
      people.store?.published(Number.MAX_SAFE_INTEGER)
    },
    object: (by: string): PersonId | undefined => {
      const id = ids.get('ada')
      const embedder = people.service.export().embedder
      const faces = [{ embedding: [...looks.ada], quality: 0.9 }]
      const isKnown = id !== undefined && people.engine.isPerson(people.engine.resolve(id))
      const asked =
        by === 'person' && isKnown ? { person: id, embedder: null, faces: [] } : { person: null, embedder, faces }
      people.objections.object({ ...asked, note: null }, 'me')
      events.length = 0
      said.length = 0
      return id
    },
    files: () =>
      readdirSync(directory, { recursive: true, withFileTypes: true })
        .filter((each) => each.isFile())
        .map((each) => [each.name, readFileSync(join(each.parentPath, each.name))] as const),
    close: () => owner.disposeAsync(),
  }
}

test('whatever happens, after an objection no event, row, file or line names the objector or a track of theirs', async () => {
  let blurred = 0
  await fc.assert(
    fc.asyncProperty(scenes, async ({ before, by, after, seed }) => {
      const scene = await openScene(seed)
      try {
        for (const step of before) await scene.play(step)
        const id = scene.object(by)
        for (const step of after) await scene.play(step)
        const told = JSON.stringify([scene.events, scene.said])
        expect(told).not.toContain(adas)
        if (id !== undefined) expect(told).not.toContain(id)
        for (const [file, bytes] of scene.files()) expect(bytes.includes(adas), file).toBe(false)
        const { engine, objections } = scene.people()
        expect(mostAlike(vectorsIn(engine.exportPeople()), scene.looks.ada)).toBeLessThan(0.6)
        expect(objections.list()).toHaveLength(1)
        for (const { type, data } of scene.events) if (type === 'rollcall.frame.v1') blurred += data.blur?.length ?? 0
      } finally {
        await scene.close()
      }
    }),
    { numRuns: casesOf(60) },
  )
  expect(blurred, 'the objector was there').toBeGreaterThan(20)
})
