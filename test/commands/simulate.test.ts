import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, onTestFinished, test, vi } from 'vitest'
import { personalityNames } from '../../simulator/personalities.ts'
import { simulate } from '../../src/commands/simulate.ts'
import { connectRtsp } from '../simulator/rtsp-client.ts'
import { loopFile, scratchDirectory } from '../support/footage.ts'

const main = join(resolve(import.meta.dirname, '../..'), 'src/main.ts')

test('a camera runs until it is interrupted, at the URL that it prints', async () => {
  const child = spawn(process.execPath, [main, 'simulate', '--personality', 'good', '--file', loopFile('cafe')])
  onTestFinished(() => void child.kill('SIGKILL'))
  const lines: string[] = []
  let url: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line)
    url = /rtsp:\/\/\S+/.exec(line)?.[0] ?? url
    if (line.includes('Ctrl-C')) break
  }
  expect(lines[0]).toBe('good (good): does everything right')
  expect(lines.at(-1)).toBe('Expected of a client: a picture within 5 s. Ctrl-C ends it.')
  const client = await connectRtsp(Number(/:(\d+)\//.exec(url ?? '')?.[1]))
  expect((await client.request('DESCRIBE', url ?? '')).status).toBe(200)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('footage of a personality is made in a folder of its own, which goes with the command', async () => {
  const TMPDIR = join(scratchDirectory(), 'a folder')
  mkdirSync(TMPDIR)
  const args = [main, 'simulate', '--personality', 'gop-1']
  const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR } })
  onTestFinished(() => void child.kill('SIGKILL'))
  for await (const line of createInterface({ input: child.stdout })) if (line.includes('Ctrl-C')) break
  expect(readdirSync(TMPDIR)).toHaveLength(1)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect(readdirSync(TMPDIR)).toEqual([])
})

test('--list tells of every personality', async () => {
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
  onTestFinished(() => printed.mockRestore())
  await simulate(['--list'])
  for (const name of personalityNames()) expect(printed.mock.lastCall?.[0]).toMatch(new RegExp(`^  ${name} `, 'm'))
})

test.each([
  [['--personality', 'goood', '--file', 'x'], 'there is no personality "goood"; did you mean good?'],
  [[], 'rollcall simulate: --file is missing; expected a video that the camera shows'],
  [['--file', 'x', '--port', '70000'], 'rollcall simulate: --port 70000: expected a number from 0 to 65535'],
  [['--file', '/nowhere.mp4'], '/nowhere.mp4: there is no such file'],
])('%j', async (args, says) => {
  await expect(simulate(args)).rejects.toThrow(says)
})

test('a port that is taken is named, with what to do', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  onTestFinished(() => void taken.close())
  const { port } = taken.address() as AddressInfo
  await expect(simulate(['--file', loopFile('cafe'), '--port', String(port)])).rejects.toThrow(
    `an RTSP server cannot listen on 127.0.0.1:${port}: another program listens there`,
  )
})
