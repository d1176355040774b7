/** The program: runs the command line and turns its failures into words and exit codes. */
import { commandLine } from './command-line.ts'
import { describeError, RollcallError } from './errors.ts'

try {
  process.exitCode = await commandLine(process.argv.slice(2))
} catch (error) {
  console.error(`rollcall: ${describeError(error)}`)
  process.exitCode = error instanceof RollcallError && error.code === 'USAGE' ? 2 : 1
}
