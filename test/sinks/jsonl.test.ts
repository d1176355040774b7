import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { CloudEvent } from 'cloudevents'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonLines, openJsonLines } from '../../src/sinks/jsonl.ts'
import { frameEvent, frameFace, personCreated } from './events.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-jsonl-'))
})
afterEach(() => rm(directory, { recursive: true }))

const events = [frameEvent('door', 1, [frameFace('p1', 0.1, 0.1, 0.2, 0.3)]), personCreated('p1', 'door')]

test('writes one event a line, each a valid CloudEvent, and has written them when publish resolves', async () => {
  const path = join(directory, 'events.jsonl')
  const sink = await openJsonLines(path)
  await sink.publish(events)
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(events)
  for (const line of lines) expect(new CloudEvent(JSON.parse(line)).validate()).toBe(true)
  await sink.close()
  await sink.close()
  await expect(sink.publish(events)).rejects.toMatchObject({ code: 'SINK' })
})

test('appends to a file, and closes a line that a crash left unfinished', async () => {
  const path = join(directory, 'events.jsonl')
  await writeFile(path, '{"whole":1}\n{"torn":')
  for (const event of events) {
    const sink = await openJsonLines(path)
    await sink.publish([event])
    await sink.close()
  }
  const lines = (await readFile(path, 'utf8')).split('\n')
  expect(lines).toEqual(['{"whole":1}', '{"torn":', ...events.map((event) => JSON.stringify(event)), ''])
})

test('a file that cannot be opened is a SINK error that names it', async () => {
  const path = join(directory, 'missing', 'events.jsonl')
  await expect(openJsonLines(path)).rejects.toMatchObject({ code: 'SINK', message: expect.stringContaining(path) })
})

test('publish waits for a reader that pauses', async () => {
  const stream = new PassThrough({ highWaterMark: 16 })
  const sink = jsonLines(stream, 'pipe')
  let done = 0
  const publishing = (async () => {
    for (let seq = 0; seq < 10; seq++) {
      await sink.publish([frameEvent('door', seq)])
      done++
    }
  })()
  // Everything that can go on without the reader has gone on by then.
  for (let i = 0; i < 100; i++) await Promise.resolve()
  expect(done).toBeLessThan(3)
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk))
  await publishing
  await sink.close()
  expect(text.trimEnd().split('\n')).toHaveLength(10)
})

test('a full disk is a SINK error', async () => {
  const sink = await openJsonLines('/dev/full')
  await expect(sink.publish(events)).rejects.toMatchObject({ code: 'SINK', message: expect.stringMatching(/ENOSPC/) })
  await expect(sink.publish(events)).rejects.toMatchObject({ code: 'SINK' })
  await sink.close()
})

/** A real process that publishes to its stdout until that fails, and says on stderr how it ended. */
const publisher = (count: number): ChildProcessByStdio<null, Readable, Readable> => {
  const url = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href)
  const script = `
    import { openJsonLines } from ${url('../../src/sinks/jsonl.ts')}
    import { frameEvent } from ${url('events.ts')}
    const sink = await openJsonLines('-')
    try {
      for (let seq = 0; seq < ${count}; seq++) await sink.publish([frameEvent('door', seq)])
      await sink.close()
      console.log('still open')
    } catch (error) {
      await sink.close()
      console.error(error.code, error.message)
    }
  `
  return spawn(process.execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'pipe'] })
}

test('a reader of stdout that goes away is a SINK error, not a crash', async () => {
  const child = publisher(100_000)
  let said = ''
  child.stderr.on('data', (chunk) => (said += chunk))
  for await (const line of createInterface({ input: child.stdout })) {
    expect(JSON.parse(line)).toMatchObject({ type: 'rollcall.frame.v1' })
    break
  }
  child.stdout.destroy()
  const [code] = await once(child, 'close')
  expect(said).toContain('SINK events to stdout: its reader has gone')
  expect(code).toBe(0)
})

test('closing leaves stdout open', async () => {
  const child = publisher(3)
  let text = ''
  child.stdout.on('data', (chunk) => (text += chunk))
  await once(child, 'close')
  const lines = text.trimEnd().split('\n')
  expect(lines).toHaveLength(4)
  expect(lines[3]).toBe('still open')
})
