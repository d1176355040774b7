import { expect, test } from 'vitest'
import { createPaces } from '../../src/worker/paces.ts'

/** Plays frames, and keeps when cameras changed their pace. */
const played = () => {
  const now = { tracks: 0, isSteady: true, isWatched: false }
  const told: string[] = []
  let at = ''
  const paces = createPaces({
    pace: (camera, pace) => told.push(`${at} ${camera} ${pace}`),
    isWatched: () => now.isWatched,
    tracker: () => ({ count: now.tracks, isSteady: () => now.isSteady }),
  })
  return {
    now,
    told,
    frame: (capturedAtMs: number, stream = 's', camera = 'door') => {
      at = `${capturedAtMs}`
      paces.note({ camera, stream, capturedAtMs })
    },
  }
}

test('a camera rests when nobody was there for a second, and wakes with the first face', () => {
  const { now, told, frame } = played()
  for (let at = 0; at <= 2000; at += 250) frame(at)
  Object.assign(now, { tracks: 1, isSteady: false })
  frame(2250)
  frame(2500)
  Object.assign(now, { tracks: 0, isSteady: true })
  for (let at = 2750; at <= 4000; at += 250) frame(at)
  expect(told).toEqual([
    '0 door steady',
    '1000 door resting',
    '2250 door awake',
    '2750 door steady',
    '3750 door resting',
  ])
})

test('a camera is steady while its tracks are, and never rests while there are any', () => {
  const { now, told, frame } = played()
  Object.assign(now, { tracks: 2, isSteady: false })
  for (let at = 0; at <= 2000; at += 250) frame(at)
  now.isSteady = true
  for (let at = 2250; at <= 8000; at += 250) frame(at)
  now.isSteady = false
  frame(8250)
  expect(told).toEqual(['2250 door steady', '8250 door awake'])
})

test('a camera whose pictures somebody looks at is awake', () => {
  const { now, told, frame } = played()
  now.isWatched = true
  for (let at = 0; at <= 3000; at += 500) frame(at)
  now.isWatched = false
  for (let at = 3500; at <= 5000; at += 500) frame(at)
  expect(told).toEqual(['3500 door steady', '4500 door resting'])
})

test('a new stream, and a clock that goes back, begin anew', () => {
  const { told, frame } = played()
  frame(0)
  frame(900)
  frame(1100, 'other')
  frame(2000, 'other')
  frame(500, 'other')
  frame(1400, 'other')
  // A camera that was opened again is awake, whatever it was told before.
  expect(told).toEqual(['0 door steady', '1100 door steady'])
  frame(1500, 'other')
  frame(1600, 'third')
  expect(told.slice(2)).toEqual(['1500 door resting', '1600 door steady'])
})

test('a new stream wakes a camera where all is not steady', () => {
  const { now, told, frame } = played()
  frame(0)
  Object.assign(now, { tracks: 1, isSteady: false })
  frame(100, 'other')
  expect(told).toEqual(['0 door steady', '100 door awake'])
})

test('each camera has a time of its own', () => {
  const { told, frame } = played()
  frame(0, 's', 'a')
  frame(500, 's', 'b')
  frame(1000, 's', 'a')
  frame(1200, 's', 'b')
  expect(told).toEqual(['0 a steady', '500 b steady', '1000 a resting'])
})
