import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { readLoop } from '../../simulator/read-loop.ts'
import { startRtspServer } from '../../simulator/rtsp-server.ts'
import { capture } from '../../src/commands/capture.ts'
import type { RollcallEvent } from '../../src/events/types.ts'
import { rollcall, runToEnd } from '../integration/rollcall.ts'
import { excerpt } from '../support/footage.ts'

const footage = resolve(import.meta.dirname, '../../footage')

const folder = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** Runs `capture` and returns what it has printed. */
const run = async (...args: readonly string[]): Promise<string> => {
  const lines: string[] = []
  const log = vi.spyOn(console, 'log').mockImplementation((text: string) => void lines.push(text))
  try {
    expect(await capture(args)).toBe(0)
    return lines.join('\n')
  } finally {
    log.mockRestore()
  }
}

test('the last seconds of a running camera are written, with their events, and can be replayed', async () => {
  const rtsp = await startRtspServer()
  onTestFinished(() => rtsp.close())
  // Somebody is there from the first second on.
  rtsp.addCamera('cafe', { loop: excerpt(await readLoop(join(footage, 'cafe.mp4')), 12, 18) })
  const site = rollcall([
    'run',
    '--camera',
    `cafe=${rtsp.url('cafe')}`,
    '--events',
    '-',
    '--http',
    '127.0.0.1:0',
    '--state',
    'off',
  ])
  onTestFinished(() => site.kill('SIGKILL'))
  const url = await site.until(
    'the address',
    () => /"?url"?[:=] ?"?(http:\/\/127\.0\.0\.1:\d+)/.exec(site.stderr())?.[1],
    60_000,
  )
  await site.until(
    'a face',
    () => site.events.some((event) => 'faces' in event.data && event.data.faces.length > 0),
    60_000,
  )

  const out = folder()
  const said = await run('cafe', '--seconds', '1', '--out', out, '--url', url)
  const files = readdirSync(out).toSorted()
  expect(files).toHaveLength(2)
  const [events = '', film = ''] = files.map((file) => join(out, file))
  expect(film).toMatch(/cafe-\d{4}-\d\d-\d\dT[\d-]+Z\.mp4$/)
  expect(statSync(film).mode & 0o777).toBe(0o600)
  expect(said).toMatch(/\d+ pictures, \d\.\d s, video\/x-h26[45]/)
  const kept = readFileSync(events, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RollcallEvent)
  expect(kept.some(({ type }) => type === 'rollcall.frame.v1')).toBe(true)
  expect(kept.every(({ data }) => !('camera' in data) || data.camera === 'cafe')).toBe(true)
  // What is beside the film is what was said while it ran.
  expect(kept.every(({ id }) => site.events.some((event) => event.id === id))).toBe(true)
  site.kill('SIGTERM')

  const again = ['run', '--until-end', '--camera', `cafe=${film}`, '--events', '-', '--state', 'off']
  const frames = (await runToEnd(again)).events.filter(({ type }) => type === 'rollcall.frame.v1')
  expect(frames).toHaveLength(Number(/(\d+) pictures/.exec(said)?.[1]))
}, 180_000)

describe('errors say what to do', () => {
  test.each([
    [[], /expected the name of one camera/],
    [['a', 'b'], /expected the name of one camera/],
    ...['31', '0.5', '0', '1e1', '0x5', ' 5', 'ten', ''].map((text): [string[], RegExp] => [
      ['a', '--seconds', text],
      new RegExp(`--seconds ${text}: expected a number from 1 to 30`),
    ]),
    [['a', '--url', 'ftp://x'], /--url: expected http/],
    [['a', '--url', 'http://127.0.0.1:2'], /nobody listens there/],
  ])('%j', async (args, message) => {
    await expect(capture(args)).rejects.toThrow(message)
  })

  test.each(['{}', 'null', '[]', '7', '{"camera":"b","startsAtMs":1,"video":"","events":[]}'])(
    'also when somebody else answers %s',
    async (body) => {
      const server = createServer((_, response) => response.end(body)).listen(0, '127.0.0.1')
      onTestFinished(() => void server.close())
      await once(server, 'listening')
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      await expect(capture(['a', '--url', url])).rejects.toMatchObject({
        code: 'STATE',
        message: expect.stringMatching(/^http:\S+: expected (a capture of camera a|JSON)$/),
      })
    },
  )
})

describe('where nothing can be written', () => {
  const startsAtMs = Date.UTC(2030, 0, 1)
  const answer = { camera: 'a', encoding: 'video/x-h264', pictures: 1, lengthMs: 0, startsAtMs, broken: 0, short: null }
  const answering = async () => {
    let asked = 0
    const server = createServer((_, response) => {
      asked++
      response.end(JSON.stringify({ ...answer, arrivedMs: [1, 1], video: 'AAAA', events: [] }))
    }).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked }
  }

  test.each([
    ['does not exist', 'nowhere', /nowhere: its directory does not exist \(ENOENT\)/],
    ['is a file', 'file', /file: its path leads through a file \(ENOTDIR\)/],
  ])('the camera is not asked for when the directory %s', async (_, name, message) => {
    const out = folder()
    writeFileSync(join(out, 'file'), '')
    const { url, asked } = await answering()
    await expect(capture(['a', '--out', join(out, name), '--url', url])).rejects.toThrow(message)
    expect(asked()).toBe(0)
  })

  test.skipIf(!existsSync('/dev/full'))('a full disk is called one, and no half of a film stays', async () => {
    const out = folder()
    symlinkSync('/dev/full', join(out, 'a-2030-01-01T00-00-00-000Z.mp4'))
    const { url } = await answering()
    await expect(capture(['a', '--out', out, '--url', url])).rejects.toMatchObject({
      message: expect.stringMatching(/a-2030.*mp4: no space is left on its disk \(ENOSPC\)/),
      remedy: expect.stringMatching(/^Make room/),
    })
    expect(readdirSync(out)).toEqual([])
  })
})
