import { describe, expect, it } from 'vitest'
import { continuedTracks } from '../../src/recognition/continue-tracks.ts'
import type { WholeTrack } from '../../src/recognition/whole-tracks.ts'
import { place, seenOf, trackOf } from './tracks.ts'

const walk = (
  track: string,
  fromS: number,
  fromX: number,
  untilS: number,
  untilX: number,
  other: Partial<WholeTrack> = {},
) => trackOf(track, null, { first: place(fromS, fromX), last: place(untilS, untilX), ...other })
const pairs = (...tracks: readonly WholeTrack[]) =>
  continuedTracks(seenOf(tracks)).map(([i, j]) => `${tracks[i]?.track}>${tracks[j]?.track}`)

describe('continuedTracks', () => {
  it('goes on where somebody stands, or is on the way', () => {
    expect(pairs(walk('a', 0, 0.3, 4, 0.3), walk('b', 5, 0.32, 8, 0.3))).toEqual(['a>b'])
    // A tenth of the picture a second: after two seconds .6, and .4 when the person waited.
    expect(pairs(walk('a', 0, 0, 4, 0.4), walk('b', 6, 0.6, 8, 0.8))).toEqual(['a>b'])
    expect(pairs(walk('a', 0, 0, 4, 0.4), walk('b', 6, 0.4, 8, 0.4))).toEqual(['a>b'])
    expect(pairs(walk('a', 0, 0.4, 4, 0.8), walk('b', 6, 0.4, 8, 0.4))).toEqual([])
  })

  it('does not go on elsewhere, much later, much larger, on another camera or after a cut', () => {
    const a = walk('a', 0, 0.3, 4, 0.3)
    expect(pairs(a, walk('b', 5, 0.6, 8, 0.6))).toEqual([])
    expect(pairs(a, walk('b', 8, 0.3, 9, 0.3))).toEqual([])
    expect(pairs(a, walk('b', 5, 0.3, 8, 0.3, { first: place(5, 0.3, 0.1) }))).toEqual([])
    expect(pairs(a, walk('b', 5, 0.3, 8, 0.3, { camera: 'hall' }))).toEqual([])
    expect(pairs({ ...a, isCutOff: true }, walk('b', 5, 0.3, 8, 0.3))).toEqual([])
  })

  it('says nothing where two fit, but for crumbs', () => {
    const [a, b, c] = [walk('a', 0, 0.3, 4, 0.3), walk('b', 5, 0.3, 8, 0.3), walk('c', 5, 0.35, 8, 0.4)]
    expect(pairs(a, b, c)).toEqual([])
    expect(pairs(a, b, { ...c, frames: 2 })).toEqual(['a>b'])
    expect(pairs(a, walk('x', 1, 0.33, 4, 0.33), b)).toEqual([])
  })
})
