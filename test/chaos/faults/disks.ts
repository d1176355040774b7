import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { framesCome, nothingLostInKafka, notReady } from '../checks.ts'
import { type Fault, fault, oneOf } from '../fault.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

const errnos = ['ENOSPC', 'EIO', 'EDQUOT', 'EPIPE'] as const

/** How long the disk stays as it is after somebody has noticed. */
const lastsMs = 2000

/** A change of people, which has to be written. Its answer may be an error. */
const change = async ({ program }: World): Promise<void> => {
  const { people } = (await program.ask('GET', '/api/people')) as { people: { id: string }[] }
  const [person] = people
  if (person) await program.ask('POST', `/api/people/${person.id}/name`, { name: `at ${Date.now()}` })
}

/** A program whose state cannot be written ends, which takes some seconds. */
const mayEnd = ({ program }: World): Promise<unknown> =>
  until('the program has ended', () => !program.runs(), 15_000).catch(() => undefined)

const undo = ({ faults }: World): void => faults.set()

export const disks: readonly Fault[] = [
  ...errnos.map((errno) =>
    fault({
      name: `${errno} on the events file`,
      isLong: errno !== 'ENOSPC',
      // A disk that fills up cuts a line in two first.
      apply: ({ faults, eventsFile }) => faults.set(`write ${errno === 'ENOSPC' ? 'room:700' : errno} ${eventsFile}`),
      expect: async (world) => {
        const seen = await notReady(world)
        await change(world)
        await sleep(lastsMs)
        if (!world.program.runs()) throw new Error('it has ended')
        world.faults.set()
        await framesCome(world)
        return seen
      },
      undo,
    }),
  ),
  fault({
    name: 'a spool that cannot be written',
    isLong: true,
    needs: 'kafka',
    apply: ({ faults, directory }, random) => {
      const errno = oneOf(errnos, random)
      faults.set(`write,sync,truncate,open ${errno} ${join(directory, 'spool')}`)
      return errno
    },
    expect: async (world, errno) => {
      const seen = await notReady(world)
      await change(world)
      await sleep(lastsMs)
      world.faults.set()
      return `${errno}, ${seen}, ${await nothingLostInKafka(world)}`
    },
    undo,
  }),
  fault({
    name: 'a state that cannot be written',
    apply: ({ faults, directory }, random) => {
      const errno = oneOf(errnos, random)
      faults.set(`write,sync,truncate ${errno} ${join(directory, 'state')}`)
      return errno
    },
    expect: async (world, errno) => {
      const { program } = world
      await change(world).catch(() => undefined)
      const seen = await Promise.race([
        notReady(world),
        until('the program has ended', () => !program.runs(), 30_000).then(() => 'ended'),
      ])
      await mayEnd(world)
      if (program.runs()) return `${errno}, ${seen}`
      const code = await program.ended()
      if (code === null || code === 0) throw new Error(`ended with code ${code}: ${program.log().slice(-500)}`)
      if (!program.log().includes('people.db')) throw new Error(`does not name the file: ${program.log().slice(-500)}`)
      return `${errno}, ended with code ${code} and said why`
    },
    undo,
  }),
  fault({
    name: 'a log that cannot be written',
    isLong: true,
    apply: ({ faults, directory }, random) => {
      const errno = oneOf(errnos, random)
      faults.set(`write,sync ${errno} ${join(directory, 'logs')}`)
      return errno
    },
    expect: async (world, errno) => {
      // It has something to say: a camera is away.
      for (const stranger of world.strangers) stranger.behave('silent')
      await sleep(lastsMs)
      await framesCome(world)
      return `${errno}, frames go on`
    },
    undo: (world) => {
      undo(world)
      for (const stranger of world.strangers) stranger.behave('closes')
    },
  }),
  fault({
    name: 'a disk on which nothing can be written',
    isLong: true,
    apply: ({ faults, directory }, random) => {
      const errno = oneOf(errnos, random)
      faults.set(`write,sync,truncate ${errno} ${directory}`)
      return errno
    },
    expect: async (world, errno) => {
      const seen = await notReady(world)
      await change(world).catch(() => undefined)
      await mayEnd(world)
      if (world.program.runs()) return `${errno}, ${seen}`
      const code = await world.program.ended()
      if (code === null || code === 0) throw new Error(`ended with code ${code}: ${world.program.log().slice(-500)}`)
      return `${errno}, ended with code ${code}`
    },
    undo,
  }),
]
