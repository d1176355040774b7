import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { missingBytes } from '../../src/ingest/truncated.ts'

const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))
afterAll(() => rmSync(directory, { recursive: true }))

const missingOf = (...parts: readonly (Uint8Array | string)[]): number => {
  const file = join(directory, 'video')
  writeFileSync(file, Buffer.concat(parts.map((part) => Buffer.from(part))))
  return missingBytes(file)
}

const u32 = (value: number, little = false): Uint8Array => {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, little)
  return bytes
}
const zeros = (count: number) => new Uint8Array(count)

describe('MP4', () => {
  const ftyp = [u32(16), 'ftyp', 'isom', u32(0)]

  test('whole', () => expect(missingOf(...ftyp, u32(108), 'mdat', zeros(100), u32(8), 'free')).toBe(0))
  test('broken off in a box', () => expect(missingOf(...ftyp, u32(108), 'mdat', zeros(40))).toBe(60))
  test('broken off in a header', () => expect(missingOf(...ftyp, u32(108))).toBe(4))
  test('64-bit sizes', () =>
    expect(missingOf(...ftyp, u32(1), 'mdat', u32(1), u32(16), zeros(50))).toBe(2 ** 32 + 16 - 66))
  test('a last box until the end of the file', () => expect(missingOf(...ftyp, u32(0), 'mdat', zeros(9))).toBe(0))
  test('nonsense instead of a box', () => expect(missingOf(...ftyp, u32(3), 'mdat', zeros(9))).toBe(0))
})

describe('Matroska', () => {
  const header = [u32(0x1a45dfa3), [0x84], zeros(4)].map((part) => Uint8Array.from(part))
  const segment = (...size: number[]) => [u32(0x18538067), Uint8Array.from(size)]

  test('whole', () => expect(missingOf(...header, ...segment(0x40, 0x20), zeros(32))).toBe(0))
  test('broken off', () => expect(missingOf(...header, ...segment(0x40, 0x20), zeros(20))).toBe(12))
  test('a live recording does not say its size', () =>
    expect(missingOf(...header, ...segment(0x01, 255, 255, 255, 255, 255, 255, 255), zeros(20))).toBe(0))
})

test('AVI', () => {
  expect(missingOf('RIFF', u32(42, true), 'AVI ', zeros(38))).toBe(0)
  expect(missingOf('RIFF', u32(42, true), 'AVI ', zeros(30))).toBe(8)
})

test('anything else does not say', () => {
  expect(missingOf('')).toBe(0)
  expect(missingOf('just some text, long enough for a header')).toBe(0)
})
