import type { AccessUnit, Pipeline } from '../../../native/index.js'
import type { Frame } from '../../types.ts'
import type { ConnectionParts } from '../connection-parts.ts'
import { createVideoUnits, type LatestFrame, latestOf, type VideoWatcher } from './video-units.ts'

/** The stream of one connection as it comes, for whoever watches it. */
export const connectionVideo = (
  { name, options, launch, mode, stream, units }: ConnectionParts,
  pipeline: Pipeline,
) => {
  let watcher: VideoWatcher | null = null
  let latest: LatestFrame | null = null
  const video = createVideoUnits(name, () => watcher)
  const unavailable =
    launch.decode === null
      ? 'the camera sends raw pictures'
      : mode === 'every'
        ? 'the recording is read as fast as possible'
        : null
  return {
    taken: (frame: Frame): void => {
      latest = latestOf(frame)
    },
    unit: (unit: AccessUnit): void => {
      if (watcher === null) return
      const turn = options.rotate === 'auto' ? pipeline.turn : options.rotate
      video.add(unit, { stream, latest, turn })
    },
    watch: (next: VideoWatcher | null): void => {
      // Off first: on begins with the newest key unit.
      if (units === undefined) pipeline.accessUnits(false)
      watcher = next
      if (next === null) return
      video.start()
      if (unavailable !== null) video.unavailable(unavailable)
      else if (units === undefined) pipeline.accessUnits(true)
    },
  }
}
