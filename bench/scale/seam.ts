import { fork } from 'node:child_process'
import { once } from 'node:events'
import { median } from '../cpu-time.ts'
import { Peer } from '../peer.ts'
import type { IpcDone, ToIpcPeer } from './ipc-peer.ts'
import type { FromPeer, Kind, ToPeer } from './seam-peer.ts'

const warmUpSeconds = 2

/** What a message of one face costs between a vision process and the identity process, both ends together, µs of CPU. */
export interface SeamCost {
  readonly ipcUs: number
  readonly kafkaUs: number
  readonly bareUs: number
  /** Rollcall's ends over those of the bare client: the median of pairs, one right after the other. */
  readonly ratio: number
  /** Bytes that a broker sends to a reader for a frame with one face, not sealed, all framing of Kafka's included. */
  readonly bytesAFrame: number
}

/** Messages between processes of one machine, as `rollcall run` has them. */
const overIpc = async (rate: number, seconds: number): Promise<number> => {
  const child = fork(new URL('./ipc-peer.ts', import.meta.url), { serialization: 'advanced' })
  const ask = async (forSeconds: number): Promise<number> => {
    const before = process.cpuUsage()
    const done = new Promise<IpcDone>((resolve) => {
      child.on('message', (message: { readonly type: string }) => {
        if (message.type === 'done') resolve(message as IpcDone)
      })
    })
    child.send({ rate, seconds: forSeconds } satisfies ToIpcPeer)
    const { messages, cpuMs } = await done
    child.removeAllListeners('message')
    const { user, system } = process.cpuUsage(before)
    return ((cpuMs + (user + system) / 1000) * 1000) / messages
  }
  await ask(warmUpSeconds)
  const us = await ask(seconds)
  const gone = once(child, 'exit')
  child.kill()
  await gone
  return us
}

const overKafka = async (kind: Kind, brokers: readonly string[], rate: number, seconds: number) => {
  const peer = new Peer<ToPeer, FromPeer>('./scale/seam-peer.ts', 0)
  await peer.ask({ type: 'start', kind, brokers, prefix: `bench-${process.pid}-${Date.now()}.` }, 'started')
  await peer.ask({ type: 'pace', rate, seconds: warmUpSeconds }, 'arrived')
  const { messages, cpuMs, fetchedBytes } = await peer.ask({ type: 'pace', rate, seconds }, 'arrived')
  await peer.ask({ type: 'close' }, 'closed')
  return { us: (cpuMs * 1000) / messages, bytes: fetchedBytes / messages }
}

/** Measures the three in turn, `rounds` times. */
export const measureSeam = async (
  brokers: readonly string[],
  { rate, seconds, rounds }: { readonly rate: number; readonly seconds: number; readonly rounds: number },
): Promise<SeamCost> => {
  const of = { ipc: [] as number[], rollcall: [] as number[], bare: [] as number[], bytes: [] as number[] }
  for (let round = 1; round <= rounds; round++) {
    const bare = await overKafka('bare', brokers, rate, seconds)
    of.bare.push(bare.us)
    of.bytes.push(bare.bytes)
    of.rollcall.push((await overKafka('rollcall', brokers, rate, seconds)).us)
    of.ipc.push(await overIpc(rate, seconds))
    const last = [of.rollcall, of.bare, of.ipc].map((each) => each.at(-1)?.toFixed(0))
    console.error(`seam, round ${round}, µs a message: ${last[0]} over Kafka, ${last[1]} bare client, ${last[2]} IPC`)
  }
  // Neighbours on the machine only ever add to CPU time, so the least of each is nearest to the truth.
  return {
    ipcUs: Math.min(...of.ipc),
    kafkaUs: Math.min(...of.rollcall),
    bareUs: Math.min(...of.bare),
    ratio: median(of.rollcall.map((us, i) => us / (of.bare[i] ?? Number.NaN))),
    bytesAFrame: median(of.bytes),
  }
}
