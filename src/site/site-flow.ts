import { finalize, merge, mergeMap, type Observable, tap } from 'rxjs'
import type { Config } from '../config/config.ts'
import type { Identified, Seen } from '../operators/identify.ts'
import { inTimeOrder } from '../operators/in-time-order.ts'
import { stopwatch } from '../operators/stopwatch.ts'
import { identity } from '../pipeline.ts'
import { blurStills } from './blur-stills.ts'
import { isLogged, maxCommitWaitMs } from './committed-identity.ts'
import type { Site } from './open-site.ts'
import { acknowledgeTo, reportTo } from './reports.ts'
import type { RunOptions } from './run-options.ts'
import { createWorkerMessages, type WorkerMessageParts } from './worker-messages.ts'

/** From the workers through identity into the sinks. Subscribing starts the workers; unsubscribing kills them. */
export const siteFlow = (config: Config, options: RunOptions, site: Site): Observable<Identified> => {
  const { untilEnd } = options
  const writer = options.takenOver?.writer
  const { pool, metrics, outputs, cameras, figures } = site
  const takeMessage = createWorkerMessages(messageParts(site, untilEnd))
  // What the site says itself ends with what the workers say.
  const taken$ = pool.messages$.pipe(
    mergeMap(takeMessage),
    finalize(() => site.said$.complete()),
  )
  const seen$ = merge(taken$, site.said$)
  const ordered$ = untilEnd ? seen$.pipe(inTimeOrder(Object.keys(config.cameras), timing)) : seen$
  const timed = stopwatch(metrics.stageDuration)
  // The reader of a recording waits for every acknowledgement, so waiting for more events would only slow it down.
  const wait = untilEnd ? 0 : maxCommitWaitMs
  const parts = {
    engine: { ...traced(site), finish: () => site.committed.finish(untilEnd && !site.end.isEarly()) },
    outboxes: outputs.outboxes,
    maxCommitWaitMs: wait,
    timed,
    onIdentified: identified(site, options),
    ...(writer && { settled: () => writer.settled() }),
  }
  return identity(ordered$, parts).pipe(
    tap(forgetWithoutSinks(site)),
    tap(acknowledgeTo(pool, metrics, Date.now)),
    tap(({ seen }) => {
      if (seen && cameras.has(seen.type === 'faces' ? seen.faces.camera : seen.change.camera)) figures.saw(seen)
    }),
  )
}

/** Who is told what the workers say. */
const messageParts = (site: Site, untilEnd: boolean): WorkerMessageParts => {
  const { state, status, frames, metrics, outputs, captures, figures, cameras, end, log } = site
  return {
    state,
    status,
    frames,
    metrics,
    untilEnd,
    watched: site.watched,
    logLevel: site.logLevel,
    publishPicture: blurStills((picture) => outputs.webSocket?.publishPicture(picture)),
    publishUnit: (unit) => outputs.webSocket?.publishUnit(unit),
    publishNoVideo: (camera, reason) => outputs.webSocket?.publishNoVideo(camera, reason),
    keepCrop: site.keepCrop,
    captures,
    figures,
    onWarning: site.recentLog.note,
    hasCamera: (camera) => cameras.has(camera),
    onFatal: (error) => end.fatal.push(error),
    nowMs: Date.now,
    log,
  }
}

/** The engine, whose updates are traced where anything is. */
const traced = ({ committed, traces }: Pick<Site, 'committed' | 'traces'>): Site['committed'] =>
  traces ? { ...committed, update: (faces) => traces.identify(faces, () => committed.update(faces)) } : committed

/** Reports what was identified, and tells the pictures of people whose they are. */
const identified = (site: Site, { scorer, onIdentified }: RunOptions) => {
  const { status, frames, metrics, engine, log, crops, traces } = site
  const report = reportTo({ status, frames, metrics, people: () => engine.peopleCount(), scorer, log })
  return (found: Identified): void => {
    report(found)
    onIdentified?.(found)
    if (found.seen?.type === 'faces') {
      traces?.committed(found.seen.faces)
      crops?.saw(found.seen.faces)
    }
    if (found.events.some(isLogged)) crops?.stale()
  }
}

/** Without sinks nobody has to be told, so what is committed counts as published. */
const forgetWithoutSinks =
  ({ outputs, store }: Pick<Site, 'outputs' | 'store'>) =>
  ({ events }: Identified): void => {
    const last = outputs.outboxes.length === 0 && events.findLast(isLogged)
    if (last) store?.published(last.data.sequence)
  }

const timing = (seen: Seen) =>
  seen.type === 'faces'
    ? { camera: seen.faces.camera, atMs: seen.faces.capturedAtMs, last: false }
    : { camera: seen.change.camera, atMs: seen.change.atMs, last: seen.change.state === 'ended' }
