import { VirtualTimeScheduler } from 'rxjs'
import { expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { startAgeing } from '../../src/site/ageing.ts'
import { createCommittedIdentity } from '../../src/site/committed-identity.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const noon = Date.UTC(2026, 10, 24, 12)

/** A site that deletes whom it has not seen for a day, and ran a minute ago. */
const site = () => {
  const scheduler = new VirtualTimeScheduler(undefined, 0)
  const random = randomFrom(3)
  const look = direction(random)
  const engine = createIdentity(identityOptions.parse({ deleteAfterDays: 1 }))
  const committed = createCommittedIdentity(engine, null)
  const events: RollcallEvent[] = []
  const logged: string[] = []
  const log = (_: object, message: string) => void logged.push(message)
  committed.galleryEvents$.subscribe(({ events: told }) => events.push(...told))
  let jumpMs = 0
  let seq = 0
  const wallMs = () => noon + scheduler.frame + jumpMs
  const ageing = startAgeing({
    tick: committed.tick,
    lastMs: noon - minute,
    log: { debug: log, info: log, warn: log, error: log },
    wallMs,
    elapsedMs: () => scheduler.frame,
    scheduler,
  })
  return {
    logged,
    ageing,
    people: () => engine.people().length,
    kinds: () => events.map(({ type }) => type),
    jump: (ms: number) => {
      jumpMs += ms
    },
    pass: (ms: number) => {
      scheduler.maxFrames = scheduler.frame + ms
      scheduler.flush()
      scheduler.frame = scheduler.maxFrames
    },
    /** Somebody walks by; the camera's clock is ours. */
    visit: () => {
      for (let i = 0; i < 30; i++)
        committed.update(facesAt(wallMs() + i * 100, seq++, [faceOf('door/s1/0', near(look, 0.3, random))]))
      committed.change({ camera: 'door', state: 'offline', atMs: wallMs(), reason: 'gone' })
    },
  }
}

test('a clock two days ahead for twenty seconds deletes nobody who was seen a minute before', () => {
  const { visit, pass, jump, people, kinds } = site()
  visit()
  pass(minute + 50 * second)
  jump(2 * day)
  pass(20 * second)
  jump(-2 * day)
  pass(23 * hour)
  expect(people()).toBe(1)
  pass(2 * hour)
  expect(people()).toBe(0)
  expect(kinds()).toEqual(['rollcall.person.deleted.v1'])
})

test('a clock that stays ahead is believed after an hour; that is said, and who was seen meanwhile stays', () => {
  const { visit, pass, jump, people, logged } = site()
  visit()
  pass(5 * minute)
  jump(2 * day)
  pass(30 * minute)
  visit()
  pass(5 * hour)
  expect(people()).toBe(1)
  expect(logged).toEqual([
    expect.stringContaining('until it has been steady'),
    expect.stringContaining('has been steady'),
  ])
  pass(25 * hour)
  expect(people()).toBe(0)
})

test('who was seen last by a camera that is offline ages without any frame', () => {
  const { visit, pass, people } = site()
  visit()
  pass(25 * hour)
  expect(people()).toBe(0)
})

test('disposed of, it ends', () => {
  const { visit, pass, people, ageing } = site()
  visit()
  pass(minute)
  ageing[Symbol.dispose]()
  pass(30 * hour)
  expect(people()).toBe(1)
})
