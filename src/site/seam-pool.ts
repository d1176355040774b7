import { interval, Observable } from 'rxjs'
import type { ToVision } from '../ipc/messages.ts'
import type { Metrics, MetricsJson } from '../metrics.ts'
import type { Seen } from '../operators/identify.ts'
import { type Ledger, SILENT_AFTER_MS } from '../seam/ledger.ts'
import type { SeamTarget } from '../seam/options.ts'
import { openReceiver, type Receiver, type StandingReceiver } from '../seam/receiver.ts'
import { embedderMark, type SeamRecord } from '../seam/record.ts'
import type { Taking } from '../seam/taking.ts'
import { type SeamPlace, seamPlace } from '../seam/topic.ts'
import type { CameraChange, CameraId, Log } from '../types.ts'
import type { WorkerStart } from '../worker/worker.ts'
import { createLinks, type Links } from './links.ts'
import type { VisionPool, Worker, WorkerMessage } from './vision-pool.ts'

/** What the vision processes on other machines are to this one. */
export interface SeamPoolDeps {
  readonly ledger: Ledger
  /** Whether people are on disk. */
  readonly isKept: boolean
  /** What has stood by so far, whose owner closes it; left out, the pool opens and closes one. */
  readonly receiver?: StandingReceiver
  /** SHA-256 of the embedder that the people belong to. */
  readonly sha256: string
  readonly hasCamera: (camera: CameraId) => boolean
  /** A worker elsewhere says how its cameras do. */
  readonly onFigures: (worker: string, metrics: MetricsJson) => void
  /** The faces belong to other people: the process ends. */
  readonly onFatal: (error: unknown) => void
  readonly metrics: Pick<Metrics, 'seam' | 'link'>
  readonly nowMs: () => number
  /** Never jumps. */
  readonly elapsedMs: () => number
  readonly log: Log
}

/** Records that are under way to the sinks; then no more are taken from Kafka. */
const MOST_UNDER_WAY = 512
const LOOK_EVERY_MS = 1000

/** What is known of a camera. */
interface Known {
  readonly owner: string
  /** What its process last said of it. */
  said: Pick<CameraChange, 'state' | 'reason'>
  heardAtMs: number
  /** Whether the site was told that it is offline because nothing is heard. */
  isSilent: boolean
}

/**
 * Vision processes that are reached by Kafka, as a pool. Its cameras are opened elsewhere; their pictures come over links. A camera
 * whose process is not heard for ten seconds is offline. Throws SINK when a file of `tls` cannot be read.
 */
export const createSeamPool = (site: string, seam: SeamTarget, deps: SeamPoolDeps): VisionPool => {
  const place = seamPlace(site, seam, deps.log)
  const known = new Map<CameraId, Known>()
  /** Cameras that were paused or removed here: what comes of them was under way. */
  const closed = new Set<CameraId>()
  const flow = createFlow()
  let receiver: Receiver | null = null
  let links: Links | null = null
  let worker: Worker | undefined
  let isStopping = false
  let end = (): void => {}
  const messages$ = new Observable<WorkerMessage>((subscriber) => {
    const opened = createLinks({
      ...deps,
      site,
      isOwner: () => receiver?.isOwner() === true,
      key: seam.sealingKey === null ? null : Buffer.from(seam.sealingKey, 'base64'),
      emit: (message) => subscriber.next({ from, message }),
    })
    links = opened
    const from = workerOf(opened, flow)
    worker = from
    const emit = (message: Seen): void => subscriber.next({ from, message })
    const take = createTake(deps, { known, closed }, flow, emit, opened)
    const onFatal = (error: unknown): void => {
      deps.onFatal(error)
      subscriber.complete()
    }
    receiver = receiving(place, { ...deps, take, room: flow.room, onFatal })
    const looking = interval(LOOK_EVERY_MS).subscribe(() => lookForSilent(known, deps, emit))
    end = () => {
      opened.close()
      void receiver?.close().then(() => subscriber.complete())
    }
    if (isStopping) end()
    return () => {
      looking.unsubscribe()
      opened.close()
      void receiver?.close()
    }
  })
  return {
    messages$,
    workers: () => [],
    reasons: () => receiver?.reasons() ?? [],
    isOwner: () => receiver?.isOwner() === true,
    test: (camera, options) => links?.test(camera, options) ?? null,
    workerOf: () => worker,
    open: (camera) => void closed.delete(camera),
    close: (camera) => {
      closed.add(camera)
      known.delete(camera)
      return false
    },
    send: (message) => worker?.send(message),
    stop: () => {
      isStopping = true
      end()
    },
  }
}

const receiving = (place: SeamPlace, deps: SeamPoolDeps & Taking): Receiver => {
  const { receiver } = deps
  if (receiver === undefined) return openReceiver(place, deps)
  receiver.begin(deps)
  return { ...receiver, close: async () => receiver.end() }
}

/** Counts what is under way. */
const createFlow = () => {
  let underWay = 0
  let waiting: PromiseWithResolvers<void> | null = null
  return {
    began: (): void => void underWay++,
    done: (): void => {
      underWay = Math.max(0, underWay - 1)
      if (underWay >= MOST_UNDER_WAY) return
      waiting?.resolve()
      waiting = null
    },
    room: (): Promise<void> | null => {
      if (underWay < MOST_UNDER_WAY) return null
      waiting ??= Promise.withResolvers<void>()
      return waiting.promise
    },
  }
}

/** Stands for all vision processes. */
const workerOf = (links: Links, flow: Pick<ReturnType<typeof createFlow>, 'done'>): Worker => ({
  name: 'kafka',
  cameras: [],
  isWaiting: false,
  silentMs: () => 0,
  send: (message: ToVision<WorkerStart>): void => {
    if (message.type === 'ack') flow.done()
    if (message.type === 'watch') links.watch(message)
    if (message.type === 'capture') links.capture(message)
  },
})

/** Judges each record, and passes on what is new. */
const createTake = (
  { ledger, sha256, hasCamera, metrics, nowMs, elapsedMs, log }: SeamPoolDeps,
  { known, closed }: { readonly known: Map<CameraId, Known>; readonly closed: ReadonlySet<CameraId> },
  flow: Pick<ReturnType<typeof createFlow>, 'began'>,
  emit: (seen: Seen) => void,
  links: Pick<Links, 'heard'>,
) => {
  const mark = embedderMark(sha256)
  const told = new Set<string>()
  const refuse = (offset: number, outcome: 'unknown-camera' | 'other-model', { camera, owner }: SeamRecord): void => {
    ledger.pass(offset)
    metrics.seam.taken.inc({ outcome })
    const what = `${outcome} ${camera} ${owner}`
    if (told.has(what) || told.size > 10_000 || closed.has(camera)) return
    told.add(what)
    const why =
      outcome === 'other-model'
        ? 'its faces are embedded with another model than people here: use the same models everywhere'
        : 'the configuration here has no such camera: use the same file everywhere'
    log.error({ camera, process: owner }, why)
  }
  return (offset: number, record: SeamRecord): void => {
    const { camera, owner, what } = record
    const isUnknown = !hasCamera(camera) || closed.has(camera)
    const strange = isUnknown ? 'unknown-camera' : record.embedder !== mark ? 'other-model' : null
    if (strange !== null) {
      refuse(offset, strange, record)
      return
    }
    const verdict = ledger.judge(record)
    metrics.seam.taken.inc({ outcome: verdict.outcome })
    if (verdict.outcome !== 'new') {
      ledger.pass(offset)
      return
    }
    links.heard(camera, owner, record.link)
    if (verdict.lost > 0) metrics.seam.lost.inc({ camera }, verdict.lost)
    const before = known.get(camera)
    const said =
      what.type === 'change'
        ? { state: what.change.state, reason: what.change.reason }
        : what.type === 'alive'
          ? { state: what.state, reason: what.reason }
          : (before?.said ?? { state: 'online' as const, reason: 'its faces come' })
    const isNews = what.type !== 'change' && (before === undefined || before.isSilent)
    known.set(camera, { owner, said, heardAtMs: elapsedMs(), isSilent: false })
    if (isNews) emit(change(camera, nowMs(), { ...said, reason: `${said.reason} (heard from ${owner})` }))
    // Only now: a commit meanwhile must not say that this record was taken.
    ledger.note(offset, record)
    if (what.type === 'faces') flow.began()
    if (what.type !== 'alive') emit(what)
  }
}

const lookForSilent = (
  known: Map<CameraId, Known>,
  { nowMs, elapsedMs }: SeamPoolDeps,
  emit: (seen: Seen) => void,
): void => {
  for (const [camera, each] of known) {
    if (each.isSilent || each.said.state === 'ended' || elapsedMs() - each.heardAtMs < SILENT_AFTER_MS) continue
    each.isSilent = true
    const reason = `its vision process ${each.owner} has not been heard for ${SILENT_AFTER_MS / 1000} s`
    emit(change(camera, nowMs(), { state: 'offline', reason, code: 'PIPELINE' }))
  }
}

const change = (camera: CameraId, atMs: number, what: Omit<CameraChange, 'camera' | 'atMs'>): Seen => ({
  type: 'change',
  change: { camera, atMs, ...what },
})
