import type { Metrics } from '../../metrics.ts'
import type { CameraId } from '../../types.ts'
import type { Detail, DetailCounts } from './detail.ts'

/** What is counted of big streams. */
export type DetailMetrics = Pick<Metrics, 'detailReceived' | 'detailDecoded' | 'detailLooks'>

const nothing: DetailCounts = {
  received: 0,
  decoded: 0,
  outcomes: { found: 0, 'not-found': 0, uncertain: 0, gone: 0, late: 0 },
}

/** Returns a function that adds to the metrics what was done with the cameras' big streams since its last call. */
export const countDetails = (
  cameras: () => readonly { readonly name: CameraId; readonly detail: Detail | null }[],
  metrics: DetailMetrics,
): (() => void) => {
  const counted = new WeakMap<Detail, DetailCounts>()
  return () => {
    for (const { name: camera, detail } of cameras()) {
      if (detail === null) continue
      const last = counted.get(detail) ?? nothing
      const { received, decoded, outcomes } = detail.counts
      metrics.detailReceived.inc({ camera }, received - last.received)
      metrics.detailDecoded.inc({ camera }, decoded - last.decoded)
      for (const [outcome, count] of Object.entries(outcomes))
        metrics.detailLooks.inc({ camera, outcome }, count - last.outcomes[outcome as keyof typeof outcomes])
      counted.set(detail, { received, decoded, outcomes: { ...outcomes } })
    }
  }
}
