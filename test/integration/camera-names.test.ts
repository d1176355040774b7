import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { rollcall } from './rollcall.ts'

const clip = resolve(import.meta.dirname, '../../footage/gate.mp4')
/** As they are written, without quotes; YAML would read most of them as something else. */
const names = ['1.10', '007', 'on', 'null', '2024-01-01', 'x-ray', 'toJSON']

test('a camera has the name that is written, in events, the API and the metrics', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-names-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'site.yaml')
  const cameras = names.map((name) => `  ${name}: ${clip}\n`).join('')
  writeFileSync(
    file,
    `cameraDefaults: { maxFps: 1 }\ncameras:\n${cameras}http: { port: 0 }\nstate: { directory: null }\n`,
  )
  const run = rollcall(['run', '--config', file, '--events', '-'], {})
  onTestFinished(() => run.kill('SIGKILL'))
  const url = await run.until('listening', () => /"url":"(http:[^"]+)"/.exec(run.stderr())?.[1], 60_000)
  const online = () =>
    run.events.filter(({ type }) => type === 'rollcall.camera.online.v1').map(({ subject }) => subject)
  await run.until('all online', () => online().length === names.length, 60_000)
  expect(online().toSorted()).toEqual(names.toSorted())

  const { cameras: shown } = (await (await fetch(`${url}/api/cameras`)).json()) as { cameras: { camera: string }[] }
  expect(shown.map(({ camera }) => camera).toSorted()).toEqual(names.toSorted())
  const analysed = async () => {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    return new Set([...metrics.matchAll(/^rollcall_frames_analysed_total\{camera="([^"]+)"/gm)].map(([, name]) => name))
  }
  await expect.poll(analysed, { timeout: 60_000 }).toEqual(new Set(names))
  run.kill('SIGTERM')
  await run.exited
}, 120_000)
