import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { configure, parseListen } from '../../src/commands/arguments.ts'
import { exampleConfig } from '../../src/commands/config.ts'
import { defaultConfig, loadConfig } from '../../src/config/config.ts'

const example = join(import.meta.dirname, '../../rollcall.example.yaml')

describe('rollcall.example.yaml', () => {
  it('is what `rollcall config` prints', () => {
    expect(readFileSync(example, 'utf8')).toBe(exampleConfig())
  })

  it('is accepted, and gives every key its default', () => {
    const { cameras, ...rest } = loadConfig(example, { CAM_PASSWORD: 'secret' })
    const { cameras: _, ...defaults } = defaultConfig()
    expect(rest).toEqual(defaults)
    expect(cameras.door).toMatchObject({ url: 'rtsp://192.0.2.10:554/stream1', user: 'viewer', password: 'secret' })
  })
})

test('the example in docs/configuration.md is accepted', () => {
  const text = readFileSync(join(import.meta.dirname, '../../docs/configuration.md'), 'utf8')
  const [, yaml = ''] = /```yaml\n(.*?)```/s.exec(text) ?? []
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))
  const secret = join(directory, 'cameras')
  writeFileSync(secret, 'p/w\n')
  writeFileSync(join(directory, 'site.yaml'), yaml.replace('/run/secrets/cameras', secret))
  const { cameras } = loadConfig(join(directory, 'site.yaml'), { HALL_PASSWORD: 'x@y' })
  expect(cameras.door).toMatchObject({ user: 'viewer', password: 'p/w' })
  expect(cameras.hall).toMatchObject({ user: 'admin', password: 'x@y', maxFps: 5 })
})

describe('loadConfig', () => {
  it('says what to do when the file is missing', () => {
    expect(() => loadConfig('nowhere.yaml', {})).toThrow('nowhere.yaml: there is no such file')
  })

  it('does not put a camera’s password into the message about its URL', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rollcall-')), 'site.yaml')
    writeFileSync(file, 'cameras:\n  door: { url: "rtps://user:hunter2@192.0.2.1/" }\n')
    try {
      loadConfig(file, {})
      expect.unreachable('was accepted')
    } catch (error) {
      expect((error as Error).message).toMatch(/site\.yaml:2:16 cameras\.door\.url: /)
      expect((error as Error).message).not.toContain('hunter2')
    }
  })
})

describe('configure', () => {
  it('lets the command line win over the file', () => {
    const overrides = { config: example, camera: ['hall=clip.mp4'], events: '-', http: '0', 'log-level': 'warn' }
    const config = configure(overrides, { CAM_PASSWORD: 'x' })
    expect(Object.keys(config.cameras)).toEqual(['door', 'hall'])
    expect([config.sinks.events, config.http.port, config.http.host, config.log.level]).toEqual([
      '-',
      0,
      '127.0.0.1',
      'warn',
    ])
  })

  it.each([
    [{ camera: ['door'] }, '--camera door: expected NAME=URL'],
    [{ camera: ['a b=x.mp4'] }, 'such as a-b'],
    [{ http: 'nonsense' }, '--http nonsense: expected HOST:PORT'],
    [{ http: '127.0.0.1:70000' }, '--http 127.0.0.1:70000'],
    [{ 'log-level': 'loud' }, 'log.level'],
  ])('refuses %j', (overrides, message) => {
    expect(() => configure(overrides, {})).toThrow(message)
  })

  it('reads addresses to listen on', () => {
    expect(parseListen('8080')).toEqual({ port: 8080 })
    expect(parseListen('0.0.0.0:80')).toEqual({ host: '0.0.0.0', port: 80 })
    expect(parseListen('[::1]:0')).toEqual({ host: '::1', port: 0 })
    expect(parseListen('off')).toEqual({ port: null })
  })
})

describe('cameras', () => {
  const written = (text: string): string => {
    const file = join(mkdtempSync(join(tmpdir(), 'rollcall-')), 'site.yaml')
    writeFileSync(file, text)
    return file
  }
  const load = (text: string, env: Record<string, string> = {}) => loadConfig(written(text), env)
  const mistakes = (text: string): string => {
    try {
      load(text)
    } catch (error) {
      return (error as Error).message
    }
    throw new Error('was accepted')
  }

  it('may be a URL alone', () => {
    expect(load('cameras:\n  door: rtsp://10.0.0.5/1\n').cameras.door).toMatchObject({
      url: 'rtsp://10.0.0.5/1',
      user: null,
    })
    expect(mistakes('cameras:\n  door: 10.0.0.5\n')).toMatch(/:2:9 cameras\.door\.url: .*an address without a protocol/)
    expect(mistakes('cameras:\n  door:\n')).toMatch(/cameras\.door: expected a URL, or the keys of a camera/)
  })

  it.each([
    ['front door', 'such as front-door'],
    ['Tür/1', 'such as Tur-1'],
    ['📷', '"_", "." and "-"'],
    ['a'.repeat(65), `such as ${'a'.repeat(64)}`],
    ['""', '"_", "." and "-"'],
    ['..', '"_", "." and "-"'],
    ['.', '"_", "." and "-"'],
    ['constructor', 'expected another name'],
    ['hasOwnProperty', 'expected another name'],
    ['__proto__', 'cannot be a key or a name'],
  ])('are not called %s', (name, message) => {
    expect(mistakes(`cameras:\n  ${name}: rtsp://10.0.0.5/1\n`)).toContain(message)
  })

  it('keep every other name, in the order of the file', () => {
    const names = ['b', '1.10', 'on', 'x-ray', 'a_b', '-1', 'url', 'length', 'toJSON', '007']
    expect(
      Object.keys(
        load(names.map((name) => `  ${name}: rtsp://10.0.0.5/1\n`).reduce((a, b) => a + b, 'cameras:\n')).cameras,
      ),
    ).toEqual(names)
  })

  it('have the keys of cameraDefaults unless they say otherwise', () => {
    const text = `cameraDefaults: { user: viewer, password: "\${P}", maxFps: 5, backoff: { firstMs: 500 } }
cameras:
  a: rtsp://10.0.0.5/1
  b: { url: rtsp://10.0.0.6/1, user: admin, maxFps: 9, backoff: { factor: 3 } }
  c: rtsp://me:mine@10.0.0.7/1
  d: clip.mp4
  e: { url: http://10.0.0.8/x, user: null, password: null }
`
    const { cameras } = load(text, { P: 'p/w' })
    const of = (name: string) => {
      const { user, password, maxFps } = cameras[name] ?? {}
      return [user, password, maxFps]
    }
    expect(['a', 'b', 'c', 'd', 'e'].map(of)).toEqual([
      ['viewer', 'p/w', 5],
      ['admin', 'p/w', 9],
      [null, null, 5],
      [null, null, 5],
      [null, null, 5],
    ])
    expect(cameras.b?.backoff).toMatchObject({ firstMs: 500, factor: 3, maxMs: 30_000 })
    const config = configure({ config: written(text), camera: ['f=rtsp://10.0.0.9/1'] }, { P: 'x' })
    expect(config.cameras.f).toMatchObject({ user: 'viewer', password: 'x', maxFps: 5 })
  })

  it('are told what is wrong with cameraDefaults once', () => {
    const text = 'cameraDefaults: { maxFps: x, url: y }\ncameras:\n  a: clip.mp4\n  b: clip.mp4\n'
    expect(
      mistakes(text)
        .split('\n')
        .map((line) => line.replace(/^.*?yaml:/, '')),
    ).toEqual([
      '1:27 cameraDefaults.maxFps: expected a number, found x'.replace('1:27', '1:27'),
      '1:30 cameraDefaults.url: unknown key; did you mean cameras.NAME.url or sinks.webhooks.NAME.url?',
    ])
  })
})

describe('a file that is no configuration', () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))
  it.each([
    ['rtsp://u:hunter2@10.0.0.5/1', 'expected a file, found a URL'],
    [directory, 'it is a directory'],
    ['Latin', 'it is not UTF-8'],
    ['UTF-16', 'it is UTF-16'],
    ['a picture', 'it is no text'],
  ])('%s', (file, message) => {
    writeFileSync(join(directory, 'Latin'), Buffer.from('site: a # für', 'latin1'))
    writeFileSync(join(directory, 'UTF-16'), Buffer.from('\uFEFFsite: a', 'utf16le'))
    writeFileSync(join(directory, 'a picture'), new Uint8Array([1, 2, 0, 3]))
    const path = file.includes('/') ? file : join(directory, file)
    expect(() => loadConfig(path, {})).toThrow(message)
    expect(() => loadConfig(path, {})).not.toThrow(/hunter2/)
  })
})

test('a file that says nothing is a configuration, but not when it is read again: it has just been cut', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'rollcall-')), 'site.yaml')
  for (const text of ['', '\n \n', '# cameras:\n  # door: x\n']) {
    writeFileSync(file, text)
    expect(loadConfig(file, {}).cameras).toEqual({})
    expect(() => loadConfig(file, {}, { isAgain: true })).toThrow('it says nothing, as a file that was cut')
  }
  writeFileSync(file, '# none\n  cameras: {}\n')
  expect(loadConfig(file, {}, { isAgain: true }).cameras).toEqual({})
})
