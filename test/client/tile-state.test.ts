import { expect, test } from 'vitest'
import { createKeyGap } from '../../client/src/video/key-gap.ts'
import { createTileState } from '../../client/src/video/tile-state.ts'
import type { VideoLevel, VideoState } from '../../client/src/video/types.ts'

const shown = (level: Exclude<VideoLevel, 'nothing'>, most: VideoLevel, keyGapMs: number): VideoState | undefined => {
  const said: VideoState[] = []
  const state = createTileState({
    load: { level },
    waiting: () => null,
    hasPicture: () => true,
    keyGapMs: () => keyGapMs,
    onState: (now) => void said.push(now),
  })
  state.most = most
  state.say()
  return said.at(-1)
}

test('key pictures that are far apart give way to stills, and the tile says why', () => {
  expect(shown('keys', 'all', 2100)).toMatchObject({ level: 'keys', reason: expect.stringMatching(/key frames only/) })
  for (const [level, most] of [
    ['keys', 'all'],
    ['all', 'keys'],
    ['fewer', 'keys'],
  ] as const)
    expect(shown(level, most, 4000)).toMatchObject({
      level: 'stills',
      possible: 'stills',
      reason: 'key frames are 4 s apart: stills',
    })
})

test('they change nothing where every picture is shown, or stills are anyway', () => {
  expect(shown('all', 'all', 9000)).toMatchObject({ level: 'all', reason: null })
  expect(shown('fewer', 'all', 9000)).toMatchObject({ level: 'fewer' })
  expect(shown('stills', 'all', 9000)).toMatchObject({ level: 'stills', reason: expect.stringMatching(/: stills/) })
  expect(shown('all', 'nothing', 9000)).toMatchObject({ level: 'nothing', reason: null })
})

test('how far apart they are is the least of three gaps in one stream: one that was lost does not count', () => {
  const keys = createKeyGap()
  const gapsAt = (stream: string, ...seconds: readonly number[]): number[] =>
    seconds.map((at) => {
      keys.unit({ stream, ptsUs: (at - 0.04) * 1e6, key: false })
      keys.unit({ stream, ptsUs: at * 1e6, key: true })
      return keys.gapMs
    })
  expect(gapsAt('a', 1, 5, 9, 11, 15, 19)).toEqual([0, 0, 4000, 2000, 2000, 2000])
  expect(gapsAt('a', 23)).toEqual([4000])
  expect(gapsAt('b', 100, 106, 109, 112)).toEqual([0, 0, 3000, 3000])
  keys.restart()
  expect(keys.gapMs).toBe(0)
})
