import { expect, test } from 'vitest'
import type { CameraState } from '../../src/types.ts'
import { type Counts, createStuckWatch } from '../../src/worker/stuck.ts'

/** One camera whose counts and time are moved by hand. */
const watched = (first: Partial<Counts> = {}) => {
  let nowMs = 0
  let counts: Counts = { decoded: 0, analysed: 0, pipelines: 1, hasRoom: true, live: true, ...first }
  const watch = createStuckWatch(
    ['door'],
    () => counts,
    () => nowMs,
  )
  return {
    is: (state: CameraState) => watch.note({ camera: 'door', state, atMs: 0, reason: '' }),
    set: (more: Partial<Counts>) => {
      counts = { ...counts, ...more }
    },
    /** Looks every second; the reason once it is stuck. */
    after: (seconds: number, each: (counts: Counts) => Partial<Counts> = () => ({})): string | undefined => {
      for (let i = 0; i < seconds; i++) {
        nowMs += 1000
        counts = { ...counts, ...each(counts) }
        const [stuck] = watch.look()
        if (stuck) return stuck.reason
      }
      return undefined
    },
  }
}

test('a pipeline that does not stop: 15 s after the camera went offline', () => {
  const door = watched()
  door.is('online')
  door.is('offline')
  expect(door.after(14)).toBeUndefined()
  expect(door.after(1)).toBe('its decoder does not return')
  door.set({ pipelines: 0 })
  expect(door.after(100)).toBeUndefined()
})

test('a camera that waits for its next attempt, or opens, is not stuck', () => {
  const door = watched({ pipelines: 0 })
  door.is('offline')
  expect(door.after(300)).toBeUndefined()
  door.set({ pipelines: 1 })
  door.is('opening')
  expect(door.after(300)).toBeUndefined()
})

test('a recording that gives no frame for a minute, though it could, is stuck', () => {
  const tape = watched({ live: false, decoded: 10, analysed: 10 })
  tape.is('online')
  expect(tape.after(60)).toBeUndefined()
  expect(tape.after(1)).toBe('its decoder gives no picture for 60 s')
})

test('a recording that waits for credit is not stuck, nor a slow one', () => {
  const held = watched({ live: false, hasRoom: false })
  held.is('online')
  expect(held.after(3600)).toBeUndefined()
  let second = 0
  const slow = watched({ live: false })
  slow.is('online')
  const oneIn50 = ({ decoded, analysed }: Counts) => {
    const more = ++second % 50 === 0 ? 1 : 0
    return { decoded: decoded + more, analysed: analysed + more }
  }
  expect(slow.after(3600, oneIn50)).toBeUndefined()
})

test('frames that come and are not analysed for a minute', () => {
  const door = watched()
  door.is('online')
  expect(door.after(59, ({ decoded }) => ({ decoded: decoded + 25 }))).toBeUndefined()
  expect(door.after(3, ({ decoded }) => ({ decoded: decoded + 25 }))).toBe('its pictures are not analysed for 60 s')
})

test('a camera that this machine is too slow for is on: its frames have to be analysed, too', () => {
  const door = watched()
  door.is('overloaded')
  expect(door.after(62, ({ decoded }) => ({ decoded: decoded + 25 }))).toBe('its pictures are not analysed for 60 s')
})

test('a live camera without frames is the matter of its own watchdog', () => {
  const door = watched({ decoded: 10, analysed: 10 })
  door.is('frozen')
  expect(door.after(3600)).toBeUndefined()
})
