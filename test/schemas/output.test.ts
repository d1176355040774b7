import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { eventTables, withTables } from '../../contract/event-tables.ts'
import { eventSchemas } from '../../contract/json-schema.ts'
import { createEvents } from '../../src/identity/events.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { type RollcallEvent, topicOf } from '../../src/types.ts'
import { near } from '../identity/support/faces.ts'
import { galleryStory } from '../identity/support/story.ts'
import { traffic } from '../identity/support/traffic.ts'
import { rollcall, runToEnd } from '../integration/rollcall.ts'
import { committed, faultsOf, publishedFaultsOf } from './validate.ts'

const root = resolve(import.meta.dirname, '../..')
const seen = new Set<string>()

const expectValid = (events: readonly RollcallEvent[]): void => {
  for (const event of events) {
    seen.add(event.type)
    // As consumers get it: what JSON cannot carry is gone.
    const asSent = JSON.parse(JSON.stringify(event)) as RollcallEvent
    expect([...faultsOf(asSent), ...publishedFaultsOf(asSent)]).toEqual([])
  }
}

describe('what is published', () => {
  it('of recordings, by the real program', async () => {
    const cameras = ['gate', 'street'].flatMap((name) => ['--camera', `${name}=${join(root, `footage/${name}.mp4`)}`])
    const { code, events } = await runToEnd(['run', '--until-end', ...cameras, '--events', '-', '--log-level', 'error'])
    expect(code).toBe(0)
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
    for (const type of ['person.merged', 'camera.frozen', 'camera.opening'])
      expect(types).toContain(`rollcall.${type}.v1`)
  }, 120_000)

  it('of people whom somebody changes, and of tracks, by the engine', () => {
    const { engine, events, looks, visit, startMs, dayMs, random } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 60_000)]
    events.push(
      ...engine.name(ada, 'Ada', startMs),
      ...engine.merge(ada, bo, startMs, { force: true }),
      ...engine.split(ada, startMs),
    )
    const enrolled = [{ embedding: near(looks.eve, 0.1, random), quality: 0.9 }]
    events.push(...engine.enroll('Eve', enrolled, startMs), ...engine.name(ada, null, startMs))
    visit(looks.cy, startMs + 20 * dayMs)
    visit(looks.bo, startMs + 21 * dayMs)
    visit(looks.cy, startMs + 70 * dayMs)
    expectValid(events)
  })

  it('of a track that turns out to be somebody else, and of a merge taken back, by name', () => {
    const why = { similarity: 0.61234567, runnerUp: { person: 'p-b', similarity: 0.2 }, threshold: 0.54 } as const
    const events = createEvents('site', 41)
    expectValid([events.unmerged({ id: 'p-a', name: null }, 'p-b', 'engine', 0.41234567, 1e12)])
    expectValid([events.assigned('door/s/1', 'door', { ...why, person: 'p-a', reason: 'moved' }, 'p-b', 1e12)])
  })

  afterAll(() => {
    expect([...committed.keys()].filter((type) => !seen.has(type))).toEqual([])
  })
})

describe('the schemas', () => {
  it('are those that contract makes: run npm run schemas', () => {
    expect(Object.fromEntries(committed)).toEqual(JSON.parse(JSON.stringify(Object.fromEntries(eventSchemas()))))
  })

  it('are what docs/events.md shows: run npm run schemas', () => {
    const document = readFileSync(join(root, 'docs/events.md'), 'utf8')
    expect(withTables(document, eventTables())).toBe(document)
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
