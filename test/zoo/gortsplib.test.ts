import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test } from 'vitest'
import { makeFootage } from '../../simulator/footage/footage.ts'
import { h264, h265 } from '../../simulator/footage/test-picture.ts'
import type { Loop } from '../../simulator/loop.ts'
import { openCameras } from '../../src/ingest/cameras.ts'
import { cameraOptions } from '../../src/ingest/options.ts'
import { scratchDirectory } from '../support/footage.ts'
import { footageDirectory } from './watch.ts'

const login = { user: 'ada', password: 's:e/c@r%t' }
const quiet = { debug() {}, info() {}, warn() {}, error() {} }
const program = resolve(import.meta.dirname, '../../.rollcall/gortsplib-server')

/** Why the server cannot be built here; null when it was. Its modules come from Go's proxy, once. */
const obstacle = (): string | null => {
  mkdirSync(resolve(program, '..'), { recursive: true })
  const options = { cwd: join(import.meta.dirname, 'gortsplib'), encoding: 'utf8', timeout: 85_000 } as const
  const { status, error, stderr } = spawnSync('go', ['build', '-o', program, '.'], options)
  return status === 0 ? null : (error?.message ?? stderr.split('\n', 1)[0] ?? '')
}

/** Access units as the server reads them: each behind its length. */
const unitsFile = (loop: Loop, directory: string): string => {
  const file = join(directory, `${loop.codec}.units`)
  const parts = loop.units.flatMap(({ data }) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    return [length, data]
  })
  writeFileSync(file, Buffer.concat(parts))
  return file
}

const startServer = async (): Promise<{ readonly port: number; readonly tlsPort: number }> => {
  const directory = scratchDirectory()
  const files = await Promise.all(
    [h264('gop-size=12'), h265(12, 'bframes=0')].map(async (footage) => {
      const loop = await makeFootage(footage, footageDirectory)
      return [`-${loop.codec}`, unitsFile(loop, directory)]
    }),
  )
  const args = [...files.flat(), '-user', login.user, '-password', login.password]
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  onTestFinished(() => void child.stdin.end())
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line)
  throw new Error('the server ended before it was ready')
}

test('gortsplib’s server is watched over TCP, UDP and TLS, with both kinds of Digest', async ({ skip }) => {
  const reason = obstacle()
  if (reason !== null) {
    console.warn(`gortsplib’s server cannot be built here (${reason}): not checked against it`)
    skip()
  }
  const { port, tlsPort } = await startServer()
  const list = ['h264', 'h265'].flatMap((codec) =>
    [
      { name: `${codec}-tcp`, url: `rtsp://127.0.0.1:${port}/${codec}` },
      { name: `${codec}-udp`, url: `rtsp://127.0.0.1:${port}/${codec}`, transport: 'udp' },
      { name: `${codec}-tls`, url: `rtsps://127.0.0.1:${tlsPort}/${codec}`, tlsVerify: false },
    ].map(({ name, ...options }) => ({
      name,
      options: cameraOptions.parse({ ...options, ...login, decoder: 'software' }),
    })),
  )
  const cameras = openCameras(list, { pictureSide: 320, untilEnd: false, log: quiet })
  onTestFinished(() => cameras.close())
  const said: string[] = []
  cameras.changes$.subscribe(({ camera, state, reason: why }) => state === 'offline' && said.push(`${camera}: ${why}`))
  const frames = new Map(list.map(({ name }) => [name, 0]))
  await new Promise<void>((done) => {
    const late = setTimeout(done, 20_000)
    cameras.ready$.subscribe((camera) => {
      const frame = camera.take()
      if (frame === null) return
      expect(frame.full).toMatchObject({ width: 160, height: 90 })
      frame.close()
      frames.set(camera.name, (frames.get(camera.name) ?? 0) + 1)
      if ([...frames.values()].every((count) => count >= 12)) {
        clearTimeout(late)
        done()
      }
    })
  })
  expect([...frames].filter(([, count]) => count < 12)).toEqual([])
  expect(said).toEqual([])
})
