import type { CameraOptions } from '../../ingest/options.ts'
import type { CameraId } from '../../types.ts'
import type { Finding } from './finding.ts'
import { type Unwatched, type Watched, watchCamera } from './watch.ts'

/**
 * Opens a camera as `rollcall run` does: logs in, takes its first frame, and says in one line what it sends, or why there is
 * none. Takes `connectTimeoutMs` of the camera and a few seconds at most.
 */
export const checkCamera = async (name: CameraId, options: CameraOptions): Promise<Finding> => {
  const found = await watchCamera(name, options, { forMs: null })
  return 'reason' in found ? failedCamera(name, found) : described(name, found)
}

const described = (name: CameraId, { video, width, height, transport, firstFrameMs }: Watched): Finding => {
  const { codec, profile, saidFps, fps: measured } = video
  // A second is too short for more digits.
  const fps = saidFps ?? (measured === null ? null : Math.round(measured))
  const parts = [
    `${codec ?? 'raw pictures'}${profile === null ? '' : ` (${profile})`}`,
    `${width}×${height}`,
    ...(fps === null ? [] : [`${fps} frames/s`]),
    ...(transport === null ? [] : [transport]),
    `first frame after ${(firstFrameMs / 1000).toFixed(1)} s`,
  ]
  const data = { codec, profile, width, height, fps, transport, firstFrameMs }
  return { verdict: 'good', what: `camera ${name}`, detail: parts.join(', '), data }
}

/** The remedy stands behind a dash in the reason. */
export const failedCamera = (name: CameraId, { reason, code }: Pick<Unwatched, 'reason' | 'code'>): Finding => {
  const [detail = '', ...remedy] = reason.split(' — ')
  const fix = remedy.length > 0 ? remedy.join(' — ') : `check cameras.${name}`
  return { verdict: 'bad', what: `camera ${name}`, detail, fix, data: { code } }
}
