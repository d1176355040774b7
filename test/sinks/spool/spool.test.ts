import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { spoolOptions } from '../../../src/sinks/spool/options.ts'
import { openSpool, type Spool } from '../../../src/sinks/spool/spool.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rollcall-spool-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const open = async (maxBytes = 65_536) => {
  const dropped: number[] = []
  const options = spoolOptions.parse({ directory, maxBytes, fsync: 'always' })
  const spool = await openSpool(options, { onDrop: (events) => dropped.push(events) })
  return { spool, dropped: () => dropped.reduce((sum, each) => sum + each, 0) }
}
const entry = (payload: string, mayDrop: boolean) => ({ payload: payload.padEnd(1000, '.'), mayDrop })
const readAll = async (spool: Spool, lane: 'droppable' | 'kept') => {
  const all: { number: number; text: string }[] = []
  for (;;) {
    const records = await spool.lanes[lane].read(100, 1e6)
    if (records.length === 0) return all
    all.push(...records.map(({ number, payload }) => ({ number, text: payload.toString().replace(/\.+$/, '') })))
  }
}

test('a full spool gives up the oldest frame events and nothing else, counts them, and says that it is full', async () => {
  const { spool, dropped } = await open()
  for (let i = 0; i < 200; i++)
    await spool.append([entry(`frame ${i}`, true), ...(i % 10 ? [] : [entry(`person ${i}`, false)])])
  expect(spool.isFull()).toBe(true)
  expect(spool.bytes()).toBeLessThanOrEqual(65_536 * 1.1)
  const kept = await readAll(spool, 'kept')
  expect(kept.map(({ text }) => text)).toEqual(Array.from({ length: 20 }, (_, i) => `person ${i * 10}`))
  const frames = await readAll(spool, 'droppable')
  expect(frames.map(({ text }) => text)).toEqual(
    Array.from({ length: frames.length }, (_, i) => `frame ${200 - frames.length + i}`),
  )
  expect(dropped()).toBe(200 - frames.length)
  await spool.acknowledge('droppable', frames.at(-1)?.number as number)
  await spool.acknowledge('kept', kept.at(-1)?.number as number)
  expect(spool.isFull()).toBe(false)
  await spool.close()
})

test('when only events that must not be lost are left, publishing waits for room', async () => {
  const { spool, dropped } = await open()
  let written = 0
  const writing = (async () => {
    for (; written < 100; written++) await spool.append([entry(`person ${written}`, false)])
  })()
  await expect.poll(() => spool.isFull()).toBe(true)
  const before = written
  expect(before).toBeLessThan(70)
  const first = await readAll(spool, 'kept')
  await spool.acknowledge('kept', first.at(-1)?.number as number)
  await expect.poll(() => written).toBeGreaterThan(before)
  // At the end of the program they are written beyond the bound rather than lost.
  spool.finish()
  await writing
  const rest = await readAll(spool, 'kept')
  expect([...first, ...rest].map(({ text }) => text)).toEqual(Array.from({ length: 100 }, (_, i) => `person ${i}`))
  expect(dropped()).toBe(0)
  await spool.close()
})

test('one batch larger than an empty spool still goes through', async () => {
  const { spool } = await open()
  for (let round = 0; round < 3; round++) {
    await spool.append(Array.from({ length: 80 }, (_, i) => entry(`person ${i}`, false)))
    const all = await readAll(spool, 'kept')
    expect(all).toHaveLength(80)
    await spool.acknowledge('kept', all.at(-1)?.number as number)
  }
  await spool.close()
})

test('a second Rollcall is kept out; the lock of a killed one is not in the way', async () => {
  const { spool } = await open()
  await expect(open()).rejects.toMatchObject({ code: 'SINK', message: expect.stringContaining(`${process.pid}`) })
  await spool.close()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'])
  const pid = child.pid as number
  await writeFile(join(directory, 'lock'), `${pid} 1`)
  // That process lives, but it began at another time than the owner of the lock.
  const { spool: second } = await open()
  await second.close()
  child.kill('SIGKILL')
  await once(child, 'exit')
  await writeFile(join(directory, 'lock'), `${pid} 1`)
  const { spool: third } = await open()
  expect((await stat(directory)).isDirectory()).toBe(true)
  await third.close()
})

test('a directory that cannot be used is a SINK error that names it', async () => {
  await writeFile(join(directory, 'file'), '')
  const options = spoolOptions.parse({ directory: join(directory, 'file', 'spool') })
  await expect(openSpool(options, { onDrop: () => {} })).rejects.toMatchObject({ code: 'SINK' })
})
