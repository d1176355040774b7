import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import type { SavedState, StateChange } from '../../src/identity/state/state.ts'
import { archiveInMemory } from '../../src/identity/store/archive.ts'
import { withLive } from './store/states.ts'
import { galleryStory } from './support/story.ts'
import { type Message, traffic } from './support/traffic.ts'

const options = identityOptions.parse({ reclusterMs: 1000, windowMs: 3000 })
const nothing: SavedState = {
  sequence: 0,
  created: 0,
  people: [],
  aliases: [],
  apart: [],
  retired: [],
  objectors: [],
  clockMs: null,
  sightings: [],
  live: null,
}

/** What a store does with a change. */
const applied = (state: SavedState, change: StateChange, archive = archiveInMemory()): SavedState => {
  archive.apply(change)
  const gone = new Set([...change.gone, ...change.people.map(({ id }) => id)])
  const aliasesGone = new Set(change.aliasesGone)
  const pairs = new Map([...state.apart, ...change.apart].map((pair) => [`${pair[0]} ${pair[1]}`, pair]))
  return {
    sequence: change.sequence,
    created: change.created,
    people: [...state.people.filter(({ id }) => !gone.has(id)), ...change.people],
    aliases: [...state.aliases, ...change.aliases].filter(([from]) => !aliasesGone.has(from)),
    apart: [...pairs.values()].filter(([, , frames]) => frames > 0),
    retired: [...state.retired, ...change.retired],
    objectors: [...state.objectors, ...change.objectors],
    clockMs: change.clockMs,
    sightings: archive.sightings.open(),
    live: withLive(state.live, change.live),
  }
}
const stored = (state: SavedState): SavedState => deserialize(serialize(state)) as SavedState

const play = (engine: Identity, message: Message) =>
  'faces' in message ? engine.update(message.faces) : engine.change(message.change)

describe('a restart', () => {
  it('changes nothing: the events afterwards are byte for byte those of a run without one', () => {
    fc.assert(
      fc.property(traffic, fc.infiniteStream(fc.integer({ min: 1, max: 40 })), (messages, gaps) => {
        const steady = createIdentity(options)
        const archive = archiveInMemory()
        let engine = createIdentity(options, { archive })
        let state = nothing
        let left = gaps.next().value ?? 1
        for (const message of messages) {
          expect(JSON.stringify(play(engine, message))).toBe(JSON.stringify(play(steady, message)))
          if (--left > 0) continue
          left = gaps.next().value ?? 1
          state = stored(applied(state, engine.takeChange(), archive))
          engine = createIdentity(options, { saved: state, archive })
        }
        expect(JSON.stringify(engine.finish())).toBe(JSON.stringify(steady.finish()))
        expect(engine.people()).toEqual(steady.people())
      }),
      { numRuns: 40, endOnFailure: true },
    )
  }, 120_000)

  it('keeps names, aliases, pairs that are apart, and retired IDs', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo, cy] = [
      visit(looks.ada, startMs),
      visit(looks.bo, startMs + 60_000),
      visit(looks.cy, startMs + 90_000),
    ]
    engine.name(ada, 'Ada', startMs)
    engine.merge(ada, bo, startMs, { force: true })
    const eve = visit(looks.eve, startMs + 120_000)
    engine.separate(ada, eve, startMs)
    engine.remove(cy, startMs)
    const state = stored(applied(nothing, engine.takeChange()))
    const again = createIdentity(identityOptions.parse({}), { saved: state })
    expect(again.people()).toEqual(engine.people())
    expect(again.person(bo)).toEqual(engine.person(bo))
    expect(again.exportPeople()).toEqual(engine.exportPeople())
    expect(() => again.person(cy)).toThrow(/no person/)
    expect(() => again.importPeople([{ ...again.exportPeople()[0], id: cy } as never], 0)).toThrow(/never given again/)
  })

  it('writes only what has changed', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const ada = visit(looks.ada, startMs)
    visit(looks.bo, startMs + 60_000)
    engine.takeChange()
    engine.name(ada, 'Ada', startMs)
    const change = engine.takeChange()
    expect(change.people.map(({ id }) => id)).toEqual([ada])
    expect(change.events.map(({ type }) => type)).toEqual(['rollcall.person.named.v1'])
    expect(engine.takeChange()).toMatchObject({ people: [], gone: [], aliases: [], apart: [], retired: [], events: [] })
  })
})
