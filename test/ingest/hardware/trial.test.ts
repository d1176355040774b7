import { expect, test } from 'vitest'
import { type AccessUnit, open } from '../../../native/index.js'
import { type Codec, codecs } from '../../../src/ingest/codecs.ts'
import { trialGroup } from '../../../src/ingest/hardware/group.ts'
import { tryDecoder } from '../../../src/ingest/hardware/trial.ts'
import { movingLines } from './clip.ts'

const codec = codecs.find(({ name }) => name === 'H.264') as Codec

const groupOf = (file: string): Promise<readonly AccessUnit[]> =>
  new Promise((resolve, reject) => {
    const pipeline = open({
      launch: `filesrc location=${file} ! qtdemux ! ${codec.parse} ! appsink name=units`,
      decode: 'appsrc name=units ! fakesink appsink name=frames',
      mode: 'newest',
      policy: 'none',
      pictureSide: 64,
      onEvent: ({ type }) => {
        if (type !== 'eos') return
        const group = trialGroup(pipeline.captured())
        pipeline.stop().then(() => (group === null ? reject(new Error('no group')) : resolve(group)), reject)
      },
    })
  })

/** A trial has low priority, and the tests beside it take all that there is. */
const patient = { patienceMs: 200_000 }

// A decoder in software in the place of hardware: what is tried here is the trial, not a driver.
test('a decoder is used if its pictures are right, for less CPU time', { timeout: 240_000 }, async () => {
  const group = await groupOf(await movingLines(45))
  const objection = async (hardware: string, more: { atMost?: number; patienceMs?: number } = {}) =>
    (
      await tryDecoder({
        codec,
        software: 'avdec_h264 max-threads=1',
        hardware,
        group,
        atMost: 1000,
        ...patient,
        ...more,
      })
    ).objection
  expect(group).toHaveLength(30)
  expect(await objection('openh264dec')).toBeNull()
  expect(await objection('openh264dec', { atMost: 0.01 })).toMatch(/^it takes .* of the CPU time of software$/)
  expect(await objection('openh264dec ! videobalance brightness=0.05')).toMatch(
    /not those of software \(they differ by/,
  )
  expect(await objection('openh264dec ! identity error-after=7')).toContain('Failed after iterations')
  expect(await objection('openh264dec ! identity eos-after=7')).toMatch(/^it makes \d pictures of 30$/)
  expect(await objection('nosuchdec')).toContain('nosuchdec')
  expect(await objection('openh264dec ! identity sleep-time=60000000', { patienceMs: 2000 })).toBe('it hangs')
})
