/** `npm run chaos -- --seed 1 --minutes 10`: faults of every kind against the whole program. See docs/operations.md. */
import { parseArgs } from 'node:util'
import { type ChaosResult, runChaos } from './chaos.ts'

const usage = `npm run chaos -- [OPTIONS]

  --seed N         of everything that chance says; 1 unless given
  --minutes M      as long as faults are done; 10 unless given
  --short          only the faults that the test suite does
  --only TEXT      only the faults with TEXT in their names
  --step N         only this step of the seed's order: repeats what a run has found
  --no-kafka       without a broker; otherwise that of KAFKA_BROKERS, or one of its own

Exit code 1: something was not as it must be.`

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    short: { type: 'boolean', default: false },
    only: { type: 'string' },
    step: { type: 'string' },
    'no-kafka': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const table = ({ steps, growth, failure }: ChaosResult): string => {
  const rows = Map.groupBy(steps, ({ name }) => name)
  const width = Math.max(...steps.map(({ name }) => name.length))
  const lines = [...rows].map(([name, runs]) => {
    const failed = runs.filter((run) => run.failure !== null)
    const meanS = runs.reduce((sum, { tookMs }) => sum + tookMs, 0) / runs.length / 1000
    const result = failed.length === 0 ? 'ok' : `FAILED in step ${failed.map(({ step }) => step).join(', ')}`
    return `${name.padEnd(width)}  ${String(runs.length).padStart(3)} ×  ${meanS.toFixed(1).padStart(6)} s  ${result}`
  })
  return [...lines, ...growth, failure === null ? 'ended in time' : `END: ${failure}`].join('\n')
}

// What it has started is killed with it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130))

if (values.help) console.log(usage)
else {
  const seed = Number(values.seed)
  const result = await runChaos({
    seed,
    minutes: Number(values.minutes),
    isShort: values.short,
    brokers: values['no-kafka'] || values.short ? null : process.env.KAFKA_BROKERS,
    ...(values.only !== undefined && { only: values.only }),
    ...(values.step !== undefined && { step: Number(values.step) }),
    say: (line) => console.log(line),
  })
  console.log(`\n${table(result)}`)
  const failed = result.steps.filter(({ failure }) => failure !== null)
  for (const { step } of failed) console.log(`repeat it with: npm run chaos -- --seed ${seed} --step ${step}`)
  if (failed.length > 0 || result.failure !== null) process.exitCode = 1
}
