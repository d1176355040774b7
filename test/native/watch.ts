import { onTestFinished } from 'vitest'
import { type DecodePolicy, type NativeFrame, open, type Pipeline, type PipelineEvent } from '../../native/index.js'

/** Not `Extract`, which would lose the members that stand for two types. */
type EventOf<Type extends PipelineEvent['type'], Event = PipelineEvent> = Event extends { type: infer Name }
  ? Type extends Name
    ? Event
    : never
  : never

export interface Watch {
  readonly pipeline: Pipeline
  readonly events: PipelineEvent[]
  readonly of: <Type extends PipelineEvent['type']>(type: Type) => EventOf<Type>[]
  /** Resolves as soon as the condition holds after an event; rejects with what has happened instead. */
  readonly until: (what: string, condition: () => boolean) => Promise<void>
}

const deadlineMs = 15_000

/** Opens a pipeline, records its events, and stops it after the test. `onEvent` sees each event before the waiters do. */
export const watch = (
  launch: string,
  options: {
    /** What decodes; without it `launch` gives raw pictures. */
    decode?: string
    mode?: 'newest' | 'every'
    pictureSide?: number
    policy?: DecodePolicy
    ringMs?: number
    ringBytes?: number
    maxBlindMs?: number
    maxLagMs?: number
    keepDecoderMs?: number
    maxFps?: number | null
    maxPixels?: number
    allowed?: readonly string[]
    onEvent?: (event: PipelineEvent, pipeline: Pipeline) => void
  } = {},
): Watch => {
  const events: PipelineEvent[] = []
  const waiters = new Set<() => void>()
  const pipeline = open({
    ...options,
    launch,
    decode: options.decode ?? null,
    mode: options.mode ?? 'every',
    pictureSide: options.pictureSide ?? 640,
    onEvent: (event) => {
      events.push(event)
      try {
        options.onEvent?.(event, pipeline)
      } finally {
        for (const look of waiters) look()
      }
    },
  })
  // Not `afterEach`, which only the first of the files that share a process would get: this module is loaded once for all.
  onTestFinished(() => pipeline.stop())
  const until: Watch['until'] = (what, condition) =>
    new Promise((resolve, reject) => {
      const settle = (error?: Error) => {
        waiters.delete(look)
        clearTimeout(deadline)
        if (error) reject(error)
        else resolve()
      }
      const look = () => {
        if (condition()) settle()
      }
      const deadline = setTimeout(
        () => settle(new Error(`never: ${what}; events: ${JSON.stringify(events.slice(-5), replacer)}`)),
        deadlineMs,
      )
      waiters.add(look)
      look()
    })
  const of = <Type extends PipelineEvent['type']>(type: Type) =>
    events.filter((event) => event.type === type) as EventOf<Type>[]
  return { pipeline, events, of, until }
}

const replacer = (_: string, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)

/** Takes one frame per event until the stream ends; `look` reads it before it is closed. */
export const everyFrame = async <Value>(
  launch: string,
  look: (frame: NativeFrame) => Value,
  pictureSide = 640,
  decode?: string,
) => {
  const values: Value[] = []
  const watched = watch(launch, {
    pictureSide,
    ...(decode !== undefined && { decode }),
    onEvent: (event, pipeline) => {
      if (event.type !== 'frame') return
      const frame = pipeline.take()
      if (!frame) throw new Error('a frame event without a frame')
      values.push(look(frame))
      frame.close()
    },
  })
  await watched.until('eos', () => watched.of('eos').length > 0 || watched.of('error').length > 0)
  const [error] = watched.of('error')
  if (error) throw new Error(`${error.element}: ${error.message}`)
  return { values, watched }
}

/** One frame, still open. */
export const firstFrame = async (launch: string, pictureSide = 640): Promise<NativeFrame> => {
  const { pipeline, of, until } = watch(launch, { pictureSide })
  await until('a frame', () => of('frame').length > 0 || of('error').length > 0)
  const frame = pipeline.take()
  if (!frame) throw new Error(of('error')[0]?.message ?? 'no frame')
  return frame
}
