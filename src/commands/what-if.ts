import { inPlainWords } from '../config/expectation.ts'
import { RollcallError } from '../errors.ts'
import { type WhatIfQuestion, whatIfBody } from '../server/what-if-route.ts'
import { stateDirectoryOf } from '../site/state-directory.ts'
import { configure, parse } from './arguments.ts'
import { openClient } from './people/open-client.ts'
import { parseSince } from './since.ts'
import { whatIfText } from './what-if/print.ts'

const help = `rollcall what-if [--since 7d] SETTING... [--apply] [OPTIONS]

Whose ID would change with other settings? Replays the tracks that are kept, once with the settings as they are and once with the
others, and says what differs and why. Changes nothing without --apply.

  --since AGE|DATE  how far back: 12h, 7d, 2w, 2026-03-02 (default 7d); at most identity.sightingDays are kept
  --risk X          identity.risk: wrong visits in a thousand; the thresholds that follow from it follow
  --join X, --create X, --leave X, --merge X, --split X, --margin X
                    one threshold of identity
  --apply           does it, as merges, splits and moves in one action that rollcall people undo takes back; the settings stay
                    as they are
  --url URL         a running Rollcall; its token is in the environment variable ROLLCALL_TOKEN
  --state DIR       without --url: where people are kept. Asks the Rollcall that has it open, or opens it itself
  --config FILE     the configuration that Rollcall runs with
  --json            the whole result as JSON`

const settings = ['risk', 'join', 'create', 'leave', 'merge', 'split', 'margin'] as const

const text = { type: 'string' } as const
const options = {
  since: { type: 'string', default: '7d' },
  risk: text,
  join: text,
  create: text,
  leave: text,
  merge: text,
  split: text,
  margin: text,
  apply: { type: 'boolean', default: false },
  url: text,
  state: text,
  config: text,
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const

const remedy = 'see rollcall what-if --help'

/** What is asked, from the words. Throws USAGE. */
const questionFrom = (values: Partial<Record<string, unknown>>, fromMs: number): WhatIfQuestion => {
  const given = settings.flatMap((name) => {
    const value = values[name]
    return typeof value === 'string' ? [[name, value.trim() === '' ? value : Number(value)] as const] : []
  })
  if (given.length === 0)
    throw new RollcallError('USAGE', 'what-if: no setting that would be otherwise', {
      remedy: 'for example rollcall what-if --risk 12',
    })
  const result = whatIfBody.safeParse({ fromMs, ...Object.fromEntries(given) }, { error: inPlainWords })
  if (result.success) return result.data
  const why = result.error.issues.map(({ path, message }) => `--${path.join('.')}: ${message}`).join('; ')
  throw new RollcallError('USAGE', why, { remedy })
}

/** `rollcall what-if`. Resolves to 0; throws USAGE and STATE. */
export const whatIf = async (args: readonly string[]): Promise<number> => {
  const values = parse('what-if', args, options)
  if (values.help) {
    console.log(help)
    return 0
  }
  const question = questionFrom(values, parseSince(values.since, Date.now()))
  const config = configure(
    {
      ...(values.config !== undefined && { config: values.config }),
      ...(values.state !== undefined && { state: values.state }),
    },
    process.env,
  )
  const client = await openClient({
    config,
    url: values.url,
    stateDirectory: values.url === undefined ? stateDirectoryOf(config, { untilEnd: false, env: process.env }) : null,
    token: process.env.ROLLCALL_TOKEN || null,
  })
  try {
    const answer = await client.whatIf({ ...question, apply: values.apply })
    console.log(values.json ? JSON.stringify(answer) : whatIfText(answer, values.since))
    return 0
  } finally {
    await client.close()
  }
}
