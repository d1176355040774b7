import { describe, expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { LocalTime } from '../../src/rules/hours.ts'
import { ruleOptions } from '../../src/rules/options.ts'
import { createRules, type Rules } from '../../src/rules/rules.ts'
import type { SavedVisit } from '../../src/rules/visits.ts'

const minute = 60_000
const hour = 60 * minute
/** A clock without a time zone: Monday 00:00 at the moment 0. */
const utc = (atMs: number): LocalTime => ({
  day: (1 + Math.floor(atMs / (24 * hour))) % 7,
  minutes: Math.floor(atMs / minute) % 1440,
})

const names: Record<string, string | undefined> = { 'p-ada': 'Ada', 'p-bo': 'Bo' }

/** Rules that are fed with frames, and what has fired so far: `rule person`. */
const scene = (given: Record<string, object>, saved: readonly SavedVisit[] = []) => {
  const parsed = Object.fromEntries(Object.entries(given).map(([name, rule]) => [name, ruleOptions.parse(rule)]))
  const rules: Rules = createRules(parsed, { nameOf: (id) => names[id] ?? null, localTime: utc, saved })
  const fired: string[] = []
  const reasons: (readonly string[])[] = []
  const note = (firings: ReturnType<Rules['take']>): void => {
    for (const { rule, person, reasons: why } of firings) {
      fired.push(`${rule} ${person}`)
      reasons.push(why)
    }
  }
  const frame = (camera: string, atMs: number, people: readonly string[], track = 't', quality = 0.5, score = 0.7) => {
    const faces = people.map((person) => ({
      person,
      track: `${track}-${person}`,
      quality,
      candidate: { person, score },
    }))
    note(
      rules.take([{ type: 'rollcall.frame.v1', data: { camera, capturedAtMs: atMs, faces } } as never], camera, atMs),
    )
  }
  return {
    rules,
    fired,
    reasons,
    frame,
    /** Seen in frames once a second. */
    stay: (camera: string, fromMs: number, untilMs: number, ...people: string[]): void => {
      for (let at = fromMs; at <= untilMs; at += 1000) frame(camera, at, people)
    },
    nobody: (camera: string, atMs: number): void => note(rules.take([], camera, atMs)),
    tick: (elapsedMs: number): void => note(rules.tick(elapsedMs)),
    event: (type: string, data: object): void => note(rules.take([{ type, data } as RollcallEvent], 'door', 0)),
  }
}

describe('who', () => {
  test.each([
    ['anybody', ['r p-ada', 'r p-x']],
    ['named', ['r p-ada']],
    ['stranger', ['r p-x']],
    ['Ada', ['r p-ada']],
    ['ada', ['r p-ada']],
    ['p-x', ['r p-x']],
    ['Bo', []],
  ])('%s', (who, expected) => {
    const { stay, fired } = scene({ r: { who } })
    stay('door', 0, 2000, 'p-ada', 'p-x')
    expect(fired).toEqual(expected)
  })
})

describe('arrives', () => {
  test('once for each visit, however often the face is lost', () => {
    const { stay, fired, reasons } = scene({ r: { awayMs: minute } })
    stay('door', 0, 5000, 'p-ada')
    stay('hall', 40_000, 50_000, 'p-ada')
    expect(fired).toHaveLength(1)
    stay('door', 10 * minute, 10 * minute + 5000, 'p-ada')
    expect(fired).toHaveLength(2)
    expect(reasons).toEqual([
      ['is Ada', 'seen on door after more than 1 min without', '2 frames, expected 2'],
      ['is Ada', 'seen on door after 9 min 10 s without', '2 frames, expected 2'],
    ])
  })

  test('only with the evidence that is asked for', () => {
    const { frame, fired } = scene({ r: { evidence: { frames: 3, quality: 0.4, score: 0.6 } } })
    frame('door', 0, ['p-ada'], 't', 0.3, 0.8)
    frame('door', 1000, ['p-ada'], 't', 0.5, 0.5)
    expect(fired).toEqual([])
    frame('door', 2000, ['p-ada'], 't', 0.1, 0.1)
    expect(fired).toEqual(['r p-ada'])
  })

  test('only on these cameras', () => {
    const { stay, fired } = scene({ r: { cameras: ['hall'] } })
    stay('door', 0, 5000, 'p-ada')
    expect(fired).toEqual([])
    stay('hall', 6000, 9000, 'p-ada')
    expect(fired).toEqual(['r p-ada'])
  })

  test('of a stranger for the third time, and never again', () => {
    const { stay, fired } = scene({ r: { who: 'stranger', times: 3 } })
    for (let visit = 0; visit < 5; visit++) {
      stay('door', visit * hour, visit * hour + 3000, 'p-x')
      expect(fired).toHaveLength(visit < 2 ? 0 : 1)
    }
  })

  test('at its hours only, by when the visit began; over midnight too', () => {
    const { stay, fired } = scene({ r: { who: 'stranger', hours: '22:00-06:00', days: ['mon'] } })
    stay('door', 22 * hour - 2000, 22 * hour + 9000, 'p-early')
    stay('door', 23 * hour, 23 * hour + 3000, 'p-monday')
    stay('door', 24 * hour + 5 * hour, 29 * hour + 3000, 'p-still-mondays-night')
    stay('door', 30 * hour, 30 * hour + 3000, 'p-late')
    stay('door', 47 * hour, 47 * hour + 3000, 'p-tuesday')
    expect(fired).toEqual(['r p-monday', 'r p-still-mondays-night'])
  })

  test('not more often than it may', () => {
    const { stay, fired } = scene({ r: { awayMs: minute, everyMs: hour } })
    stay('door', 0, 3000, 'p-ada')
    stay('door', 30 * minute, 62 * minute, 'p-ada')
    expect(fired).toHaveLength(1)
    stay('door', 70 * minute, 70 * minute + 3000, 'p-ada')
    expect(fired).toHaveLength(2)
  })
})

test('a camera whose clock is put back makes nobody come and go, and who leaves then is missed in time', () => {
  const { stay, nobody, fired } = scene({ in: {}, out: { when: 'leaves' } })
  stay('door', 2 * hour, 2 * hour + 5000, 'p-ada')
  stay('door', hour, hour + minute, 'p-ada')
  nobody('door', hour + 5 * minute)
  expect(fired).toEqual(['in p-ada'])
  nobody('door', hour + 6 * minute)
  expect(fired).toEqual(['in p-ada', 'out p-ada'])
})

describe('stays', () => {
  test('fires once, when the time is over and the person is still seen', () => {
    const { stay, nobody, fired } = scene({ r: { who: 'anybody', when: 'stays', longerThanMs: 10 * minute } })
    stay('door', 0, 9 * minute, 'p-x')
    nobody('door', 12 * minute)
    expect(fired).toEqual([])
    stay('door', 13 * minute, 40 * minute, 'p-x')
    expect(fired).toEqual(['r p-x'])
  })

  test('waits for its hours', () => {
    const { stay, fired } = scene({ r: { who: 'anybody', when: 'stays', longerThanMs: minute, hours: '01:00-02:00' } })
    stay('door', 50 * minute, 59 * minute, 'p-x')
    expect(fired).toEqual([])
    stay('door', 59 * minute, 61 * minute, 'p-x')
    expect(fired).toEqual(['r p-x'])
  })
})

describe('leaves', () => {
  test('fires when the camera has gone on for awayMs without the person', () => {
    const { stay, nobody, fired } = scene({ r: { when: 'leaves', awayMs: minute } })
    stay('door', 0, 5000, 'p-ada')
    nobody('door', 64_000)
    expect(fired).toEqual([])
    nobody('door', 65_000)
    nobody('door', 90_000)
    expect(fired).toEqual(['r p-ada'])
  })

  test('does not fire because another camera has a clock that is ahead', () => {
    const { stay, nobody, fired } = scene({ r: { when: 'leaves', awayMs: minute } })
    stay('door', 0, 5000, 'p-ada')
    nobody('yard', hour)
    expect(fired).toEqual([])
  })

  test('fires by our own clock while the camera is silent, and not by a jump before it was heard', () => {
    const { stay, tick, fired } = scene({ r: { when: 'leaves', awayMs: 3 * minute } })
    tick(1e9)
    stay('door', 0, 5000, 'p-ada')
    for (let at = 1; at <= 2; at++) tick(1e9 + at * minute)
    expect(fired).toEqual([])
    tick(1e9 + 3 * minute)
    expect(fired).toEqual(['r p-ada'])
  })
})

describe('misses', () => {
  const rule = { who: 'anybody', when: 'misses', cameras: ['back'], notOn: ['desk'], withinMs: minute }
  test.each([
    ['never at the desk', null, ['r p-x']],
    ['at the desk before', -30_000, []],
    ['at the desk long before', -90_000, ['r p-x']],
    ['at the desk after', 30_000, []],
    ['at the desk too late', 90_000, ['r p-x']],
  ])('%s', (_, deskMs, expected) => {
    const { stay, nobody, fired } = scene({ r: rule })
    const from = 10 * minute
    if (deskMs !== null && deskMs < 0) stay('desk', from + deskMs, from + deskMs, 'p-x')
    stay('back', from, from + 3000, 'p-x')
    if (deskMs !== null && deskMs > 0) {
      if (deskMs > minute) nobody('back', from + minute)
      stay('desk', from + deskMs, from + deskMs, 'p-x')
    }
    nobody('back', from + 2 * minute)
    expect(fired).toEqual(expected)
  })

  test.each([
    ['and is gone before', null, ['r p-x']],
    ['and is at the desk once gone', 8 * minute, []],
  ])('for longer than awayMs %s', (_, deskMs, expected) => {
    const { stay, nobody, fired } = scene({ r: { ...rule, withinMs: 10 * minute, awayMs: 5 * minute } })
    stay('back', 0, 3000, 'p-x')
    for (let at = minute; at < 10 * minute; at += minute) {
      nobody('back', at)
      if (at === deskMs) stay('desk', at, at, 'p-x')
    }
    expect(fired).toEqual([])
    nobody('back', 10 * minute)
    nobody('back', 20 * minute)
    expect(fired).toEqual(expected)
  })
})

describe('what was wrong is taken back', () => {
  test('a visit whose only track was somebody else neither leaves nor counts', () => {
    const { stay, event, nobody, fired } = scene({
      left: { who: 'stranger', when: 'leaves', awayMs: minute },
      second: { who: 'stranger', times: 2 },
    })
    stay('door', 0, 3000, 'p-x')
    event('rollcall.track.reassigned.v1', { track: 't-p-x', before: 'p-x', person: 'p-y' })
    nobody('door', hour)
    stay('door', 2 * hour, 2 * hour + 3000, 'p-x')
    expect(fired).toEqual([])
  })

  test('two who are one have arrived once, and their visits count together', () => {
    const { stay, event, fired } = scene({ third: { who: 'stranger', times: 3 } })
    stay('door', 0, 3000, 'p-x')
    stay('door', hour, hour + 3000, 'p-y')
    event('rollcall.person.merged.v1', { person: 'p-y', into: 'p-x' })
    stay('door', 2 * hour, 2 * hour + 3000, 'p-x')
    expect(fired).toEqual(['third p-x'])
  })

  test('nothing stays of somebody who is deleted', () => {
    const { stay, event, rules } = scene({ r: { who: 'stranger', times: 3 } })
    stay('door', 0, 3000, 'p-x', 'p-y')
    expect(rules.takeChanged().put.map(({ key }) => key)).toEqual(['r p-x', 'r p-y'])
    event('rollcall.person.deleted.v1', { person: 'p-x' })
    expect(rules.takeChanged()).toEqual({ put: [], gone: ['r p-x'] })
  })
})

test('goes on after a restart: nothing fires twice, and what was to fire fires', () => {
  const given = { in: {}, out: { when: 'leaves', awayMs: minute }, third: { who: 'stranger', times: 2 } }
  const first = scene(given)
  first.stay('door', 0, 3000, 'p-ada', 'p-x')
  const kept = structuredClone(first.rules.takeChanged().put)
  const second = scene(given, kept)
  second.stay('door', 4000, 8000, 'p-ada', 'p-x')
  expect(second.fired).toEqual([])
  second.nobody('door', 2 * minute)
  second.stay('door', hour, hour + 3000, 'p-x')
  expect([...first.fired, ...second.fired]).toEqual(['in p-ada', 'out p-ada', 'third p-x'])
  expect(scene(given, [{ key: 'in p-ada', value: { isHere: 'yes' } }]).fired).toEqual([])
})

test('another set of rules holds at once; what a rule knows stays with its name', () => {
  const { stay, rules, fired } = scene({ r: {}, gone: {} })
  stay('door', 0, 3000, 'p-ada')
  rules.replace({ r: ruleOptions.parse({ who: 'anybody' }), more: ruleOptions.parse({}) })
  stay('door', 4000, 8000, 'p-ada')
  expect(fired).toEqual(['r p-ada', 'gone p-ada', 'more p-ada'])
  expect(rules.takeChanged().gone).toEqual(['gone p-ada'])
})

test('keeps nothing that no longer matters', () => {
  const { stay, nobody, tick, rules } = scene({ r: {}, rare: { everyMs: hour }, third: { who: 'stranger', times: 3 } })
  stay('door', 0, 3000, 'p-ada')
  rules.takeChanged()
  nobody('door', 10 * minute)
  tick(0)
  expect(rules.takeChanged().gone).toEqual(['r p-ada'])
  nobody('door', 2 * hour)
  tick(1)
  expect(rules.takeChanged().gone).toEqual(['rare p-ada'])
})
