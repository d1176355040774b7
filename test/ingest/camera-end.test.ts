import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { RollcallError } from '../../src/errors.ts'
import { endByError } from '../../src/ingest/camera-end.ts'
import { parseCameraUrl } from '../../src/ingest/camera-url.ts'
import { loopFile, scratchDirectory } from '../support/footage.ts'

const endOf = (file: string, code: 'CAMERA_FORMAT' | 'CAMERA_TIMEOUT' | 'CAMERA_NOT_FOUND') =>
  endByError({ url: parseCameraUrl(file) }, new RollcallError(code, 'no picture'))

it.each(['CAMERA_FORMAT', 'CAMERA_TIMEOUT'] as const)('says that a truncated file breaks off, after %s', (code) => {
  const file = join(scratchDirectory(), 'broken.mp4')
  const whole = readFileSync(loopFile('street'))
  writeFileSync(file, whole.subarray(0, Math.floor(whole.length * 0.7)))
  const missing = whole.length - Math.floor(whole.length * 0.7)
  expect(endOf(file, code)).toEqual({
    reason: `the file breaks off: ${missing} bytes of it are missing`,
    details: { code: 'CAMERA_FORMAT' },
  })
})

it('says of a whole file, and of one that is not there, what went wrong', () => {
  expect(endOf(loopFile('street'), 'CAMERA_TIMEOUT')).toEqual({
    reason: 'no picture',
    details: { code: 'CAMERA_TIMEOUT' },
  })
  expect(endOf('/nowhere/at-all.mp4', 'CAMERA_NOT_FOUND').details).toEqual({ code: 'CAMERA_NOT_FOUND' })
})
