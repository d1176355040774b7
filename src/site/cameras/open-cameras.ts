import type { Registry } from 'prom-client'
import type { Config } from '../../config/config.ts'
import { withValues } from '../../config/placed-camera.ts'
import type { Env } from '../../config/substitute.ts'
import { forgetCamera, type MetricsJson, metricsOfPresent } from '../../metrics.ts'
import type { CamerasService } from '../../server/cameras-routes.ts'
import type { CameraChange, CameraId, Log } from '../../types.ts'
import type { RecentFrames } from '../recent-frames.ts'
import type { SiteStatus } from '../status.ts'
import type { VisionPool } from '../vision-pool.ts'
import { createFigures, type Figures } from './camera-figures.ts'
import { createPlacedList, type PlacedList } from './cameras-elsewhere.ts'
import { createCamerasService } from './cameras-service.ts'
import { openCameraFile, type SavedCameras } from './saved-cameras.ts'
import { pausedChange } from './site-camera.ts'
import { createSiteCameras, type SiteCameras } from './site-cameras.ts'
import { type CameraTests, createCameraTests } from './test-camera.ts'

/** All parts that deal with the cameras of a site, besides the vision processes. */
export interface OpenedCameras {
  readonly cameras: SiteCameras
  readonly figures: Figures
  readonly camerasService: CamerasService
  /** Null where this site's own processes open the cameras. */
  readonly placed: PlacedList | null
}

/** What the cameras need of the site. */
export interface OpenCamerasDeps {
  readonly untilEnd: boolean
  readonly stateDirectory: string | null
  /** The name of the configuration file; null without one. */
  readonly configFile: string | null
  readonly pool: () => VisionPool
  readonly status: SiteStatus
  readonly frames: RecentFrames
  readonly registry: Registry
  /** The newest metrics of each vision process. */
  readonly workerMetrics: Map<string, MetricsJson>
  readonly say: (change: CameraChange) => void
  /** Whether this process has the people of the site; left out where it opens its cameras itself. */
  readonly isOwner?: () => boolean
  /** Values of `${NAME}` in cameras that are placed, to test them here. */
  readonly env: Env
  readonly log: Log
  /** Owns the tests of cameras. */
  readonly owner: AsyncDisposableStack
}

/** Reads which cameras there are, and adds them to `status`. */
export const openSiteCameras = (config: Config, deps: OpenCamerasDeps): OpenedCameras => {
  const { untilEnd, stateDirectory, status, owner } = deps
  const figures = createFigures(Date.now)
  const tests = owner.adopt(createCameraTests(), (opened) => opened.close())
  const forget = (camera: CameraId): void => {
    deps.frames.forget(camera)
    figures.forget(camera)
    void forgetCamera(deps.registry, camera)
    for (const [process, metrics] of deps.workerMetrics)
      deps.workerMetrics.set(
        process,
        metricsOfPresent(metrics, (each) => each !== camera),
      )
  }
  const { isOwner } = deps
  const { cameraSlots: slots } = config.seam
  // What this site's own processes open is another list, and may hold passwords.
  const isKept = !untilEnd && (isOwner === undefined || slots !== null)
  const file = openCameraFile(isKept ? stateDirectory : null, isOwner && 'cameras-placed.json')
  const saved = (): SavedCameras => file.now()
  const placed = isOwner ? createPlacedList({ slots, isOwner, saved, cameras: () => cameras }) : null
  const elsewhere = placed && { elsewhere: placed.elsewhere }
  const cameras: SiteCameras = createSiteCameras({ ...deps, ...elsewhere, config, file, forget, nowMs: Date.now })
  for (const { name, paused } of cameras.all()) status.add(name, paused ? pausedChange(name, Date.now()) : undefined)
  const { cameraDefaults } = config
  // Where the camera is watched; from here when nobody can be asked.
  const test: CameraTests['test'] = (name, options, signal) =>
    deps.pool().test?.(name, options) ??
    tests.test(name, placed ? withValues(name, options, deps.env) : options, signal)
  const service = {
    cameras,
    figures,
    status,
    tests: { test },
    cameraDefaults,
    configFile: deps.configFile,
    kept: async () => placed?.kept(),
  }
  return { cameras, figures, camerasService: createCamerasService(service), placed }
}
