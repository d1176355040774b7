import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { createIdentity, type Identity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { fresh, applied as stored } from '../store/states.ts'
import { faceOf, facesAt, near } from '../support/faces.ts'
import { galleryStory } from '../support/story.ts'

const dayMs = 86_400_000
const startMs = 1_772_443_800_000
const at = (days: number): number => startMs + days * dayMs
const kindsOf = (events: readonly RollcallEvent[]): string[] =>
  events.map(({ type }) => type.replace('rollcall.', '').replace('.v1', ''))

/** Archives after 10 days, deletes after 40. The camera's clock is `cameraMs` ahead of ours. */
const story = (cameraMs = 0) => {
  const { engine, events, looks, visit, random } = galleryStory()
  return {
    engine,
    looks,
    random,
    visit: (look: Float32Array, days: number) => visit(look, at(days) + cameraMs),
    tick: (nowMs: number | null) => void events.push(...engine.tick(nowMs)),
    livesOf: (person: string) =>
      kindsOf(events.filter(({ subject, type }) => subject === person && type.startsWith('rollcall.person.'))),
  }
}

describe('retention', () => {
  it('archives unnamed people who stay away, restores them when they are back, and deletes them in the end', () => {
    const { engine, looks, visit, tick, livesOf } = story()
    const [ada, bo] = [visit(looks.ada, 0), visit(looks.bo, 0.1)]
    engine.name(bo, 'Bo', at(0))
    tick(at(0.2))
    visit(looks.cy, 20)
    tick(at(20))
    expect(engine.people().map(({ id, archived }) => [id, archived])).toEqual(
      expect.arrayContaining([
        [ada, true],
        [bo, false],
      ]),
    )
    expect(visit(looks.ada, 21)).toBe(ada)
    tick(at(21))
    tick(at(70))
    expect(livesOf(ada)).toEqual(['person.created', 'person.archived', 'person.restored', 'person.deleted'])
    expect(engine.person(bo).name).toBe('Bo')
  })

  it.each([
    ['1970, as files do', -startMs],
    ['the truth', 0],
    ['next year', 365 * dayMs],
  ])('does not depend on what cameras say of time: %s', (_, cameraMs) => {
    const { looks, visit, tick, livesOf } = story(cameraMs)
    const ada = visit(looks.ada, 0)
    tick(at(0))
    tick(at(9))
    expect(livesOf(ada)).toEqual(['person.created'])
    tick(at(11))
    expect(livesOf(ada)).toEqual(['person.created', 'person.archived'])
  })

  it('deletes nobody while the clock is in doubt, and counts sightings of that time', () => {
    const { looks, visit, tick, livesOf } = story()
    const ada = visit(looks.ada, 0)
    tick(at(0))
    visit(looks.ada, 60)
    for (let i = 0; i < 60; i++) tick(null)
    // Sixty days have passed indeed; that is believed only now.
    tick(at(60.1))
    expect(livesOf(ada)).toEqual(['person.created'])
  })

  it('counts anew when the believed time was ahead', () => {
    const { looks, visit, tick, livesOf } = story()
    const ada = visit(looks.ada, 0)
    tick(at(300))
    tick(at(0))
    tick(at(9))
    expect(livesOf(ada)).toEqual(['person.created'])
    tick(at(11))
    expect(livesOf(ada)).toEqual(['person.created', 'person.archived'])
  })

  it('merges the later of two absences', () => {
    const { engine, looks, visit, tick, livesOf } = story()
    const ada = visit(looks.ada, 0)
    tick(at(0))
    tick(at(1))
    const bo = visit(looks.bo, 9)
    tick(at(9))
    engine.merge(ada, bo, at(9), { force: true })
    tick(at(18))
    expect(livesOf(ada)).not.toContain('person.archived')
    tick(at(20))
    expect(livesOf(ada)).toContain('person.archived')
  })

  /** Somebody stays in view until the last frame, and nothing says that it was the last one. */
  const stay = (engine: Identity, look: Float32Array, random: () => number): void => {
    for (let i = 0; i < 40; i++)
      engine.update(facesAt(startMs + i * 100, i, [faceOf('door/s1/0', near(look, 0.3, random))]))
  }

  it('ages people whose camera is silent, although their tracks never ended', () => {
    const { engine, looks, random } = story()
    stay(engine, looks.ada, random)
    expect(kindsOf(engine.tick(at(0)))).toEqual([])
    expect(kindsOf(engine.tick(at(0.01)))).toEqual(['sighting.ended'])
    expect(kindsOf(engine.tick(at(11)))).toEqual(['person.archived'])
    expect(kindsOf(engine.tick(at(41)))).toEqual(['person.deleted'])
    expect(engine.people()).toEqual([])
  })

  it('ages people whose camera is no longer configured', () => {
    const { engine, looks, random } = story()
    stay(engine, looks.ada, random)
    engine.tick(at(0))
    const saved = stored(fresh, engine.takeChange())
    expect(saved.clockMs).toBe(at(0))
    const options = identityOptions.parse({ archiveAfterDays: 10, deleteAfterDays: 40 })
    const next = createIdentity(options, { site: 'site', saved })
    expect(next.clockMs()).toBe(at(0))
    expect(kindsOf(next.tick(null))).toEqual(['sighting.ended'])
    expect(kindsOf(next.tick(at(41)))).toEqual(['person.deleted'])
  })
})
