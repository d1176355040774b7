import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { clientTypes } from '../../contract/client-types.ts'
import { eventTables, withTables } from '../../contract/event-tables.ts'
import { eventSchemas } from '../../contract/json-schema.ts'
import { formatted } from '../../contract/write.ts'
import { type RollcallEvent, topicOf } from '../../src/events/types.ts'
import { createEvents } from '../../src/identity/events/events.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { localTime } from '../../src/rules/hours.ts'
import { observe } from '../../src/rules/judge.ts'
import { ruleOptions } from '../../src/rules/options.ts'
import { detectionAt, faceOf, facesAt, near } from '../identity/support/faces.ts'
import { galleryStory } from '../identity/support/story.ts'
import { traffic } from '../identity/support/traffic.ts'
import { rollcall } from '../integration/rollcall.ts'
import { fewFps, watchFootage } from '../support/watch-footage.ts'
import { numberSchemasIn, numbersIn, withNumber } from './numbers.ts'
import { committed, faultsOf, publishedFaultsOf, validatorOfData } from './validate.ts'

const root = resolve(import.meta.dirname, '../..')
const seen = new Set<string>()
/** Of each field that is a number, by type and path: an event that has it, and the values that were published. */
const published = new Map<string, { readonly event: RollcallEvent; readonly values: number[] }>()

const numberSchemas = (type: string) => new Map(numberSchemasIn(committed.get(type)?.$defs.data ?? {}))

/** By path: how many times wider the bounds are than what was published in any event. */
const looseness = new Map<string, number>()

const expectValid = (events: readonly RollcallEvent[]): void => {
  for (const event of events) {
    seen.add(event.type)
    // As consumers get it: what JSON cannot carry is gone.
    const asSent = JSON.parse(JSON.stringify(event)) as RollcallEvent
    expect([...faultsOf(asSent), ...publishedFaultsOf(asSent)]).toEqual([])
    expect(validatorOfData(asSent.dataschema)?.(asSent.data), asSent.dataschema).toBe(true)
    for (const [path, value] of numbersIn(asSent.data)) {
      const field = published.get(`${event.type} ${path}`) ?? { event: asSent, values: [] }
      field.values.push(value)
      published.set(`${event.type} ${path}`, field)
    }
  }
}

describe('what is published', () => {
  it('of recordings, by the real program', async () => {
    const events = await watchFootage(fewFps)
    const types = new Set(events.map(({ type }) => type))
    for (const type of [
      'frame',
      'sighting.started',
      'sighting.ended',
      'person.created',
      'camera.online',
      'camera.ended',
    ])
      expect(types).toContain(`rollcall.${type}.v1`)
    expect(events.some((event) => event.type === 'rollcall.frame.v1' && event.data.faces.length > 1)).toBe(true)
    expectValid(events)
  }, 240_000)

  it('of a camera that cannot be reached, by the real program', async () => {
    const run = rollcall(['run', '--camera', 'roof=rtsp://127.0.0.1:1/x', '--events', '-', '--http', 'off'])
    try {
      await run.until('offline', () => run.events.some(({ type }) => type === 'rollcall.camera.offline.v1'), 60_000)
    } finally {
      run.kill('SIGINT')
      await run.exited
    }
    expectValid(run.events)
  }, 120_000)

  it('of whatever vision may say, by the engine', () => {
    const types = new Set<string>()
    for (const messages of fc.sample(traffic, { seed: 5, numRuns: 60 })) {
      const engine = createIdentity(identityOptions.parse({}), { site: 'site' })
      const events = messages.flatMap((message) =>
        'faces' in message ? engine.update(message.faces) : engine.change(message.change),
      )
      events.push(...engine.finish())
      for (const { type } of events) types.add(type)
      expectValid(events)
    }
    for (const type of ['person.merged', 'camera.frozen', 'camera.overloaded', 'camera.opening'])
      expect(types).toContain(`rollcall.${type}.v1`)
  }, 120_000)

  it('of a face that fills the picture and reaches out of it, by the engine', () => {
    const engine = createIdentity(identityOptions.parse({}), { site: 'site' })
    const face = { ...faceOf('door/s1/1', null), ...detectionAt(-0.4, -0.3, 1.4, 0.99) }
    expectValid(engine.update(facesAt(0, 0, [face])))
  })

  it('of somebody of whom only poor looks come, by the engine', () => {
    const engine = createIdentity(identityOptions.parse({}), { site: 'site' })
    const [track, look] = ['door/s1/1', galleryStory().looks.ada]
    const shown = (quality: number) => faceOf(track, look, quality)
    const poor = Array.from({ length: 16 }, (_, i) => engine.update(facesAt(250 * i, i, [shown(0.2)])))
    const clear = Array.from({ length: 4 }, (_, i) => engine.update(facesAt(4000 + 250 * i, 16 + i, [shown(0.9)])))
    expect(clear.flat().some(({ data }) => 'provisional' in data)).toBe(true)
    expectValid([...poor, ...clear].flat())
  })

  it('of people whom somebody changes, and of tracks, by the engine', () => {
    const { engine, events, looks, visit, startMs, dayMs, random } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 60_000)]
    events.push(
      ...engine.name(ada, 'Ada', startMs),
      ...engine.merge(ada, bo, startMs, { force: true }),
      ...engine.split(ada, startMs),
    )
    events.push(...engine.merge(ada, bo, startMs, { force: true }), ...engine.unmerge(bo, startMs + 1000))
    events.push(...engine.enroll('Ada', [{ embedding: near(looks.eve, 0.1, random), quality: 0.9 }], startMs))
    events.push(...engine.split(ada, startMs + 2000))
    const enrolled = [{ embedding: near(looks.eve, 0.1, random), quality: 0.9 }]
    events.push(...engine.enroll('Eve', enrolled, startMs), ...engine.name(ada, null, startMs))
    const eve = engine.people().find(({ name }) => name === 'Eve')?.id ?? ''
    events.push(...engine.separate(ada, eve, startMs + 2500))
    const tick = (days: number) => events.push(...engine.tick(startMs + days * dayMs))
    tick(0)
    visit(looks.cy, startMs + 20 * dayMs)
    tick(20)
    visit(looks.bo, startMs + 21 * dayMs)
    visit(looks.cy, startMs + 70 * dayMs)
    tick(70)
    expectValid(events)
  })

  it('of a track that turns out to be somebody else, and of a merge taken back, by name', () => {
    const why = {
      candidate: { person: 'p-a', similarity: 0.61234567, score: 0.71234567 },
      runnerUp: { person: 'p-b', similarity: 0.2, score: 0.2 },
      threshold: 0.54,
    } as const
    const events = createEvents('site', 41)
    expectValid([
      events.unmerged(
        { id: 'p-a', name: null },
        'p-b',
        'engine',
        { similarity: 0.41234567, score: 0.5, threshold: 0.66 },
        1e12,
      ),
    ])
    expectValid([events.assigned('door/s/1', 'door', { ...why, person: 'p-a', reason: 'moved' }, 'p-b', 1e12)])
  })

  it('of a rule that fires', () => {
    const rule = ruleOptions.parse({ who: 'stranger' })
    const seen = { person: 'p-a', camera: 'door', atMs: 1e12, track: 't', frames: 2, quality: 0.5, score: null }
    const { firing } = observe(rule, null, seen, { rule: 'night', person: 'p-a', name: null, localTime })
    if (firing === null) throw new Error('it did not fire')
    expectValid([createEvents('site', 41).fired(firing)])
  })

  it('of scores that are moved', () => {
    const change = { correction: -0.0512, before: -0.05, expected: 0.1234567, median: 0.18, people: 41, pairs: 132 }
    expectValid([createEvents('site', 41).calibrated(change, 1e12)])
  })

  it('lies within the bounds of its schema, which are not much wider, and leaves them by nothing', () => {
    expect(published.size).toBeGreaterThan(50)
    for (const [field, { event, values }] of published) {
      const path = field.slice(field.indexOf(' ') + 1)
      const schema = numberSchemas(event.type).get(path)
      const { type, minimum = NaN, maximum = NaN, $comment } = schema ?? {}
      expect([minimum, maximum], field).not.toContain(NaN)
      for (const good of [minimum, maximum])
        expect(faultsOf(withNumber(event, path, good)), `${field} ${good}`).toEqual([])
      for (const bad of [minimum - 1, maximum + 1, ...(type === 'integer' ? [minimum + 0.5] : [])])
        expect(faultsOf(withNumber(event, path, bad)), `${field} ${bad}`).not.toEqual([])
      // Counters, times and pixels say in a comment why they have none that is tighter.
      const widest = Math.max(Math.abs(minimum), Math.abs(maximum))
      const furthest = Math.max(...values.map(Math.abs))
      if ($comment === undefined) looseness.set(path, Math.min(looseness.get(path) ?? Infinity, widest / furthest))
    }
    expect([...looseness].filter(([, factor]) => factor > 10)).toEqual([])
  })

  afterAll(() => {
    expect([...committed.keys()].filter((type) => !seen.has(type))).toEqual([])
  })
})

describe('the schemas', () => {
  it('bound every number', () => {
    const unbounded = [...committed.keys()].flatMap((type) =>
      [...numberSchemas(type)].filter(([, { minimum, maximum }]) => minimum === undefined || maximum === undefined),
    )
    expect(unbounded).toEqual([])
  })

  it('are those that contract makes: run npm run schemas', () => {
    expect(Object.fromEntries(committed)).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(eventSchemas()))))
  })

  it('are what docs/events.md shows: run npm run schemas', () => {
    const document = readFileSync(join(root, 'docs/events.md'), 'utf8')
    expect(withTables(document, eventTables())).toBe(document)
  })

  it('are what the types of the client package say: run npm run schemas', () => {
    expect(readFileSync(join(root, 'client/src/events.ts'), 'utf8')).toBe(formatted(clientTypes(), 'events.ts'))
  })

  it('have an example each, which is valid, and whose topic is the one that it is listed under', () => {
    for (const [type, { examples }] of committed) {
      expect(examples, type).toHaveLength(1)
      for (const example of examples) {
        expect(example.type).toBe(type)
        expect(faultsOf(example)).toEqual([])
      }
    }
    const document = readFileSync(join(root, 'docs/events.md'), 'utf8')
    for (const [type] of committed) {
      const above = document.slice(0, document.indexOf(`#### \`${type}\``))
      const topic = /^### Topic `(\w+)`/.exec(above.slice(above.lastIndexOf('### Topic')))?.[1]
      expect(topic, type).toBe(topicOf({ type } as RollcallEvent))
    }
  })

  it('refuse what no Rollcall says', () => {
    const [example] = committed.get('rollcall.sighting.started.v1')?.examples ?? []
    const event = example as { type: string; data: object }
    const { source: _, ...withoutSource } = event as Record<string, unknown> & { type: string }
    expect(publishedFaultsOf(withoutSource)).not.toEqual([])
    const noTime = { ...event, data: { ...event.data, fromMs: 'noon' } }
    expect(publishedFaultsOf(noTime)).not.toEqual([])
    const more = { ...event, data: { ...event.data, embedding: [0.1, 0.2] } }
    expect(faultsOf(more)).not.toEqual([])
    expect(publishedFaultsOf(more), 'consumers accept fields that come later').toEqual([])
  })
})
