import { describe, expect, it } from 'vitest'
import { createIdentity, type Identity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { openStore } from '../../../src/identity/store/open.ts'
import { unit } from '../../../src/math/vector.ts'
import { embedder, temporaryDirectory } from '../store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../support/faces.ts'

const startMs = 1_772_443_800_000
const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const options = identityOptions.parse({})

/** Strangers here have a median cosine of 0 and a standard deviation of .09; `different` is what the calibration expects. */
const siteThat = (different: number | undefined, more: Partial<typeof options> = {}, offset = 0) => {
  const scale = { scale: 1, offset, ...(different !== undefined && { different }) }
  return createIdentity({ ...options, ...more }, { scale })
}

/** `common`: what all faces have in common, which makes strangers more alike. */
const strangers = (count: number, seed = 1, common = 0): Float32Array[] => {
  const random = randomFrom(seed)
  const all = direction(random)
  return Array.from({ length: count }, () => {
    const own = direction(random)
    return unit(own.map((value, i) => value + common * (all[i] ?? 0))) as Float32Array
  })
}

/** Shows faces together for a second, in tracks of their own. */
const showing = (engine: Identity, fromMs = startMs, seed = 7) => {
  const random = randomFrom(seed)
  let [seq, track, atMs] = [fromMs, 0, fromMs]
  return (looks: readonly Float32Array[]): void => {
    const tracks = looks.map((look) => ({ look, name: `t${fromMs}-${track++}` }))
    for (let i = 0; i < 5; i++, atMs += 200) {
      const faces = tracks.map(({ look, name }, x) => faceOf(name, near(look, 0.3, random), 0.8, 0.1 * x))
      engine.update(facesAt(atMs, seq++, faces, { endedTracks: i === 4 ? tracks.map(({ name }) => name) : [] }))
    }
    atMs += minuteMs
  }
}

/** Everybody comes three times, beside three others each time. */
const crowd = (show: ReturnType<typeof showing>, people: readonly Float32Array[]): void => {
  for (const by of [1, 7, 11])
    for (let i = 0; i < people.length; i += 4)
      show(Array.from({ length: 4 }, (_, j) => people[(i + j * by) % people.length] as Float32Array))
}

/** So many looks, ten minutes apart; the correction after each. */
const learning = (engine: Identity, looks: number, fromMs = startMs): number[] =>
  Array.from({ length: looks }, (_, i) => {
    engine.tick(fromMs + 10 * minuteMs * i)
    return engine.place().correction
  })

describe('what a place teaches', () => {
  it.each([0.15, -0.15])('strangers are less alike than expected by %f: scores move by it, in small steps', (by) => {
    const engine = siteThat(by)
    crowd(showing(engine), strangers(60))
    const corrections = learning(engine, 6)
    expect(corrections[0]).toBeCloseTo(0.05 * Math.sign(by), 4)
    for (const [i, each] of corrections.entries())
      expect(Math.abs(each - (corrections[i - 1] ?? 0))).toBeLessThanOrEqual(0.0501)
    const last = corrections.at(-1) as number
    // It stops where what is left may be chance.
    expect(Math.abs(by - last)).toBeLessThan(0.04)
    expect(engine.scale()).toEqual({ scale: 1, offset: last, different: by })
    expect(engine.place().measured?.people).toBeGreaterThanOrEqual(40)
  })

  it('an event says how far, and from what; none when nothing moves', () => {
    const engine = siteThat(0.15)
    crowd(showing(engine), strangers(60))
    const ticks = Array.from({ length: 8 }, (_, i) => engine.tick(startMs + 10 * minuteMs * i))
    const told = ticks.flat().filter(({ type }) => type === 'rollcall.calibration.changed.v1')
    const { people = 0, pairs = 0, median = 1 } = engine.place().measured ?? {}
    const measured = { expected: 0.15, median: expect.closeTo(median, 3) as number, people, pairs }
    expect(told).toMatchObject([
      { subject: 'calibration', data: { correction: 0.05, before: 0, ...measured } },
      { subject: 'calibration', data: { correction: 0.1, before: 0.05, ...measured } },
      { subject: 'calibration', data: { correction: engine.place().correction, before: 0.1, ...measured } },
    ])
    expect(ticks.slice(-2)).toEqual([[], []])
  })

  it('nothing moves where the calibration is right', () => {
    const engine = siteThat(0)
    crowd(showing(engine), strangers(60))
    expect(learning(engine, 6)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it.each([
    ['there are few people', () => siteThat(0.15), 16],
    ['the embedder has no calibration', () => siteThat(undefined), 60],
    ['nobody wants it', () => siteThat(0.15, { learns: false }), 60],
  ] as const)('nothing moves when %s', (_, make, people) => {
    const engine = make()
    crowd(showing(engine), strangers(people))
    expect(learning(engine, 6)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('nothing is learned while the clock is in doubt, nor from recordings, which have no clock', () => {
    const engine = siteThat(0.15)
    crowd(showing(engine), strangers(60))
    engine.tick(null)
    engine.finish()
    expect(engine.place().correction).toBe(0)
  })
})

describe('a strange day', () => {
  /** Scores so low that each track founds somebody. */
  const splitting = () => siteThat(0.15, {}, -1)

  it.each([
    ['one person beside another all day', (a: Float32Array, b: Float32Array) => [a, b]],
    ['twins', (a: Float32Array) => [a, near(a, 0.5, randomFrom(3))]],
    ['a poster that shows one face ten times', (a: Float32Array) => Array.from({ length: 10 }, () => a)],
  ] as const)('teaches nothing: %s, under more than sixty IDs', (_, looksOf) => {
    const engine = splitting()
    const [show, [a, b]] = [showing(engine), strangers(2) as [Float32Array, Float32Array]]
    while (engine.peopleCount() <= 60) show(looksOf(a, b))
    expect(learning(engine, 6)).toEqual([0, 0, 0, 0, 0, 0])
  })

  it('moves scores by .03 at most once the first day is over, whoever comes', () => {
    const engine = siteThat(0)
    crowd(showing(engine), strangers(40))
    learning(engine, 1)
    // On the next day everybody is far more alike.
    crowd(showing(engine, startMs + dayMs), strangers(120, 5, 0.5))
    expect(engine.place().measured?.median).toBeGreaterThan(0.1)
    for (const day of [1, 2]) {
      const last = learning(engine, 3, startMs + day * (dayMs + minuteMs)).at(-1)
      expect(last).toBeCloseTo(-0.03 * day, 4)
    }
  })
})

it('goes on after a restart as if there had been none', () => {
  const directory = temporaryDirectory()
  const [calibration, other] = [
    { scale: 1, offset: 0, different: 0.15 },
    { scale: 1, offset: 0, different: 0.1 },
  ]
  const store = openStore(directory, { embedder })
  const engine = createIdentity(options, { scale: calibration, archive: store })
  crowd(showing(engine), strangers(60))
  learning(engine, 2)
  store.commit(engine.takeChange())
  const [before, saved] = [engine.place(), store.saved()]
  const told = store.unpublished().filter(({ subject }) => subject === 'calibration')
  expect(told).toMatchObject([{ data: { correction: 0.05 } }, { data: { correction: before.correction } }])
  store.close()
  const again = createIdentity(options, { scale: calibration, saved })
  expect(again.place()).toEqual(before)
  expect(again.scale()).toEqual(engine.scale())
  again.tick(startMs + 15 * minuteMs)
  expect(again.place().correction).toBe(before.correction)
  const laterMs = startMs + 20 * minuteMs
  expect(learning(again, 4, laterMs)).toEqual(learning(engine, 4, laterMs))
  // It corrects the calibration that it was learned with.
  expect(createIdentity(options, { scale: other, saved }).place().correction).toBe(0)
})
