import { expect, test } from 'vitest'
import type { Sighting } from '../../src/events/types.ts'
import { daysOf, linesOf, placeIn, staysOf } from '../../viewer/src/pages/person/days.ts'

const minute = 60_000
const at = (day: number, hour: number, minutes = 0): number => new Date(2026, 2, day, hour, minutes).getTime()
let count = 0
const visit = (fromMs: number, lastsMs = minute, more: Partial<Sighting> = {}): Sighting => ({
  sighting: `door/s/${count++}/0`,
  person: 'p-1',
  camera: 'door',
  fromMs,
  untilMs: fromMs + lastsMs,
  frames: 10,
  tracks: ['door/s/1'],
  ended: true,
  ...more,
})

test('visits that follow closely on one camera are one stay', () => {
  const visits = [
    visit(at(3, 9)),
    visit(at(3, 9, 3)),
    visit(at(3, 9, 4), minute, { camera: 'hall' }),
    visit(at(3, 9, 30), minute, { ended: false }),
  ]
  expect(
    staysOf(visits.toReversed()).map(({ camera, isOpen, visits: { length } }) => [camera, length, isOpen]),
  ).toEqual([
    ['door', 2, false],
    ['hall', 1, false],
    ['door', 1, true],
  ])
})

test('the last day is first; a stay over midnight is in both days, each with its part', () => {
  const days = daysOf([visit(at(3, 12)), visit(at(4, 23, 30), 60 * minute)])
  expect(days.map(({ startMs }) => new Date(startMs).getDate())).toEqual([5, 4, 3])
  const [fifth, fourth, third] = days
  if (!fifth || !fourth || !third) throw new Error('three days')
  const place = (day: typeof fifth) => day.stays.map((stay) => placeIn(day, stay)).at(0)
  expect(place(fifth)?.left).toBe(0)
  expect(place(fifth)?.width).toBeCloseTo(100 / 48)
  expect((place(fourth)?.left ?? 0) + (place(fourth)?.width ?? 0)).toBeCloseTo(100)
  expect(place(third)?.left).toBeCloseTo(50)
})

test('the times of recordings, which begin at zero, are no dates', () => {
  const [day] = daysOf([visit(30_000, 20_000), visit(0, 1000)])
  if (!day) throw new Error('a day')
  expect([day.startMs, day.lengthMs, day.stays.length]).toEqual([0, 60_000, 1])
})

test('a year of visits is laid out in little time', () => {
  const visits = Array.from({ length: 20_000 }, (_, i) => visit(at(3, 0) + i * 26 * minute))
  const startedMs = performance.now()
  expect(daysOf(visits).length).toBeGreaterThan(300)
  expect(performance.now() - startedMs).toBeLessThan(2000)
})

test('stays at one time have lines of their own; those that only follow each other share one', () => {
  const [day] = daysOf([
    visit(at(3, 9), 30 * minute),
    visit(at(3, 9, 10), 5 * minute, { camera: 'hall' }),
    visit(at(3, 9, 12), 60 * minute, { camera: 'yard' }),
    visit(at(3, 12), minute, { camera: 'hall' }),
    // So short and so soon that the bar before it, at its least width, would lie under it.
    visit(at(3, 12, 3), minute, { camera: 'yard' }),
  ])
  if (!day) throw new Error('a day')
  expect(linesOf(day)).toEqual([0, 1, 2, 0, 1])
})
