import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { backup } from '../../../src/commands/backup.ts'
import { restore } from '../../../src/commands/restore.ts'
import { createConsumer } from './consumer.ts'
import { openWorld } from './world.ts'

beforeEach(() => void vi.spyOn(console, 'log').mockImplementation(() => undefined))

/** Somebody was seen four times, another one once; then a backup was made. */
const openBackedUp = async () => {
  const consumer = createConsumer()
  const world = await openWorld(3, consumer)
  onTestFinished(() => world.close())
  const sighting = { camera: 'door', frames: 6, quality: 0.8, isEnded: true }
  for (const who of [0, 0, 0, 0, 1]) {
    world.show({ ...sighting, who: [who] })
    world.wait(60_000)
    world.publish()
  }
  const copy = join(world.root, 'copy')
  const heard = consumer.heard()
  await world.away(async (state) => {
    await backup([copy, '--state', state])
    return state
  })
  const back = (name: string): Promise<void> =>
    world.away(async () => {
      const next = join(world.root, name)
      await restore([copy, '--state', next])
      consumer.rewind(heard)
      return next
    })
  const [one = ''] = world
    .people()
    .engine.people()
    .map(({ id }) => id)
  const found = world.people().findSightings({ person: one, limit: 9 }).sightings
  const takeOff = (place: number): string => {
    world.people().acts.move(found[place]?.sighting ?? '', null, 'me')
    world.publish()
    return world.people().engine.people().at(-1)?.id ?? ''
  }
  return { world, consumer, one, takeOff, back }
}

test('after each restore of the same backup a split gives another ID', async () => {
  const { world, takeOff, back } = await openBackedUp()
  const first = takeOff(0)
  await back('second')
  world.wait(1000)
  const second = takeOff(1)
  await back('third')
  world.wait(1000)
  expect(new Set([first, second, takeOff(2)]).size).toBe(3)
})

test('after a restore every event is news: a name, and the second deletion of the same person', async () => {
  const { world, consumer, one, back } = await openBackedUp()
  const act = (): void => {
    world.people().service.name(one, 'Ada', 'me')
    world.people().service.remove(one, 'me')
    world.publish()
    expect(consumer.people.has(one)).toBe(false)
  }
  act()
  await back('second')
  expect(consumer.people.has(one)).toBe(true)
  act()
})

test('what was known of a person before the backup is not counted as old', async () => {
  const { world, one, back } = await openBackedUp()
  const history = () =>
    world
      .people()
      .store?.history(one)
      .map(({ id }) => id)
  const before = history()
  await back('second')
  world.people().service.name(one, 'Ada', 'me')
  world.publish()
  world.delivered()
  world.people().service.name(one, 'Bo', 'me')
  expect(history()?.slice(0, -2)).toEqual(before)
})
