/** Plays one camera (`?camera=door&most=all`) and reads from the canvas which counter it shows, and which its boxes say. */

import { createVideo, createWatching } from '@rollcall/client/video'
import { connect } from '../../../../client/src/index.ts'
import type { CountedPage, Read } from '../counted-page.ts'
import { columns, counterOf, height, placesOf, width } from '../counter.ts'

const query = new URLSearchParams(location.search)
const camera = query.get('camera') ?? 'door'
const most = (query.get('most') ?? 'all') as 'all' | 'keys' | 'stills'
const scale = 2

const counted: CountedPage = {
  reads: 0,
  withBoxes: 0,
  between: 0,
  apart: 0,
  late: 0,
  unreadable: 0,
  streams: [],
  mismatches: [],
  state: null,
  figures: null,
  states: [],
  firstPictureMs: null,
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

/** When the boxes of each counter came. */
const analysedAtMs = new Map<number, number>()
client.on('rollcall.frame.v1', ({ data }) => {
  const [low, high] = data.faces.map(({ box }) => Math.round((box.x - 0.03) / 0.029))
  if (data.camera === camera && low !== undefined && high !== undefined) {
    analysedAtMs.set(low + 32 * high, performance.now())
    if (!counted.streams.includes(data.stream)) counted.streams.push(data.stream)
  }
})

const placeOf = (counter: number): number[] => placesOf(counter).map((x) => x * width * scale)

/** A picture that was analysed has exactly its boxes, one between two analysed ones what lies between theirs. */
const judge = (counter: number, now: Read): void => {
  const nowMs = performance.now()
  const isKnown = (each: number): boolean => nowMs - (analysedAtMs.get(each) ?? Number.NEGATIVE_INFINITY) < 4000
  const nearest = (step: number) => [...Array(12).keys()].map((i) => counter + step * (i + 1)).find(isKnown)
  const isOwn = isKnown(counter)
  const [before, after] = isOwn ? [counter, counter] : [nearest(-1), nearest(1)]
  // Where the last five bits begin anew, nothing is between.
  if (before === undefined || after === undefined || before >> 5 !== after >> 5) return
  // The worker paints them a moment later, and takes what lies between them from then on.
  const isFresh = [...analysedAtMs].some(([each, atMs]) => Math.abs(each - counter) < 12 && nowMs - atMs < 60)
  const [least, greatest] = [placeOf(before), placeOf(after)]
  // The stroke has two pixels, one of them left of the box' side; a step of the counter has eleven.
  const isRight = now.boxes.every(
    (at, i) => at !== null && at + 1 >= (least[i] ?? 0) - 2 && at + 1 <= (greatest[i] ?? 0) + 2,
  )
  if (isRight) counted[isOwn ? 'withBoxes' : 'between']++
  else if (isFresh || now.boxes.some((at) => at === null)) counted.late++
  // Times of a busy machine are uneven: what lies between two of them by time need not lie between them by number.
  else if (!isOwn) counted.apart++
  else counted.mismatches.push({ ...now, expected: [...least, ...greatest] })
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
  judge(counter, now)
}
look()
