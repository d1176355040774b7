import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { describeError, RollcallError } from '../src/errors.ts'
import { cleanName, countOf, invisibleIn, longestName, printable } from '../src/text.ts'

const steering = [
  '\u001b[2J',
  'a\nb',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u200f',
  '\ufeff',
  '\u2028',
  '\u2029',
  '\u0085',
  '\ud800',
  '\u{e0041}',
]

describe('printable', () => {
  it.each(steering)('leaves nothing that steers a terminal or turns a line around: %j', (text) => {
    expect(invisibleIn(text)).toMatch(/^U\+[0-9A-F]{4,6}$/)
    expect(invisibleIn(printable(`x${text}y`))).toBeNull()
    expect(printable(`x${text}y`)).toMatch(/^x.*\uFFFD.*y$/)
    expect(invisibleIn(describeError(new RollcallError('USAGE', text, { remedy: text })))).toBeNull()
  })

  it('leaves what people read, in any script', () => {
    for (const text of ['José', 'José', 'שלום', 'محمد', '王小明', 'Zoë 🙂', "O'Neil-Smith"])
      expect(printable(text)).toBe(text)
  })
})

describe('cleanName', () => {
  it('gives one form to what looks the same', () => {
    const forms = ['José', 'Jose\u0301', ' José\u3000', 'Jo\u200bs\u0065\u0301', '\u202eJosé\u202c', 'José\ufeff']
    expect(new Set(forms.map(cleanName))).toEqual(new Set(['José']))
  })

  it('cuts what is too long, between characters', () => {
    expect(cleanName(`${'a'.repeat(longestName - 1)}🙂`)).toBe('a'.repeat(longestName - 1))
    expect(cleanName(`${'a'.repeat(longestName - 1)} b`)).toBe('a'.repeat(longestName - 1))
  })

  it('gives null when nothing is left', () => {
    expect([null, '', '  ', '\u200b', '\u202e \u202c', '\u0000'].map(cleanName)).toEqual(Array(6).fill(null))
  })

  it('is done after once, and never longer than a name may be', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 230 }), (text) => {
        const name = cleanName(text)
        expect(cleanName(name)).toBe(name)
        if (name !== null)
          expect([invisibleIn(name), name.normalize('NFC'), name.length <= longestName]).toEqual([null, name, true])
      }),
      { numRuns: 30 },
    )
  })
})

it('one of a thing is told as one', () => {
  expect([0, 1, 2].map((count) => countOf(count, 'file'))).toEqual(['0 files', '1 file', '2 files'])
  expect([1, 2].map((count) => countOf(count, 'person', 'people'))).toEqual(['1 person', '2 people'])
})
