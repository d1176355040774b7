import { expect, test } from 'vitest'
import { type Decoded, differenceOf, type Run } from '../../../src/ingest/hardware/decoded.ts'
import { judge } from '../../../src/ingest/hardware/judge.ts'

/** 4 × 2 pixels, with rows of 6 bytes. */
const planar = (luma = 50, more: Partial<Decoded> = {}): Decoded => ({
  ptsNs: 0n,
  format: 'I420',
  width: 4,
  height: 2,
  matrix: 'bt709',
  fullRange: false,
  planes: [
    { data: Uint8Array.from([luma, 1, 2, 3, 255, 255, 4, 5, 6, 7]), stride: 6 },
    { data: Uint8Array.from([8, 9]), stride: 6 },
    { data: Uint8Array.from([10, 11]), stride: 6 },
  ],
  ...more,
})
const paired: Decoded = {
  ...planar(),
  format: 'NV12',
  planes: [
    { data: Uint8Array.from([50, 1, 2, 3, 4, 5, 6, 7]), stride: 4 },
    { data: Uint8Array.from([8, 10, 9, 11]), stride: 4 },
  ],
}

test('samples are compared, however they lie in memory', () => {
  expect(differenceOf(planar(), planar())).toBe(0)
  expect(differenceOf(planar(), paired)).toBe(0)
  expect(differenceOf(paired, planar(53))).toBe(3)
  expect(differenceOf(planar(), { ...paired, planes: paired.planes.slice(0, 1) })).toBeNaN()
  for (const other of [{ ptsNs: 1n }, { width: 2 }, { height: 1 }, { matrix: 'bt601' }, { fullRange: true }] as const) {
    expect(differenceOf(planar(), planar(50, other))).toBeNaN()
  }
})

const run = (cpuMs: number, tookMs = cpuMs, pictures: readonly Decoded[] = [planar(), planar()]): Run => ({
  pictures,
  cpuMs,
  tookMs,
})
const objection = (software: Run, hardware: Run) =>
  judge(software, hardware, { expected: 2, everyMs: 40, atMost: 0.8 }).objection

test('right, cheaper and in time, or not at all', () => {
  expect(judge(run(10), run(2), { expected: 2, everyMs: 40, atMost: 0.8 })).toEqual({ objection: null, cpuShare: 0.2 })
  expect(objection(run(10), run(9))).toBe('it takes 0.90 of the CPU time of software')
  expect(objection(run(0), run(0))).toBe('it takes as much CPU time of software')
  expect(objection(run(10), run(2, 41))).toBe('it takes 41 ms a picture, one comes every 40 ms')
  expect(objection(run(10, 50), run(2, 45))).toBeNull()
  expect(objection(run(10), run(2, 2, [planar()]))).toBe('it makes 1 pictures of 2')
  expect(objection(run(10, 10, [planar()]), run(2))).toContain('nothing to compare with')
  expect(objection(run(10), run(2, 2, [planar(), planar(52)]))).toBeNull()
  expect(objection(run(10), run(2, 2, [planar(), planar(53)]))).toContain('they differ by 3 of 255')
  expect(objection(run(10), run(2, 2, [planar(), planar(50, { fullRange: true })]))).toContain('kind of colours')
})
