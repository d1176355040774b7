import { isAboutPeople, type RollcallEvent, type Topic, topicOf } from '../events/types.ts'

/**
 * Where events about people are kept until every sink has them, also when the process ends: the store. Each has a `sequence`
 * that rises; events leave in that order.
 */
export interface EventLog {
  /** The place of the event in the log; null when it is not kept there. */
  readonly sequenceOf: (event: RollcallEvent) => number | null
  /** The events after `sequence`, oldest first, at most so many. */
  readonly after: (sequence: number, most: number) => readonly RollcallEvent[]
  /** How many there are after `sequence`. */
  readonly countAfter: (sequence: number) => number
  /** Every sink has had the events up to this one when the log was opened. */
  readonly published: number
}

/** Events that a sink has not taken. */
export interface EventsLeft {
  /** They are in the log, and go out after the next start. */
  readonly kept: number
  /** About people, and in no log. */
  readonly people: number
  readonly others: number
}

/** How an event queue is bounded. */
export interface EventQueueOptions {
  readonly capacity: number
  readonly mayDrop: ReadonlySet<Topic>
  readonly kept: EventLog | null
  readonly onDrop: (event: RollcallEvent) => void
}

/** The events that wait for one sink, in memory or in the log. */
export interface EventQueue {
  add(events: readonly RollcallEvent[]): void
  /** The next events in order, at most so many; empty when there are none. They are in hand until `taken`. */
  take(most: number): readonly RollcallEvent[]
  /** The sink has what was in hand. */
  taken(): void
  /** Events in memory, those in hand too. */
  readonly size: () => number
  /** More than `capacity` wait in memory, and none of them may leave it. */
  readonly isOverfull: () => boolean
  readonly left: () => EventsLeft
}

/**
 * A queue that is full drops its oldest events of topics in `mayDrop`. When that is not enough, all events that are in the log
 * leave memory, and the queue is behind: it is read from the log until nothing is left there, and what comes meanwhile
 * without being in the log waits. A queue begins behind when the log has events that not every sink has. The queue of
 * recordings (`mayDrop` is empty) keeps its order: nothing leaves memory, and whoever adds must wait while it is overfull.
 */
export const createEventQueue = ({ capacity, mayDrop, kept, onDrop }: EventQueueOptions): EventQueue => {
  const isLossless = mayDrop.size === 0
  // Recordings read all of the log at once, so that their events come in the order in which they were made.
  let waiting: RollcallEvent[] =
    isLossless && kept ? [...kept.after(kept.published, kept.countAfter(kept.published))] : []
  let inHand: readonly RollcallEvent[] = []
  let handedOut = kept?.published ?? 0
  /** Events up to here have come from the log; when they are added again they are repeats. */
  let readUpTo = 0
  let isBehind = !isLossless && kept !== null && kept.countAfter(handedOut) > 0

  const sequenceOf = (event: RollcallEvent): number | null => kept?.sequenceOf(event) ?? null
  const isWanted = (event: RollcallEvent): boolean => {
    const sequence = sequenceOf(event)
    return sequence === null || (!isBehind && sequence > readUpTo)
  }
  const makeRoom = (): void => {
    let excess = waiting.length - capacity
    if (excess <= 0) return
    waiting = waiting.filter((event) => {
      if (excess <= 0 || !mayDrop.has(topicOf(event))) return true
      excess--
      onDrop(event)
      return false
    })
    if (excess <= 0 || kept === null || isLossless) return
    isBehind = true
    waiting = waiting.filter((event) => sequenceOf(event) === null)
  }
  const readBack = (most: number): readonly RollcallEvent[] => {
    if (!isBehind || kept === null) return []
    const events = kept.after(handedOut, most)
    isBehind = events.length > 0
    for (const event of events) readUpTo = sequenceOf(event) ?? readUpTo
    return events
  }
  const next = (most: number): readonly RollcallEvent[] => {
    const fromLog = readBack(most)
    if (fromLog.length > 0) return fromLog
    const events = waiting.slice(0, most)
    waiting = waiting.slice(most)
    return events
  }
  return {
    add(events) {
      // One by one: `push(...events)` overflows the stack when there are very many.
      for (const event of events) if (isWanted(event)) waiting.push(event)
      makeRoom()
    },
    take(most) {
      inHand = next(most)
      for (const event of inHand) handedOut = Math.max(handedOut, sequenceOf(event) ?? 0)
      return inHand
    },
    taken() {
      inHand = []
    },
    size: () => waiting.length + inHand.length,
    isOverfull: () => waiting.length > capacity,
    left() {
      const all = [...inHand, ...waiting]
      const people = all.filter(isAboutPeople)
      const inLog = people.filter((event) => sequenceOf(event) !== null).length
      const behind = isBehind && kept !== null ? kept.countAfter(handedOut) : 0
      return { kept: inLog + behind, people: people.length - inLog, others: all.length - people.length }
    },
  }
}
