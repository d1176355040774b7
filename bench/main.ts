/** `npm run bench`: one question a file; each prints `name value` lines. */
import { readdirSync } from 'node:fs'

const questions = readdirSync(import.meta.dirname)
  .filter((file) => /^[a-z-]+\.bench\.ts$/.test(file))
  .map((file) => file.replace('.bench.ts', ''))

const [name, ...args] = process.argv.slice(2)
const list = `npm run bench -- NAME [OPTIONS], where NAME is one of: ${questions.join(', ')}`
if (name === undefined) console.log(list)
else if (!questions.includes(name)) {
  console.error(list)
  process.exitCode = 2
} else {
  const { bench } = (await import(`./${name}.bench.ts`)) as { bench: (args: readonly string[]) => Promise<void> }
  await bench(args)
}
