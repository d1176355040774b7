import type { Registry } from 'prom-client'
import type { Config } from '../../config/config.ts'
import { forgetCamera, type MetricsJson, metricsOfPresent } from '../../metrics.ts'
import type { CamerasService } from '../../server/cameras-routes.ts'
import type { CameraChange, CameraId, Log } from '../../types.ts'
import type { RecentFrames } from '../recent-frames.ts'
import type { SiteStatus } from '../status.ts'
import type { VisionPool } from '../vision-pool.ts'
import { createFigures, type Figures } from './camera-figures.ts'
import { createCamerasService } from './cameras-service.ts'
import { openCameraFile } from './saved-cameras.ts'
import { pausedChange } from './site-camera.ts'
import { createSiteCameras, type SiteCameras } from './site-cameras.ts'
import { createCameraTests } from './test-camera.ts'

/** All parts that deal with the cameras of a site, besides the vision processes. */
export interface OpenedCameras {
  readonly cameras: SiteCameras
  readonly figures: Figures
  readonly camerasService: CamerasService
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
  /** Why cameras cannot be changed here; left out where they can. */
  readonly elsewhere?: string
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
  const file = openCameraFile(untilEnd || deps.elsewhere !== undefined ? null : stateDirectory)
  const cameras = createSiteCameras({ ...deps, config, file, forget, nowMs: Date.now })
  for (const { name, paused } of cameras.all()) status.add(name, paused ? pausedChange(name, Date.now()) : undefined)
  const { cameraDefaults } = config
  const service = { cameras, figures, status, tests, cameraDefaults, configFile: deps.configFile }
  return { cameras, figures, camerasService: createCamerasService(service) }
}
