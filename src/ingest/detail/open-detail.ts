import { defer, ignoreElements, retry } from 'rxjs'
import { RollcallError, withRemedy } from '../../errors.ts'
import type { CameraId } from '../../types.ts'
import { createAttempts } from '../attempts.ts'
import type { CameraDeps } from '../camera-deps.ts'
import { createCameraReport } from '../camera-report.ts'
import { type CameraSource, cameraSource } from '../camera-source.ts'
import type { CameraOptions } from '../options.ts'
import { createReconnectPolicy } from '../reconnect.ts'
import { createDetail, type Detail } from './detail.ts'
import type { PicturesAt } from './held-pictures.ts'

/** The second connection of a camera. Owned by the camera. */
export interface OpenDetail {
  readonly detail: Detail
  /** Resolves when its threads and descriptors are gone. Idempotent. */
  close(): Promise<void>
}

/**
 * Opens a camera's big stream and keeps it open, apart from the small one: what befalls it is never a change of the camera.
 * That it is away is said once, and that it is back. Throws CAMERA_URL for a wrong URL. After that nothing throws.
 */
export const openDetail = (name: CameraId, options: CameraOptions, deps: CameraDeps): OpenDetail => {
  const { log } = deps
  const own = detailOptions(name, options)
  const source = { ...cameraSource(name, own, false), isLossless: false }
  const detail = createDetail(() =>
    log.warn(
      { camera: name },
      'detailUrl: its pictures show another view than those of url, so faces are embedded from url. Check that both are streams of the same camera, and that neither is cropped.',
    ),
  )
  const report = createCameraReport(name, () => deps.time.nowMs())
  let saidAway = false
  const sayAway = (reason: string): void => {
    if (!saidAway) log.warn({ camera: name }, `detailUrl: ${reason} Until it is back, faces are embedded from url.`)
    saidAway = true
  }
  const units = {
    opened: (picturesAt: PicturesAt) => detail.connected(picturesAt),
    unit: (unit: Parameters<Detail['unit']>[0]): void => {
      if (report.state() === 'opening') {
        reconnect.online()
        report.say('online', 'units arrive')
        if (saidAway) log.info({ camera: name }, 'detailUrl: the big stream is back')
        saidAway = false
      }
      detail.unit(unit)
    },
    closed: () => detail.connected(null),
  }
  const attempts = createAttempts(name, source, own, { ...deps, units }, () => undefined)
  const reconnect = createReconnectPolicy(name, source, own, deps, { attempts, report })
  report.changes$.subscribe(({ state, reason }) => {
    if (state === 'offline') sayAway(reason.replace(/[.!]?$/, '.'))
  })
  const running = defer(() => {
    report.say('opening', 'opening')
    return attempts.open()
  })
    .pipe(retry({ delay: (error) => reconnect.again(error) }), ignoreElements())
    .subscribe({
      complete: () => sayAway('the recording is over.'),
      error: (error) => sayAway(error instanceof RollcallError ? withRemedy(error) : String(error)),
    })
  return {
    detail,
    close: async () => {
      running.unsubscribe()
      attempts.settle()
      await attempts.stopped()
      report.complete()
    },
  }
}

/** The options of the second connection: the camera's own, with the second URL, and the login of the first on the same host. */
export const detailOptions = (name: CameraId, options: CameraOptions): CameraOptions => {
  const { detailUrl } = options
  const own = { ...options, url: detailUrl ?? options.url, detailUrl: null }
  const first = cameraSource(name, options, false).url
  const second = sourceOf(name, own).url
  const isSameHost = hostOf(first) !== null && hostOf(first) === hostOf(second)
  return first.credentials !== null && second.credentials === null && isSameHost
    ? { ...own, ...first.credentials }
    : own
}

const sourceOf = (name: CameraId, own: CameraOptions): CameraSource => {
  try {
    return cameraSource(name, own, false)
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    const { code, message, remedy } = error
    throw new RollcallError(code, message.replace(': ', ': detailUrl: '), { remedy, cause: error })
  }
}

const hostOf = (url: CameraSource['url']): string | null =>
  url.kind === 'rtsp' || url.kind === 'http' ? new URL(url.location).hostname.toLowerCase() : null
