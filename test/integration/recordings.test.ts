import { copyFileSync, mkdtempSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { firstFrames, partOf } from '../support/footage.ts'
import { runToEnd } from './rollcall.ts'

const scratch = mkdtempSync(join(tmpdir(), 'rollcall-'))
/** Two seconds of the street, in which two people walk past, and two of the café, in which nobody is yet. */
const street = join(scratch, 'street.mp4')
const cafe = join(scratch, 'cafe.mkv')
beforeAll(async () => {
  await partOf('street', 4, 6, street)
  await firstFrames('cafe', 50, cafe)
})
const run = (camera: string, ...more: string[]) =>
  runToEnd(['run', '--until-end', '--camera', camera, '--events', '-', ...more])
const framesOf = (events: readonly { type: string }[]) =>
  events.filter(({ type }) => type === 'rollcall.frame.v1').length

describe('run --until-end', () => {
  it('prints only JSON lines, of every frame; merges several recordings by their time, the same way each time', async () => {
    const both = ['--camera', `hall=${cafe}`]
    const first = await run(`door=${street}`, ...both)
    const second = await run(`door=${street}`, ...both)
    expect(first.code).toBe(0)
    expect(first.events).toHaveLength(first.stdout.split('\n').length)
    expect(framesOf(first.events)).toBe(100)
    expect(first.events.some(({ type }) => type === 'rollcall.track.assigned.v1')).toBe(true)
    expect(new Set(first.events.map(({ data }) => 'camera' in data && data.camera))).toContain('hall')
    expect(second.stdout).toBe(first.stdout)
    const times = first.events.flatMap((event) => (event.type === 'rollcall.frame.v1' ? event.data.capturedAtMs : []))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
  }, 180_000)

  it('goes on with the others when one recording is rubbish, and takes what a truncated one has, or says that it breaks off', async () => {
    const [text, broken] = [join(scratch, 'text.mp4'), join(scratch, 'broken.mp4')]
    writeFileSync(text, 'this is no video\n'.repeat(100))
    copyFileSync(street, broken)
    truncateSync(broken, Math.floor(readFileSync(broken).length * 0.7))
    const more = ['--camera', `broken=${broken}`, '--camera', `good=${cafe}`]
    const { code, events, stderr } = await run(`bad=${text}`, ...more)
    expect(code).toBe(0)
    expect(framesOf(events.filter(({ subject }) => subject === 'good'))).toBeGreaterThan(40)
    expect(stderr).toContain('bad')
    expect(stderr).toMatch(/broken.*breaks off|breaks off.*broken/)
    const ended = events.find(({ type, subject }) => type === 'rollcall.camera.ended.v1' && subject === 'bad')
    expect(ended?.data).toMatchObject({ code: 'CAMERA_FORMAT' })
  }, 180_000)

  it('fails with one clear line when a text file is all there is', async () => {
    const text = join(scratch, 'only-text.mp4')
    writeFileSync(text, 'this is no video\n'.repeat(100))
    const { code, stderr } = await run(`bad=${text}`)
    expect(code).toBe(1)
    expect(stderr.split('\n').filter((line) => line.includes('CAMERA_FORMAT'))).toHaveLength(1)
  }, 180_000)

  it('says at every log level but silent why it fails, of every recording', async () => {
    const [text, empty] = [join(scratch, 'text-again.mp4'), join(scratch, 'empty.mp4')]
    writeFileSync(text, 'this is no video\n'.repeat(100))
    writeFileSync(empty, '')
    const { code, stderr } = await run(`bad=${text}`, '--camera', `none=${empty}`, '--log-level', 'error')
    expect(code).toBe(1)
    expect(stderr.trim().split('\n')).toHaveLength(1)
    expect(stderr).toMatch(/no recording gave a frame.*bad: .+none: |bad: .+none: .*no recording gave a frame/)
  }, 180_000)

  it('says which model is none', async () => {
    writeFileSync(join(scratch, 'yunet_n_dynamic.onnx'), 'no model')
    const { code, stderr } = await runToEnd(['run', '--until-end', '--camera', `a=${cafe}`, '--models', scratch])
    expect(code).toBe(1)
    expect(stderr).toMatch(/MODEL_(MISSING|INVALID): .*yunet_n_dynamic|MODEL_MISSING/)
  }, 180_000)
})

describe('bad input', () => {
  it('names file, line and key of a mistake in the configuration', async () => {
    const file = join(scratch, 'site.yaml')
    writeFileSync(file, 'cameras:\n  door:\n    url: clip.mp4\n    maxFps: fast\n')
    const { code, stderr } = await runToEnd(['run', '--config', file])
    expect(code).toBe(1)
    expect(stderr).toContain(`${file}:4:13 cameras.door.maxFps:`)
  })

  it.each([
    [['run'], 'there is no camera'],
    [['run', '--nonsense'], '--nonsense'],
    [['fly'], 'there is no command "fly"'],
  ])('refuses %j with a remedy', async (args, message) => {
    const { code, stderr } = await runToEnd(args)
    expect(code).toBe(2)
    expect(stderr).toContain(message)
  })
})
