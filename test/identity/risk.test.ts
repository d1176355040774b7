import { describe, expect, it } from 'vitest'
import { exampleConfig } from '../../src/commands/config.ts'
import { configSchema } from '../../src/config/config.ts'
import { readYaml } from '../../src/config/yaml.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { defaultRisk, defaultThresholds, probabilityOf, thresholdsFor } from '../../src/identity/risk.ts'

const names = ['join', 'create', 'leave', 'merge', 'split'] as const

describe('the one number', () => {
  it('gives the thresholds as they were when it is left alone', () => {
    expect(thresholdsFor(defaultRisk)).toEqual(defaultThresholds)
    expect(identityOptions.parse({})).toMatchObject({ risk: 3, ...defaultThresholds })
  })

  it.each([0.03, 0.75, 12, 300])('%d moves all thresholds by as much, up for less risk', (risk) => {
    const moved = thresholdsFor(risk)
    const by = moved.join - defaultThresholds.join
    expect(Math.sign(by)).toBe(risk < defaultRisk ? 1 : -1)
    for (const name of names) expect(moved[name] - defaultThresholds[name]).toBeCloseTo(by, 9)
    expect(identityOptions.parse({ risk })).toMatchObject(moved)
  })

  it.each(names)('loses against %s where that is given, and null is not given', (name) => {
    const options = identityOptions.parse({ risk: 4, [name]: 0.5 })
    expect(options).toMatchObject({ ...thresholdsFor(4), [name]: 0.5 })
    expect(identityOptions.parse({ risk: 4, [name]: null })).toMatchObject(thresholdsFor(4))
  })

  it.each([0, -1, 0.001, 1000, '1', null, Number.NaN])('%s is refused, naming the key', (risk) => {
    const result = identityOptions.safeParse({ risk })
    expect(result.error?.issues.map(({ path }) => path)).toEqual([['risk']])
  })

  it.each([[], 'x', 3])('a section that is none, %j, is refused as before', (section) => {
    expect(identityOptions.safeParse(section).success).toBe(false)
  })

  it('comes before the thresholds in the example, which leaves those to it', () => {
    const text = exampleConfig()
    expect(text.indexOf('  risk: 3')).toBeGreaterThan(0)
    expect(text.indexOf('  risk: 3')).toBeLessThan(text.indexOf('  join: null'))
    const changed = text.replace('  risk: 3\n', '  risk: 4\n').replace('password: ${CAM_PASSWORD}', 'password: x')
    expect(readYaml({ name: 'x.yaml', text: changed }, configSchema, {}).identity).toMatchObject(thresholdsFor(4))
  })
})

describe('the probability', () => {
  it('rises with the score, is even at the midpoint, and is never certain', () => {
    const scores = [-4, -1, 0, 0.2, 0.38, 0.5, 0.64, 0.74, 1, 4]
    const found = scores.map(probabilityOf)
    expect(found).toEqual(found.toSorted((a, b) => a - b))
    expect(probabilityOf(0.38)).toBeCloseTo(0.5, 9)
    expect([Math.min(...found), Math.max(...found)]).toEqual([0.0001, 0.9999])
  })
})
