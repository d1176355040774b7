import type { Client } from './client.ts'

/** Each client is looked at this often in `maxAgeMs`. */
const checksPerAge = 10
/** After a pause of this process clients get this many of these periods to answer before they are judged. */
const periodsOfGrace = 3

export interface ClientCheckDeps {
  readonly clients: Iterable<Pick<Client, 'check'>>
  readonly maxAgeMs: number
  readonly ageMs: () => number
}

export interface ClientChecks {
  /** A client is new: it is looked at with the next check. */
  wake(): void
  close(): void
}

/** Asks all clients now and then for what is due, and ends those that have been too slow. */
export const startClientChecks = ({ clients, maxAgeMs, ageMs }: ClientCheckDeps): ClientChecks => {
  const periodMs = maxAgeMs / checksPerAge
  let checkedAtMs = ageMs()
  let graceUntilMs = 0
  /** The earliest of all clients: looking at each costs as much as writing to some of them. */
  let dueMs = 0
  const check = (): void => {
    const nowMs = ageMs()
    // A pause of this process is not the clients' fault.
    if (nowMs - checkedAtMs > 3 * periodMs) graceUntilMs = nowMs + periodsOfGrace * periodMs
    checkedAtMs = nowMs
    if (nowMs < dueMs) return
    dueMs = Number.POSITIVE_INFINITY
    const judges = nowMs >= graceUntilMs
    for (const client of clients) dueMs = Math.min(dueMs, client.check(judges))
  }
  // After what has arrived meanwhile has been read. It does not keep the process alive, clients do.
  const timer = setInterval(() => setImmediate(check), periodMs).unref()
  return {
    wake: () => {
      dueMs = 0
    },
    close: () => clearInterval(timer),
  }
}
