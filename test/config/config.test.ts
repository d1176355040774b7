import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
    [{ camera: ['door'] }, '--camera: expected NAME=URL'],
    [{ camera: ['a b=x.mp4'] }, 'cameras'],
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
