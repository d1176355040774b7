/** `npm run reconnects -- --times 200`: cameras that are lost and come back, and whether anything grows by it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRelays, type Relays } from '../../src/ingest/relay/relays.ts'
import { exitCodes, type Growth, outcomeOf } from '../support/growth.ts'
import { kinds } from './kinds.ts'
import { repeat, warmUpOf } from './run.ts'
import { growthInWords, minutes, verdictInWords } from './verdict.ts'
import { watchCamera } from './watched.ts'

const usage = `npm run reconnects -- [OPTIONS]

  --times N    of each kind, at least 20; 200 unless given
  --only TEXT  only the kinds with TEXT in their names: ${Object.keys(kinds).join(', ')}

Some before, twenty at most, warm up. Slopes are what is held more after each time, with their standard error over four parts of the
run. How long it takes, and how far it is, is told on stderr. The last line is the verdict. Exit code 0: nothing grows; 1: something
does; 2: the noise is too large to say which, repeat it with more --times or on a quiet machine.`

/** What a kind needs while it runs. */
interface Run {
  readonly directory: string
  readonly relays: Relays
}

/** Opens a kind's camera, and lets `use` lose it again and again. */
const withKind = async <T>(
  name: string,
  { directory, relays }: Run,
  use: (again: () => Promise<void>) => Promise<T>,
): Promise<T> => {
  await using owned = new AsyncDisposableStack()
  const { options, again } = await kinds[name](owned, directory)
  const watched = owned.adopt(watchCamera(options, relays), (it) => it.close())
  await watched.frame(() => true)
  return await use(() => again(watched))
}

/** So often each kind is tried to see how long it takes. It loads the code, too. */
const TRIES = 3

/** Milliseconds that a kind takes for one time, with its share of opening the camera. */
const timeOf = async (name: string, run: Run): Promise<number> => {
  const startedMs = performance.now()
  await withKind(name, run, async (again) => {
    for (let i = 0; i < TRIES; i++) await again()
  })
  return (performance.now() - startedMs) / TRIES
}

const runKind = async (name: string, run: Run, times: number): Promise<readonly Growth[]> => {
  const startedMs = performance.now()
  const growth = await withKind(name, run, (again) =>
    repeat(times, again, (done, all) => {
      const leftMs = ((performance.now() - startedMs) / done) * (all - done)
      console.error(`${name}: ${done} of ${all}, ${minutes(leftMs)} left of this kind`)
    }),
  )
  const eachMs = Math.round((performance.now() - startedMs) / (times + warmUpOf(times)))
  console.log(`${name}: ${times} times, ${eachMs} ms each: ${growthInWords(growth)}`)
  return growth
}

const runAll = async (names: readonly string[], times: number): Promise<void> => {
  const run: Run = { directory: mkdtempSync(join(tmpdir(), 'rollcall-reconnects-')), relays: createRelays() }
  let eachMs = 0
  for (const name of names) eachMs += await timeOf(name, run)
  console.error(
    `${names.length} kinds, ${times} times each, and ${warmUpOf(times)} to warm up: about ${minutes(eachMs * (times + warmUpOf(times)))}`,
  )
  const found = new Map<string, readonly Growth[]>()
  for (const name of names) found.set(name, await runKind(name, run, times))
  await run.relays.close()
  rmSync(run.directory, { recursive: true })
  console.log(verdictInWords(times, found))
  process.exitCode = exitCodes[outcomeOf([...found.values()].flat())]
}

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
})
const names = Object.keys(kinds).filter((each) => each.includes(values.only))
const times = Number(values.times)
const isUsable = Number.isInteger(times) && times >= 20 && names.length > 0
if (values.help || !isUsable) {
  console.log(usage)
  process.exitCode = values.help ? 0 : 64
} else await runAll(names, times)
