import type { Client } from './client.ts'

/** Clients are checked this many times within `maxAgeMs`. */
const checksPerAge = 10
/** After a pause of this process clients get so many periods between checks to answer before they are judged. */
const periodsOfGrace = 3

/** Who is checked, and by which limit. */
export interface ClientCheckDeps {
  readonly clients: Iterable<Pick<Client, 'check'>>
  /** A client must acknowledge within this time. */
  readonly maxAgeMs: number
  /** Milliseconds on a clock that never jumps. */
  readonly ageMs: () => number
}

/** The running checks; `close` ends them. */
export interface ClientChecks {
  /** A client is new and must be included in the next check. */
  wake(): void
  close(): void
}

/** Checks all clients regularly: sends pings that are due, and closes clients that have been too slow. */
export const startClientChecks = ({ clients, maxAgeMs, ageMs }: ClientCheckDeps): ClientChecks => {
  const periodMs = maxAgeMs / checksPerAge
  let checkedAtMs = ageMs()
  let graceUntilMs = 0
  /** No client has to be checked before this time: a check of all costs as much as writing to some of them. */
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
  // setImmediate lets acknowledgements that have arrived be read first. Clients keep the process alive, this timer does not.
  const timer = setInterval(() => setImmediate(check), periodMs).unref()
  return {
    wake: () => {
      dueMs = 0
    },
    close: () => clearInterval(timer),
  }
}
