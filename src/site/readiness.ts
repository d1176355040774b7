import type { Worker } from './vision-pool.ts'
import type { WorkersState } from './worker-messages.ts'

/** Whether the site does its work, and why not. */
export interface Readiness {
  readonly ready: boolean
  /** For people: one sentence for each thing that is missing. */
  readonly reasons: readonly string[]
  /** For people, too: what is not right and does not make it unready, because nothing has to be done to this program. */
  readonly warnings: readonly string[]
}

/**
 * The site is ready when every vision process analyses: it has loaded its models, and has been heard within half of
 * `hangAfterMs`. A camera that cannot be reached or is in quarantine does not count, unless all are in quarantine.
 * `lost` says why people are not kept any more, `others` are more reasons.
 */
export const readiness = (
  workers: readonly Worker[],
  { running, analysing }: Pick<WorkersState, 'running' | 'analysing'>,
  hangAfterMs: number,
  lost: string | null = null,
  others: readonly string[] = [],
): Readiness => {
  const why = ({ name, silentMs }: Worker): string | null => {
    if (!running.has(name)) return `${name} is not running`
    if (!analysing.has(name)) return `${name} is loading its models`
    const ms = silentMs()
    return ms > hangAfterMs / 2 ? `${name} has not answered for ${Math.round(ms / 1000)} s` : null
  }
  const reasons = workers.filter(({ isWaiting }) => !isWaiting).flatMap((worker) => why(worker) ?? [])
  if (lost !== null) reasons.push(lost)
  reasons.push(...others)
  if (workers.length > 0 && workers.every(({ isWaiting }) => isWaiting))
    reasons.push('every camera is in quarantine, because its vision process dies again and again')
  return { ready: reasons.length === 0, reasons, warnings: [] }
}
