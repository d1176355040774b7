import { expect, test } from 'vitest'
import { createPaces } from '../../src/worker/paces.ts'

/** Plays frames, and keeps when cameras changed their pace. */
const played = () => {
  const now = { tracks: 0, isSteady: true, isWatched: false, isAsleep: false, isStirred: false }
  const told: string[] = []
  let at = ''
  const paces = createPaces({
    pace: (camera, pace, isStirred) => told.push(`${at} ${camera} ${isStirred ? 'stirred ' : ''}${pace}`),
    isWatched: () => now.isWatched,
    isAsleep: () => now.isAsleep,
    isStirred: () => now.isStirred,
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
  expect(told).toEqual(['0 door steady', '1000 door dozing', '2250 door awake', '2750 door steady', '3750 door dozing'])
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

test('it tells of what moves while nobody is there, and of nothing else that moves', () => {
  const { now, told, frame } = played()
  now.isStirred = true
  frame(0)
  frame(1000)
  now.isStirred = false
  frame(1250)
  Object.assign(now, { tracks: 1, isStirred: true })
  frame(1500)
  expect(told).toEqual(['0 door steady', '1000 door stirred dozing', '1250 door dozing', '1500 door steady'])
})

test('a camera whose pictures somebody looks at is awake', () => {
  const { now, told, frame } = played()
  now.isWatched = true
  for (let at = 0; at <= 3000; at += 500) frame(at)
  now.isWatched = false
  for (let at = 3500; at <= 5000; at += 500) frame(at)
  expect(told).toEqual(['3500 door steady', '4500 door dozing'])
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
  expect(told.slice(2)).toEqual(['1500 door dozing', '1600 door steady'])
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
  expect(told).toEqual(['0 a steady', '500 b steady', '1000 a dozing'])
})

/** A camera where nobody is from 0 on, until somebody comes now and then. */
const visited = (visits: readonly { readonly atMs: number; readonly isAsleep: boolean }[], untilMs: number) => {
  const { now, told, frame } = played()
  for (let at = 0; at <= untilMs; at += 500) {
    const visit = visits.find(({ atMs }) => atMs === at)
    Object.assign(now, { tracks: visit ? 1 : 0, isSteady: !visit, isAsleep: visit?.isAsleep === true })
    frame(at)
  }
  return told.filter((line) => !line.endsWith('steady'))
}

test('a camera on which somebody came without a sign does not doze for a minute', () => {
  expect(visited([{ atMs: 5000, isAsleep: true }], 70_000)).toEqual([
    '1000 door dozing',
    '5000 door awake',
    '6500 door resting',
    '65000 door dozing',
  ])
})

test('it does not for two when it happens again, and as before once sizes have told', () => {
  const surprises = [
    { atMs: 5000, isAsleep: true },
    { atMs: 70_000, isAsleep: true },
  ]
  expect(visited(surprises, 200_000).slice(4)).toEqual(['70000 door awake', '71500 door resting', '190000 door dozing'])
  const told = visited([...surprises, { atMs: 195_000, isAsleep: false }, { atMs: 200_000, isAsleep: true }], 270_000)
  expect(told.slice(7)).toEqual([
    '195000 door awake',
    '196500 door dozing',
    '200000 door awake',
    '201500 door resting',
    '260000 door dozing',
  ])
})

test('what is found when the camera did not doze is no surprise', () => {
  const { now, told, frame } = played()
  Object.assign(now, { tracks: 1, isSteady: false, isAsleep: true })
  frame(0)
  Object.assign(now, { tracks: 0, isSteady: true })
  for (let at = 500; at <= 2000; at += 500) frame(at)
  expect(told).toEqual(['500 door steady', '1500 door dozing'])
})
