import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { pullModel } from '../../src/vision/pull-model.ts'

const content = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 31) % 251))
const sha256 = createHash('sha256').update(content).digest('hex')
const bytes = content.length

let directory: string
let file: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-pull-'))
  file = join(directory, 'models', 'a.onnx')
  onTestFinished(() => rmSync(directory, { recursive: true }))
})

const serve = async (listener: RequestListener): Promise<string> => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.onnx`
}

/** Answers ranges; the first answer stops in the middle when told to, and breaks off when `cut.now` is called. */
const ranged = (asked: (string | undefined)[] = [], cut?: { now: () => void }): RequestListener => {
  let answers = 0
  return (request, response) => {
    asked.push(request.headers.range)
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': bytes - from })
    if (answers++ === 0 && cut) {
      response.write(content.subarray(from, 40_000))
      cut.now = () => response.destroy()
    } else response.end(content.subarray(from))
  }
}

const nothingIsThere = () =>
  expect(existsSync(join(directory, 'models')) ? readdirSync(join(directory, 'models')) : []).toEqual([])

describe('pullModel', () => {
  it('puts the file in its place, tells how far it is, and fetches nothing twice', async () => {
    const asked: (string | undefined)[] = []
    const url = await serve(ranged(asked))
    const seen: number[] = []
    expect(await pullModel({ url, sha256, bytes }, file, { onProgress: (at) => seen.push(at) })).toBe('pulled')
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(seen.at(-1)).toBe(bytes)
    expect(readdirSync(join(directory, 'models'))).toEqual(['a.onnx'])
    expect(await pullModel({ url, sha256, bytes }, file)).toBe('there')
    expect(asked).toHaveLength(1)
  })

  it('goes on where it broke off', async () => {
    const asked: (string | undefined)[] = []
    const cut = { now: () => {} }
    const url = await serve(ranged(asked, cut))
    await expect(pullModel({ url, sha256, bytes }, file, { onProgress: () => cut.now() })).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD',
      message: expect.stringContaining('broke off after'),
    })
    expect(existsSync(file)).toBe(false)
    expect(await pullModel({ url, sha256, bytes }, file)).toBe('pulled')
    expect(readFileSync(file).equals(content)).toBe(true)
    expect(asked[1]).toMatch(/^bytes=\d+-$/)
  })

  it('begins anew where the server knows no ranges', async () => {
    const url = await serve((_, response) => response.end(content))
    const part = `${file}.part`
    await pullModel({ url, sha256, bytes }, file)
    rmSync(file)
    writeFileSync(part, 'left over from another attempt')
    expect(await pullModel({ url, sha256, bytes }, file)).toBe('pulled')
    expect(readFileSync(file).equals(content)).toBe(true)
  })

  it.each([
    ['another file of the same size', (_: unknown, response) => response.end(Buffer.alloc(bytes)), 'has SHA-256'],
    ['a larger file', (_: unknown, response) => response.end(Buffer.alloc(2 * bytes)), 'is larger than 100000 bytes'],
    ['no such file', (_: unknown, response) => response.writeHead(404).end('no'), 'answers 404'],
  ] as [string, RequestListener, string][])('keeps nothing of %s', async (_, listener, message) => {
    const url = await serve(listener)
    await expect(pullModel({ url, sha256, bytes }, file)).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD',
      message: expect.stringContaining(message),
    })
    nothingIsThere()
  })

  it('says what is wrong without a connection, and writes nothing', async () => {
    await expect(pullModel({ url: 'http://127.0.0.1:1/a.onnx', sha256, bytes }, file)).rejects.toMatchObject({
      code: 'MODEL_DOWNLOAD',
      message: expect.stringContaining('cannot be reached'),
    })
    nothingIsThere()
  })

  it('does not wait for ever for a server that has fallen silent', async () => {
    const url = await serve((_, response) => void response.writeHead(200).write(content.subarray(0, 10)))
    await expect(pullModel({ url, sha256, bytes }, file, { stallMs: 200 })).rejects.toMatchObject({
      message: expect.stringContaining('nothing arrived for too long'),
    })
    expect(existsSync(file)).toBe(false)
  })
})
