/** Plays one camera (`?camera=door&most=all`) and reads from the canvas which counter it shows, and which its boxes say. */

import { createVideo, createWatching } from '@rollcall/client/video'
import { connect } from '../../../../client/src/index.ts'
import type { CountedPage, Read } from '../counted-page.ts'
import { columns, counterOf, height, width } from '../counter.ts'
import { blocksOf, createJudge, scale } from '../judge.ts'

const query = new URLSearchParams(location.search)
const camera = query.get('camera') ?? 'door'
const most = (query.get('most') ?? 'all') as 'all' | 'keys' | 'stills'

const counted: CountedPage = {
  reads: 0,
  withBoxes: 0,
  between: 0,
  held: 0,
  without: 0,
  oldestFrames: 0,
  toldFrames: 0,
  reports: 0,
  unreadable: 0,
  streams: [],
  mismatches: [],
  state: null,
  figures: null,
  states: [],
  firstPictureMs: null,
  leastKeyWaitMs: null,
  counters: [],
}
Object.assign(globalThis, { counted })

const canvas = document.createElement('canvas')
document.body.append(canvas)
const client = connect({ subscribe: { topics: ['frames'] } })
const video = createVideo(canvas, {
  camera,
  client,
  watching: createWatching((watch) => client.watch(watch)),
  look: ({ track }) => ({ text: '', colour: track.endsWith('/0') ? '#ff00ff' : '#00ffff', isDim: false }),
  onState: (state) => {
    counted.state = state
    counted.states.push(state)
  },
  onFigures: (figures) => {
    counted.figures = figures
    counted.reports++
    counted.toldFrames = Math.max(counted.toldFrames, figures.errorFrames)
  },
})
video.resize(width * scale, height * scale)
let askedAtMs = performance.now()
client.onStatus(({ state }) => {
  if (state === 'connected') askedAtMs = performance.now()
})
video.want(most)

const copy = document.createElement('canvas')
Object.assign(copy, { width: width * scale, height: height * scale })
const context = copy.getContext('2d', { willReadFrequently: true })

const row = (y: number): Uint8ClampedArray =>
  context?.getImageData(0, Math.round(y * height * scale), width * scale, 1).data ?? new Uint8ClampedArray()
const firstOf = (data: Uint8ClampedArray, isBox: (r: number, g: number, b: number) => boolean): number | null => {
  for (let x = 0; x < data.length / 4; x++)
    if (isBox(data[4 * x] ?? 0, data[4 * x + 1] ?? 0, data[4 * x + 2] ?? 0)) return x
  return null
}

const read = (): Read | null => {
  if (context === null || counted.state?.hasPicture !== true) return null
  context.drawImage(canvas, 0, 0, width * scale, height * scale)
  const top = row(8 / height)
  if ((top[3] ?? 0) === 0) return null
  const blocks = Array.from({ length: columns }, (_, i) => (top[4 * Math.round((i + 0.5) * 16 * scale) + 1] ?? 0) > 128)
  const boxes = [
    firstOf(row(0.52), (r, g, b) => r > 190 && g < 100 && b > 190),
    firstOf(row(0.84), (r, g, b) => r < 100 && g > 190 && b > 190),
  ]
  return { counter: counterOf(blocks), boxes }
}

const judge = createJudge()
/** When the last key unit of each counter came. The first of all is left out: it has waited in the server. */
const keysAtMs = new Map<number, number>()
let keys = 0
client.onUnit(({ bytes, ...unit }) => {
  const blocks = blocksOf(bytes, columns)
  const counter = blocks && counterOf(blocks)
  if (unit.camera !== camera || counter === null) return
  judge.unit(unit, counter)
  if (unit.key && ++keys > 1) keysAtMs.set(counter, performance.now())
})
client.on('rollcall.frame.v1', ({ data: { stream, ptsUs, faces, ...data } }) => {
  if (data.camera !== camera) return
  judge.frame({ stream, ptsUs, places: faces.map(({ box }) => box.x) })
  if (!counted.streams.includes(stream)) counted.streams.push(stream)
})

const count = (counter: number, now: Read): void => {
  const atMs = keysAtMs.get(counter)
  const waitMs = atMs === undefined ? Number.POSITIVE_INFINITY : performance.now() - atMs
  counted.leastKeyWaitMs = Math.min(counted.leastKeyWaitMs ?? Number.POSITIVE_INFINITY, waitMs)
  const { kind, oldFrames, expected } = judge.judge(counter, now.boxes)
  const counts = { own: 'withBoxes', between: 'between', held: 'held', none: 'without' } as const
  if (kind === 'wrong') counted.mismatches.push({ ...now, expected: expected.map((x) => x * width * scale) })
  else counted[counts[kind]]++
  counted.oldestFrames = Math.max(counted.oldestFrames, oldFrames)
}

let last = ''
const look = (): void => {
  requestAnimationFrame(look)
  const now = read()
  if (now === null) return
  counted.firstPictureMs ??= performance.now() - askedAtMs
  const text = JSON.stringify(now)
  if (text === last) return
  last = text
  counted.reads++
  const { counter } = now
  if (counter === null) {
    counted.unreadable++
    return
  }
  counted.counters.push(counter)
  count(counter, now)
}
look()
