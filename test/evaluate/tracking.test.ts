import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RollcallError } from '../../src/errors.ts'
import { matchedFaces } from '../../src/evaluate/matched-faces.ts'
import { compareTracks, parseTracks } from '../../src/evaluate/read-tracks.ts'
import { scoreTracking } from '../../src/evaluate/tracking.ts'
import { framesOf, type Pairs, repeat } from './tracks.ts'

/** Up to three people and IDs a frame, matched at random; some are missed, some false alarms. */
const frame: fc.Arbitrary<Pairs> = fc
  .tuple(fc.shuffledSubarray(['A', 'B', 'C']), fc.shuffledSubarray(['1', '2', '3']), fc.nat(3))
  .map(([truths, ids, together]) => {
    const pairs = Math.min(together, truths.length, ids.length)
    return [
      ...truths.map((truth, i): Pairs[number] => [truth, i < pairs ? (ids[i] ?? null) : null]),
      ...ids.slice(pairs).map((id): Pairs[number] => [null, id]),
    ]
  })

const permutations = (list: readonly string[]): string[][] =>
  list.length < 2
    ? [[...list]]
    : list.flatMap((first) => permutations(list.filter((other) => other !== first)).map((rest) => [first, ...rest]))

describe('scoreTracking', () => {
  it('finds the best of all one-to-one matchings for IDF1', () => {
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 12 }), (frames) => {
        const together = (truth: string, id: string): number =>
          frames.flat().filter(([a, b]) => a === truth && b === id).length
        const best = Math.max(
          ...permutations(['1', '2', '3']).map((ids) =>
            ['A', 'B', 'C'].reduce((sum, truth, i) => sum + together(truth, ids[i] ?? ''), 0),
          ),
        )
        const { idtp, idfn, idfp, truths, predictions } = scoreTracking(framesOf(frames))
        expect(idtp).toBe(best)
        expect([idtp + idfn, idtp + idfp]).toEqual([truths, predictions])
      }),
    )
  })

  it('gives the same whatever the IDs are called', () => {
    fc.assert(
      fc.property(fc.array(frame, { minLength: 1, maxLength: 12 }), (frames) => {
        const names: Record<string, string> = { 1: 'x', 2: 'y', 3: 'z' }
        const renamed = frames.map((pairs) => pairs.map(([a, b]) => [a, b && (names[b] ?? b)] as const))
        expect(scoreTracking(framesOf(renamed))).toEqual(scoreTracking(framesOf(frames)))
      }),
    )
  })

  it('counts a switch across a gap, however long', () => {
    const frames = [...repeat(3, [['A', '1']]), ...repeat(500, []), ...repeat(3, [['A', '2']])]
    expect(scoreTracking(framesOf(frames)).idSwitches).toBe(1)
  })

  it('keeps a continued match when another box is more similar for once', () => {
    const similarity = Float64Array.from([0.6, 0.9])
    const both = { truths: ['A'], predictions: ['1', '2'], similarity }
    const first = { truths: ['A'], predictions: ['1'], similarity: Float64Array.of(1) }
    expect(scoreTracking([first, both]).idSwitches).toBe(0)
  })

  it('does not divide by nothing', () => {
    const empty = scoreTracking(framesOf([[], []]))
    expect(Object.values(empty).every(Number.isFinite)).toBe(true)
    const allMissed = scoreTracking(framesOf([[['A', null]]]))
    expect(allMissed).toMatchObject({ idf1: 0, hota: 0, mota: 0, missed: 1 })
  })
})

describe('parseTracks', () => {
  const mot = parseTracks('1,7,10,20,30,40,1,-1,-1,-1\n2,7,11,20,30,40,1\n2,8,200,20,30,40,1\n', 'a.txt')

  it('reads MOT, JSON lines and Rollcall’s events alike', () => {
    const lines = [
      '{"loop":"hall","people":["7"]}',
      '{"frame":1,"faces":[{"person":"7","box":[10,20,30,40]}]}',
      '{"frame":2,"id":7,"box":{"x":11,"y":20,"width":30,"height":40}}',
      '{"type":"rollcall.person.created.v1","data":{"person":"8"}}',
      '{"type":"rollcall.frame.v1","data":{"seq":2,"faces":[{"person":null,"box":{"x":0,"y":0,"width":1,"height":1}},' +
        '{"person":"8","box":{"x":200,"y":20,"width":30,"height":40}}]}}',
    ]
    expect(parseTracks(lines.join('\n'), 'b.jsonl')).toEqual(mot)
  })

  it('compares two files by overlap', () => {
    const frames = compareTracks(mot, parseTracks('1,x1,10,20,30,40\n2,1,11,20,30,40'.replace('x1', '1'), 'b.txt'))
    expect(scoreTracking(frames)).toMatchObject({ idtp: 2, truths: 3, predictions: 2, missed: 1, idSwitches: 0 })
    expect(matchedFaces(frames).map(({ truth, id }) => `${truth} ${id}`)).toEqual(['7 1', '7 1', '8 null'])
  })

  it.each([
    ['1,2,3', /a\.txt:1: expected at least six numbers/],
    ['1,7,10,20,30,40\n{"frame":1,"id":"x"', /a\.txt:2: /],
    ['{"frame":1,"id":"x"}', /a\.txt:1: /],
    ['1,7,10,20,30,40\n1,7,10,20,30,40', /a\.txt:2: 7 is in frame 1 twice/],
    ['', /a\.txt: there is no box in it/],
  ])('names file and line: %j', (text, message) => {
    expect(() => parseTracks(text, 'a.txt')).toThrow(message)
    expect(() => parseTracks(text, 'a.txt')).toThrow(RollcallError)
  })
})
