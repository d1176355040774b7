import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { map, merge, type Observable } from 'rxjs'
import type { Config } from './config.ts'
import { type FromSupervised, type Supervised, supervise } from './seam/supervise.ts'
import type { CameraId, Log } from './types.ts'
import type { VisionStart } from './vision-process.ts'

/** One vision process and its share of the cameras. */
export interface Member extends Supervised<VisionStart> {
  readonly name: string
  readonly cameras: readonly CameraId[]
}

export interface CrewMessage {
  readonly from: Member
  readonly message: FromSupervised
}

export interface Crew {
  readonly members: readonly Member[]
  readonly messages$: Observable<CrewMessage>
  memberOf(camera: CameraId): Member | undefined
}

/** How long a vision process may take to close its cameras and finish the batch it is at. */
const STOP_WITHIN_MS = 5_000

/** Deals the cameras out in turn, so that shares differ by one at most. */
export const dealOut = (cameras: readonly CameraId[], processes: number): CameraId[][] =>
  Array.from({ length: Math.min(processes, cameras.length) }, (_, i) => cameras.filter((_, j) => j % processes === i))

/** One a core on CPUs; on a GPU one takes all cameras, in one batch. */
const howMany = ({ vision, models }: Config): number => {
  if (vision.processes !== 'auto') return vision.processes
  const mayUseGpu = models.providers === 'auto' || models.providers.some((provider) => provider !== 'cpu')
  return mayUseGpu && existsSync('/dev/nvidia0') ? 1 : availableParallelism()
}

/** The vision processes that share the configured cameras; subscribing to `messages$` starts them. */
export const createCrew = (config: Config, options: { readonly untilEnd: boolean; readonly log: Log }): Crew => {
  const members = dealOut(Object.keys(config.cameras), howMany(config)).map((cameras, i): Member => {
    const name = `vision-${i + 1}`
    const start = { config, cameras, name, untilEnd: options.untilEnd }
    return {
      name,
      cameras,
      ...supervise({
        entry: new URL('./vision-process.ts', import.meta.url),
        name,
        start,
        restart: !options.untilEnd,
        stopWithinMs: STOP_WITHIN_MS,
        log: options.log,
      }),
    }
  })
  const owners = new Map(members.flatMap((member) => member.cameras.map((camera) => [camera, member] as const)))
  return {
    members,
    memberOf: (camera) => owners.get(camera),
    messages$: merge(...members.map((from) => from.messages$.pipe(map((message) => ({ from, message }))))),
  }
}
