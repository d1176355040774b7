import { existsSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { serialize } from 'node:v8'
import type { IdentityBenchmark } from '../../src/evaluate/identity-scores.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity, type Identity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import type { Scale } from '../../src/identity/people/evidence.ts'
import type { StoreBounds } from '../../src/identity/store/bounds.ts'
import { openStore } from '../../src/identity/store/open.ts'
import type { StoredEmbedder } from '../../src/identity/store/problems.ts'
import type { Store } from '../../src/identity/store/store.ts'
import { webSocketOptions } from '../../src/sinks/websocket/options.ts'
import { createReplayBuffer } from '../../src/sinks/websocket/replay-buffer.ts'
import { type CommittedIdentity, createCommittedIdentity } from '../../src/site/committed-identity.ts'
import type { PersonId } from '../../src/types.ts'
import { createChain } from './chain.ts'
import type { LoopLooks } from './looks.ts'
import { type StoryWanted, startMs, tellStory } from './story.ts'
import { type Change, createTally } from './tally.ts'

export interface SoakWanted extends StoryWanted {
  readonly embedder: StoredEmbedder
  /** The embedder's calibration. */
  readonly scale: Scale | null
  /** Where the people are kept: a directory of this run alone. */
  readonly directory: string
  /** What the state keeps; `storeBounds` when left out. */
  readonly bounds?: StoreBounds
  /** Days for which sightings are kept; the default of `identity.sightingDays` when left out. */
  readonly sightingDays?: number
  readonly onSample?: (sample: Sample) => void
}

/** How big everything is at one moment. */
export interface Sample {
  readonly minutes: number
  readonly ids: number
  readonly rssMiB: number
  readonly heapMiB: number
  /** Memory of buffers, outside V8's heap: the events that are kept for WebSocket clients most of all. */
  readonly buffersMiB: number
  /** Null where the system does not tell. */
  readonly threads: number | null
  /** Open file descriptors; null where the system does not tell. */
  readonly descriptors: number | null
  readonly databaseKiB: number
  /** Of the database, what is free and will be used again. */
  readonly freeKiB: number
  readonly rows: StoreBounds
  /** What is saved of tracks that may still change. */
  readonly liveKiB: number
}

export interface SoakResult {
  /** True people in the loops. */
  readonly people: number
  /** IDs at the end. */
  readonly ids: number
  readonly frames: number
  readonly faces: number
  readonly restarts: number
  /** Null where nobody wrote down who is there. */
  readonly scores: IdentityBenchmark | null
  readonly changes: readonly Change[]
  /** The true people behind each ID, most faces first. */
  readonly truths: ReadonlyMap<PersonId, string>
  readonly samples: readonly Sample[]
}

const sampleEveryMs = 10 * 60_000
/** Of the site's time; a commit waits for the disk, which time-lapse does not make faster. */
const commitEveryMs = 1000

const descriptors = (): number | null => (existsSync('/proc/self/fd') ? readdirSync('/proc/self/fd').length : null)

const threads = (): number | null => (existsSync('/proc/self/task') ? readdirSync('/proc/self/task').length : null)

const kibOf = (directory: string): number =>
  readdirSync(directory).reduce((sum, file) => sum + statSync(join(directory, file)).size, 0) / 1024

const mib = 2 ** 20

/** Identity as a site runs it: with its people on disk, which a restart reads again. */
const createSite = ({ embedder, scale, directory, bounds, sightingDays }: SoakWanted) => {
  let store: Store
  let engine: Identity
  let committed: CommittedIdentity
  let live: unknown = null
  const start = (): void => {
    const opened = openStore(directory, { embedder, ...(bounds && { bounds }) })
    store = {
      ...opened,
      commit(change) {
        live = change.live
        opened.commit(change)
        opened.published(change.sequence)
      },
    }
    engine = createIdentity(identityOptions.parse({ ...(sightingDays !== undefined && { sightingDays }) }), {
      saved: opened.saved(),
      ...(scale && { scale }),
    })
    committed = createCommittedIdentity(engine, store)
  }
  start()
  return {
    get engine() {
      return engine
    },
    get committed() {
      return committed
    },
    /** Writes what has happened since the last time, as `groupCommit` does in real time. */
    commit(): void {
      if (committed.hasUncommitted()) committed.commit()
    },
    restart(kill: boolean): readonly RollcallEvent[] {
      const last = kill ? [] : committed.finish()
      if (!kill) committed.commit()
      store.close()
      start()
      return last
    },
    close: () => store.close(),
    sizes: () => store.sizes(),
    liveKiB: (): number => serialize(live).length / 1024,
  }
}

/**
 * Hours of a site in minutes: the loops of footage again and again, seen by the real chain. Vision's answers about each
 * picture are known beforehand (`recordLooks`); trackers, guards, identity and its store run for every picture, on time
 * stamps that run as fast as they can be worked off. Deterministic in the seed, but for memory.
 */
export const runSoak = async (loops: readonly LoopLooks[], wanted: SoakWanted): Promise<SoakResult> => {
  const site = createSite(wanted)
  const chain = createChain()
  const tally = createTally((id) => site.engine.resolve(id))
  const replay = createReplayBuffer(webSocketOptions.parse({}).replayBytes)
  /** What becomes of events: clients may want them again, and they are compared with the truth. */
  const hear = (events: readonly RollcallEvent[], people: readonly (string | null)[] = []): void => {
    for (const event of events) replay.add(event, performance.now())
    tally.heard(events, people)
  }
  const samples: Sample[] = []
  let [frames, faces, restarts, sampledMs, committedMs] = [0, 0, 0, startMs, startMs]
  const sample = (atMs: number): void => {
    globalThis.gc?.()
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage()
    samples.push({
      minutes: (atMs - startMs) / 60_000,
      ids: site.engine.people().length,
      rssMiB: rss / mib,
      heapMiB: heapUsed / mib,
      buffersMiB: arrayBuffers / mib,
      threads: threads(),
      descriptors: descriptors(),
      databaseKiB: kibOf(wanted.directory),
      freeKiB: site.sizes().freeBytes / 1024,
      rows: site.sizes().rows,
      liveKiB: site.liveKiB(),
    })
    wanted.onSample?.(samples.at(-1) as Sample)
  }
  try {
    for (const step of tellStory(loops, wanted)) {
      if (step.type === 'frame') {
        const seen = await chain.see(step.stamp, step.look, step.loop)
        frames++
        faces += seen.faces.length
        const people = step.look.faces.map(({ person }) => person)
        hear(site.committed.update(seen), people)
        if (step.stamp.capturedAtMs - committedMs >= commitEveryMs) {
          committedMs = step.stamp.capturedAtMs
          site.commit()
        }
        if (step.stamp.capturedAtMs - sampledMs >= sampleEveryMs) sample((sampledMs = step.stamp.capturedAtMs))
      } else if (step.type === 'change') {
        if (step.change.state === 'offline') chain.restart(step.change.camera)
        hear(site.committed.change(step.change))
      } else {
        restarts++
        if (step.type === 'restart') hear(site.restart(step.kill))
        else chain.restart(null)
      }
    }
    hear(site.committed.finish())
    site.committed.commit()
    sample(startMs + wanted.hours * 3_600_000)
    const people = new Set(loops.flatMap((loop) => loop.people)).size
    const ids = site.engine.people().map(({ id }) => id)
    const truths = new Map(ids.map((id) => [id, tally.whoIs(id)]))
    const scores = people > 0 ? tally.score() : null
    return { people, ids: ids.length, frames, faces, restarts, scores, changes: tally.changes, truths, samples }
  } finally {
    site.close()
  }
}
