import { expect, test } from 'vitest'
import { createRests } from '../../src/worker/rests.ts'

/** Plays frames, and keeps when cameras were let rest and woken. */
const played = () => {
  const now = { tracks: 0, isWatched: false }
  const told: string[] = []
  let at = ''
  const rests = createRests({
    rest: (camera, isResting) => told.push(`${at} ${camera} ${isResting ? 'rests' : 'wakes'}`),
    isWatched: () => now.isWatched,
    tracks: () => now.tracks,
  })
  return {
    now,
    told,
    frame: (capturedAtMs: number, stream = 's', camera = 'door') => {
      at = `${capturedAtMs}`
      rests.note({ camera, stream, capturedAtMs })
    },
  }
}

test('a camera rests when nobody was there for a second, and wakes with the first face', () => {
  const { now, told, frame } = played()
  for (let at = 0; at <= 2000; at += 250) frame(at)
  now.tracks = 1
  frame(2250)
  frame(2500)
  now.tracks = 0
  for (let at = 2750; at <= 4000; at += 250) frame(at)
  expect(told).toEqual(['1000 door rests', '2250 door wakes', '3750 door rests'])
})

test('a camera whose pictures somebody looks at does not rest', () => {
  const { now, told, frame } = played()
  now.isWatched = true
  for (let at = 0; at <= 3000; at += 500) frame(at)
  now.isWatched = false
  for (let at = 3500; at <= 5000; at += 500) frame(at)
  expect(told).toEqual(['4500 door rests'])
})

test('a new stream, and a clock that goes back, begin anew', () => {
  const { told, frame } = played()
  frame(0)
  frame(900)
  frame(1100, 'other')
  frame(2000, 'other')
  expect(told).toEqual([])
  frame(500, 'other')
  frame(1400, 'other')
  expect(told).toEqual([])
  frame(1500, 'other')
  frame(1600, 'third')
  expect(told).toEqual(['1500 door rests', '1600 door wakes'])
})

test('each camera has a time of its own', () => {
  const { told, frame } = played()
  frame(0, 's', 'a')
  frame(500, 's', 'b')
  frame(1000, 's', 'a')
  frame(1200, 's', 'b')
  expect(told).toEqual(['1000 a rests'])
})
