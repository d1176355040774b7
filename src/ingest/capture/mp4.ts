import type { AccessUnit } from '../../../native/index.js'
import { RollcallError } from '../../errors.ts'
import { type Caps, parseCaps } from '../caps.ts'
import { box, fullBox, runs, u16, u32, unity } from './boxes.ts'
import { splitNals, withLengths } from './nal-units.ts'
import { type Mp4Codec, mp4Codecs } from './sample-entry.ts'

/** Microseconds, so that no time of a frame is rounded. */
const SCALE = 1_000_000
/** The last picture is shown for as long. */
const LAST_US = 40_000
/** PTS that say so much more than the clock have jumped. */
const JUMP_US = 5_000_000

/** One unit as it stands in the file. Times are microseconds. */
interface Sample {
  readonly data: Uint8Array
  readonly key: boolean
  readonly dtsUs: number
  /** From decoding to showing; never negative. */
  readonly offsetUs: number
}

/**
 * Access units as an MP4 file (ISO/IEC 14496-12, -15): nothing is encoded anew, and times are the camera's, from 0 on. The
 * first unit must be a key unit. Throws CAMERA_FORMAT for an encoding that is not written, and without units.
 */
export const mp4Of = (units: readonly AccessUnit[]): Buffer => {
  const [first] = units
  if (first === undefined) throw new RollcallError('CAMERA_FORMAT', 'there are no pictures to write')
  const caps = parseCaps(first.caps)
  const codec = mp4Codecs.find((each) => each.caps === caps.name)
  const nals = codec?.hasNals === true ? splitNals(first.data) : []
  const entry = codec?.entry(caps, nals) ?? null
  if (codec === undefined || entry === null) {
    const what =
      codec === undefined
        ? `${caps.name} is not written to MP4`
        : 'the first picture has no parameter sets that can be written'
    throw new RollcallError('CAMERA_FORMAT', what, { remedy: 'Set the camera to H.264, H.265 or Motion JPEG.' })
  }
  const samples = samplesOf(units, codec)
  const ftyp = box('ftyp', Buffer.from('isom'), u32(512), Buffer.from('isomiso2mp41'))
  // Its length does not depend on where the data is.
  const head = ftyp.length + moov(samples, caps, entry, 0).length + 8
  return Buffer.concat([ftyp, moov(samples, caps, entry, head), box('mdat', ...samples.map(({ data }) => data))])
}

const samplesOf = (units: readonly AccessUnit[], { hasNals }: Mp4Codec): readonly Sample[] => {
  const shownUs = timesOf(units)
  // Decoding times that fit: the same ones in order, each later than the one before.
  const decodedUs: number[] = []
  for (const time of shownUs.toSorted((a, b) => a - b)) decodedUs.push(Math.max(time, (decodedUs.at(-1) ?? -1) + 1))
  const delayUs = Math.max(...shownUs.map((time, i) => (decodedUs[i] ?? 0) - time))
  return units.map(({ data, key }, i) => ({
    data: hasNals ? withLengths(splitNals(data)) : data,
    key,
    dtsUs: decodedUs[i] ?? 0,
    offsetUs: (shownUs[i] ?? 0) + delayUs - (decodedUs[i] ?? 0),
  }))
}

/** When each unit is shown, from 0 on: by PTS, or by arrival where there are none or where they have jumped. */
const timesOf = (units: readonly AccessUnit[]): readonly number[] => {
  const fromZero = (times: readonly number[]): readonly number[] => {
    const least = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
    return times.map((time) => Math.round(time - least))
  }
  const span = (times: readonly number[]): number => times.reduce((a, b) => Math.max(a, b), 0)
  const arrived = fromZero(units.map(({ arrivedAtMs }) => arrivedAtMs * 1000))
  if (units.some(({ ptsNs }) => ptsNs < 0n)) return arrived
  const origin = units[0]?.ptsNs ?? 0n
  const shown = fromZero(units.map(({ ptsNs }) => Number(ptsNs - origin) / 1000))
  return Math.abs(span(shown) - span(arrived)) > JUMP_US ? arrived : shown
}

const moov = (samples: readonly Sample[], caps: Caps, entry: Buffer, dataAt: number): Buffer => {
  const steps = samples.map(({ dtsUs }, i) => (samples[i + 1]?.dtsUs ?? dtsUs + LAST_US) - dtsUs)
  const lengthUs = steps.reduce((sum, step) => sum + step, 0)
  const delayUs = samples.reduce((least, each) => Math.min(least, each.dtsUs + each.offsetUs), Number.POSITIVE_INFINITY)
  const [width, height] = ['width', 'height'].map((name) => Number(caps.fields.get(name) ?? 0) * 0x10000)
  const table = box(
    'stbl',
    fullBox('stsd', 0, u32(1), entry),
    fullBox('stts', 0, runs(steps)),
    fullBox('ctts', 0, runs(samples.map(({ offsetUs }) => offsetUs))),
    ...(samples.every(({ key }) => key) ? [] : [fullBox('stss', 0, keysOf(samples))]),
    fullBox('stsc', 0, u32(1, 1, samples.length, 1)),
    fullBox('stsz', 0, u32(0, samples.length, ...samples.map(({ data }) => data.length))),
    fullBox('stco', 0, u32(1, dataAt)),
  )
  const data = box('dinf', fullBox('dref', 0, u32(1), fullBox('url ', 1)))
  const media = box(
    'mdia',
    fullBox('mdhd', 0, u32(0, 0, SCALE, lengthUs), u16(0x55c4, 0)),
    fullBox('hdlr', 0, u32(0), Buffer.from('vide'), Buffer.alloc(12), Buffer.from('video\0')),
    box('minf', fullBox('vmhd', 1, Buffer.alloc(8)), data, table),
  )
  const track = box(
    'trak',
    fullBox('tkhd', 7, u32(0, 0, 1, 0, lengthUs, 0, 0), u16(0, 0, 0, 0), unity, u32(width ?? 0, height ?? 0)),
    // The first picture is shown at once, although it may be decoded before others.
    box('edts', fullBox('elst', 0, u32(1, lengthUs, delayUs), u16(1, 0))),
    media,
  )
  const movie = fullBox(
    'mvhd',
    0,
    u32(0, 0, SCALE, lengthUs, 0x10000),
    u16(0x100, 0),
    u32(0, 0),
    unity,
    Buffer.alloc(24),
    u32(2),
  )
  return box('moov', movie, track)
}

const keysOf = (samples: readonly Sample[]): Buffer => {
  const numbers = samples.flatMap(({ key }, i) => (key ? [i + 1] : []))
  return u32(numbers.length, ...numbers)
}
