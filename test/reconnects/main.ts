/** `npm run reconnects -- --times 200`: cameras that are lost and come back, and whether anything grows by it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRelays } from '../../src/ingest/relay/relays.ts'
import { kinds } from './kinds.ts'
import { type Growth, repeat } from './run.ts'
import { watchCamera } from './watched.ts'

const usage = `npm run reconnects -- [OPTIONS]

  --times N    of each kind; 200 unless given
  --only TEXT  only the kinds with TEXT in their names: ${Object.keys(kinds).join(', ')}

Half as many before warm up. Slopes are what is held more after each time, with their standard error over four parts of the
run. The last line is the verdict. Exit code 1: something grows, or the noise is too large to say that nothing does; then repeat it more often.`

const { values } = parseArgs({
  options: {
    times: { type: 'string', default: '200' },
    only: { type: 'string', default: '' },
    help: { type: 'boolean', default: false },
  },
})

const told = (growth: readonly Growth[]): string =>
  growth.map(({ of, slope, error, verdict }) => `${of} ${slope.toFixed(3)} ± ${error.toFixed(3)} ${verdict}`).join(', ')

/** Gives whether nothing grows. */
const runKind = async (name: string, directory: string, times: number): Promise<boolean> => {
  await using owned = new AsyncDisposableStack()
  const { options, again } = await kinds[name](owned, directory)
  const relays = owned.adopt(createRelays(), (it) => it.close())
  const watched = owned.adopt(watchCamera(options, relays), (it) => it.close())
  await watched.frame(() => true)
  const startedMs = performance.now()
  const growth = await repeat(times, () => again(watched))
  const eachMs = Math.round((performance.now() - startedMs) / times)
  console.log(`${name}: ${times} times, ${eachMs} ms each: ${told(growth)}`)
  return growth.every(({ verdict }) => verdict === 'flat')
}

if (values.help) console.log(usage)
else {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-reconnects-'))
  const names = Object.keys(kinds).filter((each) => each.includes(values.only))
  const failed: string[] = []
  for (const name of names) if (!(await runKind(name, directory, Number(values.times)))) failed.push(name)
  rmSync(directory, { recursive: true })
  const isMet = failed.length === 0 && names.length > 0
  const expected = 'descriptors, threads and memory flat (slope and twice its error within the limit)'
  const measured = `flat for ${names.length - failed.length} of ${names.length} kinds`
  const rest = failed.length === 0 ? '' : ` (not for ${failed.join(', ')})`
  console.log(
    `verdict: ${values.times} reconnects of each kind, ${measured}${rest}; expected ${expected}: ${isMet ? 'met' : 'NOT MET'}`,
  )
  if (!isMet) process.exitCode = 1
}
