import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { describeMachine } from '../../../src/ingest/hardware/machine.ts'
import { openVerdicts, readVerdicts, triedOn } from '../../../src/ingest/hardware/verdicts.ts'

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
  expect(next.get('a')).toMatchObject(right)
  expect(next.get('b')).toMatchObject(wrong)
  expect(next.get('c')).toBeUndefined()
  expect(openVerdicts(file, 'driver 2').get('a')).toBeUndefined()
  expect(describeMachine('1.22.0')).toBe(describeMachine('1.22.0'))
  expect(describeMachine('1.22.0')).not.toBe(describeMachine('1.24.0'))
})

test('an objection is forgotten after a day, because it may be to a busy moment', () => {
  const file = newFile()
  const verdicts = openVerdicts(file, 'm')
  verdicts.set('a', right)
  verdicts.set('b', wrong)
  expect(Object.keys(readVerdicts(file, 'm'))).toEqual(['a', 'b'])
  expect(Object.keys(readVerdicts(file, 'm', Date.now() + 86_500_000))).toEqual(['a'])
})

test('a file that is none, or that cannot be written, costs nothing but another trial', () => {
  const file = newFile()
  openVerdicts(file, 'm').set('a', right)
  expect(JSON.parse(readFileSync(file, 'utf8')).verdicts).toMatchObject({ a: right })
  writeFileSync(file, '{"machine":"m","verdicts":{"a":{"objection":7}}}')
  expect(openVerdicts(file, 'm').get('a')).toBeUndefined()
  for (const nowhere of [null, '/proc/none/decoders.json']) {
    const verdicts = openVerdicts(nowhere, 'm')
    verdicts.set('a', right)
    expect(verdicts.get('a')).toMatchObject(right)
  }
})

test('one is about two decoders and a kind of stream', () => {
  const caps =
    'video/x-h264, stream-format=(string)byte-stream, width=(int)1920, height=(int)1080, framerate=(fraction)25/1, chroma-format=(string)4:2:0, bit-depth-luma=(uint)8, profile=(string)high'
  expect(triedOn('vah264dec', 'avdec_h264', caps)).toBe(
    'vah264dec, not avdec_h264: video/x-h264 high 1920×1080 4:2:0 8',
  )
})
