/**
 * What does Rollcall's WebSocket cost beyond bare `ws`, and does a slow client harm the others? Server and clients in
 * processes of their own; Rollcall (its whole HTTP server) and a bare broadcast loop in turn, in one run.
 *
 *   npm run bench -- websocket [--rounds N] [--seconds S] [--clients 1,50,500]
 */
import { parseArgs } from 'node:util'
import { median } from './cpu-time.ts'
import { killPeers, Peer } from './peer.ts'
import type { FromClients, ToClients } from './websocket-clients.ts'
import type { FromServer, Kind, ToServer } from './websocket-server.ts'

/** Deliveries a second at which CPU and latency are compared. */
const pacedDeliveries = 8000
/** Events at once where throughput is measured: what the replay buffer and the windows are made for. */
const burstDeliveries = 512

interface Site {
  readonly server: Peer<ToServer, FromServer>
  readonly clients: Peer<ToClients, FromClients>
  readonly count: number
  close(): void
}

const openSite = async (kind: Kind, count: number, slow = 0): Promise<Site> => {
  const server = new Peer<ToServer, FromServer>('./websocket-server.ts', 0)
  const clients = new Peer<ToClients, FromClients>('./websocket-clients.ts', 1)
  const { port } = await server.ask({ type: 'start', kind }, 'listening')
  await clients.ask({ type: 'open', kind, port, count, slow }, 'opened')
  const close = (): void => {
    clients.child.kill()
    server.child.kill()
  }
  return { server, clients, count, close }
}

interface Paced {
  readonly cpuUsPerEvent: number
  readonly p99Ms: number
  readonly slowMaxMs: number
  readonly slowOpen: number
  readonly rssBytes: number
  readonly terminations: number
  readonly drops: number
}

const pacedRun = async ({ server, clients, count }: Site, eventsPerSecond: number, seconds: number): Promise<Paced> => {
  const run = async (durationMs: number) => {
    await clients.ask({ type: 'reset' }, 'seen')
    const before = await server.ask({ type: 'usage' }, 'usage')
    const { events } = await server.ask({ type: 'pace', eventsPerSecond, durationMs }, 'paced')
    await clients.ask({ type: 'await', events: events * count }, 'arrived')
    const after = await server.ask({ type: 'usage' }, 'usage')
    const seen = await clients.ask({ type: 'reset' }, 'seen')
    return { ...after, ...seen, cpuUsPerEvent: ((after.cpuMs - before.cpuMs) * 1000) / seen.events }
  }
  await run(1500)
  return run(seconds * 1000)
}

/** Events a second when the next burst is sent as soon as every client has the one before. */
const throughput = async ({ server, clients, count }: Site, seconds: number): Promise<number> => {
  await clients.ask({ type: 'reset' }, 'seen')
  const burst = Math.max(1, Math.round(burstDeliveries / count))
  const startedAt = performance.now()
  let events = 0
  while (performance.now() - startedAt < seconds * 1000) {
    events += burst
    await server.ask({ type: 'burst', events: burst }, 'burst')
    await clients.ask({ type: 'await', events: events * count }, 'arrived')
  }
  return (events / (performance.now() - startedAt)) * 1000
}

const least = (values: readonly number[]): number => Math.min(...values)

const overhead = async (count: number, rounds: number, seconds: number): Promise<void> => {
  const cpu: Record<Kind, number[]> = { rollcall: [], bare: [] }
  const p99: Record<Kind, number[]> = { rollcall: [], bare: [] }
  const rate: Record<Kind, number[]> = { rollcall: [], bare: [] }
  for (let round = 0; round < rounds; round++) {
    for (const kind of ['bare', 'rollcall'] as const) {
      const site = await openSite(kind, count)
      const paced = await pacedRun(site, pacedDeliveries / count, seconds)
      cpu[kind].push(paced.cpuUsPerEvent)
      p99[kind].push(paced.p99Ms)
      rate[kind].push(await throughput(site, seconds / 2))
      site.close()
      console.error(
        `${count} clients, round ${round + 1}, ${kind}: ${paced.cpuUsPerEvent.toFixed(1)} µs an event, ` +
          `p99 ${paced.p99Ms.toFixed(1)} ms, ${rate[kind].at(-1)?.toFixed(0)} events/s, ${paced.drops} drops`,
      )
    }
  }
  console.log(`events_per_second_${count} ${Math.max(...rate.rollcall).toFixed(0)}`)
  console.log(`events_per_second_bare_${count} ${Math.max(...rate.bare).toFixed(0)}`)
  console.log(`cpu_us_per_event_${count} ${least(cpu.rollcall).toFixed(1)}`)
  console.log(`p99_ms_${count} ${least(p99.rollcall).toFixed(2)}`)
  console.log(`p99_bare_ms_${count} ${least(p99.bare).toFixed(2)}`)
  // Each pair one right after the other: the machine is faster at some times than at others.
  const ratios = cpu.rollcall.map((value, i) => value / (cpu.bare[i] ?? Number.NaN))
  console.log(`overhead_ratio_${count} ${median(ratios).toFixed(3)}`)
}

/** 2.2 Mbit/s to each of fifty, one of which reads 150 kB/s. */
const slowClient = async (rounds: number, seconds: number): Promise<void> => {
  const p99: { alone: number[]; beside: number[] } = { alone: [], beside: [] }
  const slow: Paced[] = []
  for (let round = 0; round < rounds; round++) {
    for (const [name, fast, slowCount] of [
      ['alone', 49, 0],
      ['beside', 49, 1],
    ] as const) {
      const site = await openSite('rollcall', fast, slowCount)
      const paced = await pacedRun(site, 200, seconds)
      site.close()
      p99[name].push(paced.p99Ms)
      if (slowCount > 0) slow.push(paced)
      console.error(
        `slow client ${name === 'alone' ? 'away' : 'there'}, round ${round + 1}: p99 of the others ` +
          `${paced.p99Ms.toFixed(1)} ms, ${paced.drops} drops, RSS ${(paced.rssBytes / 2 ** 20).toFixed(0)} MiB`,
      )
    }
  }
  console.log(`slow_client_p99_ratio ${(least(p99.beside) / least(p99.alone)).toFixed(3)}`)
  console.log(`slow_client_oldest_ms ${Math.max(...slow.map(({ slowMaxMs }) => slowMaxMs)).toFixed(0)}`)
  console.log(`slow_client_closed ${slow.filter(({ slowOpen }) => slowOpen === 0).length} of ${slow.length}`)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      rounds: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '4' },
      clients: { type: 'string', default: '1,50,500' },
    },
  })
  const [rounds, seconds] = [Number(values.rounds), Number(values.seconds)]
  try {
    for (const count of values.clients.split(',').filter(Boolean)) await overhead(Number(count), rounds, seconds)
    await slowClient(rounds, seconds)
  } finally {
    killPeers()
  }
}
