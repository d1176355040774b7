import { expect, test } from 'vitest'
import { eventJson } from '../src/events/json.ts'
import type { RollcallEvent } from '../src/events/types.ts'
import { createIdentity } from '../src/identity/identity.ts'
import { identityOptions } from '../src/identity/options.ts'
import { cameraEvent, personCreated } from './sinks/events.ts'
import { type Step, story } from './site/story.ts'

/** What the engine says of people who come, go, are named, merged and deleted. */
const engineEvents = (): RollcallEvent[] => {
  const engine = createIdentity(identityOptions.parse({ reclusterMs: 1000 }))
  const act = (step: Exclude<Step, { faces: unknown }>): readonly RollcallEvent[] => {
    try {
      return step.act(engine)
    } catch {
      // Refused, as whoever asked would be told.
      return []
    }
  }
  const events = story().flatMap((step) => ('faces' in step ? engine.update(step.faces) : act(step)))
  return [...events, ...engine.finish()]
}

test('the bytes are what JSON.stringify gives, the whole and its data', () => {
  const odd = cameraEvent({ camera: 'tür', state: 'offline', atMs: 1, reason: 'said ",\\"data\\":{" 🙂' })
  const events = [...engineEvents(), odd, { ...personCreated('p1', 'door'), subject: ',"data":' }]
  expect(new Set(events.map(({ type }) => type)).size).toBeGreaterThan(8)
  for (const event of events) {
    expect(eventJson(event).whole.toString()).toBe(JSON.stringify(event))
    expect(eventJson(event).data.toString()).toBe(JSON.stringify(event.data))
  }
})

test('is made once', () => {
  const event = personCreated('p1', 'door')
  expect(eventJson(event)).toBe(eventJson(event))
  expect(eventJson({ ...event })).not.toBe(eventJson(event))
})
