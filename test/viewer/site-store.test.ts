import { expect, test } from 'vitest'
import type { Person } from '../../src/types.ts'
import { createSiteStore } from '../../viewer/src/shell/site-store.ts'
import {
  cameraEvent,
  frameEvent,
  personCreated,
  personMerged,
  sightingCorrected,
  sightingStarted,
} from '../sinks/events.ts'

const person = (id: string, name: string | null = null): Person => ({
  id,
  name,
  archived: false,
  createdAtMs: 1,
  lastSeenAtMs: 2,
  lastCamera: 'door',
  tracks: 1,
  faces: 1,
})
const open = () => {
  let nowMs = 1000
  const store = createSiteStore(() => nowMs)
  store.reset({ cameras: [], people: [person('p-1', 'Anna'), person('p-2')] })
  return { ...store, wait: (ms: number) => (nowMs += ms) }
}

test('an ID from before a merge has the name of the person it stands for, at once', () => {
  const { site, apply } = open()
  apply(personMerged('p-2', 'p-1'))
  expect([site.resolve('p-2'), site.nameOf('p-2'), site.people().length]).toEqual(['p-1', 'Anna', 1])
})

test('aliases of a snapshot count, also in a chain; a circle ends', () => {
  const { site, reset } = open()
  reset({ cameras: [], people: [person('p-1', 'Anna')], aliases: { 'p-3': 'p-2', 'p-2': 'p-1', a: 'b', b: 'a' } })
  expect(site.nameOf('p-3')).toBe('Anna')
  expect(['a', 'b']).toContain(site.resolve('a'))
})

test('somebody new is known before the list is read again', () => {
  const { site, apply } = open()
  apply(personCreated('p-new', 'yard', 5000))
  expect(site.person('p-new')).toMatchObject({ lastCamera: 'yard', name: null })
})

test('who visits is here until the visit ends; a correction moves the visit', () => {
  const { site, apply, reset, wait } = open()
  reset({ cameras: [], people: [], sightings: [{ sighting: 's', person: 'p-2', camera: 'door' }] })
  expect([...site.here()]).toEqual([['p-2', 'door']])
  apply(sightingStarted('p-1', 'yard', 1000))
  wait(60_000)
  expect([...site.here()]).toEqual([
    ['p-2', 'door'],
    ['p-1', 'yard'],
  ])
  apply(sightingCorrected('s', 'p-3', 'p-2', 'reassigned', 1000))
  expect([...site.here().keys()]).not.toContain('p-2')
})

test('who is in a picture is here for three seconds', () => {
  const { site, seen, wait } = open()
  seen('p-1', 'door')
  wait(2999)
  expect(site.here().get('p-1')).toBe('door')
  wait(1)
  expect(site.here().size).toBe(0)
})

test('many changes of one turn are told once; frames are no change', async () => {
  const { site, apply } = open()
  await Promise.resolve()
  let told = 0
  site.onChange(() => told++)
  const change = { camera: 'door', state: 'online', atMs: 1, reason: 'first frame' } as const
  for (let i = 0; i < 5; i++) apply(cameraEvent(change))
  await Promise.resolve()
  expect(told).toBe(1)
  apply(frameEvent('door', 1))
  await Promise.resolve()
  expect(told).toBe(1)
})
