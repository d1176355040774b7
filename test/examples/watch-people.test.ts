import { spawn } from 'node:child_process'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { basename, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { describe, expect, it } from 'vitest'
import { topicOf } from '../../src/events/types.ts'
import { rollcall } from '../integration/rollcall.ts'
import { partOf, scratchDirectory } from '../support/footage.ts'

const root = resolve(import.meta.dirname, '../..')

/** Passes on what goes through, until `cut` ends every connection. */
const proxyTo = async (port: number) => {
  const sockets = new Set<Socket>()
  let cuts = 0
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one)
      one.on('error', () => undefined).on('close', () => void other.destroy())
      one.pipe(other)
    }
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    port: (server.address() as AddressInfo).port,
    cuts: () => cuts,
    cut: () => {
      cuts++
      for (const socket of sockets) socket.destroy()
      sockets.clear()
    },
    close: () => {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

interface Printed {
  readonly type: string
  readonly data?: { readonly person: string }
  readonly people?: readonly { readonly id: string }[]
}

describe('the WebSocket consumer', () => {
  it('gets each event about people once, also when its connection is cut', async () => {
    // Six seconds, in which two people and three come.
    const directory = scratchDirectory()
    const files = await Promise.all([
      partOf('lobby', 12, 18, join(directory, 'lobby.mp4')),
      partOf('street', 4, 10, join(directory, 'street.mp4')),
    ])
    const cameras = files.flatMap((file) => ['--camera', `${basename(file, '.mp4')}=${file}`])
    const run = rollcall(['run', ...cameras, '--events', '-', '--http', '127.0.0.1:0'])
    const port = await run.until('address', () => /http:\/\/127\.0\.0\.1:(\d+)/.exec(run.stderr())?.[1], 60_000)
    const proxy = await proxyTo(Number(port))
    const consumer = spawn(process.execPath, [join(root, 'examples/watch-people.ts'), `http://127.0.0.1:${proxy.port}`])
    const printed: Printed[] = []
    let complaints = ''
    consumer.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
    createInterface({ input: consumer.stdout }).on('line', (line) => printed.push(JSON.parse(line) as Printed))
    try {
      await run.until('a snapshot', () => printed.some(({ type }) => type === 'snapshot'), 60_000)
      const wanted = () =>
        run.events.filter((event) => ['people', 'sightings'].includes(topicOf(event)) && !/track/.test(event.type))
      const ofConsumer = () => printed.filter(({ type }) => type !== 'snapshot')
      await run.until('events', () => ofConsumer().length >= 3, 90_000)
      proxy.cut()
      await run.until(
        'the end of the recordings',
        () => run.events.filter(({ type }) => type === 'rollcall.camera.ended.v1').length === 2,
        120_000,
      )
      const known = printed[0]?.people?.map(({ id }) => id) ?? []
      const complete = () => {
        const missing = wanted().filter(
          (event) => !ofConsumer().some(({ type, data }) => type === event.type && same(data, event.data)),
        )
        return missing.every((event) => known.includes(event.subject))
      }
      await run.until(`all events; ${complaints}`, complete, 60_000)
      expect(proxy.cuts()).toBe(1)
      expect(complaints).toContain('next try in')
      const texts = ofConsumer().map((each) => JSON.stringify(each))
      expect(new Set(texts).size).toBe(texts.length)
      expect(printed.filter(({ type }) => type === 'snapshot')).toHaveLength(1)
    } finally {
      consumer.kill()
      proxy.close()
      run.kill('SIGINT')
      await run.exited
    }
  }, 300_000)
})

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
