import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { openFaults } from '../../support/faults/faults.ts'
import { scratchDirectory } from '../../support/footage.ts'

/** A real process whose outbox writes events 1 to 40 to `target`, frames of one kind, while its disk fails as it is told. */
const writer = (target: string, stdout: number | 'ignore') => {
  const faults = openFaults()
  if (!faults) throw new Error('there is no C compiler')
  onTestFinished(() => faults.close())
  const url = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href)
  const script = `
    import { openJsonLines } from ${url('../../../src/sinks/jsonl/json-lines.ts')}
    import { createOutbox } from ${url('../../../src/sinks/outbox.ts')}
    import { frameEvent } from ${url('../events.ts')}
    const say = (what) => console.error(what)
    const log = { debug() {}, info: (_, text) => say(text), warn: (_, text) => say(text), error: ({ error }) => say(error) }
    const sink = await openJsonLines(${JSON.stringify(target)}, { maxBytes: null, keep: 1 }, log)
    const nothing = () => {}
    const outbox = createOutbox(sink, {
      capacity: 100, mayDrop: new Set(), kept: null, giveUpAfterMs: 60_000, log,
      onDrop: nothing, onGone: (error) => say('gone ' + error.message), onFailure: () => say('failed'),
    })
    const push = (from, to) => outbox.push(Array.from({ length: to - from }, (_, i) => frameEvent('door', from + i)))
    await push(1, 11)
    process.stdin.once('data', async () => {
      await push(11, 41)
      await outbox.close()
      process.exit()
    })
    say('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['pipe', stdout, 'pipe'],
    env: { ...process.env, ...faults.env },
  })
  let said = ''
  child.stderr?.on('data', (chunk: Buffer) => (said += chunk))
  const until = async (what: string): Promise<void> => {
    while (!said.includes(what)) await once(child.stderr as NodeJS.EventEmitter, 'data')
  }
  return { child, faults, until, said: () => said }
}

const wholeSeqs = (path: string): number[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { data: { seq: number } }).data.seq)

const all = Array.from({ length: 40 }, (_, i) => i + 1)

const canFail = openFaults()
canFail?.close()

test.skipIf(!canFail).each<[string, (file: string) => readonly string[]]>([
  ['ENOSPC', (file) => [`write ENOSPC ${file}`]],
  ['ENOSPC', (file) => [`write room:900 ${file}`]],
  // Nor can the torn line be cut off, until the file is opened again.
  ['ENOSPC', (file) => [`truncate EIO ${file}`, `write room:900 ${file}`]],
  ['EDQUOT', (file) => [`write EDQUOT ${file}`]],
  ['EIO', (file) => [`write EIO ${file}`]],
  ['EROFS', (file) => [`open,write EROFS ${file}`]],
  ['EIO', (file) => [`write EIO ${file}`, `open EMFILE ${file}`]],
])('%s: the file gets every line once, whole, when the disk is well again', async (errno, rules) => {
  const path = join(scratchDirectory(), 'events.jsonl')
  const { child, faults, until, said } = writer(path, 'ignore')
  await until('ready')
  faults.set(...rules(path))
  child.stdin?.write('go')
  await until('failed\nfailed')
  faults.set()
  await once(child, 'close')
  expect(wholeSeqs(path)).toEqual(all)
  expect(said()).toContain(`(${errno})`)
  expect(said().trim().endsWith('sink takes events again')).toBe(true)
})

test.skipIf(!canFail).each(['room:900', 'EIO'])(
  '%s of a file that is stdout: no line is torn or comes twice',
  async (how) => {
    const path = join(scratchDirectory(), 'events.jsonl')
    const fd = openSync(path, 'w')
    const { child, faults, until } = writer('-', fd)
    closeSync(fd)
    await until('ready')
    faults.set(`write ${how} ${path}`)
    child.stdin?.write('go')
    await until('failed\nfailed')
    faults.set()
    await once(child, 'close')
    expect(wholeSeqs(path)).toEqual(all)
  },
)
