import { cpus } from 'node:os'
import { inspect } from '../../../native/index.js'
import { chooseDecoders, codecElements, elementOf } from '../../ingest/codecs.ts'

/** What receiving, decoding and scaling cost here: processor time, not counting the models. */
export interface Cost {
  /** The GStreamer element; null for raw pictures. */
  readonly decoder: string | null
  readonly hardware: boolean
  readonly frames: number
  /** Null when too little was decoded. */
  readonly cpuMsPerFrame: number | null
  /** Of one core, 0–1 and more. */
  readonly coreShare: number | null
  readonly cores: number
}

/** What has been spent while a camera was watched, and on what. */
export interface Spent {
  /** The codec by its name in `codecs`; null for raw pictures. */
  readonly codec: string | null
  /** The hardware decoder that has taken over; null: software. */
  readonly hardware: string | null
  /** Processor time of this process. */
  readonly cpu: NodeJS.CpuUsage
  /** Frames that were decoded. */
  readonly frames: number
  readonly watchedMs: number
}

/** Finds the decoder that is used here, and divides what was spent. Throws NATIVE_MISSING without the addon. */
export const costOf = ({ codec, hardware, cpu, frames, watchedMs }: Spent): Cost => {
  const { elements } = inspect(codecElements)
  const decoding = chooseDecoders((element) => elements[element] === true).find((each) => each.codec.name === codec)
  const cpuMs = (cpu.user + cpu.system) / 1000
  const isEnough = frames >= 10 && watchedMs >= 1000
  return {
    decoder: hardware ?? (decoding === undefined ? null : elementOf(decoding.decode)),
    hardware: hardware !== null,
    frames,
    cpuMsPerFrame: isEnough ? Math.round((10 * cpuMs) / frames) / 10 : null,
    coreShare: isEnough ? Math.round((1000 * cpuMs) / watchedMs) / 1000 : null,
    cores: cpus().length,
  }
}
