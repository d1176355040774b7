import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readYaml } from '../../src/config/yaml.ts'
import { RollcallError } from '../../src/errors.ts'

const schema = z.strictObject({
  cameras: z.record(z.string(), z.strictObject({ url: z.string(), maxFps: z.number().positive().default(10) })),
  level: z.enum(['info', 'warn']).default('info'),
  max: z.union([z.literal('auto'), z.int().min(1)]).optional(),
})

const read = (text: string, env: Record<string, string> = {}) => readYaml({ name: 'site.yaml', text }, schema, env)
const mistake = (text: string, env: Record<string, string> = {}): string => {
  try {
    read(text, env)
  } catch (error) {
    expect(error).toBeInstanceOf(RollcallError)
    expect((error as RollcallError).code).toBe('CONFIG_INVALID')
    return (error as RollcallError).message
  }
  throw new Error('was accepted')
}

describe('readYaml', () => {
  it('reads what the schema describes, with defaults', () => {
    expect(read('cameras:\n  door: { url: x }\n')).toEqual({
      cameras: { door: { url: 'x', maxFps: 10 } },
      level: 'info',
    })
  })

  it('names file, line, column, key and what was expected', () => {
    expect(mistake('cameras:\n  door:\n    url: x\n    maxFps: fast\n')).toBe(
      'site.yaml:4:13 cameras.door.maxFps: Invalid input: expected number, received string',
    )
  })

  it('lists every mistake, unknown keys where they stand', () => {
    const message = mistake('cameras:\n  door:\n    url: x\n    maxFsp: 3\nlevel: loud\n')
    expect(message.split('\n')).toEqual([
      'site.yaml:4:5 cameras.door.maxFsp: unknown key',
      'site.yaml:5:8 level: Invalid option: expected one of "info"|"warn"',
    ])
  })

  it('says everything that would have been accepted', () => {
    expect(mistake('cameras: {}\nmax: many\n')).toBe(
      'site.yaml:2:6 max: Invalid input: expected "auto" or number, received string',
    )
  })

  it('points at the parent of a key that is missing', () => {
    expect(mistake('cameras:\n  door: {}\n')).toMatch(/^site\.yaml:2:9 cameras\.door\.url: .*expected string/)
  })

  it('says where a file is not YAML', () => {
    expect(mistake('cameras: {\n')).toMatch(/^site\.yaml:\d+:\d+ not YAML: /)
  })

  it('takes secrets from the environment, also inside a value, with defaults', () => {
    const text = 'cameras:\n  door: { url: "rtsp://u:${CAM_PASSWORD}@${HOST:-door.example}/1" }\n'
    expect(read(text, { CAM_PASSWORD: 'a b' }).cameras.door?.url).toBe('rtsp://u:a b@door.example/1')
    expect(mistake(text)).toBe('site.yaml:2:16 the environment variable CAM_PASSWORD is not set')
  })

  it('never lets a secret change the structure of the file, or reach a message', () => {
    const text = 'cameras:\n  door: { url: "${P}", maxFps: "${P}" }\n'
    const evil = 'x", maxFps: 1 } # '
    expect(mistake(text, { P: evil })).not.toContain(evil)
  })
})
