import type { CameraId, VideoWish } from '../../types.ts'
import type { Binaries } from './binaries.ts'

/**
 * Units wait so long for room before the client goes on with a newer key unit. What is in flight comes on top: about a
 * quarter of `maxAgeMs`, so what a client gets is never older than two seconds.
 */
const maxWaitMs = 1000
/** A key unit, with which a client goes on, may wait for longer. */
const maxKeyWaitMs = 1500
/** Most bytes of one camera that wait for one client: the ring's own bound. All clients share the messages. */
const maxWaitingBytes = 8_388_608

/** A unit as all clients get it. */
export interface UnitMessage {
  readonly camera: CameraId
  readonly key: boolean
  readonly message: Uint8Array
}

/** The units of cameras' own video that wait for one client. */
export interface WaitingUnits {
  readonly watched: ReadonlyMap<CameraId, VideoWish>
  /** Replaces the watched cameras. Of one that was not watched before, `groupOf` is sent first: the newest key unit and what follows. */
  watch(video: readonly VideoWish[], groupOf: (camera: CameraId) => readonly UnitMessage[]): void
  /** Sends the unit when the client watches the camera, or lets it wait for room. */
  offer(unit: UnitMessage): void
  /** Sends waiting units that have room. */
  pump(): void
}

/** Where units go. */
export interface UnitsDeps {
  readonly binaries: Pick<Binaries, 'hasRoom' | 'send'>
  /** So many units are not sent, because the client reads too slowly. */
  readonly onDrop: (count: number) => void
  /** Milliseconds on a clock that never jumps. */
  readonly ageMs: () => number
}

interface Queue {
  readonly wish: VideoWish
  readonly waiting: { readonly unit: UnitMessage; readonly sinceMs: number }[]
  bytes: number
  /** What comes next refers to something that was not sent. */
  needsKey: boolean
}

/**
 * Sends each watched camera's units in order. A client that reads too slowly goes on with the newest key unit: what waited
 * before it is left out, and so is what follows a gap up to the next one.
 *
 *   waiting   p p p K p p      one second old, or 8 MiB: ▶ K p p
 *   waiting   p p p p          the same, without a key unit: ▶ nothing, up to the next K
 */
export const createWaitingUnits = ({ binaries, onDrop, ageMs }: UnitsDeps): WaitingUnits => {
  const watched = new Map<CameraId, VideoWish>()
  const queues = new Map<CameraId, Queue>()

  const drop = (count: number): void => {
    if (count > 0) onDrop(count)
  }
  const add = (queue: Queue, unit: UnitMessage, nowMs: number): void => {
    if (queue.wish.only === 'keys' && !unit.key) return
    if (queue.needsKey && !unit.key) {
      onDrop(1)
      return
    }
    // Nothing is shown of a key unit that a newer one follows at once.
    if (queue.wish.only === 'keys') drop(leaveOut(queue, 0, queue.waiting.length))
    queue.needsKey = false
    queue.waiting.push({ unit, sinceMs: nowMs })
    queue.bytes += unit.message.length
    drop(catchUp(queue, nowMs))
  }
  /** One of each camera in turn, so that a large stream does not hold up the others. */
  const pump = (): void => {
    const nowMs = ageMs()
    for (const queue of queues.values()) drop(catchUp(queue, nowMs))
    let sent = true
    while (sent) {
      sent = false
      for (const queue of queues.values()) {
        const [next] = queue.waiting
        if (next === undefined || !binaries.hasRoom(next.unit.message.length)) continue
        queue.waiting.shift()
        queue.bytes -= next.unit.message.length
        binaries.send(next.unit.message, () => {})
        sent = true
      }
    }
  }

  return {
    watched,
    watch: (video, groupOf) => {
      const before = new Map(watched)
      watched.clear()
      for (const wish of video) watched.set(wish.camera, wish)
      for (const camera of queues.keys()) if (!watched.has(camera)) queues.delete(camera)
      for (const wish of watched.values()) {
        const { camera } = wish
        const had = before.get(camera)
        if (had !== undefined && had.only === wish.only) continue
        // From key units only to all: the next unit sent must be a key unit, and the group is sent from its first.
        const queue: Queue = { wish, waiting: [], bytes: 0, needsKey: false }
        queues.set(camera, queue)
        for (const unit of groupOf(camera)) add(queue, unit, ageMs())
        queue.needsKey = queue.waiting.length === 0
      }
    },
    offer: (unit) => {
      const queue = queues.get(unit.camera)
      if (queue === undefined) return
      add(queue, unit, ageMs())
      pump()
    },
    pump,
  }
}

/** Removes units that wait; returns how many there were. */
const leaveOut = (queue: Queue, from: number, count: number): number => {
  const late = queue.waiting.splice(from, count)
  for (const { unit } of late) queue.bytes -= unit.message.length
  return late.length
}

/** Goes on with the newest key unit, if the client has not kept up; returns how many units were left out. */
const catchUp = (queue: Queue, nowMs: number): number => {
  const [oldest] = queue.waiting
  if (oldest === undefined || (nowMs - oldest.sinceMs <= maxWaitMs && queue.bytes <= maxWaitingBytes)) return 0
  const key = queue.waiting.findLastIndex(({ unit }) => unit.key)
  const isUseful = key === 0 && nowMs - oldest.sinceMs <= maxKeyWaitMs
  // What follows its only key unit would come too late.
  if (key <= 0) queue.needsKey = true
  if (key > 0) return leaveOut(queue, 0, key)
  return leaveOut(queue, isUseful ? 1 : 0, queue.waiting.length)
}
