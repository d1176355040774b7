import { describeError } from '../errors.ts'
import type { CameraId, Log } from '../types.ts'
import type { Slot } from './assign.ts'
import type { Handover } from './handover.ts'
import { type Claim, emptySlot, type SlotState, toOpen, type Wanted } from './slots.ts'
import { createSteps } from './steps.ts'

/** What this worker does with the cameras of its slots. */
export interface OwnCamerasParts {
  /** This process, as in `MemberData`; its name for people. */
  readonly worker: string
  readonly name: string
  readonly slots: readonly SlotState[]
  /** Writes a claim. Rejects when Kafka is away. */
  readonly write: (slot: Slot, claim: Claim) => Promise<void>
  /** Opens a camera, here. Throws when it cannot be opened here at all. */
  readonly open: (wanted: Wanted, epoch: number) => void
  /** Resolves when the camera's session is over. */
  readonly close: (camera: CameraId) => Promise<void>
  readonly handover: Handover
  readonly wallMs: () => number
  readonly log: Log
}

interface Own {
  readonly wanted: Wanted
  readonly epoch: number
}

/** The cameras that this worker has. */
export interface OwnCameras {
  /** Slots that it should have from now on; instead of those before. */
  assign(slots: ReadonlySet<Slot>): void
  /** Looks at a slot again, because something has changed. */
  look(slot: Slot): void
  /** The slots whose cameras are open here, or about to be, with their epochs. */
  readonly held: () => ReadonlyMap<Slot, number>
  readonly cameras: () => ReadonlyMap<CameraId, { readonly slot: Slot; readonly epoch: number }>
  /** Closes every camera; `leaving` of each has been written before. Resolves when all are closed. */
  readonly leave: () => Promise<void>
}

/**
 * Opens what is wanted in the slots of this worker and closes what is not, one step at a time for each slot.
 *
 *   gets a slot:    free? ▶ claims it ▶ opens the camera
 *   loses a slot:   closes the camera ▶ says closed in its claim
 *   another claims: closes the camera, and says nothing more
 */
export const createOwnCameras = (parts: OwnCamerasParts): OwnCameras => {
  const { worker, name, handover, log } = parts
  const own = new Map<Slot, Own>()
  let assigned: ReadonlySet<Slot> = new Set()

  const stateOf = (slot: Slot): SlotState => parts.slots[slot] ?? emptySlot
  const claim = ({ wanted: { camera }, epoch }: Own, state: Claim['state']): Claim => ({
    worker,
    name,
    camera,
    epoch,
    state,
  })
  const isLost = ({ epoch }: Own, { claim: now }: SlotState): boolean =>
    now !== null && now.worker !== worker && now.epoch >= epoch
  const giveUp = async (slot: Slot, mine: Own): Promise<void> => {
    await parts.close(mine.wanted.camera)
    own.delete(slot)
    if (!isLost(mine, stateOf(slot))) await parts.write(slot, claim(mine, 'closed'))
  }
  const take = async (slot: Slot, wanted: Wanted): Promise<void> => {
    const before = claimsBefore(parts.slots, slot, wanted.camera)
    for (const [each, found] of before) if (own.has(each) || !(await handover.isFree(slot, found))) return
    handover.forget(slot)
    const mine = { wanted, epoch: Math.max(parts.wallMs(), ...before.map(([, { epoch }]) => epoch + 1)) }
    await parts.write(slot, claim(mine, 'open'))
    const now = stateOf(slot)
    if (!assigned.has(slot) || isLost(mine, now) || isOther(wanted, toOpen(now)))
      return parts.write(slot, claim(mine, 'closed'))
    own.set(slot, mine)
    parts.open(wanted, mine.epoch)
  }
  const step = async (slot: Slot): Promise<void> => {
    const mine = own.get(slot)
    const state = stateOf(slot)
    const wanted = assigned.has(slot) ? toOpen(state) : null
    if (mine === undefined) return wanted === null ? undefined : take(slot, wanted)
    if (isLost(mine, state) || isOther(mine.wanted, wanted)) {
      await giveUp(slot, mine)
      steps.next(slot)
    } else if (state.isBuried) await parts.write(slot, claim(mine, 'open'))
    return undefined
  }
  // The next look repeats what failed.
  const steps = createSteps(step, (slot, error) =>
    log.warn(
      { slot, camera: stateOf(slot).wanted?.camera, error: describeError(error) },
      'a camera could not be placed yet',
    ),
  )
  return {
    assign: (slots) => {
      const both = new Set([...assigned, ...slots, ...own.keys()])
      assigned = slots
      for (const slot of both) if (!slots.has(slot)) handover.forget(slot)
      for (const slot of both) steps.next(slot)
    },
    look: (slot) => steps.next(slot),
    held: () => new Map([...own].map(([slot, { epoch }]) => [slot, epoch])),
    cameras: () => new Map([...own].map(([slot, { wanted, epoch }]) => [wanted.camera, { slot, epoch }])),
    leave: async () => {
      assigned = new Set()
      for (const slot of own.keys()) steps.next(slot)
      await steps.over()
    },
  }
}

const isOther = (a: Wanted, b: Wanted | null): boolean => JSON.stringify(a) !== JSON.stringify(b)

/** The claims that have to end before the camera is opened in this slot: it may have been wanted in another slot before. */
const claimsBefore = (slots: readonly SlotState[], slot: Slot, camera: CameraId): readonly (readonly [Slot, Claim])[] =>
  [...slots.entries()].flatMap(([each, { claim }]) =>
    claim !== null && (each === slot || claim.camera === camera) ? [[each, claim]] : [],
  )
