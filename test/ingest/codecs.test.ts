import { expect, test } from 'vitest'
import { inspect } from '../../native/index.js'
import { chooseDecoders, codecElements, isHardware } from '../../src/ingest/codecs.ts'

const decoderOf = (has: (element: string) => boolean, prefer: 'auto' | 'software', name = 'H.264') =>
  chooseDecoders(has, prefer).find(({ codec }) => codec.name === name)

test('hardware first, when there is any and it is wanted', () => {
  expect(decoderOf(() => true, 'auto')?.decode).toBe('nvh264dec')
  expect(decoderOf((element) => element !== 'nvh264dec', 'auto')?.decode).toBe('vah264dec')
  expect(decoderOf(() => true, 'software')?.decode).toBe('avdec_h264 max-threads=1')
  expect(chooseDecoders(() => true, 'auto').some(isHardware)).toBe(true)
  expect(chooseDecoders(() => true, 'software').some(isHardware)).toBe(false)
})

test('a codec that cannot be read in full is left out', () => {
  for (const missing of ['h264parse', 'rtph264depay']) {
    expect(decoderOf((element) => element !== missing, 'auto')).toBeUndefined()
  }
  expect(chooseDecoders(() => false, 'auto')).toEqual([])
})

test('what is installed here reads what cameras send', () => {
  const { elements } = inspect(codecElements)
  const names = chooseDecoders((element) => elements[element] === true, 'auto').map(({ codec }) => codec.name)
  expect(names).toEqual(expect.arrayContaining(['H.264', 'H.265', 'Motion JPEG', 'MPEG-4']))
})
