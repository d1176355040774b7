import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { type Message, traffic } from './support/traffic.ts'

const options = identityOptions.parse({ confirmFaces: 2, confirmMs: 0 })
const feed = (engine: Identity, message: Message): RollcallEvent[] =>
  'faces' in message ? engine.update(message.faces) : engine.change(message.change)

/** All events, with what the engine knew when each message had been worked off. */
const play = (messages: readonly Message[], each: (events: RollcallEvent[], engine: Identity) => void = () => {}) => {
  const engine = createIdentity(options, { site: 'here' })
  const all: RollcallEvent[] = []
  for (const message of messages) {
    const events = feed(engine, message)
    each(events, engine)
    all.push(...events)
  }
  all.push(...engine.finish())
  return { engine, events: all }
}
const isFrame = (event: RollcallEvent): event is FrameEvent => event.type === 'rollcall.frame.v1'

/** Tests what must be so of the events for whatever comes in, with that many cases each. */
export const testEvents = (numRuns: number): void => {
  const check = (property: (messages: Message[]) => void) => fc.assert(fc.property(traffic, property), { numRuns })

  describe('whatever comes in', () => {
    it('generates traffic with new people, merges and tentative faces', () => {
      const seen = new Set<string>()
      for (const messages of fc.sample(traffic, { numRuns: 60, seed: 4 }))
        for (const event of play(messages).events) {
          seen.add(event.type)
          if (isFrame(event)) for (const face of event.data.faces) seen.add(face.reason)
        }
      for (const kind of ['person.created', 'person.merged', 'sighting.started', 'sighting.ended', 'frame'])
        expect(seen).toContain(`rollcall.${kind}.v1`)
      for (const reason of ['joined', 'created', 'kept', 'tentative', 'ambiguous', 'low-quality', 'no-embedding'])
        expect(seen).toContain(reason)
    })

    it('the same messages give byte-identical events', () => {
      check((messages) => {
        expect(JSON.stringify(play(structuredClone(messages)).events)).toBe(JSON.stringify(play(messages).events))
      })
    })

    it('no two events have the same source and ID', () => {
      check((messages) => {
        const ids = play(messages).events.map(({ source, id }) => `${source} ${id}`)
        expect(new Set(ids).size).toBe(ids.length)
      })
    })

    it('no two faces of a frame are the same person, and each person exists', () => {
      check((messages) => {
        play(messages, (events, engine) => {
          const alive = new Set(engine.people().map(({ id }) => id))
          for (const event of events) {
            if (!isFrame(event)) continue
            const people = event.data.faces.map(({ person }) => person).filter((person) => person !== null)
            expect(new Set(people).size).toBe(people.length)
            for (const person of people) expect(alive).toContain(person)
          }
        })
      })
    })

    it('a person is created once, seen only after that, and never after a merge', () => {
      check((messages) => {
        const { events, engine } = play(messages)
        const alive = new Set<string>()
        const gone = new Set<string>()
        for (const event of events) {
          if (event.type === 'rollcall.person.created.v1') {
            expect(alive.has(event.subject) || gone.has(event.subject)).toBe(false)
            alive.add(event.subject)
          } else if (event.type === 'rollcall.person.merged.v1') {
            expect(alive.delete(event.subject)).toBe(true)
            expect(alive).toContain(event.data.into)
            gone.add(event.subject)
            expect(alive).toContain(engine.resolve(event.subject))
          } else if (event.type.startsWith('rollcall.sighting')) expect(alive).toContain(event.subject)
          else if (isFrame(event))
            for (const { person } of event.data.faces) if (person) expect(alive).toContain(person)
        }
        expect(engine.people().map(({ id }) => id)).toEqual([...alive])
      })
    })

    it('each sighting starts once, ends once and lasts longer than 0 ms', () => {
      check((messages) => {
        const { events, engine } = play(messages)
        const open = new Set<string>()
        const known = new Set<string>()
        for (const event of events) {
          if (event.type === 'rollcall.sighting.started.v1') {
            expect(known).not.toContain(event.data.sighting)
            open.add(event.data.sighting)
            known.add(event.data.sighting)
          } else if (event.type === 'rollcall.sighting.corrected.v1') {
            const { sighting, ended } = event.data
            if (!ended && !known.has(sighting)) open.add(sighting)
            known.add(sighting)
            expect(open.has(sighting)).toBe(!ended)
          } else if (event.type === 'rollcall.sighting.ended.v1') {
            expect(open.delete(event.data.sighting)).toBe(true)
            expect(event.data.untilMs - event.data.fromMs).toBeGreaterThanOrEqual(100)
            expect(event.data.frames).toBeGreaterThan(0)
          }
        }
        expect(open.size).toBe(0)
        expect(engine.finish()).toEqual([])
      })
    })

    it('the order of the faces in a frame does not matter', () => {
      const bySelf = (events: readonly RollcallEvent[]) =>
        events.map((event) =>
          isFrame(event)
            ? {
                ...event,
                data: { ...event.data, faces: event.data.faces.toSorted((a, b) => (a.track < b.track ? -1 : 1)) },
              }
            : event,
        )
      check((messages) => {
        const turned = messages.map(
          (message): Message =>
            'faces' in message ? { faces: { ...message.faces, faces: message.faces.faces.toReversed() } } : message,
        )
        expect(bySelf(play(turned).events)).toEqual(bySelf(play(messages).events))
      })
    })

    it('a repeated message changes nothing', () => {
      check((messages) => {
        const engine = createIdentity(options, { site: 'here' })
        const events: RollcallEvent[] = []
        for (const message of messages) {
          events.push(...feed(engine, message))
          if ('faces' in message) expect(engine.update(message.faces)).toEqual([])
        }
        expect([...events, ...engine.finish()]).toEqual(play(messages).events)
      })
    })
  })
}
