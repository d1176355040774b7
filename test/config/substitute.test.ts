import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { substitute } from '../../src/config/substitute.ts'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'

const textOf = (template: string, env: Record<string, string>): string => {
  const { text, problems } = substitute(template, env)
  expect(problems).toEqual([])
  return text
}

const word = fc
  .string({ unit: 'grapheme', minLength: 1 })
  .filter((text) => !/\p{Cc}/u.test(text) && text.isWellFormed())

test('whatever user and password are, the URL keeps its host, path and query', () => {
  fc.assert(
    fc.property(word, word, (U, P) => {
      const url = parseCameraUrl(textOf('rtsp://${U}:${P}@cam:554/s?a=1', { U, P }))
      expect(url).toMatchObject({ location: 'rtsp://cam:554/s?a=1', credentials: { user: U, password: P } })
    }),
    { numRuns: 500 },
  )
})

test('a value in a query stays one parameter, one in a path one path', () => {
  fc.assert(
    fc.property(word, (V) => {
      const query = new URL(textOf('http://cam/s?user=a&pwd=${V}&b=2', { V }))
      expect([...query.searchParams]).toEqual([
        ['user', 'a'],
        ['pwd', V],
        ['b', '2'],
      ])
      if (/[?#]/.test(V)) return
      expect(new URL(textOf('http://cam/a/x${V}/b', { V })).search).toBe('')
    }),
  )
})

test.each([
  ['rtsp://${U}:${P}@cam/s', 'rtsp://a%3Ab:p%2Fw%40x%23%25@cam/s'],
  ['rtsp://viewer:pre-${P}@cam/s', 'rtsp://viewer:pre-p%2Fw%40x%23%25@cam/s'],
  ['rtsp://a@b:${P}@cam/s', 'rtsp://a@b:p%2Fw%40x%23%25@cam/s'],
  ['rtsp://${HOST}:${PORT}/s', 'rtsp://cam.example:8554/s'],
  ['rtsp://${ADDRESS}/s', 'rtsp://[fe80::1]:554/s'],
  ['${PROTOCOL:-rtsps}://cam/s', 'rtsps://cam/s'],
  ['rtsp://cam/${STREAM}', 'rtsp://cam/live%20one/ch%C3%B61'],
  ['http://cam/x?${QUERY}', 'http://cam/x?a=1&b=2'],
  // The whole URL in a variable is that URL.
  ['${URL}', 'rtsp://u:p%2Fw@cam/s'],
  ['${URL}?x=${P}', 'rtsp://u:p%2Fw@cam/s?x=p/w@x#%'],
  ['no URL: ${P}', 'no URL: p/w@x#%'],
])('%s', (template, expected) => {
  const env = {
    U: 'a:b',
    P: 'p/w@x#%',
    HOST: 'cam.example',
    PORT: '8554',
    ADDRESS: '[fe80::1]:554',
    STREAM: 'live one/chö1',
    QUERY: 'a=1&b=2',
    URL: 'rtsp://u:p%2Fw@cam/s',
  }
  expect(textOf(template, env)).toBe(expected)
})

describe('a value that would begin another part of the URL is refused, and not shown', () => {
  test.each([
    ['rtsp://${V}@cam/s', 'user:hunter2', /\$\{V\} holds a colon in place of a user: use the keys user and password/],
    ['rtsp://${V}/s', 'user:hunter2@cam', /\$\{V\} holds more than a host and port/],
    ['rtsp://${V:-x}/s', 'cam/hunter2', /\$\{V\} holds more than a host and port/],
    ['rtsp://cam:${V}/s', '554/hunter2', /more than a host and port/],
    ['rtsp://cam/${V}', 'live?pwd=hunter2', /a \? or #, which ends a path/],
    ['rtsp://cam/s?${V}', 'pwd=hunter2#x', /a #, which ends a query/],
    ['${V}://cam/s', 'rtsp://hunter2', /anything but a protocol/],
  ])('%s', (template, V, expected) => {
    const { problems } = substitute(template, { V })
    expect(problems).toEqual([expect.stringMatching(expected)])
    expect(problems.join('')).not.toContain('hunter2')
  })
})

describe('secrets from files', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))
  const file = (content: string | Uint8Array): string => {
    const path = join(directory, 'secret')
    writeFileSync(path, content)
    return path
  }
  test.each([
    ['p/w\n', 'p/w'],
    ['p/w\r\n', 'p/w'],
    ['\uFEFFpö ', 'pö '],
    ['', ''],
  ])('%j', (content, expected) => {
    expect(textOf(`\${file:${file(content)}}`, {})).toBe(expected)
  })

  test('are encoded in a URL like any value', () => {
    expect(textOf(`rtsp://viewer:\${file:${file('p/w@x\n')}}@cam/s`, {})).toBe('rtsp://viewer:p%2Fw%40x@cam/s')
  })

  test.each([
    [new Uint8Array([0x70, 0xfc]), /not UTF-8/],
    [new Uint8Array([0xff, 0xfe, 0x70, 0]), /UTF-16/],
    [new Uint8Array(100_000).fill(0x61), /holds more than 65536 bytes/],
  ])('a file that is none is refused', (content, expected) => {
    expect(substitute(`\${file:${file(content)}}`, {}).problems).toEqual([expect.stringMatching(expected)])
  })

  test('a directory is refused', () => {
    expect(substitute(`\${file:${directory}}`, {}).problems).toEqual([
      expect.stringMatching(/cannot be read: .*EISDIR/),
    ])
  })
})

test('a file without end is refused when it is longer than a secret', () => {
  expect(substitute('${file:/dev/zero}', {}).problems).toEqual([
    'the file /dev/zero of a secret cannot be read: it holds more than 65536 bytes',
  ])
})

test('a reference in what stands for a variable is refused: it would be put in as it is written', () => {
  for (const template of ['rtsp://${HOST:-${OTHER}}/s', '${A:-${file:/x}}', '${A:-x${B'])
    expect(substitute(template, {}).problems).toEqual([expect.stringContaining('a ${ that is not understood')])
})

test('what every object has is no variable', () => {
  expect(substitute('${constructor}${__proto__}', {}).problems).toHaveLength(2)
})
