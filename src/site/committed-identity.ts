import { concat, defer, from, type Observable, Subject } from 'rxjs'
import { type Firing, isAboutPeople, type RollcallEvent } from '../events/types.ts'
import type { Identity } from '../identity/identity.ts'
import type { LiveChange } from '../identity/state/live-rows.ts'
import type { LoggedEvent } from '../identity/state/state.ts'
import type { Archive } from '../identity/store/archive.ts'
import type { Store } from '../identity/store/store.ts'
import type { CommitLog } from '../operators/group-commit.ts'
import type { Identified } from '../operators/identify.ts'
import type { RuleBook, RuleBookChange } from '../rules/rule-book.ts'
import type { Rules } from '../rules/rules.ts'
import type { VisitsChange } from '../rules/visits.ts'
import type { Ledger } from '../seam/ledger.ts'
import type { CameraId, WallMs } from '../types.ts'
import type { Transact } from './acting.ts'

/**
 * The engine with the store that keeps what it knows. The events of `update`, `change` and `finish` are not on disk yet; they
 * may leave once `hasUncommitted` returns false, which `groupCommit` ensures.
 */
export interface CommittedIdentity extends Pick<Identity, 'update' | 'change' | 'finish'>, CommitLog {
  /**
   * Runs a user's change of people. It and everything before it are on disk when this returns. Throws STATE and what
   * `work` throws.
   */
  readonly transact: Transact
  /** Runs `Identity.tick` with commit and publication, like `transact`, but does not throw when the commit fails. */
  readonly tick: (nowMs: WallMs | null) => void
  /**
   * The events of `transact` and `tick`, in the engine's order. For one subscriber. Completes with `finish`; fails when a commit fails.
   */
  readonly galleryEvents$: Observable<Identified>
}

/** The longest time that a live event waits so that others share its commit: less than one frame at 30 a second. */
export const maxCommitWaitMs = 20
/** How much of a camera's time a crash may cost: only positions in streams, never a person that an event named. */
const commitEveryMs = 1000
/** Without a store, collected changes are discarded after so many events, so that they do not grow. */
const discardEvery = 1000

/** Whether the store keeps the event until every sink has it: events about people, tracks, sightings and rules. */
export const isLogged = (event: RollcallEvent): event is LoggedEvent => isAboutPeople(event)

/** What a committed identity works with besides its engine and its store. */
export interface CommittedParts {
  /** What is past, where there is no store. */
  readonly inMemory?: Pick<Archive, 'apply'>
  /**
   * Is told of changes by users and by retention, the only ones that delete people, once they are on disk; what it throws
   * reaches the caller of `transact`.
   */
  readonly onCommitted?: (events: readonly RollcallEvent[]) => void
  /** Their firings are committed with the events that they follow from. */
  readonly rules?: Rules
  /** Rules that were given or taken away are committed with what led to it. */
  readonly given?: Pick<RuleBook, 'takeChanged'>
  /** How far faces were read from Kafka is committed with what followed from them. */
  readonly ledger?: Pick<Ledger, 'takeChanged'>
  /** Milliseconds since any moment, which never jump: only `tick` asks. */
  readonly elapsedMs?: () => number
}

/**
 * Without a store, people are kept in memory only, and what is past in `inMemory` if it is given. Everything that commits throws
 * STATE when a commit fails, and ever after, because memory and disk then differ.
 */
export const createCommittedIdentity = (
  engine: Identity,
  store: Store | null,
  parts: CommittedParts = {},
): CommittedIdentity => {
  const { rules, onCommitted = () => undefined, elapsedMs = () => performance.now() } = parts
  const commits = createCommits(engine, store, parts)
  const gallery = createGalleryEvents()

  /** Commits and publishes events that came from no message of a worker. */
  const commitAndPublish = (events: readonly RollcallEvent[]): void => {
    try {
      commits.commit()
    } catch (error) {
      gallery.fail(error)
      throw error
    }
    if (events.length > 0) gallery.publish(events)
    onCommitted(events)
  }
  /** The events, and after them those of the rules that fire because of them. */
  const withFired = (
    events: RollcallEvent[],
    fire: (rules: Rules) => readonly Firing[],
    traceparent?: string,
  ): RollcallEvent[] => {
    if (!rules) return events
    for (const firing of fire(rules)) events.push(engine.fire(firing, traceparent))
    return events
  }

  return {
    hasUncommitted: commits.hasUncommitted,
    commit: commits.commit,
    galleryEvents$: gallery.events$,
    update(faces) {
      const { camera, capturedAtMs: atMs, traceparent } = faces
      const events = engine.update(faces)
      return commits.after(
        withFired(events, (each) => each.take(events, camera, atMs), traceparent),
        camera,
        atMs,
      )
    },
    change(change) {
      const { camera, atMs } = change
      const events = engine.change(change)
      // Nobody is seen by it, and its time need not be that of the camera's frames.
      rules?.change(events)
      return commits.after(events, camera, atMs)
    },
    finish(isOver) {
      const events = engine.finish(isOver)
      rules?.change(events)
      commits.count(events)
      gallery.complete()
      return events
    },
    transact(work) {
      const events = work(engine)
      rules?.change(events)
      commitAndPublish(events)
      return events
    },
    tick(nowMs) {
      const events = engine.tick(nowMs)
      rules?.change(events)
      withFired(events, (each) => each.tick(elapsedMs()))
      try {
        commitAndPublish(events)
      } catch {
        // `galleryEvents$` has failed with the same error, and the caller could do nothing about it. Pictures that could not be
        // removed are tried again with the next sweep.
      }
    },
  }
}

/** When the engine's changes are committed. */
const createCommits = (engine: Identity, store: Store | null, parts: CommittedParts) => {
  /** Capture time of each camera's first message since the last commit; by camera, because their clocks differ. */
  const pendingSince = new Map<CameraId, number>()
  /** Logged events since the last commit. */
  let uncommitted = 0
  let failure: { readonly error: unknown } | undefined

  const commit = (): void => {
    if (failure) throw failure.error
    pendingSince.clear()
    engine.keep(rowsOf(parts))
    const change = engine.takeChange()
    try {
      if (store) store.commit(change)
      else parts.inMemory?.apply(change)
    } catch (error) {
      failure = { error }
      throw error
    }
    uncommitted = 0
  }
  const count = (events: readonly RollcallEvent[]): void => {
    uncommitted += events.filter(isLogged).length
  }
  const isDue = (camera: CameraId, atMs: number): boolean => {
    const since = pendingSince.get(camera) ?? atMs
    pendingSince.set(camera, since)
    return Math.abs(atMs - since) >= commitEveryMs
  }
  return {
    commit,
    count,
    hasUncommitted: (): boolean => store !== null && uncommitted > 0,
    /** Counts the events of a message of `camera`, and commits if that is due; returns the events. */
    after: (events: RollcallEvent[], camera: CameraId, atMs: number): RollcallEvent[] => {
      count(events)
      // Positions alone are committed once a second; where events wait, `groupCommit` commits both.
      if (store ? uncommitted === 0 && isDue(camera, atMs) : uncommitted >= discardEvery) commit()
      return events
    },
  }
}

/** All in one change, because the next call of `keep` before a commit replaces the one before. */
const rowsOf = ({ rules, given, ledger }: Pick<CommittedParts, 'rules' | 'given' | 'ledger'>): LiveChange => {
  const none = { put: [], gone: [] }
  const visits: VisitsChange = rules?.takeChanged() ?? none
  const book: RuleBookChange = given?.takeChanged() ?? none
  const seam = ledger?.takeChanged() ?? []
  return {
    put: [
      ...visits.put.map((row) => ({ kind: 'rule' as const, ...row })),
      ...book.put.map((row) => ({ kind: 'given-rule' as const, ...row })),
      ...seam.map((row) => ({ kind: 'seam' as const, ...row })),
    ],
    gone: [
      ...visits.gone.map((key) => ({ kind: 'rule' as const, key })),
      ...book.gone.map((key) => ({ kind: 'given-rule' as const, key })),
    ],
  }
}

/** Events for one subscriber; what is published before it subscribes waits for it. */
const createGalleryEvents = () => {
  const later$ = new Subject<Identified>()
  /** Null once somebody has subscribed. */
  let early: Identified[] | null = []
  return {
    publish: (events: readonly RollcallEvent[]): void => {
      if (early) early.push({ seen: null, events })
      else later$.next({ seen: null, events })
    },
    fail: (error: unknown): void => later$.error(error),
    complete: (): void => later$.complete(),
    events$: defer(() => {
      const first = early ?? []
      early = null
      return concat(from(first), later$)
    }),
  }
}
