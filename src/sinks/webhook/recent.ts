/** What came of an attempt to deliver. */
export type DeliveryOutcome = 'taken' | 'failed' | 'dead' | 'withdrawn'

/** One attempt. It names no person: the ID of the event may. */
export interface DeliveryNote {
  readonly atMs: number
  /** The type of the event, such as `rollcall.rule.fired.v1`. */
  readonly type: string
  readonly outcome: DeliveryOutcome
  /** Why it was not taken; empty when it was. */
  readonly reason: string
}

/** The newest attempts, in memory of this run. */
export interface RecentDeliveries {
  note(body: Buffer, outcome: DeliveryOutcome, reason: string): void
  /** The newest first. */
  list(): readonly DeliveryNote[]
}

const most = 50

/** The type stands near the beginning of every event. */
const typeOf = (body: Buffer): string => /"type":"([a-z.\d]+)"/.exec(body.toString('utf8', 0, 2000))?.[1] ?? 'unknown'

/** Keeps the last fifty, and counts them all. */
export const createRecentDeliveries = (
  nowMs: () => number,
  count: (outcome: DeliveryOutcome) => void,
): RecentDeliveries => {
  const notes: DeliveryNote[] = []
  return {
    note: (body, outcome, reason) => {
      count(outcome)
      notes.unshift({ atMs: nowMs(), type: typeOf(body), outcome, reason })
      notes.length = Math.min(notes.length, most)
    },
    list: () => [...notes],
  }
}
