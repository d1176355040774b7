import { join, relative } from 'node:path'
import { RollcallError } from '../errors.ts'
import { roleOf } from '../vision/descriptor.ts'
import { knownModels } from '../vision/known-models.ts'
import { describeModels } from '../vision/model-files.ts'
import { shippedModels } from '../vision/options.ts'
import { pullModel } from '../vision/pull-model.ts'
import { named, parse } from './arguments.ts'

const help = `rollcall models list [--models DIR]         lists the models in the directory and the public ones that can be fetched
rollcall models pull NAME [--models DIR]    fetches one and checks its SHA-256; continues a download that broke off
rollcall models migrate OLD NEW [OPTIONS]   carries known people over to another embedder (see its --help)

  --models DIR    the directory of models (default: the project's own models/)

Nothing is fetched unless you ask for it here. Each model has its own licence; read it before you use the model.`

const downloads = knownModels.flatMap((known) => (known.download ? [{ ...known, download: known.download }] : []))

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`

const list = async (directory: string): Promise<void> => {
  const files = await describeModels(directory).catch(() => [])
  console.log(`In ${relative(process.cwd(), directory) || '.'}:`)
  for (const { name, role, problem } of files) console.log(`  ${name.padEnd(32)} ${problem ? problem.message : role}`)
  if (files.length === 0) console.log('  nothing')
  console.log('\nCan be fetched with `rollcall models pull NAME`:')
  for (const { descriptor, download } of downloads) {
    const size = megabytes(download.bytes).padStart(9)
    console.log(`  ${download.name.padEnd(14)} ${roleOf(descriptor).padEnd(9)} ${size}  ${descriptor.licence}`)
  }
}

/** Shows progress: in place on a terminal, otherwise a line for each quarter. */
const progressOn = (stream: NodeJS.WriteStream, name: string, total: number) => {
  let shown = -1
  return (bytes: number): void => {
    const percent = Math.floor((100 * bytes) / total)
    if (percent === shown || (!stream.isTTY && percent - shown < 25 && percent < 100)) return
    shown = percent
    const line = `${name}: ${megabytes(bytes)} of ${megabytes(total)}, ${percent} %`
    stream.write(stream.isTTY ? `\r\x1b[2K${line}${percent === 100 ? '\n' : ''}` : `${line}\n`)
  }
}

const pull = async (name: string | undefined, directory: string): Promise<void> => {
  const known = downloads.find(({ download }) => download.name === name)
  if (!known) {
    const names = downloads.map(({ download }) => download.name).join(', ')
    throw new RollcallError(
      'USAGE',
      `${name === undefined ? 'which model?' : `no model "${name}"`} There are ${names}`,
      {
        remedy: 'see rollcall models list',
      },
    )
  }
  const { download, descriptor, fileName, sha256 } = known
  if (download.nonCommercial) console.error(`${download.name}: ${descriptor.licence}`)
  const file = join(directory, fileName)
  const result = await pullModel({ ...download, sha256 }, file, {
    onProgress: progressOn(process.stderr, download.name, download.bytes),
  })
  const role = roleOf(descriptor)
  const model = fileName.replace(/\.onnx$/, '')
  console.log(`${file} ${result === 'there' ? 'was there already' : 'is there'}; licence: ${descriptor.licence}`)
  console.log(`Use it with   models: { directory: ${directory}, ${role}: ${model} }   in the configuration.`)
}

const actions: Readonly<Record<string, (directory: string, name: string | undefined) => Promise<void>>> = {
  list,
  pull: (directory, name) => pull(name, directory),
}

/** Lists, fetches or migrates models. Resolves to 0; throws USAGE, and what `pullModel` and `migrate` throw. */
export const models = async (args: readonly string[]): Promise<number> => {
  const [action, ...rest] = args
  // Loaded when it is asked for, because it needs the models' runtime and the addon.
  if (action === 'migrate') return (await import('./models/migrate.ts')).migrate(rest)
  const name = action === 'pull' && !rest[0]?.startsWith('-') ? rest.shift() : undefined
  const asked = action === '--help' || action === '-h' || rest.some((arg) => arg === '--help' || arg === '-h')
  if (asked) {
    console.log(help)
    return 0
  }
  if (action === undefined) {
    console.log(help)
    return 2
  }
  // `migrate` is here for its name: it is run above.
  const known: typeof actions = { ...actions, migrate: list }
  const run = named('models command', action, known, 'see rollcall models --help')
  const { models: directory = shippedModels } = parse('models', rest, { models: { type: 'string' } })
  await run(directory, name)
  return 0
}
