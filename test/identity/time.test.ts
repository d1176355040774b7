import { describe, expect, it } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { timeOf } from '../../src/identity/events/event-values.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { liveFrom } from '../../src/identity/state/live-rows.ts'
import type { Faces } from '../../src/types.ts'
import { direction, faceOf, facesAt, near, randomFrom } from './support/faces.ts'

const noon = 1_772_443_800_000
const hour = 3_600_000
const kindsOf = (events: readonly RollcallEvent[]): string[] =>
  events.map(({ type }) => type.replace('rollcall.', '').replace('.v1', '')).filter((kind) => kind !== 'frame')

const site = () => {
  const random = randomFrom(5)
  const engine = createIdentity(identityOptions.parse({}))
  const look = direction(random)
  let seq = 0
  /** Ada is in view for `frames` frames, ten a second. */
  const watch = (stream: string, fromMs: number, frames = 30, more: Partial<Faces> = {}): RollcallEvent[] =>
    Array.from({ length: frames }, (_, i) => {
      const face = faceOf(`door/${stream}/0`, near(look, 0.3, random))
      return engine.update(facesAt(fromMs + i * 100, seq++, [face], { stream, ...more }))
    }).flat()
  const empty = (stream: string, fromMs: number, frames: number): RollcallEvent[] =>
    Array.from({ length: frames }, (_, i) => engine.update(facesAt(fromMs + i * 100, seq++, [], { stream }))).flat()
  return { engine, watch, empty, person: () => engine.people()[0] }
}

describe('a camera whose time jumps back', () => {
  it('is not stuck in the future: sightings end, tracklets settle, people are reclustered', () => {
    const { engine, watch, empty, person } = site()
    watch('s1', noon + hour)
    const after = watch('s2', noon)
    expect(kindsOf(after)).toEqual(['sighting.ended', 'track.assigned', 'sighting.started'])
    expect(kindsOf(empty('s2', noon + 3000, 60))).toEqual(['sighting.ended'])
    expect(engine.people()).toHaveLength(1)
    empty('s2', noon + 40_000, 1)
    expect(person()?.tracks).toBe(2)
    const { tracklets } = liveFrom(engine.takeChange().live?.put ?? [])
    expect(tracklets.map(({ track }) => track)).toEqual(['door/s2/0'])
  })

  it('does not move a person’s last sighting back', () => {
    const { watch, person } = site()
    watch('s1', noon)
    watch('s2', 0, 30, { clock: 'file', camera: 'film' })
    expect(person()).toMatchObject({ lastSeenAtMs: noon + 2900, lastCamera: 'door' })
    watch('s3', noon + 10_000)
    expect(person()).toMatchObject({ lastSeenAtMs: noon + 12_900, lastCamera: 'door' })
  })
})

describe('a capture time that jumps by an hour', () => {
  /** Sightings as they ended. */
  const sightings = (events: readonly RollcallEvent[]) =>
    events.flatMap((event) => (event.type === 'rollcall.sighting.ended.v1' ? [event.data] : []))
  const isShort = ({ fromMs, untilMs }: { fromMs: number; untilMs: number }) =>
    untilMs > fromMs && untilMs - fromMs < 10_000

  it.each([
    ['on, with a new stream', hour, 's2'],
    ['back, with a new stream', -hour, 's2'],
    ['on, in the same stream', hour, 's1'],
    ['back, in the same stream', -hour, 's1'],
  ])('gives no sighting of negative or hour-long duration: %s', (_, jumpMs, stream) => {
    const { engine, watch } = site()
    const events = [
      ...watch('s1', noon),
      ...watch(stream, noon + 3000 + jumpMs),
      ...watch(stream === 's1' ? 's1' : 's3', noon + 6000),
      ...engine.finish(),
    ]
    expect(sightings(events).length).toBeGreaterThanOrEqual(2)
    expect(sightings(events).filter((one) => !isShort(one))).toEqual([])
  })
})

describe('a recording that was read to its end', () => {
  const ended = (stream?: string) => ({
    camera: 'door',
    state: 'ended' as const,
    atMs: 3000,
    reason: 'the recording is over',
    ...(stream !== undefined && { stream }),
  })

  it('is known by its stream and gives no more events', () => {
    const { engine, watch } = site()
    watch('film', 0)
    expect(engine.recordingsRead()).toEqual({ door: [] })
    engine.change(ended('film'))
    expect(engine.recordingsRead()).toEqual({ door: ['film'] })
    expect(watch('film', 0)).toEqual([])
    expect(kindsOf(watch('another', 0))).toContain('track.assigned')
  })

  it('is remembered however many follow it', () => {
    const { engine, watch } = site()
    for (let i = 0; i < 200; i++) {
      watch(`film-${i}`, 0, 1)
      engine.change(ended(`film-${i}`))
    }
    expect(engine.recordingsRead().door).toHaveLength(200)
    expect(watch('film-0', 0, 1)).toEqual([])
  })

  it('is continued when it was closed before its end', () => {
    const { engine, watch } = site()
    watch('film', 0)
    engine.change(ended())
    expect(engine.recordingsRead()).toEqual({ door: [] })
  })
})

it('every time can be written: one outside of the calendar is clamped', () => {
  const noDate = [Number.NaN, Number.NEGATIVE_INFINITY, -1, 9e15, Number.POSITIVE_INFINITY].map(timeOf)
  expect(noDate.map((time) => time.slice(0, 4))).toEqual(['1970', '1970', '1970', '9999', '9999'])
  expect(timeOf(noon + 0.4)).toBe(new Date(noon).toISOString())
})
