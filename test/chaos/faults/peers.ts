import { setTimeout as sleep } from 'node:timers/promises'
import { framesCome, patienceMs, staysReady } from '../checks.ts'
import { type Fault, fault, oneOf } from '../fault.ts'
import { babblers, deafWatchers, slowBodies, slowHeaders } from '../guests.ts'
import type { Behaviour } from '../strangers.ts'
import { until } from '../until.ts'
import type { World } from '../world.ts'

const behaviours: readonly Behaviour[] = [
  'silent',
  'endless header',
  'huge body',
  'slow body',
  'garbage',
  'endless status line',
  'half an answer',
]

/** The cameras that work are not disturbed, and nobody says that the site is not ready. */
const goesOn = async (world: World): Promise<void> => {
  await framesCome(world)
  await staysReady(world)
}

const guests = [
  { name: 'slow headers', come: slowHeaders },
  { name: 'slow bodies', come: slowBodies },
  { name: 'bytes that are no HTTP', come: babblers },
  { name: 'watchers that never read', come: deafWatchers },
] as const

export const peers: readonly Fault[] = [
  ...behaviours.map((behaviour) =>
    fault({
      name: `cameras that are none: ${behaviour}`,
      isLong: behaviour !== 'endless header',
      apply: ({ strangers }) => {
        for (const stranger of strangers) stranger.behave(behaviour)
        return strangers.map(({ accepted }) => accepted())
      },
      expect: async (world, before) => {
        const { strangers } = world
        // Twice: it was let go, and tried again.
        await until(
          'both are connected to twice',
          () => strangers.every(({ accepted }, i) => accepted() >= (before[i] ?? 0) + 2),
          patienceMs,
        )
        await goesOn(world)
        const open = strangers.map((stranger) => stranger.open())
        if (open.some((count) => count > 4)) throw new Error(`connections are not let go: ${open.join(', ')} are open`)
        return `let go and tried again, ${open.join(' and ')} open`
      },
      undo: ({ strangers }) => {
        for (const stranger of strangers) stranger.behave('closes')
      },
    }),
  ),
  fault({
    name: 'clients that do not behave',
    apply: ({ port, cameras }, random) => {
      const { name, come } = oneOf(guests, random)
      return { name, came: come(port, 30, cameras) }
    },
    expect: async (world, { name }) => {
      await goesOn(world)
      return `30 × ${name}, frames and answers go on`
    },
    undo: (_, { came }) => came.close(),
  }),
  fault({
    name: 'watchers that never read are let go',
    isLong: true,
    apply: ({ port, cameras }) => deafWatchers(port, 20, cameras),
    expect: async (world) => {
      const clients = async (): Promise<number> => {
        const metrics = await (await fetch(`${world.program.url}/metrics`)).text()
        return Number(/^rollcall_websocket_clients\{process="main"\} (\d+)/m.exec(metrics)?.[1])
      }
      await until('they are connected', async () => (await clients()) > 10, 10_000)
      // They do not read, so they do not see that they are closed. One watcher does read.
      await until('all of them are closed', async () => (await clients()) <= 1, 45_000)
      await goesOn(world)
      return 'all closed by the server'
    },
    undo: (_, came) => came.close(),
  }),
  ...[slowHeaders, slowBodies].map((come) =>
    fault({
      name: `clients with ${come === slowHeaders ? 'slow headers' : 'slow bodies'} are let go`,
      isLong: true,
      apply: ({ port }) => come(port, 20),
      expect: async (world, came) => {
        await sleep(1000)
        await until('all of them are closed', () => came.open() === 0, 45_000)
        await goesOn(world)
        return 'all closed by the server'
      },
      undo: (_, came) => came.close(),
    }),
  ),
]
