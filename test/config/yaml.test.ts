import { describe, expect, it, test } from 'vitest'
import { z } from 'zod'
import { readYaml } from '../../src/config/yaml.ts'
import { RollcallError } from '../../src/errors.ts'

const schema = z.strictObject({
  cameras: z
    .record(
      z.string().regex(/^[\w.-]+$/, 'expected letters'),
      z.strictObject({
        url: z.string(),
        password: z.string().optional(),
        maxFps: z.number().positive().nullable().default(10),
        tls: z.boolean().default(true),
      }),
    )
    .default({}),
  level: z.enum(['info', 'warn']).default('info'),
  max: z.union([z.literal('auto'), z.int().min(1)]).optional(),
  names: z.array(z.string()).optional(),
})

const read = (text: string, env: Record<string, string> = {}) => readYaml({ name: 'site.yaml', text }, schema, env)
const mistakes = (text: string, env: Record<string, string> = {}): string[] => {
  try {
    read(text, env)
  } catch (error) {
    expect(error).toBeInstanceOf(RollcallError)
    expect((error as RollcallError).code).toBe('CONFIG_INVALID')
    return (error as RollcallError).message.split('\n')
  }
  throw new Error('was accepted')
}

describe('what is read', () => {
  it('has the defaults of the schema', () => {
    const door = { url: 'x', maxFps: 10, tls: true }
    expect(read('cameras:\n  door: { url: x }\n')).toEqual({ cameras: { door }, level: 'info' })
  })

  test.each([
    ['nothing', ''],
    ['comments only', '# nothing\n'],
    ['an empty document', '---\n'],
    ['JSON with tabs', '{\n\t"level": "info"\n}'],
    ['a byte order mark and CRLF', '\uFEFFlevel: info\r\ncameras: {}\r\n'],
    ['keys for anchors', 'x-common: &common { a: 1 }\nlevel: info\n'],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual({ cameras: {}, level: 'info' })
  })

  test.each(['1.10', '007', '0x1F', 'on', 'yes', 'null', 'true', '2024-01-01', '1e3', '.5', 'constructor', 'x-ray'])(
    'a name stays %s, as it is written',
    (name) => {
      for (const written of [name, `"${name}"`, `'${name}'`])
        expect(mistakes(`cameras:\n  ${written}: { url: 1, maxFsp: 2 }\n`)).toEqual([
          expect.stringContaining(` cameras.${name}.maxFsp: unknown key; did you mean maxFps?`),
        ])
      if (/^[\w.-]+$/.test(name)) expect(Object.keys(read(`cameras:\n  ${name}: { url: x }\n`).cameras)).toEqual([name])
    },
  )

  test.each([
    ['12345', '12345'],
    ['0123', '0123'],
    ['1.10', '1.10'],
    ['true', 'true'],
    ['0x1F', '0x1F'],
    ['"a#b"', 'a#b'],
  ])('text is text without quotes, too: %s', (written, password) => {
    expect(read(`cameras:\n  a: { url: x, password: ${written} }\n`).cameras.a?.password).toBe(password)
    expect(read(`names: [${written}]\n`).names).toEqual([password])
  })

  it('resolves anchors and merge keys, of which the nearest wins', () => {
    const text = [
      'x-slow: &slow { maxFps: 1, password: p }',
      'x-open: &open { tls: false, maxFps: 9 }',
      'cameras:',
      '  a: &a { <<: *slow, url: x }',
      '  b: { <<: [*slow, *open], url: y, password: q }',
      '  c: { <<: *a, url: z, x-note: why }',
    ].join('\n')
    expect(read(text).cameras).toEqual({
      a: { url: 'x', maxFps: 1, password: 'p', tls: true },
      b: { url: 'y', maxFps: 1, password: 'q', tls: false },
      c: { url: 'z', maxFps: 1, password: 'p', tls: true },
    })
  })

  test.each([
    ['maxFps: ${N}', { N: '2.5' }, { maxFps: 2.5 }],
    ['maxFps: "${N:-4}"', {}, { maxFps: 4 }],
    ['tls: ${T}', { T: 'False' }, { tls: false }],
    ['password: ${P}', { P: '0123' }, { password: '0123' }],
    ['password: ${P}', { P: 'true' }, { password: 'true' }],
    ['password: ${P:-none}', { P: '' }, { password: 'none' }],
    ['password: $${P}', { P: 'x' }, { password: '${P}' }],
    ['password: ${P}', { P: '${Q}' }, { password: '${Q}' }],
  ])('%s with %j', (line, env, expected) => {
    expect(read(`cameras:\n  a:\n    url: x\n    ${line}\n`, env as Record<string, string>).cameras.a).toMatchObject(
      expected,
    )
  })
})

describe('what is wrong is said', () => {
  const first = (line: string) => `cameras:\n  door:\n    url: x\n    ${line}\n`
  test.each([
    [first('maxFps: fast'), '4:13 cameras.door.maxFps: expected a number, found fast'],
    [first('maxFps: -1'), '4:13 cameras.door.maxFps: expected more than 0, found -1'],
    [first('max_fps: 3'), '4:5 cameras.door.max_fps: unknown key; did you mean maxFps?'],
    [first('level: info'), '4:5 cameras.door.level: unknown key; did you mean level?'],
    [first('tls: maybe'), '4:10 cameras.door.tls: expected true or false, found maybe'],
    [
      first('password: #hunter2'),
      '4:15 cameras.door.password: expected text, found nothing; a text that begins with # needs quotes',
    ],
    [first('url: y'), '4:5 the key "url" is there twice, first in line 3'],
    ['cameras:\n  door: {}\n', '2:9 cameras.door.url: expected text, found nothing'],
    ['cameras:\n  - door\n', '2:3 cameras: expected names with values, found a list'],
    ['cameras:\n  "front door": { url: x }\n', '2:3 cameras.front door: expected letters'],
    ['cameras:\n  __proto__: { url: x }\n', '2:3 "__proto__" cannot be a key or a name'],
    ['camera: {}\n', '1:1 camera: unknown key; did you mean cameras?'],
    ['tls: true\n', '1:1 tls: unknown key; did you mean cameras.NAME.tls?'],
    ['zebra: 1\n', '1:1 zebra: unknown key'],
    ['level: loud\n', '1:8 level: expected one of info, warn, found loud'],
    ['level: wran\n', '1:8 level: expected one of info, warn, found wran; did you mean warn?'],
    ['max: many\n', '1:6 max: expected auto or a number, found many'],
    ['max: atuo\n', '1:6 max: expected auto or a number, found atuo; did you mean auto?'],
    ['just text\n', '1:1 the whole file: expected keys with values, found just text'],
    ['- a\n', '1:1 the whole file: expected keys with values, found a list'],
    ['names: &a [*a]\n', '1:12 an alias (*) inside its own anchor (&)'],
    ['names: *b\n', '1:8 an alias (*) without its anchor (&); a text that begins with * needs quotes'],
    ['cameras:\n  a: { <<: 7 }\n', '2:8 expected a map, or an alias (*) of one, after <<'],
    [
      'names: [a, "${P"]\n',
      '1:12 a ${ that is not understood: expected ${NAME}, ${NAME:-text} or ${file:PATH}; $${ is a ${ that stays',
    ],
    ['names: [a, "${a-b}"]\n', expect.stringContaining('1:12 a ${ that is not understood')],
    ['names: ["${file:/no/such}"]\n', '1:9 the file /no/such of a secret cannot be read: there is no such file'],
  ])('%j', (text, expected) => {
    expect(mistakes(text)).toContainEqual(typeof expected === 'string' ? `site.yaml:${expected}` : expected)
  })

  test.each([
    ['a tab', 'cameras:\n\tdoor: {}\n', /^site\.yaml:2:1 not YAML: a tab in front of a line: indent with spaces$/],
    ['a second document', 'level: info\n---\nlevel: warn\n', /:2:1 not YAML: a second document begins here/],
    ['an open brace', 'cameras: {\n', /not YAML: /],
    ['an unknown tag', 'names: [!secret door]\n', /:1:9 not YAML: a tag \(!\) that is not known here.*\$\{NAME\}/],
    ['a list as a key', '[a]: 1\n', /expected a key/],
    ['a depth without end', '['.repeat(50_000), /not YAML/],
    [
      'aliases of aliases',
      `${Array.from({ length: 9 }, (_, i) => `x-${i}: &a${i} [${`${i ? `*a${i - 1}` : 'x'},`.repeat(9)}]`).join('\n')}\n`,
      /too many values/,
    ],
  ])('%s', (_, text, expected) => {
    expect(mistakes(text).join('\n')).toMatch(expected)
  })

  it('all at once, in the order of the file, also when variables are missing', () => {
    const text = 'level: loud\ncameras:\n  a: { url: "${A}", maxFps: x }\n  b: { url: "${B}${A}", maxFsp: 1 }\n'
    expect(mistakes(text, { B: '1' })).toEqual([
      'site.yaml:1:8 level: expected one of info, warn, found loud',
      'site.yaml:3:13 the environment variable A is not set: export it, or take the line out',
      'site.yaml:3:29 cameras.a.maxFps: expected a number, found x',
      'site.yaml:4:13 the environment variable A is not set: export it, or take the line out',
      'site.yaml:4:25 cameras.b.maxFsp: unknown key; did you mean maxFps?',
    ])
  })
})

describe('no message holds a secret', () => {
  // Each is a password that somebody has forgotten to put into quotes, or that YAML reads otherwise.
  const odd = [
    '*hunter2',
    '&hunter2',
    '!hunter2',
    '!hunter2 x',
    '@hunter2',
    '%hunter2',
    '`hunter2',
    '|hunter2',
    '{hunter2',
    '[hunter2',
    'a: hunter2',
    '"a" hunter2',
    '"\\hunter2"',
    '# hunter2',
    '- hunter2',
    '? hunter2',
    '> hunter2',
    "'hunter2",
    '!!int hunter2',
  ]
  test.each(odd)('%s in the file', (password) => {
    const text = `cameras:\n  a:\n    url: x\n    password: ${password}\n    maxFps: x\n`
    expect(mistakes(text).join('\n')).not.toMatch(/unter2/)
  })

  test.each([
    'cameras: { a: { url: x, maxFps: "${P}" } }',
    'cameras: { a: { url: x, tls: "x${P}" } }',
    'cameras: { a: { url: { x: "${P}" } } }',
    'level: ${P}',
    'max: ${P}',
    '${P}',
    'names: { a: "${P}" }',
    'cameras: { "rtsp://u:hunter2@x": { url: x } }',
    'cameras: { a: { url: [rtsp://u:hunter2@x] } }',
    'cameras: { a: { url: x, password: [hunter2] } }',
    'rtsp://u:hunter2@x',
    '"rtsp://u:hunter2@x": 1',
  ])('%s', (text) => {
    const env = { P: 'hunter2", maxFps: 1 } # ' }
    expect(mistakes(text, env).join('\n')).not.toContain('hunter2')
  })
})
