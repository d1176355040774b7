import { expect, test } from 'vitest'
import type { MetricsJson } from '../../../src/metrics.ts'
import { createFigures } from '../../../src/site/cameras/camera-figures.ts'

const counters = (camera: string, received: number, analysed: number): MetricsJson =>
  [
    ['rollcall_units_received_total', received],
    ['rollcall_frames_analysed_total', analysed],
  ].map(([name, value]) => ({ name, values: [{ labels: { camera }, value }] })) as unknown as MetricsJson

/** The rates after each of these counts, one a second; a process that is given by name. */
const ratesAfter = (counts: readonly (readonly [received: number, analysed: number, process?: string])[]) => {
  let nowMs = 0
  const figures = createFigures(() => nowMs)
  return counts.map(([received, analysed, process = 'vision-1']) => {
    nowMs += 1000
    figures.metrics(process, counters('door', received, analysed))
    const { receivedFps, analysedFps } = figures.of('door')
    return [receivedFps, analysedFps]
  })
}

test('rates are those of the last seconds', () => {
  expect(
    ratesAfter([
      [100, 20],
      [125, 25],
      [150, 30],
    ]),
  ).toEqual([
    [0, 0],
    [25, 5],
    [25, 5],
  ])
})

test('counters that begin anew, as of a camera that was paused or a process that crashed, give no negative rates', () => {
  expect(
    ratesAfter([
      [1000, 200],
      [1025, 205],
      [5, 1],
      [30, 6],
    ]),
  ).toEqual([
    [0, 0],
    [25, 5],
    [0, 0],
    [25, 5],
  ])
  // Nothing has been received yet.
  expect(
    ratesAfter([
      [1000, 0],
      [1025, 0],
      [0, 0],
    ]).at(-1),
  ).toEqual([0, 0])
})

test('a camera that has moved to another process is counted there', () => {
  expect(
    ratesAfter([
      [1000, 200],
      [1025, 205],
      [10, 2, 'vision-2'],
      [35, 7, 'vision-2'],
    ])
      .at(-1)
      ?.every((rate) => rate >= 0),
  ).toBe(true)
})
