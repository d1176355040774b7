import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { identify, type Seen } from '../../src/operators/identify.ts'
import type { CameraChange, Faces } from '../../src/types.ts'
import { marbles } from './marbles.ts'

const event = (id: string) => ({ id }) as RollcallEvent
const f: Seen = { type: 'faces', faces: { camera: 'a', seq: 1 } as Faces }
const c: Seen = { type: 'change', change: { camera: 'a', state: 'ended' } as CameraChange }
const engine = {
  update: ({ seq }: Faces) => [event(`faces ${seq}`)],
  change: ({ state }: CameraChange) => [event(state)],
  finish: () => [event('finished')],
}
const out = {
  F: { seen: f, events: [event('faces 1')] },
  C: { seen: c, events: [event('ended')] },
  E: { seen: null, events: [event('finished')] },
}

describe('identify', () => {
  it('gives each value its events, and at the end what ends with it', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-f-c-|', { f, c }).pipe(identify(engine))).toBe('-F-C-(E|)', out)
    })
  })

  it('passes on an error of the source without ending people', () => {
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-f-#', { f }).pipe(identify(engine))).toBe('-F-#', out)
    })
  })

  it('passes on an error of the engine', () => {
    const broken = {
      ...engine,
      update: () => {
        throw new Error('broken')
      },
    }
    marbles(({ cold, expectObservable }) => {
      expectObservable(cold('-f-', { f }).pipe(identify(broken))).toBe('-#', undefined, new Error('broken'))
    })
  })

  it('does nothing more after it is unsubscribed', () => {
    const seen: number[] = []
    marbles(({ cold, expectObservable }) => {
      const counting = {
        ...engine,
        update: () => {
          seen.push(1)
          return []
        },
      }
      expectObservable(cold('-f-f-f-', { f }).pipe(identify(counting)), '--!').toBe('-x', {
        x: { seen: f, events: [] },
      })
    })
    expect(seen).toHaveLength(1)
  })
})
