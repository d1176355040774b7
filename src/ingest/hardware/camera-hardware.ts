import { interval, type SchedulerLike } from 'rxjs'
import type { Pipeline, PipelineEvent } from '../../../native/index.js'
import type { CameraId, Log } from '../../types.ts'
import type { Decoding } from '../codecs.ts'
import { codecNameOf } from '../format-name.ts'
import type { LaunchLines } from '../launch.ts'
import { trialGroup } from './group.ts'
import type { Hardware } from './hardware.ts'
import type { Session } from './sessions.ts'

/** Which decoder one camera has, over all its connections. */
export interface CameraHardware {
  /** The hardware decoder that decodes now; null: software. */
  readonly decoder: string | null
  /** How often software had to take over. */
  readonly fallbacks: number
  /** Lets hardware take over when it can. Ended by whoever ends the pipeline. */
  follow(pipeline: HardwarePipeline, decoders: readonly Decoding[], linesOf: LinesOf): FollowedPipeline
}

type HardwarePipeline = Pick<Pipeline, 'captured' | 'stats' | 'useHardware'>

/** The launch lines in which `decoder` has taken the place of software. */
export type LinesOf = (decoding: Decoding, decoder: string) => Pick<LaunchLines, 'decode'>

/** A pipeline that is looked after. */
export interface FollowedPipeline {
  heard(event: Extract<PipelineEvent, { type: 'format' | 'decoder' }>): void
  end(): void
}

/** What it needs, and who hears that software had to take over. */
export interface CameraHardwareParts {
  readonly name: CameraId
  readonly hardware: Hardware
  readonly log: Log
  readonly elapsedMs: () => number
  readonly scheduler: SchedulerLike
  readonly onFallback: (reason: string) => void
}

const LOOK_EVERY_MS = 1000
/** After a failure, the first time; then twice as long each time, up to a day. */
const FIRST_WAIT_MS = 600_000
const LONGEST_WAIT_MS = 86_400_000

/** What lasts over connections. */
interface State {
  decoder: string | null
  fallbacks: number
  /** By `elapsedMs`: nothing is tried before. */
  notBeforeMs: number
}

/** A camera begins with software. */
export const createCameraHardware = (parts: CameraHardwareParts): CameraHardware => {
  const state: State = { decoder: null, fallbacks: 0, notBeforeMs: 0 }
  return {
    get decoder() {
      return state.decoder
    },
    get fallbacks() {
      return state.fallbacks
    },
    follow: (pipeline, decoders, linesOf) => followPipeline(parts, state, { pipeline, decoders, linesOf }),
  }
}

interface Followed {
  readonly pipeline: HardwarePipeline
  readonly decoders: readonly Decoding[]
  readonly linesOf: LinesOf
}

const followPipeline = (
  { name: camera, hardware, log, elapsedMs, scheduler, onFallback }: CameraHardwareParts,
  state: State,
  { pipeline, decoders, linesOf }: Followed,
): FollowedPipeline => {
  /** What software decodes, and hardware may; null when there is nothing to try. */
  let decoding: Decoding | null = null
  let taken: { readonly name: string; readonly session: Session } | null = null
  let isTrying = false
  let looks = 0

  const wait = (): void => {
    const failed = Math.max(0, state.fallbacks - 1)
    state.notBeforeMs = elapsedMs() + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** failed)
  }
  const look = async (from: Decoding): Promise<void> => {
    // A copy of the ring, which is not worth one each second where it never has what is needed.
    state.notBeforeMs = elapsedMs() + LOOK_EVERY_MS * ++looks
    const group = trialGroup(pipeline.captured())
    if (group === null) return
    isTrying = true
    const name = await hardware.find(from, group)
    isTrying = false
    if (decoding !== from) return
    if (name === null) {
      decoding = null
      return
    }
    const session = hardware.claim(name)
    if (session === null) return wait()
    taken = { name, session }
    pipeline.useHardware(linesOf(from, name).decode ?? '')
  }
  const looking = interval(LOOK_EVERY_MS, scheduler).subscribe(() => {
    if (decoding === null || taken !== null || isTrying || elapsedMs() < state.notBeforeMs) return
    if (pipeline.stats.keys > 0) void look(decoding)
  })
  const giveBack = (reason: string | null): void => {
    if (taken === null) return
    const { name, session } = taken
    if (state.decoder === null && reason !== null) session.refused()
    else session.release()
    state.decoder = taken = null
    if (reason === null) return
    state.fallbacks++
    wait()
    onFallback(`${name}: ${reason}`)
  }

  return {
    heard: (event) => {
      if (event.type === 'format') {
        const codec = hardware.mayDecode(event.caps) ? codecNameOf(event.caps) : null
        // A new object each time: a trial with pictures of another format is over.
        const found = decoders.find((each) => each.codec.name === codec)
        decoding = found ? { ...found } : null
        looks = 0
      } else if (event.isHardware) {
        state.decoder = taken?.name ?? null
        log.info({ camera, decoder: state.decoder }, 'a hardware decoder has taken over')
      } else giveBack(event.reason)
    },
    end: () => {
      looking.unsubscribe()
      giveBack(null)
      decoding = null
    },
  }
}
