import { expect, test } from 'vitest'
import { inspect } from '../../native/index.js'
import { chooseDecoders, codecElements } from '../../src/ingest/codecs.ts'

const decoderOf = (has: (element: string) => boolean, name = 'H.264') =>
  chooseDecoders(has).find(({ codec }) => codec.name === name)

test('the best one that is installed', () => {
  expect(decoderOf(() => true)?.decode).toBe('avdec_h264 max-threads=1')
  expect(decoderOf((element) => element !== 'avdec_h264')?.decode).toBe('openh264dec')
})

test('a codec that cannot be read in full is left out', () => {
  for (const missing of ['h264parse', 'rtph264depay']) {
    expect(decoderOf((element) => element !== missing)).toBeUndefined()
  }
  expect(chooseDecoders(() => false)).toEqual([])
})

test('what is installed here reads what cameras send', () => {
  const { elements } = inspect(codecElements)
  const names = chooseDecoders((element) => elements[element] === true).map(({ codec }) => codec.name)
  expect(names).toEqual(expect.arrayContaining(['H.264', 'H.265', 'Motion JPEG', 'MPEG-4']))
})
