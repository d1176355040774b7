/**
 * The entry of a worker: a process that owns cameras and models, and exchanges messages with the identity process.
 * `supervise` starts it. It ends when all its cameras have ended, when it is told to stop, or when its parent is gone.
 */
import { setTimeout } from 'node:timers/promises'
import { lastValueFrom, tap } from 'rxjs'
import type { Config } from '../config/config.ts'
import { describeError, RollcallError } from '../errors.ts'
import type { Cameras } from '../ingest/cameras.ts'
import { capture } from '../ingest/capture/capture.ts'
import type { CreditWindow } from '../ipc/credit-window.ts'
import { BEAT_EVERY_MS, type Stuck } from '../ipc/messages.ts'
import { forgetCamera } from '../metrics.ts'
import type { Seen } from '../operators/identify.ts'
import type { CameraId, RecordingsRead, StreamId } from '../types.ts'
import { analyse } from './analyse.ts'
import { changing } from './changing.ts'
import { type Command, createInbox, type Inbox } from './inbox.ts'
import { openWork, reportMetrics } from './open-work.ts'
import { createPulse, type Pulse } from './pulse.ts'
import { send } from './send.ts'
import { type Counts, createStuckWatch } from './stuck.ts'

/** What a worker is told when it starts. */
export interface WorkerStart {
  readonly config: Config
  /** The cameras of this worker. */
  readonly cameras: readonly CameraId[]
  /** The worker's name in logs and metrics. */
  readonly name: string
  /** Recordings are read at full speed, without dropping a frame, once. */
  readonly untilEnd: boolean
  /** Recordings that were read to their end in an earlier run. They are not read again. */
  readonly recordingsRead: RecordingsRead
  /** The streams of recordings that an earlier process has begun to read. They are read again, and only they. */
  readonly begun: Readonly<Record<CameraId, StreamId>>
}

/** What the worker says of itself. Cameras are stuck only once there are some. */
interface Health {
  stuck: () => readonly Stuck[]
  readonly pulse: Pulse
}

/**
 * Analyses the cameras until all have ended. Rejects with what its parts throw (MODEL_MISSING, NATIVE_MISSING, …),
 * after it has closed everything.
 */
const work = async (start: WorkerStart, inbox: Inbox, health: Health): Promise<void> => {
  await using owned = new AsyncDisposableStack()
  const opened = await openWork(start, owned)
  const { cameras, log, registry, pictures, videos, window, followings } = opened
  const analysed = new Map<CameraId, number>()
  const progress = createStuckWatch(start.cameras, countsOf({ cameras, window, analysed }), () => performance.now())
  health.stuck = () => progress.look()
  const note = (seen: Seen): void => {
    // What was under way when its camera was removed.
    if (seen.type === 'faces' && cameras.find(seen.faces.camera) === undefined) return
    if (seen.type === 'change') progress.note(seen.change)
    else analysed.set(seen.faces.camera, (analysed.get(seen.faces.camera) ?? 0) + 1)
    tell(seen, window)
  }
  const over = lastValueFrom(analyse(start, opened).pipe(tap(note)), { defaultValue: null })
  const change = changing({
    cameras,
    log,
    opened: (camera) => {
      progress.watch(camera)
      videos.opened(camera)
    },
    forget: (camera) => {
      for (const each of [window, progress, followings]) each.forget(camera)
      analysed.delete(camera)
      return forgetCamera(registry, camera)
    },
    dropped: (camera) => void send({ type: 'dropped', camera }),
  })
  // Only after vision has subscribed, because the first command may be to stop.
  inbox.obey((command) => {
    if (command.type === 'ack') window.acknowledged(command.camera)
    if (command.type === 'watch') {
      pictures.watch(command.cameras)
      videos.watch(command.video)
    }
    if (command.type === 'log') log.level = command.level
    if (command.type === 'capture') void answerCapture(cameras, command)
    if (command.type === 'open') change.open(command.start)
    if (command.type === 'drop') change.drop(command.camera)
    if (command.type === 'stop') void cameras.close()
  })
  health.pulse.reset()
  await send({ type: 'ready' })
  await over
  await reportMetrics(registry)
  // A decoder that never returns may keep what follows from ending.
  await send({ type: 'done' })
}

/** Captures a camera beside everything else, and sends the film or why there is none. */
const answerCapture = async (cameras: Cameras, { id, camera, forMs }: Command & { type: 'capture' }): Promise<void> => {
  try {
    const asked = cameras.named(camera)
    const request = { forMs, captured: () => asked.captured(), waitMs: setTimeout }
    await send({ type: 'captured', id, capture: await capture(camera, request) })
  } catch (error) {
    const known = error instanceof RollcallError
    const { code, remedy } = known ? error : { code: 'PIPELINE' as const, remedy: undefined }
    const message = known ? error.message : describeError(error)
    await send({ type: 'captured', id, capture: { code, message, remedy } })
  }
}

const countsOf =
  (parts: { cameras: Cameras; window: CreditWindow; analysed: ReadonlyMap<CameraId, number> }) =>
  (name: CameraId): Counts => {
    const { live, stats } = parts.cameras.find(name) ?? { live: true, stats: { decoded: 0, pipelines: 0 } }
    const { decoded, pipelines } = stats
    return { decoded, pipelines, live, analysed: parts.analysed.get(name) ?? 0, hasRoom: parts.window.hasRoom(name) }
  }

/** Sends a record to the identity process, which acknowledges it. Until then it takes a credit of its camera. */
const tell = (seen: Seen, window: CreditWindow): void => {
  if (seen.type === 'faces') window.sent(seen.faces.camera)
  void send(seen)
}

const main = (): void => {
  const inbox = createInbox()
  process.on('message', (command: Command) => {
    if (command.type === 'start') void run(command.start)
    else inbox.push(command)
  })
  // Without a parent nobody receives the records.
  process.on('disconnect', () => process.exit())
  // Ctrl-C reaches the whole process group. The parent tells this process to stop, so that the last records are not
  // lost.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR1', 'SIGUSR2']) process.on(signal, () => {})
  const pulse = createPulse(() => performance.now())
  const health: Health = { stuck: () => [], pulse }
  const beat = (): void => void send({ type: 'beat', longestBusyMs: pulse.beat(), stuck: health.stuck() })
  setInterval(beat, BEAT_EVERY_MS).unref()

  const run = async (start: WorkerStart): Promise<void> => {
    try {
      await work(start, inbox, health)
    } catch (error) {
      const { code, message, remedy } =
        error instanceof RollcallError
          ? error
          : { code: 'PIPELINE' as const, message: describeError(error), remedy: undefined }
      await send({ type: 'fatal', code, message, remedy })
      process.exitCode = 1
    }
    process.disconnect?.()
  }
}

main()
