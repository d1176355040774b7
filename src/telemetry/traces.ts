import type { Log } from '../types.ts'
import type { BatchTraces } from './batch-traces.ts'
import type { TracesOptions } from './options.ts'
import type { SiteTraces } from './site-traces.ts'

/** The process whose spans these are. */
export interface Traced {
  readonly site: string
  /** Its name in logs and metrics. */
  readonly process: string
  readonly log: Log
}

/**
 * Traces of the batches of a vision process, null where nothing is traced: then OpenTelemetry is not even loaded. `owner` closes
 * them, which sends what waits.
 */
export const openBatchTraces = async (
  options: TracesOptions,
  traced: Traced,
  owner: AsyncDisposableStack,
): Promise<BatchTraces | null> => {
  if (options.endpoint === null) return null
  const [{ openTracer }, { createBatchTraces }] = await Promise.all([
    import('./tracer.ts'),
    import('./batch-traces.ts'),
  ])
  return createBatchTraces(openTracer({ ...options, endpoint: options.endpoint }, traced, owner))
}

/** The same for what an identity process does with the frames that come traced from vision processes. */
export const openSiteTraces = async (
  options: TracesOptions,
  traced: Traced,
  owner: AsyncDisposableStack,
): Promise<SiteTraces | null> => {
  if (options.endpoint === null) return null
  const [{ openTracer }, { createSiteTraces }] = await Promise.all([import('./tracer.ts'), import('./site-traces.ts')])
  return createSiteTraces(openTracer({ ...options, endpoint: options.endpoint }, traced, owner))
}
