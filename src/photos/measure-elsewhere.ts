import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { type ErrorCode, RollcallError } from '../errors.ts'
import type { ModelOptions } from '../vision/options.ts'
import type { Measuring } from './measuring.ts'
import type { FaceExtras, MeasuredPhoto } from './review-photos.ts'

/** A photo as it came in. */
export interface NamedPhoto {
  /** For people to read; nothing is opened by it. */
  readonly file: string
  readonly bytes: Uint8Array
}

/** What the measuring process is asked. */
export interface MeasureJob {
  readonly models: ModelOptions
  readonly photos: readonly NamedPhoto[]
  readonly extras: FaceExtras
}

/** What it answers. */
export type MeasureAnswer =
  | { readonly type: 'measured'; readonly embedder: Measuring['embedder']; readonly photos: readonly MeasuredPhoto[] }
  | { readonly type: 'failed'; readonly code: ErrorCode; readonly message: string; readonly remedy: string | undefined }

/** The faces of some photos, and the model that their embeddings come from. */
export type Measured = Omit<Extract<MeasureAnswer, { type: 'measured' }>, 'type'>

/** Measures photos in another process. Owned by whoever opened it, who calls `close()`. */
export interface MeasuringElsewhere {
  /**
   * Each face with these extras. Calls run one after the other. Rejects with MODEL_MISSING, MODEL_INVALID, MODEL_RUN, and
   * PIPELINE when it died.
   */
  measure(photos: readonly NamedPhoto[], extras?: FaceExtras): Promise<Measured>
  /** Ends the process; what is under way rejects. Idempotent. */
  close(): Promise<void>
}

/** How long the process may take, and how long it is kept. */
export interface ElsewhereLimits {
  /** For one call: each photo is bounded by itself. */
  readonly callMs: number
  /** Without a call for so long the process ends, and its memory is free. */
  readonly idleMs: number
}

const usual: ElsewhereLimits = { callMs: 120_000, idleMs: 60_000 }

const entry = new URL('measuring-process.ts', import.meta.url)

/** One call in a process. It is killed when the answer does not come in time. */
const ask = (child: ChildProcess, job: MeasureJob, callMs: number): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const late = setTimeout(() => child.kill('SIGKILL'), callMs)
    const finish = (): void => {
      clearTimeout(late)
      child.off('message', onAnswer).off('exit', onExit).off('error', onError)
    }
    const onAnswer = (answer: MeasureAnswer): void => {
      finish()
      if (answer.type === 'measured') resolve(answer)
      else reject(new RollcallError(answer.code, answer.message, { remedy: answer.remedy }))
    }
    const died = (how: string): void => {
      finish()
      reject(new RollcallError('PIPELINE', `the process that measures photos ended (${how})`, { remedy: 'Try again.' }))
    }
    const onExit = (code: number | null, signal: string | null): void => died(signal ?? `exit code ${code}`)
    const onError = (error: Error): void => died(error.message)
    child.on('message', onAnswer).on('exit', onExit).on('error', onError)
    child.send(job, (error) => error && onError(error))
  })

/** Opens the measuring of photos. Its process starts with the first call, and again after one that ended it. */
export const openMeasuringElsewhere = (models: ModelOptions, limits: ElsewhereLimits = usual): MeasuringElsewhere => {
  let child: ChildProcess | null = null
  let idle: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  let isClosed = false
  const end = (): void => void child?.kill('SIGKILL')
  const start = (): ChildProcess => {
    // Advanced serialisation carries typed arrays as they are.
    const started = fork(entry, { serialization: 'advanced', stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    const forget = (): void => {
      if (child === started) child = null
    }
    // `error` without an exit: it could not be started.
    started.once('exit', forget).on('error', forget)
    return started
  }
  const measure = async (photos: readonly NamedPhoto[], extras: FaceExtras): Promise<Measured> => {
    if (isClosed) throw new RollcallError('PIPELINE', 'photos are not measured any more: Rollcall is closing')
    clearTimeout(idle)
    try {
      return await ask((child ??= start()), { models, photos, extras }, limits.callMs)
    } finally {
      idle = setTimeout(end, limits.idleMs).unref()
    }
  }
  return {
    measure: (photos, extras = {}) => {
      const result = last.then(() => measure(photos, extras))
      last = result.catch(() => undefined)
      return result
    },
    close: async () => {
      isClosed = true
      clearTimeout(idle)
      const ending = child
      if (ending === null || ending.exitCode !== null || ending.signalCode !== null) return
      const ended = once(ending, 'exit')
      end()
      await ended
    },
  }
}
