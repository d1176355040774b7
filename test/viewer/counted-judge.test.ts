import { describe, expect, test } from 'vitest'
import { countedLoop } from '../browser/counted/counted-loop.ts'
import { columns, counterOf, placesOf, width } from '../browser/counted/counter.ts'
import { blocksOf, createJudge, scale } from '../browser/counted/judge.ts'

/** A judge that knows a camera of 25 pictures a second from counter 0 to 29, and analyses of these counters. */
const knows = (...analysed: readonly number[]) => {
  const judge = createJudge()
  for (let i = 0; i < 30; i++) judge.unit({ n: i + 1, stream: 's1', ptsUs: 40_000 * i }, i)
  for (const i of analysed) judge.frame({ stream: 's1', ptsUs: 40_000 * i, places: placesOf(i) })
  return judge
}
/** The boxes that a canvas shows for a counter, which may lie between two. */
const boxesOf = (counter: number): number[] => {
  const [low, high] = [placesOf(Math.floor(counter)), placesOf(Math.ceil(counter))]
  return low.map((x, i) => Math.round((x + ((high[i] ?? 0) - x) * (counter % 1)) * width * scale) - 1)
}

describe('whether the boxes on the canvas are those of its picture', () => {
  test('its own, and no other known one', () => {
    const judge = knows(10, 11, 12)
    expect(judge.judge(11, boxesOf(11)).kind).toBe('own')
    expect(judge.judge(11, boxesOf(12)).kind).toBe('wrong')
    expect(judge.judge(11, boxesOf(11.4)).kind).toBe('wrong')
  })
  test('what lies between its neighbours, at its own time', () => {
    const judge = knows(8, 14)
    expect(judge.judge(10, boxesOf(10)).kind).toBe('between')
    expect(judge.judge(10, boxesOf(10.4)).kind).toBe('wrong')
    expect(judge.judge(10, boxesOf(14)).kind).toBe('wrong')
  })
  test('by PTS: a camera whose times are uneven is no fault of the player', () => {
    const judge = createJudge()
    for (const [i, ms] of [0, 40, 160, 200].entries()) judge.unit({ n: i + 1, stream: 's1', ptsUs: ms * 1000 }, i)
    for (const [i, ms] of [
      [0, 0],
      [3, 200],
    ] as const)
      judge.frame({ stream: 's1', ptsUs: ms * 1000, places: placesOf(i) })
    expect(judge.judge(2, boxesOf(2.4)).kind).toBe('between')
    expect(judge.judge(2, boxesOf(2.8)).kind).toBe('wrong')
  })
  test('those of an older one count as old, by as much as they are, and only for a moment', () => {
    const judge = knows(10, 11, 12)
    expect(judge.judge(12, boxesOf(11))).toMatchObject({ kind: 'held', oldFrames: 1 })
    expect(judge.judge(17, boxesOf(12))).toMatchObject({ kind: 'held', oldFrames: 5 })
    expect(judge.judge(21, boxesOf(12)).kind).toBe('wrong')
  })
  test('none is none', () => {
    expect(knows(10).judge(10, [null, null]).kind).toBe('none')
  })
  test('an analysis that shows another picture at the same time is wrong', () => {
    const judge = knows(10)
    judge.frame({ stream: 's1', ptsUs: 440_000, places: placesOf(12) })
    expect(judge.judge(11, boxesOf(12)).kind).toBe('wrong')
  })
  test('another connection begins anew', () => {
    const judge = knows(10, 11, 12)
    judge.unit({ n: 1, stream: 's2', ptsUs: 400_000 }, 20)
    expect(judge.judge(20, boxesOf(10)).kind).toBe('wrong')
  })
})

test.each([true, false])('an encoded picture says its counter, with B-frames: %s', (hasB) => {
  const { units } = countedLoop({ frames: 50, fps: 25, keyEvery: 25, hasB })
  const counters = units.map(({ data }) => counterOf(blocksOf(data, columns) ?? []))
  expect(counters.toSorted((a, b) => (a ?? 0) - (b ?? 0))).toEqual(Array.from({ length: 50 }, (_, i) => i))
  expect(blocksOf(units[0]?.data.subarray(0, 2000) ?? new Uint8Array(), columns)).toBeNull()
})
