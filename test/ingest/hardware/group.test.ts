import { expect, test } from 'vitest'
import type { AccessUnit } from '../../../native/index.js'
import { trialGroup } from '../../../src/ingest/hardware/group.ts'

const caps = (width: number, height: number) => `video/x-h264, width=(int)${width}, height=(int)${height}`

/** Units named by a letter each: `K` key, `p` any other, `l` leading, `x` broken, `o` of another format. */
const units = (letters: string, format = caps(1920, 1080)): readonly AccessUnit[] =>
  Array.from(letters, (letter, i) => ({
    data: new Uint8Array([i]),
    ptsNs: letter === 'l' ? BigInt(i - 3) : BigInt(i),
    dtsNs: null,
    arrivedAtMs: 0,
    ntpAtMs: null,
    key: letter === 'K',
    broken: letter === 'x',
    caps: letter === 'o' ? caps(640, 480) : format,
  }))
const chosen = (letters: string, format?: string) => trialGroup(units(letters, format))?.map(({ data }) => data[0])

const upTo = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i)

test('the newest group that is long enough, over key units where groups are short', () => {
  expect(chosen(`K${'p'.repeat(20)}K${'p'.repeat(20)}`)).toEqual(upTo(21, 16))
  expect(chosen(`K${'p'.repeat(20)}Kppp`)).toEqual(upTo(0, 16))
  expect(chosen('KKKKKKKKKKKKKKKKKK')).toEqual(upTo(2, 16))
  expect(chosen(`Kll${'p'.repeat(20)}`)).toEqual([0, ...upTo(3, 15)])
})

test('by the size of the picture', () => {
  expect(chosen(`K${'p'.repeat(60)}`, caps(320, 240))).toHaveLength(30)
  expect(chosen(`K${'p'.repeat(60)}`, caps(3840, 2160))).toHaveLength(4)
  expect(chosen(`K${'p'.repeat(60)}`, caps(8192, 4608))).toHaveLength(4)
  expect(chosen(`K${'p'.repeat(60)}`, 'video/x-h264')).toBeUndefined()
})

test('too few, broken, or of two formats: none', () => {
  for (const letters of [
    '',
    'Kppp',
    'p'.repeat(30),
    `Kppx${'p'.repeat(30)}`,
    `o${'p'.repeat(30)}`,
    `Kpo${'p'.repeat(30)}`,
  ]) {
    expect(chosen(letters), letters).toBeUndefined()
  }
})
