import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeMachine } from '../../../src/ingest/hardware/machine.ts'
import { openVerdicts, triedOn } from '../../../src/ingest/hardware/verdicts.ts'

const right = { objection: null, cpuShare: 0.1 }
const wrong = { objection: 'its pictures are green', cpuShare: null }

const newFile = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-verdicts-'))
  onTestFinished(() => rmSync(directory, { recursive: true }))
  return join(directory, 'cache', 'decoders.json')
}

test('are kept for all processes of a machine, until something of it changes', () => {
  const file = newFile()
  const one = openVerdicts(file, 'driver 1')
  const other = openVerdicts(file, 'driver 1')
  one.set('a', right)
  other.set('b', wrong)
  const next = openVerdicts(file, 'driver 1')
  expect([next.get('a'), next.get('b'), next.get('c')]).toEqual([right, wrong, undefined])
  expect(openVerdicts(file, 'driver 2').get('a')).toBeUndefined()
  expect(describeMachine('1.22.0')).toBe(describeMachine('1.22.0'))
  expect(describeMachine('1.22.0')).not.toBe(describeMachine('1.24.0'))
})

test('a file that is none, or that cannot be written, costs nothing but another trial', () => {
  const file = newFile()
  openVerdicts(file, 'm').set('a', right)
  expect(JSON.parse(readFileSync(file, 'utf8')).verdicts).toEqual({ a: right })
  writeFileSync(file, '{"machine":"m","verdicts":{"a":{"objection":7}}}')
  expect(openVerdicts(file, 'm').get('a')).toBeUndefined()
  for (const nowhere of [null, '/proc/none/decoders.json']) {
    const verdicts = openVerdicts(nowhere, 'm')
    verdicts.set('a', right)
    expect(verdicts.get('a')).toEqual(right)
  }
})

test('one is about two decoders and a kind of stream', () => {
  const caps =
    'video/x-h264, stream-format=(string)byte-stream, width=(int)1920, height=(int)1080, framerate=(fraction)25/1, chroma-format=(string)4:2:0, bit-depth-luma=(uint)8, profile=(string)high'
  expect(triedOn('vah264dec', 'avdec_h264', caps)).toBe(
    'vah264dec, not avdec_h264: video/x-h264 high 1920×1080 4:2:0 8',
  )
})
