import type { Admin, Kafka } from 'kafkajs'
import { inOrder } from '../in-order.ts'
import type { CameraId, Log } from '../types.ts'
import type { Slot } from './assign.ts'
import { type PresentMember, presentMembers } from './members.ts'
import { type SlotState, slotsOf, type Wanted, type WantedAs } from './slots.ts'
import { ensureWantedTopic, type PlacementNames, type WantedTopic, wantedTopic } from './topic.ts'
import { openView, type View } from './view.ts'
import { openWriter, type SlotRecord, type Writer } from './writer.ts'

/** The cameras that are wanted of a site. One process writes them: the one that has the site's people. */
export interface WantedCameras {
  /**
   * Makes these the cameras that are wanted, and no others. What is written is on all replicas when this resolves. Returns the cameras for
   * which there is no slot. Rejects with what kafkajs throws; the next call repeats what is missing.
   */
  keep(cameras: ReadonlyMap<CameraId, WantedAs>): Promise<readonly CameraId[]>
  /** What is wanted as far as is known. */
  readonly now: () => ReadonlyMap<CameraId, WantedAs>
  /** Which worker has each camera, by the worker's name; cameras that nobody has are not in it. */
  readonly owners: () => ReadonlyMap<CameraId, string>
  readonly close: () => Promise<void>
}

/** What they are written with. */
export interface WantedCamerasParts extends WantedTopic {
  readonly kafka: Kafka
  readonly log: Log
}

/** Reads what is wanted so far. Rejects with SINK when the topic cannot be used, and with what kafkajs throws. */
export const openWantedCameras = async ({ kafka, log, ...names }: WantedCamerasParts): Promise<WantedCameras> => {
  await using opening = new AsyncDisposableStack()
  const admin = opening.adopt(kafka.admin(), (opened) => opened.disconnect().catch(() => undefined))
  await admin.connect()
  await ensureWantedTopic(admin, names, log)
  const writer = opening.adopt(await openWriter(kafka, names), (opened) => opened.close())
  const view = opening.adopt(await openView(kafka, names, log), (opened) => opened.close())
  const { length: partitions } = view.slots
  if (partitions !== names.slots)
    log.warn(
      { topic: wantedTopic(names), partitions, cameraSlots: names.slots },
      'as many cameras can be wanted as the topic has partitions, not as seam.cameraSlots says: kafka-topics.sh --alter --partitions adds some; then start identity and vision again',
    )
  const owned = opening.move()
  const inTurn = inOrder()
  return {
    keep: (cameras) => inTurn(() => keep(cameras, { admin, writer, view, names })),
    now: () => wantedIn(view.slots),
    owners: () => ownersIn(view.slots),
    close: () => owned.disposeAsync(),
  }
}

interface Keeping {
  readonly admin: Admin
  readonly writer: Writer
  readonly view: View
  readonly names: PlacementNames
}

const keep = async (
  cameras: ReadonlyMap<CameraId, WantedAs>,
  { admin, writer, view, names }: Keeping,
): Promise<readonly CameraId[]> => {
  const known = slotsOf(view.slots)
  const added: SlotRecord[] = []
  const missing = [...cameras.keys()].filter((camera) => !known.has(camera))
  const members = missing.length === 0 ? [] : await presentMembers(admin, names)
  const left: CameraId[] = []
  const kept = [...known].filter(([camera]) => cameras.has(camera))
  const taken = new Set(kept.map(([, slot]) => slot))
  const open = new Set(kept.flatMap(([camera, slot]) => (cameras.get(camera)?.paused ? [] : [slot])))
  for (const camera of missing) {
    const slot = slotFor(view.slots.length, { taken, open }, members)
    const as = cameras.get(camera)
    if (slot === null || as === undefined) {
      left.push(camera)
      continue
    }
    added.push({ slot, key: 'wanted', value: { camera, ...as } })
    taken.add(slot)
    if (!as.paused) open.add(slot)
  }
  const used = new Set(added.map(({ slot }) => slot))
  const records = [...changedIn(view.slots, cameras).filter(({ slot }) => !used.has(slot)), ...added]
  if (records.length === 0) return left
  const offsets = await writer.write(records)
  await Promise.all([...offsets].map(([slot, offset]) => view.reached(slot, offset)))
  return left
}

/** Records for the slots whose camera is wanted otherwise, or no more. */
const changedIn = (slots: readonly SlotState[], cameras: ReadonlyMap<CameraId, WantedAs>): readonly SlotRecord[] => {
  const known = slotsOf(slots)
  return [...slots.entries()].flatMap(([slot, { wanted }]): readonly SlotRecord[] => {
    if (wanted === null) return []
    const as = known.get(wanted.camera) === slot ? cameras.get(wanted.camera) : undefined
    if (as === undefined) return [{ slot, key: 'wanted', value: null }]
    const next = { camera: wanted.camera, ...as }
    return isSame(next, wanted) ? [] : [{ slot, key: 'wanted', value: next }]
  })
}

const isSame = (a: Wanted, b: Wanted): boolean =>
  JSON.stringify([a.keys, a.added, a.paused]) === JSON.stringify([b.keys, b.added, b.paused])

/**
 * A free slot of the worker that is least loaded for its capacity: it opens the camera at once, and nothing else moves. The first free
 * one while there is no worker with a free slot; null when all are taken.
 */
const slotFor = (
  count: number,
  { taken, open }: Readonly<Record<'taken' | 'open', ReadonlySet<Slot>>>,
  members: readonly PresentMember[],
): Slot | null => {
  const load = ({ slots, capacity }: PresentMember): number =>
    (slots.filter((slot) => open.has(slot)).length + 1) / capacity
  for (const { slots } of members.toSorted((a, b) => load(a) - load(b))) {
    const free = slots.toSorted((a, b) => a - b).find((slot) => !taken.has(slot))
    if (free !== undefined) return free
  }
  return Array.from({ length: count }, (_, slot) => slot).find((slot) => !taken.has(slot)) ?? null
}

const wantedIn = (slots: readonly SlotState[]): ReadonlyMap<CameraId, WantedAs> =>
  new Map(
    [...slotsOf(slots)].flatMap(([camera, slot]) => {
      const wanted = slots[slot]?.wanted
      if (!wanted) return []
      const { camera: _, ...as } = wanted
      return [[camera, as] as const]
    }),
  )

const ownersIn = (slots: readonly SlotState[]): ReadonlyMap<CameraId, string> =>
  new Map(
    slots.flatMap(({ wanted, claim }) =>
      wanted !== null && claim !== null && claim.state !== 'closed' ? [[wanted.camera, claim.name] as const] : [],
    ),
  )
