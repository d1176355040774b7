import type { RollcallEvent } from '../../src/events/types.ts'
import type { CameraId } from '../../src/types.ts'
import { until } from '../chaos/until.ts'
import type { World } from './world.ts'

/** What workers and identity have until the group takes them for dead. */
export const workerSessionMs = 10_000
/** The same of the identity process. */
export const identitySessionMs = 6000
/** Within this beyond the session timeout a camera is back. */
const reconnectMs = 3000
/** A busy machine needs so much more, for processes that start and models that are loaded. */
export const allowanceMs = 20_000
/** Frame events of so long before a kill of identity may be missing: docs/scale.md. */
const mayMissMs = 5000

/** How long cameras may be away after something that a group notices by its session timeout. */
export const backWithin = (sessionMs: number): number => sessionMs + reconnectMs + allowanceMs

/** The moment now, by the clock of frames. */
export const nowMs = (): number => Date.now()

/** What is known of all cameras at one moment. */
export interface Before {
  readonly atMs: number
  readonly epochs: ReadonlyMap<CameraId, number>
  readonly owners: ReadonlyMap<CameraId, string | null>
}

/** Looks at all cameras. */
export const lookAt = (world: World): Before => {
  const { cameras, accounts } = world
  world.read()
  return {
    atMs: nowMs(),
    epochs: new Map(cameras.map((camera) => [camera, accounts.newest(camera)?.epoch ?? 0])),
    owners: new Map(cameras.map((camera) => [camera, accounts.owner(camera)])),
  }
}

/** The cameras that this worker had. */
export const camerasOf = ({ owners }: Before, worker: string): CameraId[] =>
  [...owners].flatMap(([camera, owner]) => (owner === worker ? [camera] : []))

/**
 * Waits for events of frames that each camera has captured since then; of those in `moving` from another owner. Resolves to
 * the seconds that took.
 */
export const camerasAreBack = async (
  world: World,
  before: Before,
  {
    withinMs,
    moving = [],
    except = [],
  }: { withinMs: number; moving?: readonly CameraId[]; except?: readonly CameraId[] },
): Promise<number> => {
  const startMs = performance.now()
  const absent = (): CameraId[] =>
    world.cameras.filter((camera) => {
      if (except.includes(camera)) return false
      const newest = world.accounts.newest(camera)
      if (newest === null || newest.capturedAtMs <= before.atMs) return true
      return moving.includes(camera) && newest.epoch <= (before.epochs.get(camera) ?? 0)
    })
  await until(
    'every camera is back',
    () => {
      world.read()
      return absent().length === 0
    },
    withinMs,
  ).catch((error: Error) => {
    const last = absent().map((camera) => `${camera} (${world.changes(camera).at(-1) ?? 'nothing was heard'})`)
    throw new Error(`${error.message}; away: ${last.join(', ')}`)
  })
  return (performance.now() - startMs) / 1000
}

/** Each frame in Kafka has its event, events about people have no gap, and nothing was that must not be. */
export const nothingLost = async (world: World): Promise<string> => {
  const { accounts } = world
  const end = accounts.end()
  await until(
    'the event of every frame in Kafka',
    () => {
      world.read()
      return accounts.missing(end).length === 0
    },
    30_000,
  ).catch((error: Error) => {
    const missing = accounts.missing(end)
    throw new Error(`${error.message}; ${missing.length} lost: ${missing.slice(0, 5).join(', ')}`)
  })
  const numbers = [...world.logged().keys()].sort((a, b) => a - b)
  const gap = numbers.find((number, i) => number !== i + 1)
  if (gap !== undefined) throw new Error(`an event about people before sequence ${gap} is missing`)
  const told = [...world.logged().values()].map((text) => (JSON.parse(text) as RollcallEvent).id)
  await until('every event about people in Kafka', () => told.every((id) => accounts.isCommitted(id)), 30_000)
  const [fault] = accounts.faults()
  if (fault !== undefined) throw new Error(`${accounts.faults().length} times what must not be: ${fault}`)
  return `${accounts.frames()} frames and ${numbers.length} events about people, 0 lost`
}

/** One identity process has the site, and the others stand by. */
export const oneIsActive = async (world: World): Promise<void> => {
  let said: (readonly string[] | null)[] = []
  const isStandby = (reasons: readonly string[] | null): boolean =>
    reasons?.some((each) => each.startsWith('standby')) ?? false
  await until(
    'one identity process is ready, and the other stands by',
    async () => {
      said = await Promise.all(world.identities.map(world.reasons))
      return (
        said.filter((reasons) => reasons?.length === 0).length === 1 &&
        said.filter(isStandby).length === said.length - 1
      )
    },
    backWithin(identitySessionMs),
  ).catch((error: Error) => {
    throw new Error(
      `${error.message}: ${said.map((reasons, i) => `${world.identities[i]?.name} ${reasons?.join('; ') ?? 'does not answer'}`).join(', ')}`,
    )
  })
}

/** Identity dies now, or sleeps: what it had not written yet may be missing. */
export const excuse = ({ accounts }: World): void => accounts.identityDied(nowMs() - mayMissMs, nowMs())
