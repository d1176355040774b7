import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSteadyClock } from '../../src/site/steady-clock.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const noon = Date.UTC(2026, 10, 24, 12)

/** A machine whose time of day can be set; it is asked once a minute. */
const machine = (lastMs: number | null, wallMs = noon) => {
  let elapsedMs = 0
  let offsetMs = wallMs
  const clock = createSteadyClock({ wallMs: () => offsetMs + elapsedMs, elapsedMs: () => elapsedMs, lastMs })
  const pass = (ms: number): (number | null)[] => {
    const read: (number | null)[] = []
    for (const until = elapsedMs + ms; elapsedMs < until; ) {
      elapsedMs += minute
      read.push(clock.read())
    }
    return read
  }
  return {
    pass,
    set: (jumpMs: number) => {
      offsetMs += jumpMs
    },
    wallMs: () => offsetMs + elapsedMs,
  }
}

describe('the time of day', () => {
  it('is believed at once where the last run ended minutes ago, and goes on', () => {
    const { pass, wallMs } = machine(noon - 3 * minute)
    const read = pass(hour)
    expect(read).not.toContain(null)
    expect(read.at(-1)).toBe(wallMs())
  })

  it.each([
    ['a first run', null, noon],
    ['days after the last run', noon - 10 * day, noon],
    ['in 1970, before NTP has spoken', noon, 0],
    ['a wrong date ahead of the last run', noon, noon + 2 * day],
  ])('is in doubt for an hour: %s', (_, lastMs, wallMs) => {
    const { pass } = machine(lastMs, wallMs)
    expect(new Set(pass(hour))).toEqual(new Set([null]))
    expect(pass(2 * minute)).not.toContain(null)
  })

  it('two days ahead for twenty seconds or forty minutes: never believed, and right again at once', () => {
    const { pass, set, wallMs } = machine(noon)
    pass(hour)
    set(2 * day)
    expect(new Set(pass(40 * minute))).toEqual(new Set([null]))
    set(-2 * day)
    expect(pass(minute)).toEqual([wallMs()])
  })

  it('from 1970 to now at boot: believed as soon as it goes on from the last run', () => {
    const { pass, set, wallMs } = machine(noon, 0)
    pass(3 * minute)
    set(noon)
    expect(pass(minute)).toEqual([wallMs()])
  })

  it('a laptop that slept for three days: believed after an hour', () => {
    const { pass, set, wallMs } = machine(noon)
    pass(minute)
    set(3 * day)
    expect(new Set(pass(hour))).toEqual(new Set([null]))
    pass(minute)
    expect(pass(minute)).toEqual([wallMs()])
  })

  it('small steps of NTP and drift are no jumps', () => {
    const { pass, set } = machine(noon)
    for (let i = 0; i < 200; i++) {
      set(i % 2 === 0 ? 20_000 : -19_000)
      expect(pass(minute)).not.toContain(null)
    }
  })

  it('what is believed has been shown for an hour, or goes on from what was believed: whatever the clock does', () => {
    const step = fc.record({
      jumpMs: fc.oneof(
        fc.constant(0),
        fc.integer({ min: -60_000, max: 60_000 }),
        fc.integer({ min: -400 * day, max: 400 * day }),
      ),
      minutes: fc.integer({ min: 1, max: 90 }),
    })
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 20 }),
        fc.integer({ min: -5 * day, max: 5 * day }),
        (steps, sinceLastMs) => {
          const lastMs = noon - sinceLastMs
          const { pass, set, wallMs } = machine(lastMs)
          let believed: { readonly offsetMs: number } | null = null
          let elapsedMs = 0
          /** Since when the clock has gone on without a jump of more than half a minute. */
          let steadySinceMs = 0
          for (const { jumpMs, minutes } of steps) {
            set(jumpMs)
            if (Math.abs(jumpMs) > 30_000) steadySinceMs = elapsedMs + minute
            for (const read of pass(minutes * minute)) {
              elapsedMs += minute
              if (read === null) continue
              const offsetMs: number = read - elapsedMs
              const goesOn = believed
                ? Math.abs(offsetMs - believed.offsetMs) <= 30_000
                : offsetMs - lastMs >= -30_000 && offsetMs - lastMs <= 10 * minute
              expect(goesOn || elapsedMs - steadySinceMs >= hour).toBe(true)
              believed = { offsetMs }
            }
            // A clock that has been steady for long is never doubted for ever.
            if (elapsedMs - steadySinceMs > hour + 2 * minute) expect(believed?.offsetMs).toBe(wallMs() - elapsedMs)
          }
        },
      ),
    )
  })
})
