import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { readTruth } from '../../src/demo/truth.ts'

const header = { loop: 'a', width: 640, height: 360, fps: 25, frames: 3, people: ['ada'], about: 'a test' }
const face = {
  person: 'ada',
  box: [0.1, 0.1, 0.1, 0.2],
  landmarks: Array.from({ length: 5 }, () => [0.15, 0.2]),
  yaw: 3,
  visible: 1,
  hard: null,
}

const written = (...lines: unknown[]): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-truth-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  const file = join(directory, 'a.truth.jsonl')
  writeFileSync(file, `${lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n')}\n`)
  return file
}

it('reads who is where; frames without a line show nobody', async () => {
  const truth = await readTruth(written(header, { frame: 0, faces: [face] }, { frame: 2, faces: [] }))
  expect(truth.facesOf.map((faces) => faces.map(({ person }) => person))).toEqual([['ada'], [], []])
})

it.each([
  ['no JSON', [header, '{"frame":'], /a\.truth\.jsonl:2: /],
  ['a wrong header', [{ ...header, fps: 0 }], /a\.truth\.jsonl:1: .*fps/],
  ['a face without landmarks', [header, { frame: 0, faces: [{ ...face, landmarks: [] }] }], /:2: .*landmarks/],
])('names file and line of %s', async (_, lines, message) => {
  await expect(readTruth(written(...lines))).rejects.toMatchObject({
    code: 'USAGE',
    message: expect.stringMatching(message),
  })
})
