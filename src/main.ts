/** The program: runs the command line and turns its failures into words and exit codes. */
import { oldNode } from './node-version.ts'

/** All else is loaded by the right Node only: an older one would stop at what it does not know, and say that. */
const run = async (): Promise<number> => {
  // A SIGHUP of logrotate may come before there is anything to read again.
  if (['run', 'vision', 'identity'].includes(process.argv[2] ?? ''))
    (await import('./commands/signals.ts')).outliveSignals()
  const [{ commandLine }, { describeInLines, RollcallError }] = await Promise.all([
    import('./command-line.ts'),
    import('./errors.ts'),
  ])
  try {
    return await commandLine(process.argv.slice(2))
  } catch (error) {
    console.error(`rollcall: ${describeInLines(error)}`)
    return error instanceof RollcallError && error.code === 'USAGE' ? 2 : 1
  }
}

const incomplete = (): void => {
  if (!process.exitCode) process.exitCode = 1
}

/**
 * What a command prints may not arrive: a full disk is told, and its code is 1, because a file that is cut looks whole. A
 * reader that has gone (`| head`) wanted no more.
 */
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE' || process.listenerCount('exit', incomplete) > 0) return
  console.error(`rollcall: stdout: ${message}: what was printed is not complete`)
  process.once('exit', incomplete)
})
const old = oldNode(process.versions.node)
if (old === null) process.exitCode = await run()
else {
  console.error(`rollcall: ${old}`)
  process.exitCode = 1
}
