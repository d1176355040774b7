import { execFileSync } from 'node:child_process'
import { appendFileSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingHttpHeaders, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { firstValueFrom } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { recordingStream } from '../../src/ingest/recording-stream.ts'

const footage = resolve(import.meta.dirname, '../../footage')
const options = { tlsVerify: true, connectTimeoutMs: 2000, redirectHosts: [] }
const nameOf = (url: string) => firstValueFrom(recordingStream(parseCameraUrl(url), options))

const temporaryDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-recordings-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

test('a file is named by all that is in it, under every path', async () => {
  const copy = join(temporaryDirectory(), 'another name.mkv')
  copyFileSync(join(footage, 'gate.mp4'), copy)
  const gate = await nameOf(join(footage, 'gate.mp4'))
  expect(gate).toMatch(/^[0-9a-f]{20}$/)
  expect(await nameOf(copy)).toBe(gate)
  expect(await nameOf(`file://${encodeURI(copy)}`)).toBe(gate)
  appendFileSync(copy, '.')
  expect(await nameOf(copy)).not.toBe(gate)
})

test('one byte in the middle makes it another', async () => {
  const changed = join(temporaryDirectory(), 'gate.mp4')
  const bytes = readFileSync(join(footage, 'gate.mp4'))
  bytes[bytes.length >> 1] ^= 1
  writeFileSync(changed, bytes)
  expect(await nameOf(changed)).not.toBe(await nameOf(join(footage, 'gate.mp4')))
})

test('what is no regular file has no name, and is not read', async () => {
  const directory = temporaryDirectory()
  execFileSync('mkfifo', [join(directory, 'pipe')])
  expect(await nameOf(join(directory, 'pipe'))).toBeNull()
  expect(await nameOf(join(directory, 'missing.mp4'))).toBeNull()
  expect(await nameOf(directory)).toBeNull()
})

test('whoever no longer waits stops the reading', async () => {
  const heard: unknown[] = []
  const reading = recordingStream(parseCameraUrl(join(footage, 'gate.mp4')), options).subscribe((name) =>
    heard.push(name),
  )
  reading.unsubscribe()
  await nameOf(join(footage, 'gate.mp4'))
  expect(heard).toEqual([])
})

const serve = async (answer: (asked: IncomingHttpHeaders) => { status?: number; headers?: OutgoingHttpHeaders }) => {
  const server = createServer(({ method, headers: asked }, response) => {
    expect(method).toBe('HEAD')
    const { status = 200, headers = {} } = answer(asked)
    response.writeHead(status, headers).end()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  onTestFinished(() => new Promise((closed) => server.close(() => closed())))
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

test('a download is named by its place and what the server says of its version', async () => {
  let etag = '"1"'
  const host = await serve(() => ({ headers: { etag, 'content-length': '1000' } }))
  const first = await nameOf(`http://${host}/door.mp4`)
  expect(first).toMatch(/^[0-9a-f]{20}$/)
  expect(await nameOf(`http://${host}/door.mp4`)).toBe(first)
  expect(await nameOf(`http://${host}/hall.mp4`)).not.toBe(first)
  etag = '"2"'
  expect(await nameOf(`http://${host}/door.mp4`)).not.toBe(first)
})

test('user and password open it, and do not name it', async () => {
  const host = await serve(({ authorization }) =>
    authorization
      ? { headers: { 'last-modified': 'Tue, 24 Nov 2026 12:00:00 GMT' } }
      : { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' } },
  )
  const ada = await nameOf(`http://ada:s%40cret@${host}/door.mp4`)
  expect(ada).not.toBeNull()
  expect(await nameOf(`http://ben:other@${host}/door.mp4`)).toBe(ada)
  expect(await nameOf(`http://${host}/door.mp4`)).toBeNull()
})

test('a server that says nothing of the version names nothing: a length may stay while pictures change', async () => {
  const host = await serve(() => ({ headers: { 'content-length': '1000' } }))
  expect(await nameOf(`http://${host}/live.m3u8`)).toBeNull()
  expect(await nameOf('http://127.0.0.1:1/gone.mp4')).toBeNull()
})
