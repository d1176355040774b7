import { expect, test } from 'vitest'
import { blindShare, lossFigures, lossVerdicts } from '../../bench/loss-figures.ts'
import type { FrameEvent, FrameFace, RollcallEvent } from '../../src/events/types.ts'

const startMs = Date.parse('2026-01-01T00:00:00Z')

/** A picture so many milliseconds after the start, with a face of each of these qualities. */
const picture = (atMs: number, damaged: boolean, qualities: readonly (number | null)[] = [], camera = 'a') =>
  ({
    type: 'rollcall.frame.v1',
    data: {
      camera,
      capturedAtMs: startMs + atMs,
      ...(damaged && { damaged: true }),
      faces: qualities.map((quality) => ({ quality }) as FrameFace),
    },
  }) as unknown as FrameEvent

const created = (atMs: number, camera: string | null): RollcallEvent =>
  ({
    type: 'rollcall.person.created.v1',
    time: new Date(startMs + atMs).toISOString(),
    data: { camera },
  }) as unknown as RollcallEvent

test.each([
  ['whole pictures in time', [0, 200, 400, 600], [], 0],
  ['a gap of a second, of which .4 s are no blindness', [0, 1000, 2000], [], 0.6],
  ['no whole picture at first', [1000, 1200, 1400], [0], 1000 / 1400],
  ['damaged ones at the end', [0], [500, 1000], 0.6],
  ['damaged ones only', [], [0, 500, 1000], 1],
] as const)('%s', (_, whole, damaged, share) => {
  const frames = [...whole.map((at) => picture(at, false)), ...damaged.map((at) => picture(at, true))]
  expect(blindShare(frames, 400)).toBeCloseTo(share)
})

test('each camera is blind for itself', () => {
  const seeing = [0, 300, 600].map((at) => picture(at, false, [], 'a'))
  const blind = [0, 300, 600].map((at) => picture(at, true, [], 'b'))
  expect(blindShare([...seeing, ...blind], 400)).toBeCloseTo(0.5)
})

test('what damaged pictures tell is counted, and what others do at the same time is not', () => {
  const events = [
    created(0, 'a'),
    picture(0, false, [0.9, null]),
    created(100, 'a'),
    created(100, 'b'),
    created(100, null),
    picture(100, true, [0.5, null, 0.7]),
    picture(100, false, [0.8], 'b'),
  ]
  const figures = lossFigures(events, 400)
  expect(figures).toMatchObject({ whole: 2, damaged: 1, facesInDamaged: 3, embeddedInDamaged: 2, embedded: 2 })
  expect(figures).toMatchObject({ founded: 4, foundedByDamaged: 1 })
  expect(lossVerdicts(0.05, figures).map(({ met }) => met)).toEqual([false, false])
})

test('a must is met only where a face was in a damaged picture', () => {
  const met = (fraction: number, ...qualities: null[]): (boolean | null)[] =>
    lossVerdicts(fraction, lossFigures([picture(0, true, qualities)], 400)).map((each) => each.met)
  expect([met(0.05, null), met(0.05), met(0)]).toEqual([
    [true, true],
    [null, null],
    [true, true],
  ])
})
