import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { planLoop } from '../../simulator/loop-plan.ts'
import { readLoop } from '../../simulator/read-loop.ts'
import { canEncode, hasElements, makeTestVideo } from '../support/gst.ts'
import { clips } from '../support/material.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-loop-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe.skipIf(!canEncode('h264'))('readLoop', () => {
  it('reads size, rate, times and key frames of a file with a space in its name', async () => {
    const file = join(folder, 'test picture.mp4')
    const plain = join(folder, 'plain.mp4')
    await makeTestVideo({ file: plain, codec: 'h264', width: 320, height: 180, frames: 45, keyEvery: 15 })
    await rename(plain, file)
    const loop = await readLoop(file)
    expect(loop).toMatchObject({ codec: 'h264', width: 320, height: 180 })
    expect(loop.fps).toBeCloseTo(30, 2)
    expect(loop.units.map((unit) => unit.key)).toEqual(loop.units.map((_, i) => i % 15 === 0))
    const errors = loop.units.map((unit, i) => Math.abs(unit.ptsUs - (i * 1e6) / 30))
    expect(Math.max(...errors)).toBeLessThan(100)
    const { parameterSets, units } = planLoop(loop)
    expect([parameterSets.sps.length, parameterSets.pps.length]).toEqual([1, 1])
    const keys = units.filter(({ key }) => key).map(({ payloads }) => payloads.map(({ body }) => body[0] & 0x1f))
    expect(keys.map((types) => types.slice(0, 2))).toEqual([
      [7, 8],
      [7, 8],
      [7, 8],
    ])
    expect(keys.flat().filter((type) => type === 7).length).toBe(3)
  })

  it('reads H.265 with reordered pictures', async ({ skip }) => {
    if (!canEncode('h265')) skip('no x265enc')
    const file = join(folder, 'h265.mp4')
    const loop = await readLoop(
      await makeTestVideo({ file, codec: 'h265', width: 320, height: 180, frames: 45, keyEvery: 15 }),
    )
    expect(loop).toMatchObject({ codec: 'h265', width: 320, height: 180 })
    expect(loop.units.length).toBe(45)
    expect(loop.units.some((unit) => unit.ptsUs > unit.dtsUs)).toBe(true)
    expect(planLoop(loop).parameterSets.vps.length).toBe(1)
  })
})

describe.skipIf(!clips())('readLoop on footage', () => {
  it.each([
    // As `ffprobe -count_packets` counts them.
    ['three-people.mp4', 640, 480, 511, 29.97],
    ['marathon.mkv', 960, 540, 138, 29.75],
    ['backs-only.mp4', 768, 432, 1394, 10],
  ])('reads all of %s', async (name, width, height, frames, fps) => {
    const loop = await readLoop(join(clips() ?? '', name))
    expect([loop.width, loop.height, loop.units.length]).toEqual([width, height, frames])
    expect(loop.fps).toBeCloseTo(fps, 2)
    expect(loop.units[0]).toMatchObject({ key: true, ptsUs: 0 })
    expect(new Set(loop.units.map((unit) => unit.ptsUs)).size).toBe(frames)
    planLoop(loop)
  })
})

describe.skipIf(!hasElements('parsebin'))('a file that is no video', () => {
  it('gives one error that says so', async () => {
    const text = join(folder, 'notes.mp4')
    await writeFile(text, 'These are notes and no video at all.\n'.repeat(50))
    await expect(readLoop(text)).rejects.toMatchObject({
      code: 'CAMERA_FORMAT',
      message: expect.stringContaining('notes.mp4: expected a video in H.264 or H.265'),
    })
    await expect(readLoop(join(folder, 'nowhere.mp4'))).rejects.toMatchObject({ code: 'CAMERA_FORMAT' })
    await writeFile(text, '')
    await expect(readLoop(text)).rejects.toMatchObject({ code: 'CAMERA_FORMAT' })
  })
})
