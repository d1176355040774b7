import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import type { SeamTarget } from '../../src/seam/options.ts'
import { seamPlace } from '../../src/seam/topic.ts'
import { type Rollcall, rollcall } from '../integration/rollcall.ts'
import { silent } from '../site/site.ts'
import { eventually } from '../support/eventually.ts'
import { excerpt, type LoopName, loopFile } from '../support/footage.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { sharedBroker } from '../support/kafka/shared-broker.ts'
import { seamOn, site } from './identity-role.ts'

/** Seconds of each loop, in which one to four people are to be seen. */
const loops: Readonly<Record<LoopName, readonly [number, number]>> = {
  cafe: [10, 16],
  street: [4, 8],
  gate: [8, 12],
  lobby: [4, 8],
}
const shares = [
  ['cafe', 'street'],
  ['gate', 'lobby'],
] as const

const framesOf = ({ events }: Rollcall, camera: string): number =>
  events.filter(({ type, subject }) => type === 'rollcall.frame.v1' && subject === camera).length

/** The IDs of who was seen on each camera, by those that they have at the end. */
const seenOn = (all: readonly RollcallEvent[]): ReadonlyMap<string, ReadonlySet<string>> => {
  const into = new Map(
    all.flatMap(({ type, data }) => (type === 'rollcall.person.merged.v1' ? [[data.person, data.into] as const] : [])),
  )
  const resolve = (id: string): string => {
    const next = into.get(id)
    return next === undefined ? id : resolve(next)
  }
  const seen = new Map<string, Map<string, number>>()
  for (const { type, data, subject } of all) {
    if (type !== 'rollcall.frame.v1') continue
    const here = seen.get(subject) ?? new Map<string, number>()
    seen.set(subject, here)
    for (const { person } of data.faces)
      if (person !== null) here.set(resolve(person), (here.get(resolve(person)) ?? 0) + 1)
  }
  // Where two people cross, a track may go on with the other one for a moment.
  return new Map([...seen].map(([camera, ids]) => [camera, new Set([...ids].flatMap(([id, n]) => (n > 5 ? id : [])))]))
}

/** Whether it was said that the camera's vision process is not heard any more. */
const isSilent = ({ events }: Rollcall, camera: string): boolean =>
  events.some(
    ({ type, subject, data }) =>
      type === 'rollcall.camera.offline.v1' && subject === camera && data.reason.includes('has not been heard'),
  )

/** Stops the process until its group has given it up for dead, and wakes it. */
const asleep = async (run: Rollcall, seam: SeamTarget): Promise<void> => {
  const { kafka, group } = seamPlace(site, seam, silent)
  const admin = kafka.admin()
  await admin.connect()
  run.kill('SIGSTOP')
  await eventually(async () => expect((await admin.describeGroups([group])).groups[0]?.members).toEqual([]))
  run.kill('SIGCONT')
  await admin.disconnect()
}

test.skipIf(!hasKafka)(
  'vision and identity are killed in turns and put to sleep, and everybody keeps the ID',
  async () => {
    const { plain } = await sharedBroker()
    const root = mkdtempSync(join(tmpdir(), 'rollcall-scale-'))
    onTestFinished(() => rmSync(root, { recursive: true, force: true }))
    const rtsp = await startRtspServer({})
    onTestFinished(() => rtsp.close())
    for (const [name, [from, until]] of Object.entries(loops) as [LoopName, readonly [number, number]][])
      rtsp.addCamera(name, { loop: excerpt(await readLoop(loopFile(name)), from, until) })
    const config = join(root, 'rollcall.yaml')
    const cameras = Object.fromEntries(Object.keys(loops).map((name) => [name, { url: rtsp.url(name), maxFps: 8 }]))
    const common = {
      site,
      cameras,
      vision: { processes: 1 },
      http: { port: null },
      state: { directory: join(root, 'state') },
    }
    const seam = seamOn(plain)
    writeFileSync(config, JSON.stringify({ ...common, seam: { kafka: seam } }))

    const opened: Rollcall[] = []
    const open = (...args: readonly string[]): Rollcall => {
      const run = rollcall([...args, '--config', config])
      opened.push(run)
      return run
    }
    onTestFinished(async () => {
      for (const run of opened) run.kill('SIGKILL')
      await Promise.all(opened.map(({ exited }) => exited))
    })
    const kill = async (run: Rollcall): Promise<void> => {
      run.kill('SIGKILL')
      await run.exited
    }
    const startVision = (i: 0 | 1): Rollcall => open('vision', '--only', shares[i].join(','))
    const startIdentity = (): Rollcall => open('identity', '--events', '-')
    /** As many frames more of every camera: two loops. */
    const watch = (run: Rollcall): Promise<boolean> => {
      const before = Object.keys(loops).map((camera) => framesOf(run, camera))
      return run.until(
        'frames of all cameras',
        () => Object.keys(loops).every((camera, i) => framesOf(run, camera) - (before[i] ?? 0) > 90),
        120_000,
      )
    }

    let identity = startIdentity()
    const visions = [startVision(0), startVision(1)]
    await watch(identity)
    const before = identity.events.slice()
    const after: RollcallEvent[] = []
    for (const i of [0, 1] as const) {
      await kill(visions[i] as Rollcall)
      await identity.until('cameras that nobody has', () => shares[i].every((camera) => isSilent(identity, camera)))
      visions[i] = startVision(i)
      await watch(identity)
      after.push(...identity.events.slice(i === 0 ? before.length : 0))
      await kill(identity)
      identity = startIdentity()
      await watch(identity)
    }
    await asleep(identity, seam)
    await watch(identity)
    after.push(...identity.events)

    const all = [...before, ...after]
    const [then, now] = [
      seenOn(all),
      seenOn([...all.filter(({ type }) => type === 'rollcall.person.merged.v1'), ...after]),
    ]
    for (const camera of Object.keys(loops))
      expect([...(now.get(camera) ?? [])].sort(), camera).toEqual([...(then.get(camera) ?? [])].sort())
    expect(now.get('cafe')?.size).toBeGreaterThan(1)
    const ids = new Map<string, string>()
    for (const event of all) {
      const text = JSON.stringify(event)
      expect(ids.get(event.id) ?? text, 'a repeat is the same').toBe(text)
      ids.set(event.id, text)
    }
  },
  600_000,
)
