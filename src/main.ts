/** The command line: one table of all commands. */
import { config } from './commands/config.ts'
import { demo } from './commands/demo.ts'
import { doctor } from './commands/doctor.ts'
import { evaluate } from './commands/eval.ts'
import { events } from './commands/events.ts'
import { models } from './commands/models.ts'
import { people } from './commands/people.ts'
import { run } from './commands/run.ts'
import { describeError, RollcallError } from './errors.ts'

/** Resolves to the exit code. */
type Command = (args: readonly string[]) => Promise<number>

const commands: Record<string, { readonly command: Command; readonly what: string }> = {
  run: { command: run, what: 'watch cameras or recordings: faces in, stable person IDs out' },
  demo: { command: demo, what: 'simulated cameras over real RTSP, watched by the whole pipeline, with the viewer' },
  people: {
    command: people,
    what: 'the people that are known: list, name, merge, split, delete, export, import, enroll from photos',
  },
  config: { command: config, what: 'print a complete configuration, every key explained' },
  models: { command: models, what: 'list the models that are there, and fetch public ones' },
  eval: { command: evaluate, what: 'measure how good it is: verification, clustering, tracking, identities' },
  events: { command: events, what: 'print events as they come, from a WebSocket or from Kafka' },
  doctor: {
    command: doctor,
    what: 'check what is installed and what is missing, and print the command that installs it',
  },
}

const usage = `rollcall COMMAND [OPTIONS]

${Object.entries(commands)
  .map(([name, { what }]) => `  ${name.padEnd(8)} ${what}`)
  .join('\n')}

rollcall COMMAND --help explains its options.`

const main = async ([name, ...args]: readonly string[]): Promise<number> => {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    console.log(usage)
    return name === undefined ? 2 : 0
  }
  const entry = commands[name]
  if (entry === undefined) {
    throw new RollcallError('USAGE', `there is no command "${name}"; there are ${Object.keys(commands).join(', ')}`)
  }
  return entry.command(args)
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`rollcall: ${describeError(error)}`)
  process.exitCode = error instanceof RollcallError && error.code === 'USAGE' ? 2 : 1
}
