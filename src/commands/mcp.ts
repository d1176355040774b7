import { RollcallError } from '../errors.ts'
import { parse } from './arguments.ts'
import { askRollcall } from './people/http-client.ts'
import { runningHelp, runningOptions, runningRollcall } from './running-rollcall.ts'

const help = `rollcall mcp [--url URL | --state DIR | --config FILE]

Answers the questions of an assistant over stdin and stdout (Model Context Protocol): who is here, who was where and when, why an
ID is a person, what changed, which cameras have problems. It only reads. The assistant's program starts it; docs/integrations.md
shows how.

${runningHelp}

A token with the scope read comes from ROLLCALL_TOKEN.`

/** A question waits for an answer, and an assistant for it. */
const patienceMs = 30_000

/** Serves until the other side closes stdin. Resolves to 0; throws USAGE. */
export const mcp = async (args: readonly string[]): Promise<number> => {
  const options = parse('mcp', args, {
    ...runningOptions,
    help: { type: 'boolean', short: 'h' },
  })
  if (options.help) {
    console.log(help)
    return 0
  }
  const origin = await runningRollcall(options)
  if (process.stdin.isTTY)
    throw new RollcallError('USAGE', 'rollcall mcp talks to a program, not to people', {
      remedy: 'Let an assistant start it; see rollcall mcp --help.',
    })
  const { serveStdio } = await import('@modelcontextprotocol/server/stdio')
  const { createTools } = await import('./mcp/tools.ts')
  const ask = (path: string): Promise<unknown> =>
    askRollcall(origin, {
      method: 'GET',
      path,
      token: process.env.ROLLCALL_TOKEN || null,
      patienceMs,
      elsewhere: ', and that Rollcall runs with HTTP on',
    })
  await new Promise<void>((resolve) => {
    const served = serveStdio(() => createTools({ ask, nowMs: Date.now }), {
      onerror: (error) => console.error(`rollcall: ${error.message}`),
    })
    process.stdin.once('end', () => void served.close().then(resolve))
  })
  return 0
}
