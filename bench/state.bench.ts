/**
 * What does it cost the identity thread to keep people on disk? Live traffic at its own speed, with as many people seen
 * within the last half minute as asked for; then deletions from a large gallery.
 *
 *   npm run bench -- state [--recent 300] [--seconds 20] [--people 10000] [--deletions 5]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { lastValueFrom, Subject } from 'rxjs'
import { createIdentity } from '../src/identity/identity.ts'
import { identityOptions } from '../src/identity/options.ts'
import { openStore } from '../src/identity/store/open.ts'
import { gaussianFrom, seededRandom } from '../src/math/seeded-random.ts'
import { unit } from '../src/math/vector.ts'
import type { StageTimer } from '../src/operators/analysed.ts'
import type { Seen } from '../src/operators/identify.ts'
import { identity } from '../src/pipeline.ts'
import { createCommittedIdentity, maxCommitWaitMs } from '../src/site/committed-identity.ts'
import { passersBy } from './passers-by.ts'

const embedder = { name: 'bench', sha256: '5'.repeat(64), dimensions: 128 }
/** Exemplars of a person who is known well. */
const looks = 5

const bytesWritten = (): number => Number(/^wchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8'))?.[1])
const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * share)] ?? Number.NaN

const withDirectory = async (work: (directory: string) => Promise<void>): Promise<void> => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'))
  try {
    await work(directory)
  } finally {
    rmSync(directory, { recursive: true })
  }
}

/** Plays `seconds` of traffic in real time after half a minute of it at once. */
const live = async (directory: string, recent: number, seconds: number): Promise<void> => {
  const commits: number[] = []
  let busyMs = 0
  const timed: StageTimer = (stage, work) => {
    const from = performance.now()
    const result = work()
    const ms = performance.now() - from
    busyMs += ms
    if (stage === 'commit') commits.push(ms)
    return result
  }
  const store = openStore(directory, { embedder })
  let count = 0
  const counting = {
    ...store,
    commit: (change: Parameters<typeof store.commit>[0]): void => {
      count++
      store.commit(change)
    },
  }
  const engine = createIdentity(identityOptions.parse({}))
  const committed = createCommittedIdentity(engine, counting)
  const seen$ = new Subject<Seen>()
  const onIdentified = (): void => undefined
  const parts = { engine: committed, outboxes: [], maxCommitWaitMs, timed, onIdentified }
  const done = lastValueFrom(identity(seen$, parts), { defaultValue: null })
  const traffic = passersBy(recent)
  for (const faces of traffic.warmUp()) seen$.next({ type: 'faces', faces })
  await sleep(100)
  const before = { bytes: bytesWritten(), cpu: process.threadCpuUsage(), startMs: performance.now(), count, busyMs }
  commits.length = 0
  for (const { faces, atMs } of traffic.live(seconds)) {
    const aheadMs = before.startMs + atMs - performance.now()
    // Timers have their turn between messages, as they have between those of vision processes.
    await (aheadMs > 1 ? sleep(aheadMs) : setImmediate())
    seen$.next({ type: 'faces', faces })
  }
  await sleep(50)
  const { user, system } = process.threadCpuUsage(before.cpu)
  const taken = count - before.count
  const bytes = bytesWritten() - before.bytes
  const tell = (name: string, value: number, digits = 1): void => console.log(`${name} ${value.toFixed(digits)}`)
  tell('people', engine.peopleCount(), 0)
  tell('commits_per_second', taken / seconds)
  tell('kb_per_commit', bytes / taken / 1000)
  tell('kb_per_second', bytes / seconds / 1000)
  tell('cpu_ms_per_second', (user + system) / 1000 / seconds)
  tell('busy_ms_per_second', (busyMs - before.busyMs) / seconds)
  if (commits.length > 0) tell('commit_ms_p50', quantile(commits, 0.5), 2)
  if (commits.length > 0) tell('commit_ms_p99', quantile(commits, 0.99), 2)
  seen$.complete()
  await done
  store.close()
}

/** Deletes some of many people who are known well; each deletion is one request. */
const deletions = async (directory: string, people: number, count: number): Promise<void> => {
  const store = openStore(directory, { embedder })
  const engine = createIdentity(identityOptions.parse({}))
  const committed = createCommittedIdentity(engine, store)
  const gaussian = gaussianFrom(seededRandom(1))
  const vector = (): number[] => [...(unit(Float32Array.from({ length: 128 }, gaussian)) ?? [])]
  const exemplars = () => Array.from({ length: looks }, () => ({ vector: vector(), weight: 0.9 }))
  const unseen = { archived: false, createdAtMs: 0, lastSeenAtMs: 0, lastCamera: '', tracks: 0, faces: 0 }
  const imported = Array.from({ length: people }, (_, i) => ({
    id: `p${i}`,
    name: `N${i}`,
    exemplars: exemplars(),
    aliases: [],
    apart: [],
    ...unseen,
  }))
  for (let i = 0; i < people; i += 1000)
    committed.transact((gallery) => gallery.importPeople(imported.slice(i, i + 1000), 0))
  const ms: number[] = []
  for (let i = 0; i < count; i++) {
    const from = performance.now()
    committed.transact((gallery) => gallery.remove(`p${i * 7 + 3}`, 0))
    ms.push(performance.now() - from)
  }
  console.log(`deletion_ms_p50 ${quantile(ms, 0.5).toFixed(1)}`)
  console.log(`deletion_ms_max ${Math.max(...ms).toFixed(1)}`)
  store.close()
}

export const bench = async (args: readonly string[]): Promise<void> => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      recent: { type: 'string', default: '300' },
      seconds: { type: 'string', default: '20' },
      people: { type: 'string', default: '10000' },
      deletions: { type: 'string', default: '5' },
    },
  })
  if (Number(values.seconds) > 0)
    await withDirectory((directory) => live(directory, Number(values.recent), Number(values.seconds)))
  if (Number(values.people) > 0)
    await withDirectory((directory) => deletions(directory, Number(values.people), Number(values.deletions)))
}
