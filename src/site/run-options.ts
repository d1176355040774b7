import type { LeveledLog } from '../config/log.ts'
import type { Env } from '../config/substitute.ts'
import type { RollcallEvent } from '../events/types.ts'
import type { Identified } from '../operators/identify.ts'
import type { SeamTarget } from '../seam/options.ts'
import type { TruthScore } from '../types.ts'
import type { TakenOver } from './stand-by.ts'

/** How a run differs from what the configuration says. */
export interface RunOptions {
  /** Recordings are read at full speed, once, without loss; the run ends when all have ended. */
  readonly untilEnd: boolean
  /** Where people are kept; null or absent keeps them in memory only. */
  readonly stateDirectory?: string | null
  readonly log: LeveledLog
  /** Faces come from vision processes that are met there; left out, this process starts its own. */
  readonly seam?: SeamTarget
  /** Values of `${NAME}` in cameras that were added where Kafka places them, to test them; none when left out. */
  readonly env?: Env
  /** What this process has of a site that it took over, where people are in a topic of Kafka. */
  readonly takenOver?: TakenOver
  /** What each vision process runs; `src/worker/worker.ts` when left out. */
  readonly visionEntry?: URL
  /** The built viewer; `viewer/dist` when left out. */
  readonly viewerDirectory?: string
  /** Compares events with the truth, where it is known. */
  readonly scorer?: { saw(events: readonly RollcallEvent[]): void; score(): TruthScore }
  /** Told of everything that was seen with the events that it led to, before these are published. */
  readonly onIdentified?: (identified: Identified) => void
  /** The name of the configuration file, for people; null or absent without one. */
  readonly configFile?: string | null
  /** Shows the user a token that was made for this run, because one is needed and the configuration has none. */
  readonly showToken?: (token: string, url: string) => void
}
