import { expect, test } from 'vitest'
import { configSchema } from '../../src/config/config.ts'
import { readYaml } from '../../src/config/yaml.ts'
import { doubtsAbout } from '../../src/rules/doubts.ts'

const read = (text: string) => readYaml({ name: 'r.yaml', text }, configSchema, {})

test.each([
  [
    'rules: { night: { who: strangers } }',
    'rules.night.who: expected stranger; a person who is called "strangers" is given by ID',
  ],
  [
    'rules: { night: { who: "" } }',
    'rules.night.who: expected anybody, named, stranger, or the name or ID of a person',
  ],
  [
    'rules: { night: { when: leave } }',
    'rules.night.when: expected one of arrives, leaves, stays, misses, found leave; did you mean leaves?',
  ],
  ['rules: { night: { hours: 22-6 } }', 'rules.night.hours: expected HH:MM-HH:MM, such as 22:00-06:00'],
  ['rules: { night: { hours: 25:00-26:00 } }', 'rules.night.hours: expected HH:MM-HH:MM, such as 22:00-06:00'],
  ['rules: { night: { when: stays } }', 'rules.night.longerThanMs: expected milliseconds with when: stays'],
  [
    'rules: { night: { longerThanMs: 60000 } }',
    'rules.night.longerThanMs: expected nothing here: it belongs to when: stays',
  ],
  ['rules: { night: { when: misses } }', 'rules.night.notOn: expected names of cameras with when: misses'],
  [
    'rules: { night: { when: misses, cameras: [a], notOn: [b, a] } }',
    'rules.night.notOn: expected other cameras than in cameras; a is in both',
  ],
  [
    'rules: { night: { when: leaves, times: 3 } }',
    'rules.night.times: expected nothing here: it belongs to when: arrives',
  ],
  ['rules: { night: { evidence: { frame: 3 } } }', 'rules.night.evidence.frame: unknown key; did you mean frames?'],
  [
    'rules: { "at night": {} }',
    'rules.at night: expected 1 to 64 letters (A-Z, a-z), digits, "_", "." and "-", such as at-night',
  ],
])('%s is one clear error', (text, expected) => {
  expect(() => read(text)).toThrow(
    new RegExp(`^r\\.yaml:\\d+:\\d+ ${expected.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`),
  )
})

test('names are compared as they are kept: without spaces around them, in one form of Unicode', () => {
  expect(read('rules: { r: { who: " Zoë " } }').rules.r?.who).toBe('Zoë')
})

test('what may come later is strange, and no error', () => {
  const { rules } = read('rules: { r: { who: Ada, cameras: [door, hal] }, s: { when: misses, notOn: [desk] }, t: {} }')
  const people = [{ id: 'p-1', name: 'Bo' }]
  expect(doubtsAbout(rules, { cameras: ['door', 'hall'], people })).toEqual([
    'rules.r.cameras: there is no camera hal; did you mean hall?',
    'rules.r.who: nobody is called Ada, or has that ID',
    'rules.s.notOn: there is no camera desk',
  ])
  expect(doubtsAbout(rules, { cameras: ['door', 'hal', 'desk'], people: null })).toEqual([])
})
