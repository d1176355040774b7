import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadPersonalities, loadPersonality, personalityNames } from '../../simulator/personalities.ts'

const folder = join(import.meta.dirname, '../../simulator/personalities')
const personalities = await loadPersonalities()

test('every file is a personality, and is small', () => {
  expect([...personalities.keys()]).toEqual(personalityNames())
  expect(personalities.size).toBeGreaterThan(100)
  for (const [name, { does, expect: expected }] of personalities) {
    expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(does, name).toMatch(/^[a-z].*[^.]$/)
    expect(expected, name).toBeDefined()
    expect(readFileSync(join(folder, `${name}.ts`), 'utf8').split('\n').length, name).toBeLessThan(60)
  }
})

test('no two do the same', () => {
  const all = [...personalities.values()].map(({ does }) => does)
  expect(new Set(all).size).toBe(all.length)
})

test('an unknown one is told with what was meant', async () => {
  await expect(loadPersonality('login-sha-265')).rejects.toThrow('did you mean login-sha-256?')
})
