/**
 * A child of the supervisor's tests: does what its start message says. `how` may be a list; each life takes the next
 * one, counted in a file.
 */
import { appendFileSync, readFileSync } from 'node:fs'

type How = 'exit' | 'fail' | 'crash' | 'fatal' | 'echo' | 'hang' | 'hang-without-channel'

const lives = (file: string): number => {
  appendFileSync(file, '.')
  return readFileSync(file, 'utf8').length
}

const behaviours: Record<How, () => void> = {
  exit: () => process.exit(0),
  fail: () => process.exit(3),
  crash: () => process.kill(process.pid, 'SIGSEGV'),
  fatal: () =>
    process.send?.({ type: 'fatal', code: 'MODEL_MISSING', message: 'no model', remedy: 'get one' }, () =>
      process.exit(1),
    ),
  // Tells what it is sent, ends when asked.
  echo: () =>
    process.on('message', (message: { type: string; camera?: string }) => {
      if (message.type === 'stop') process.exit(0)
      process.send?.({ type: 'metrics', metrics: [{ name: message.camera ?? message.type }] })
    }),
  hang: () => process.on('message', () => {}),
  'hang-without-channel': () => {
    process.disconnect()
    setInterval(() => {}, 1000)
  },
}

process.once('message', ({ start }: { start: { how: readonly How[]; file: string } }) => {
  const life = lives(start.file)
  const how = start.how[Math.min(life, start.how.length) - 1]
  if (how) behaviours[how]()
  if (process.connected) process.send?.({ type: 'metrics', metrics: [{ name: 'up' }] })
})
