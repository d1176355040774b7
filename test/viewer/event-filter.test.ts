import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { asCode, asCommand } from '../../viewer/src/pages/events/copy-as.ts'
import { type Filter, isListed, kinds, readFilter, topicOf, writeFilter } from '../../viewer/src/pages/events/filter.ts'
import { cameraEvent, frameEvent, personCreated, personMerged, sightingStarted } from '../sinks/events.ts'

const all: Filter = { camera: '', person: '', type: '' }
const same = (id: string) => id
const change = { camera: 'door', state: 'offline', atMs: 1, reason: 'gone' } as const
const events: readonly RollcallEvent[] = [
  personCreated('p-1', 'door'),
  personMerged('p-1', 'p-2'),
  sightingStarted('p-2', 'yard', 1000),
  cameraEvent(change),
  frameEvent('door', 1),
]
const listed = (filter: Partial<Filter>, resolve = same) =>
  events.filter((event) => isListed(event, { ...all, ...filter }, resolve)).map(({ type }) => type.slice(9, -3))

describe('which events are listed', () => {
  test.each([
    [{}, ['person.created', 'person.merged', 'sighting.started', 'camera.offline']],
    [{ camera: 'door' }, ['person.created', 'camera.offline']],
    [{ type: 'people' }, ['person.created', 'person.merged']],
    [{ type: 'rollcall.person.merged.v1' }, ['person.merged']],
    [{ person: 'p-2' }, ['person.merged', 'sighting.started']],
    [{ person: 'p-2', camera: 'yard', type: 'sightings' }, ['sighting.started']],
    [{ person: 'p-3' }, []],
  ])('%j', (filter, expected) => expect(listed(filter)).toEqual(expected))

  test('an ID from before a merge stands for the person', () => {
    const resolve = (id: string) => (id === 'p-1' ? 'p-2' : id)
    expect(listed({ person: 'p-1' }, resolve)).toEqual(['person.created', 'person.merged', 'sighting.started'])
  })

  test('the address says the filter, and nothing when there is none', () => {
    const filter = { camera: 'a b', person: 'p-1', type: 'people' }
    expect(readFilter(new URLSearchParams(writeFilter(filter)))).toEqual(filter)
    expect(writeFilter(all)).toBe('')
  })

  test('each type is of one topic', () => {
    for (const { topic, types } of kinds) for (const [type] of types) expect(topicOf(type)).toBe(topic)
  })
})

/** What a shell makes of a command: the words of each part of the pipe. */
const words = (command: string): string[] =>
  execFileSync(
    'bash',
    ['-c', `rollcall() { printf '%s\\n' rollcall "$@"; }; jq() { cat; printf '%s\\n' jq "$@"; }; ${command}`],
    {
      encoding: 'utf8',
    },
  )
    .trimEnd()
    .split('\n')

describe('copied', () => {
  test('the command', () => {
    expect(words(asCommand(all, 'http://host:8080'))).toEqual([
      'rollcall',
      'events',
      'tail',
      '--url',
      'http://host:8080',
      '--topics',
      'sightings,people,cameras',
    ])
    const filter = { camera: "o'brien; rm", person: 'p-1', type: 'rollcall.person.named.v1' }
    expect(words(asCommand(filter, 'http://host:8080')).slice(-5)).toEqual([
      '--topics',
      'people',
      'jq',
      '-c',
      `select(.type == "rollcall.person.named.v1" and .data.camera == "o'brien; rm" and any(.data | .person, .into, .off, .from, .before, .other; . == "p-1"))`,
    ])
  })

  test('the code subscribes to the same', () => {
    expect(asCode({ camera: 'door', person: 'p-1', type: 'sightings' }, 'http://host:8080')).toContain(
      'subscribe: { topics: ["sightings"], cameras: ["door"], people: ["p-1"] }',
    )
    expect(asCode({ ...all, type: 'rollcall.person.named.v1' }, 'x')).toContain('types: ["rollcall.person.named.v1"]')
  })
})
