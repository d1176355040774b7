/** `npm run test:scale -- --seed 1 --rounds 1`: processes and brokers are killed and put to sleep. See docs/scale.md. */
import { parseArgs } from 'node:util'
import { createIdentities } from '../chaos/identities.ts'
import { hasKafka } from '../support/kafka/broker.ts'
import { startCluster } from '../support/kafka/cluster.ts'
import { simulateSite } from './cameras.ts'
import { faultCount } from './faults.ts'
import { runScale, type StepResult } from './scale.ts'
import { rollcallRole } from './world.ts'

const usage = `npm run test:scale -- [OPTIONS]

Three brokers, three vision and two identity processes, and twelve simulated cameras on this machine. Faults in an order that the
seed gives: kill -9 and SIGSTOP of workers and identity, kill -9 of a broker, a rolling restart, workers more and stronger.

  --seed N       of everything that chance says; 1 unless given
  --rounds N     every fault so often; 1 unless given
  --minutes M    no step begins after that; 60 unless given
  --only TEXT    only the faults with TEXT in their names
  --cameras N    12 unless given, a multiple of four

Exit code 1: something was not as it must be.`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '60' },
    only: { type: 'string', default: '' },
    cameras: { type: 'string', default: '12' },
    help: { type: 'boolean', default: false },
  },
})

const table = (steps: readonly StepResult[]): string => {
  const width = Math.max(...steps.map(({ name }) => name.length))
  return steps
    .map(({ step, name, tookMs, failure }) => {
      const took = (tookMs / 1000).toFixed(0).padStart(4)
      return `${String(step).padStart(3)}  ${name.padEnd(width)}  ${took} s  ${failure === null ? 'ok' : `FAILED: ${failure}`}`
    })
    .join('\n')
}

// What it has started is killed with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

if (values.help) console.log(usage)
else if (!hasKafka) {
  console.error('no Apache Kafka: install java (17 or newer) and mvn')
  process.exitCode = 1
} else {
  await using opening = new AsyncDisposableStack()
  console.log('   0 s  three brokers are started …')
  const cluster = opening.adopt(await startCluster(3), (started) => started.close())
  const site = opening.adopt(await simulateSite(Number(values.cameras)), (started) => started.close())
  const seed = Number(values.seed)
  const steps = await runScale({
    seed,
    minutes: Number(values.minutes),
    steps: Number(values.rounds) * faultCount(values.only),
    only: values.only,
    brokers: cluster.brokers,
    cluster,
    replicas: cluster.brokers.length,
    cameras: site.cameras,
    single: site.single,
    people: createIdentities(site.watched),
    workers: 3,
    vision: rollcallRole('vision'),
    watchMs: 30_000,
    sleepMs: 30_000,
    say: (line) => console.log(line),
  })
  console.log(`\n${table(steps)}`)
  if (steps.some(({ failure }) => failure !== null)) {
    console.log(`repeat it with: npm run test:scale -- --seed ${seed}`)
    process.exitCode = 1
  }
}
