import { RollcallError } from '../errors.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import { configure, named, parseWords } from './arguments.ts'
import { comprefaceLibrary } from './import/compreface.ts'
import { frigateLibrary } from './import/frigate.ts'
import { nameFrom } from './people/call.ts'
import { enrollLibrary, type PhotoLibrary } from './people/run-enroll.ts'

const help = `rollcall import frigate DIR
rollcall import compreface URL
rollcall import compreface DIR

Takes over the people of another program: each gets a name and an ID, by the photos that are kept there. Photos are reviewed as
rollcall people enroll does it, and each that is not usable is named with the reason. Nothing changes in the other program.

  frigate DIR      the media directory of Frigate, with clips/faces/NAME/*.webp in it; faces in train are left out
  compreface URL   a running CompreFace, such as http://127.0.0.1:8000; the key of its recognition service comes from
                   COMPREFACE_API_KEY
  compreface DIR   a folder with a folder of photos for each subject

  --url URL        adds them to a running Rollcall; its token, with the scope biometric, comes from ROLLCALL_TOKEN
  --state DIR      without --url: where people are kept (default ~/.local/state/rollcall/SITE); a Rollcall that has it open is asked
  --config FILE    the configuration that Rollcall runs with: state directory, models and thresholds
  --models DIR     detector and embedder
  --json           the whole result as JSON

Exit code 0: all photos accepted, 3: some refused, 1: nobody enrolled. docs/people.md says more.`

const options = {
  url: { type: 'string' },
  state: { type: 'string' },
  config: { type: 'string' },
  models: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h' },
} as const

const remedy = 'see rollcall import --help'

type Reader = (source: string, say: (line: string) => void) => Promise<PhotoLibrary>

const readers: Readonly<Record<string, Reader>> = {
  frigate: frigateLibrary,
  compreface: (source, say) => comprefaceLibrary(source, process.env.COMPREFACE_API_KEY, say),
}

/** `rollcall import`. Resolves to the exit code; throws USAGE, MODEL_MISSING and STATE. */
export const importLibrary = async (args: readonly string[]): Promise<number> => {
  const { values, positionals } = parseWords('import', args, options)
  const [program, source, more] = positionals
  if (values.help || program === undefined) {
    console.log(help)
    return values.help ? 0 : 2
  }
  const reader = named('program', program, readers, remedy)
  if (source === undefined || more !== undefined)
    throw new RollcallError('USAGE', `rollcall import ${program}: expected where its photos are, one word`, { remedy })
  const config = configure(values, process.env)
  const where = {
    config,
    url: values.url,
    stateDirectory: values.url === undefined ? stateDirectoryOf(config, { untilEnd: false, env: process.env }) : null,
    token: process.env.ROLLCALL_TOKEN || null,
  }
  return enrollLibrary({ json: values.json, where, nameFrom }, (say) => reader(source, say))
}
