/**
 * What do receiving, and what a camera holds, take? A process watches simulated cameras over RTSP as a vision process does, 1280×720 at
 * 25 frames a second (`quiet-camera.ts`), decodes what the policy says, and looks at no picture.
 *
 *   npm run bench -- receive [--cameras 2,10] [--policy none,keys] [--transport tcp] [--payload 1400]
 *     [--seconds 20]
 *
 * --policy    what is decoded: none, keys (as of a camera that sleeps), reference, all
 *
 * --payload   bytes of video in a packet. Fewer make as many packets of this quiet camera as a higher bit rate would
 *
 * THREAD      CPU milliseconds a second and camera of the threads of this name, and how often they were woken (voluntary context
 *             switches), with the most cameras
 * units       access units a second and camera: all of 25, or the machine was too busy
 * camera      what a camera adds, from the fewest to the most: memory (MiB), threads, descriptors
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { Packing } from '../simulator/quirks/packing.ts'
import { maxPayloadBytes, payloadsOf } from '../simulator/rtp.ts'
import { startRtspServer } from '../simulator/rtsp-server.ts'
import { type Held, heldBy } from './held.ts'
import { quietCamera } from './quiet-camera.ts'
import type { Received, Receiving } from './receive-process.ts'

/** What runs often is compiled by then, and rings are full. */
const SETTLE_S = 10
const LOOP_S = { stillS: 22, filmS: 6 }

/** Of all threads of one name: CPU milliseconds, and how often they were woken. */
type Used = readonly [cpuMs: number, wakes: number]

/** By name, without numbers. */
const threadsOf = (pid: number): ReadonlyMap<string, Used> => {
  const all = new Map<string, Used>()
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const of = (file: string): string => readFileSync(`/proc/${pid}/task/${thread}/${file}`, 'utf8').trim()
    const name = of('comm').replace(/\d+/g, '')
    const [cpuMs, wakes] = all.get(name) ?? [0, 0]
    const woken = Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(of('status'))?.[1])
    // The first of three numbers is nanoseconds on a CPU.
    all.set(name, [cpuMs + Number(of('schedstat').split(' ')[0]) / 1e6, wakes + woken])
  }
  return all
}

/** What a process took; units and threads of a second and camera. */
interface Taken {
  readonly units: number
  readonly threads: ReadonlyMap<string, Used>
  readonly held: Held
}

/** What is measured, beside how much. */
interface How extends Omit<Receiving, 'urls'> {
  /** Of video in a packet. */
  readonly payloadBytes: number
}

const receive = async (count: number, { payloadBytes, ...how }: How, seconds: number): Promise<Taken> => {
  await using owned = new AsyncDisposableStack()
  const server = owned.adopt(await startRtspServer({ maxConnections: 2 * count }), (opened) => opened.close())
  const { loop } = await quietCamera('quiet', LOOP_S)
  const payloads: Packing = (nals, { codec }) => nals.flatMap((nal) => payloadsOf(codec, nal, payloadBytes))
  const urls = Array.from({ length: count }, (_, i) => {
    // They begin at other seconds of the loop, at key frames.
    const joinsAtS = (13 * i) % (LOOP_S.stillS + LOOP_S.filmS)
    server.addCamera(`camera-${i + 1}`, { loop, quirks: { joinsAtS, rtp: { payloads } } })
    return server.url(`camera-${i + 1}`)
  })
  const script = fileURLToPath(new URL('receive-process.ts', import.meta.url))
  const child = owned.adopt(
    fork(script, [JSON.stringify({ urls, ...how } satisfies Receiving)]),
    (it) => void it.kill(),
  )
  const pid = child.pid ?? 0
  const received = async (): Promise<number> => {
    child.send('how many?')
    const [{ units }] = (await once(child, 'message')) as [Received]
    return units
  }
  await sleep(SETTLE_S * 1000)
  const before = { units: await received(), threads: threadsOf(pid), atMs: performance.now() }
  await sleep(seconds * 1000)
  const threads = threadsOf(pid)
  const cameraSeconds = ((performance.now() - before.atMs) / 1000) * count
  const since = ([cpuMs, wakes]: Used, [cpuBefore, wakesBefore]: Used = [0, 0]): Used => [
    (cpuMs - cpuBefore) / cameraSeconds,
    (wakes - wakesBefore) / cameraSeconds,
  ]
  return {
    units: ((await received()) - before.units) / cameraSeconds,
    threads: new Map([...threads].map(([name, used]) => [name, since(used, before.threads.get(name))])),
    held: heldBy(pid),
  }
}

const report = (policy: string, counts: readonly number[], runs: readonly Taken[]): void => {
  const [least, most] = [runs[0], runs.at(-1)]
  if (!least || !most) return
  const used = [...most.threads.values()]
  const all: Used = [used.reduce((sum, [ms]) => sum + ms, 0), used.reduce((sum, [, wakes]) => sum + wakes, 0)]
  for (const [name, [ms, wakes]] of [...most.threads, ['all', all] as const]) {
    if (ms >= 0.05) console.log(`receive_${policy}_${name} ${ms.toFixed(2)} ms, woken ${wakes.toFixed(1)} times`)
  }
  console.log(`receive_${policy}_units ${most.units.toFixed(1)}`)
  const cameras = (counts.at(-1) ?? 0) - (counts[0] ?? 0)
  const adds = (of: keyof Held): number => (most.held[of] - least.held[of]) / cameras
  const held = `${adds('mib').toFixed(1)} MiB, ${adds('threads')} threads, ${adds('descriptors')} descriptors`
  if (cameras > 0) console.log(`receive_${policy}_camera ${held}`)
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cameras: { type: 'string', default: '2,10' },
      policy: { type: 'string', default: 'none,keys' },
      transport: { type: 'string', default: 'tcp' },
      payload: { type: 'string', default: String(maxPayloadBytes) },
      seconds: { type: 'string', default: '20' },
    },
  })
  const counts = values.cameras.split(',').map(Number)
  for (const policy of values.policy.split(',') as Receiving['policy'][]) {
    const runs: Taken[] = []
    for (const count of counts) {
      const how = { policy, transport: values.transport, payloadBytes: Number(values.payload) }
      runs.push(await receive(count, how, Number(values.seconds)))
    }
    report(policy, counts, runs)
  }
}
