import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { open, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { CloudEvent } from 'cloudevents'
import { expect, test } from 'vitest'
import { openJsonLines } from '../../../src/sinks/jsonl/json-lines.ts'
import { streamLines } from '../../../src/sinks/jsonl/stream.ts'
import { silent } from '../../site/site.ts'
import { scratchDirectory } from '../../support/footage.ts'
import { frameEvent, frameFace, personCreated } from '../events.ts'

const events = [frameEvent('door', 1, [frameFace('p1', 0.1, 0.1, 0.2, 0.3)]), personCreated('p1', 'door')]
const never = { maxBytes: null, keep: 5 }
const openFile = (path: string, rotation = never as { maxBytes: number | null; keep: number }, log = silent) =>
  openJsonLines(path, rotation, log)
const seqs = async (path: string): Promise<number[]> =>
  (await readFile(path, 'utf8'))
    .split('\n')
    .slice(0, -1)
    .map((line) => (JSON.parse(line) as { data: { seq: number } }).data.seq)

test('writes one event a line, each a valid CloudEvent, and has written them when publish resolves', async () => {
  const path = join(scratchDirectory(), 'events.jsonl')
  const sink = await openFile(path)
  await sink.publish(events)
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line))).toEqual(events)
  for (const line of lines) expect(new CloudEvent(JSON.parse(line)).validate()).toBe(true)
  await sink.close()
  await sink.close()
  await expect(sink.publish(events)).rejects.toMatchObject({ code: 'SINK' })
})

test('takes away one of our events that a crash left unfinished, and ends a line of somebody else', async () => {
  const directory = scratchDirectory()
  const ours = events.map((event) => JSON.stringify(event))
  const whole = '{"whole":1}\n'
  const cut = (ours[0] ?? '').slice(0, 40)
  const cases = [
    [`${whole}${cut}`, whole],
    [`${whole}{"spec`, whole],
    [cut, ''],
    [`${whole}{"torn":`, `${whole}{"torn":\n`],
    ['somebody else’s', 'somebody else’s\n'],
    [whole, whole],
    ['', ''],
  ] as const
  for (const [number, [before, kept]] of cases.entries()) {
    const path = join(directory, `${number}.jsonl`)
    await writeFile(path, before)
    for (const event of events) {
      const sink = await openFile(path)
      await sink.publish([event])
      await sink.close()
    }
    expect(await readFile(path, 'utf8')).toBe(`${kept}${ours.join('\n')}\n`)
  }
})

test('a file that cannot be opened is a SINK error that names it and says why', async () => {
  const directory = scratchDirectory()
  const failed = (message: string) => ({ code: 'SINK', message: expect.stringContaining(message) })
  const missing = join(directory, 'missing', 'events.jsonl')
  await expect(openFile(missing)).rejects.toMatchObject(failed(`${missing}: its directory does not exist (ENOENT)`))
  await expect(openFile(directory)).rejects.toMatchObject(failed('it is a directory (EISDIR)'))
})

test('a full device is a SINK error each time, and closing is none', async () => {
  const sink = await openFile('/dev/full')
  for (let attempt = 0; attempt < 3; attempt++)
    await expect(sink.publish(events)).rejects.toMatchObject({ code: 'SINK', message: expect.stringMatching(/ENOSPC/) })
  await sink.close()
})

test('a file that was moved or deleted is noticed, and a new one is begun', async () => {
  const path = join(scratchDirectory(), 'events.jsonl')
  const sink = await openFile(path)
  await sink.publish([frameEvent('door', 1)])
  await rename(path, `${path}.moved`)
  await sink.publish([frameEvent('door', 2)])
  expect([await seqs(`${path}.moved`), await seqs(path)]).toEqual([[1], [2]])
  await rm(path)
  await sink.publish([frameEvent('door', 3)])
  expect(await seqs(path)).toEqual([3])
  await sink.close()
})

test('reopening makes the file at once, so that whoever moved the old one has all of it', async () => {
  const path = join(scratchDirectory(), 'events.jsonl')
  const sink = await openFile(path)
  const publishing = sink.publish([frameEvent('door', 1)])
  await publishing
  await rename(path, `${path}.1`)
  await sink.reopen?.()
  expect([await seqs(`${path}.1`), await seqs(path)]).toEqual([[1], []])
  await sink.close()
})

test('a moved file goes on where no new one can be made; a deleted one cannot', async () => {
  const directory = scratchDirectory()
  const path = join(directory, 'a', 'events.jsonl')
  execFileSync('mkdir', [join(directory, 'a')])
  const sink = await openFile(path)
  await rename(join(directory, 'a'), join(directory, 'b'))
  await sink.publish([frameEvent('door', 1)])
  await expect(sink.reopen?.()).rejects.toMatchObject({ code: 'SINK', message: expect.stringMatching(/ENOENT/) })
  await sink.publish([frameEvent('door', 2)])
  expect(await seqs(join(directory, 'b', 'events.jsonl'))).toEqual([1, 2])
  await rm(join(directory, 'b'), { recursive: true })
  await expect(sink.publish([frameEvent('door', 3)])).rejects.toMatchObject({ code: 'SINK' })
  execFileSync('mkdir', [join(directory, 'a')])
  await sink.publish([frameEvent('door', 3)])
  expect(await seqs(path)).toEqual([3])
  await sink.close()
})

test('copytruncate leaves no hole', async () => {
  const path = join(scratchDirectory(), 'events.jsonl')
  const sink = await openFile(path)
  await sink.publish([frameEvent('door', 1)])
  await truncate(path)
  await sink.publish([frameEvent('door', 2)])
  expect(await seqs(path)).toEqual([2])
  await sink.close()
})

test('a file that would grow too large is put aside; the oldest beyond keep is gone, and no line is lost or torn', async () => {
  const path = join(scratchDirectory(), 'events.jsonl')
  const bytes = JSON.stringify(frameEvent('door', 10)).length + 1
  const sink = await openFile(path, { maxBytes: 3 * bytes, keep: 2 })
  for (let seq = 10; seq < 20; seq++) await sink.publish([frameEvent('door', seq)])
  await sink.close()
  expect([await seqs(`${path}.2`), await seqs(`${path}.1`), await seqs(path)]).toEqual([
    [13, 14, 15],
    [16, 17, 18],
    [19],
  ])
  await expect(readFile(`${path}.3`)).rejects.toThrow(/ENOENT/)
})

test('a file that cannot be put aside goes on growing, and that is said once', async () => {
  const path = join(scratchDirectory(), 'events.jsonl')
  const said: string[] = []
  const sink = await openFile(path, { maxBytes: 1, keep: 1 }, { ...silent, warn: (_, text) => said.push(text) })
  execFileSync('mkdir', [`${path}.1`])
  for (let seq = 1; seq <= 3; seq++) await sink.publish([frameEvent('door', seq)])
  expect([await seqs(path), said]).toEqual([[1, 2, 3], ['events file cannot be rotated; it grows']])
  await sink.close()
})

test('a named pipe: waits for a reader, goes on with the next one, and closes while it is full', async () => {
  const path = join(scratchDirectory(), 'events')
  execFileSync('mkfifo', [path])
  const sink = await openFile(path)
  await expect(sink.publish(events)).rejects.toMatchObject({
    message: expect.stringContaining('nobody reads the pipe'),
  })
  for (let reader = 0; reader < 2; reader++) {
    const cat = spawn('cat', [path], { stdio: ['ignore', 'pipe', 'ignore'] })
    let said = ''
    cat.stdout.on('data', (chunk: Buffer) => (said += chunk))
    const publish = (): Promise<boolean> =>
      sink.publish(events).then(
        () => true,
        () => false,
      )
    while (!(await publish())) await new Promise(setImmediate)
    while (said.split('\n').length <= events.length) await once(cat.stdout, 'data')
    expect(said).toBe(events.map((event) => `${JSON.stringify(event)}\n`).join(''))
    cat.kill()
    await once(cat, 'close')
    await expect(sink.publish(events)).rejects.toMatchObject({ message: expect.stringContaining('reader has gone') })
  }
  const reader = await open(path, 'r+')
  const full = sink.publish(Array.from({ length: 1000 }, () => frameEvent('door', 1)))
  full.catch(() => undefined)
  await sink.close()
  await reader.close()
})

test('publish waits for a reader that pauses', async () => {
  const stream = new PassThrough({ highWaterMark: 16 })
  const sink = streamLines(stream, 'pipe')
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
  let said = ''
  stream.on('data', (chunk: Buffer) => (said += chunk))
  await publishing
  await sink.close()
  expect(said.trimEnd().split('\n')).toHaveLength(10)
})

/** A real process that publishes to its stdout until that fails, and says on stderr how it ended. */
const publisher = (count: number, stdout: 'pipe' | number = 'pipe'): ChildProcessByStdio<null, Readable, Readable> => {
  const url = (path: string) => JSON.stringify(pathToFileURL(join(import.meta.dirname, path)).href)
  const script = `
    import { openJsonLines } from ${url('../../../src/sinks/jsonl/json-lines.ts')}
    import { frameEvent } from ${url('../events.ts')}
    process.on('SIGTERM', () => { console.error('asked to end'); process.exit(0) })
    const sink = await openJsonLines('-', { maxBytes: null, keep: 1 })
    let sinceMs = performance.now()
    setInterval(() => { if (performance.now() - sinceMs > 200) console.error('waits') }, 100).unref()
    try {
      for (let seq = 0; seq < ${count}; seq++) {
        await sink.publish([frameEvent('door', seq)])
        sinceMs = performance.now()
      }
      await sink.close()
      console.log('still open')
    } catch (error) {
      await sink.close()
      console.error(error.constructor.name, error.code, error.message)
    }
  `
  return spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', stdout, 'pipe'],
  }) as ChildProcessByStdio<null, Readable, Readable>
}

test('a reader of stdout that goes away is an error for good, not a crash', async () => {
  const child = publisher(100_000)
  const said = text(child.stderr)
  for await (const line of createInterface({ input: child.stdout })) {
    expect(JSON.parse(line)).toMatchObject({ type: 'rollcall.frame.v1' })
    break
  }
  child.stdout.destroy()
  const [code] = await once(child, 'close')
  expect(await said).toContain('SinkGone SINK events to stdout: its reader has gone')
  expect(code).toBe(0)
})

test.each(['pipe', 'socket'])(
  'a process whose stdout is a %s that nobody reads still answers signals',
  async (what) => {
    const path = join(scratchDirectory(), 'stdout')
    execFileSync('mkfifo', [path])
    const pipe = await open(path, 'r+')
    // What Node calls a pipe between processes is a socket.
    const child = publisher(100_000, what === 'pipe' ? pipe.fd : 'pipe')
    let said = ''
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk
      if (said.includes('waits')) child.kill('SIGTERM')
    })
    await once(child.stderr, 'end')
    expect(said).toContain('asked to end')
    child.stdout?.destroy()
    await pipe.close()
  },
)

test('closing leaves stdout open, as a pipe and as a file', async () => {
  const child = publisher(3)
  const lines = (await text(child.stdout)).trimEnd().split('\n')
  expect([lines.length, lines[3]]).toEqual([4, 'still open'])

  const path = join(scratchDirectory(), 'events.jsonl')
  const file = await open(path, 'w')
  await once(publisher(3, file.fd), 'close')
  await file.close()
  expect(await readFile(path, 'utf8')).toBe(`${lines.join('\n')}\n`)
})

test('a pipe, directory or circle of links in place of the file loses nothing, is said once, and the file comes back', async () => {
  for (const inPlace of ['mkfifo "$0"', 'mkdir "$0"', 'ln -s "$0" "$0"']) {
    const path = join(scratchDirectory(), 'events.jsonl')
    const said: object[] = []
    const sink = await openFile(path, never, { ...silent, warn: (fields) => void said.push(fields) })
    await sink.publish([frameEvent('door', 1)])
    await rename(path, `${path}.moved`)
    execFileSync('sh', ['-c', inPlace, path])
    for (const seq of [2, 3]) await sink.publish([frameEvent('door', seq)])
    expect(await seqs(`${path}.moved`), inPlace).toEqual([1, 2, 3])
    expect(said, inPlace).toEqual([{ file: path, error: expect.any(String) }])
    await expect(sink.reopen?.(), inPlace).rejects.toMatchObject({
      code: 'SINK',
      message: expect.stringContaining(`events to ${path}: `),
    })
    await rm(path, { recursive: true })
    await sink.publish([frameEvent('door', 4)])
    expect(await seqs(path), inPlace).toEqual([4])
    await sink.close()
  }
})

test('a device that the name leads to no more is left', async () => {
  const path = join(scratchDirectory(), 'events.jsonl')
  await symlink('/dev/null', path)
  const sink = await openFile(path)
  await sink.publish([frameEvent('door', 1)])
  await rm(path)
  await sink.publish([frameEvent('door', 2)])
  expect(await seqs(path)).toEqual([2])
  await sink.close()
})

test('a file in place of a named pipe is not written over, and no descriptor is lost', async () => {
  const path = join(scratchDirectory(), 'pipe')
  execFileSync('mkfifo', [path])
  const sink = await openFile(path)
  await rm(path)
  await writeFile(path, 'of somebody else\n')
  const before = readdirSync('/proc/self/fd').length
  for (let attempt = 0; attempt < 20; attempt++)
    await expect(sink.publish(events)).rejects.toMatchObject({ code: 'SINK', message: expect.stringMatching(/place/) })
  expect(readdirSync('/proc/self/fd').length).toBeLessThan(before + 10)
  expect(await readFile(path, 'utf8')).toBe('of somebody else\n')
  await sink.close()
})
