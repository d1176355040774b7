/** `npm run bench`: one question a file; each prints `name value` lines. */
import { readdirSync } from 'node:fs'

const questions = readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z-]+\.bench\.ts$/.test(file))
  .map((file) => file.replace('.bench.ts', ''))

const [name, ...args] = process.argv.slice(2)
if (name === undefined || !questions.includes(name)) {
  console.error(`npm run bench -- NAME [OPTIONS], where NAME is one of: ${questions.join(', ')}`)
  process.exitCode = 2
} else {
  const { bench } = (await import(`./${name}.bench.ts`)) as { bench: (args: readonly string[]) => Promise<void> }
  await bench(args)
}
