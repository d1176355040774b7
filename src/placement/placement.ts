import type { Admin, Kafka } from 'kafkajs'
import type { Observable } from 'rxjs'
import { cameraFrom } from '../config/placed-camera.ts'
import { describeError } from '../errors.ts'
import type { CameraOptions } from '../ingest/options.ts'
import type { CameraChange, CameraId, Log } from '../types.ts'
import type { Slot } from './assign.ts'
import { type Group, joinGroup } from './group.ts'
import { createHandover } from './handover.ts'
import { presentMembers } from './members.ts'
import { createOwnCameras, type OwnCameras } from './own-cameras.ts'
import { emptySlot, toOpen, type Wanted } from './slots.ts'
import { ensureWantedTopic, type WantedTopic } from './topic.ts'
import { createUnreached, type Unreached } from './unreached.ts'
import { openView, type View } from './view.ts'
import { openWriter, type Writer } from './writer.ts'

/** A worker among those of its site. */
export interface Placement {
  /** Leaves the group and closes all cameras, which others open as soon as each is closed. */
  readonly leave: () => Promise<void>
}

/** What a worker places cameras with. */
export interface PlacementParts extends WantedTopic {
  /** Makes a client of this ID, which repeats requests itself. */
  readonly client: (clientId: string) => Kafka
  /** This process: a name that no other has, nor had. */
  readonly worker: string
  /** For people: the name of the machine or pod. */
  readonly name: string
  /** Above 0, in whatever unit all workers share: one of twice the capacity gets twice as many cameras. */
  readonly capacity: number
  readonly cameras: {
    open(camera: CameraId, options: CameraOptions, epoch: number): void
    /** Resolves when the camera's session is over, whatever becomes of the process that has it. */
    close(camera: CameraId): Promise<void>
  }
  /** Every change of a camera here: who is not reached for a while is given back. */
  readonly changes$: Observable<Pick<CameraChange, 'camera' | 'state'>>
  readonly env: Readonly<Record<string, string | undefined>>
  readonly times?: Partial<PlacementTimes>
  /** A camera is given back, because it is not reached from here. */
  readonly onRefused?: (camera: CameraId) => void
  /** Kafka refuses this member for good. */
  readonly onFailure: (error: Error) => void
  readonly wallMs: () => number
  readonly elapsedMs: () => number
  readonly log: Log
}

/** How long what takes, milliseconds. */
export interface PlacementTimes {
  /** A worker that is silent for this long has lost its cameras to others. */
  readonly sessionTimeoutMs: number
  /** An owner that is there may take this long to close a camera. */
  readonly handoverMs: number
  /** A camera that is not reached for this long is given back. */
  readonly giveBackAfterMs: number
  /** It does not come back for this long, unless no other takes it. */
  readonly refusedForMs: number
}

const usualTimes: PlacementTimes = {
  sessionTimeoutMs: 10_000,
  handoverMs: 10_000,
  giveBackAfterMs: 60_000,
  refusedForMs: 600_000,
}

/** How often it looks at what only time changes. */
const LOOK_EVERY_MS = 500

/**
 * Joins the workers of a site and opens the cameras that the group places here, until `leave`. Rejects with SINK when the topic cannot be
 * used, and with what kafkajs throws; then nothing is left open.
 */
export const openPlacement = async (parts: PlacementParts): Promise<Placement> => {
  await using opening = new AsyncDisposableStack()
  const times = { ...usualTimes, ...parts.times }
  const kafka = parts.client(parts.worker)
  const admin = opening.adopt(kafka.admin(), (opened) => opened.disconnect().catch(() => undefined))
  await admin.connect()
  await ensureWantedTopic(admin, parts, parts.log)
  const writer = opening.adopt(await openWriter(kafka, parts), (opened) => opened.close())
  const view = opening.adopt(await openView(kafka, parts, parts.log), (opened) => opened.close())

  const unreached = createUnreached(times, parts.elapsedMs)
  const noting = parts.changes$.subscribe((change) => unreached.note(change))
  opening.defer(() => noting.unsubscribe())
  const own = ownCameras(parts, times, { admin, writer, view, unreached })
  /** What the group says, and what counts while the group hears this member. */
  let given: ReadonlySet<Slot> = new Set()
  /** Given back, until the group has divided slots again. */
  const back = new Set<Slot>()
  const assign = (): void => own.assign(group?.isHeard() === false ? new Set() : given.difference(back))
  let group: Group | null = null
  group = await joinGroup(kafka, {
    names: parts,
    sessionTimeoutMs: times.sessionTimeoutMs,
    self: () => ({ id: parts.worker, capacity: parts.capacity, held: own.held(), refused: unreached.refused() }),
    isUsed: (slot) => toOpen(view.slots[slot] ?? emptySlot) !== null,
    onAssigned: (slots) => {
      given = new Set(slots)
      back.clear()
      assign()
    },
    onFailure: parts.onFailure,
    elapsedMs: parts.elapsedMs,
    log: parts.log,
  })
  const joined = opening.adopt(group, (opened) => opened.leave())
  const changes = view.changed$.subscribe((slot) => own.look(slot))
  const giving = { ...parts, admin, unreached, own, back }
  const wake = (): void => {
    assign()
    void giveBack(giving, joined).catch((error: unknown) =>
      parts.log.debug({ error: describeError(error) }, 'nothing given back'),
    )
    if (joined.mustRejoin()) void nudge(writer, parts, view, (slot) => own.held().has(slot) && !back.has(slot))
  }
  const timer = setInterval(wake, LOOK_EVERY_MS)
  const owned = opening.move()
  let left: Promise<void> | null = null
  const leave = async (): Promise<void> => {
    clearInterval(timer)
    const leaving = [...own.cameras()].map(([camera, { slot, epoch }]) => {
      const { worker, name } = parts
      return { slot, key: 'claim', value: { worker, name, camera, epoch, state: 'leaving' } } as const
    })
    if (leaving.length > 0) await writer.write(leaving).catch(() => undefined)
    await joined.leave()
    await own.leave()
    changes.unsubscribe()
    await owned.disposeAsync()
  }
  return { leave: () => (left ??= leave()) }
}

interface GivingBack extends Pick<PlacementParts, 'topicPrefix' | 'site' | 'onRefused' | 'log'> {
  readonly admin: Admin
  readonly unreached: Unreached
  readonly own: OwnCameras
  /** Slots that are given up until the group has divided them again. */
  readonly back: Set<Slot>
}

/** Gives cameras back that are not reached from here. One that no other worker reaches stays until the next try. */
const giveBack = async (parts: GivingBack, group: Group): Promise<void> => {
  const { admin, unreached, own, back, log } = parts
  const due = unreached.due()
  if (due.length === 0 || (await presentMembers(admin, parts)).length < 2) return
  for (const camera of due) {
    const slot = own.cameras().get(camera)?.slot
    if (slot === undefined || unreached.refused().has(slot)) continue
    log.warn({ camera }, 'the camera cannot be reached from here: another worker may try')
    unreached.refuse(slot)
    parts.onRefused?.(camera)
    back.add(slot)
    group.rejoinSoon()
  }
}

/** Writes again what this worker last said of a slot, so that a record comes at which the group's consumer can join anew. */
const nudge = async (
  writer: Writer,
  { worker }: Pick<PlacementParts, 'worker'>,
  { slots }: View,
  isKept: (slot: Slot) => boolean,
): Promise<void> => {
  for (const [slot, { claim }] of slots.entries())
    if (claim?.worker === worker && (isKept(slot) || claim.state === 'closed')) {
      await writer.write([{ slot, key: 'claim', value: claim }]).catch(() => undefined)
      return
    }
}

interface Opened {
  readonly admin: Admin
  readonly writer: Writer
  readonly view: View
  readonly unreached: Unreached
}

const ownCameras = (parts: PlacementParts, times: PlacementTimes, opened: Opened): OwnCameras => {
  const { worker, name, env, log } = parts
  const { admin, writer, view, unreached } = opened
  const members = shared(() => presentMembers(admin, parts), parts.elapsedMs)
  return createOwnCameras({
    worker,
    name,
    slots: view.slots,
    write: async (slot, claim) => {
      const offsets = await writer.write([{ slot, key: 'claim', value: claim }])
      await view.reached(slot, offsets.get(slot) ?? 0)
    },
    open: ({ camera, keys }: Wanted, epoch) => {
      unreached.opened(camera)
      try {
        parts.cameras.open(camera, cameraFrom(camera, keys, env), epoch)
        log.info({ camera, epoch }, 'camera placed here')
      } catch (error) {
        // Like one that is not reached: another worker may have what this one lacks.
        log.error({ camera, error: describeError(error) }, 'the camera cannot be opened here')
      }
    },
    close: async (camera) => {
      unreached.closed(camera)
      await parts.cameras.close(camera)
      log.info({ camera }, 'camera given away')
    },
    handover: createHandover({
      worker,
      isMember: async (id) => (await members()).some((member) => member.worker === id),
      handoverMs: times.handoverMs,
      elapsedMs: parts.elapsedMs,
      log,
    }),
    wallMs: parts.wallMs,
    log,
  })
}

/** One answer for all who ask within a moment: a worker that dies leaves many slots at once. */
const shared = <T>(ask: () => Promise<T>, elapsedMs: () => number): (() => Promise<T>) => {
  let last: { readonly atMs: number; readonly answer: Promise<T> } | null = null
  return () => {
    if (last === null || elapsedMs() - last.atMs > 100) last = { atMs: elapsedMs(), answer: ask() }
    return last.answer
  }
}
