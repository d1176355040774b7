import { expect, test } from 'vitest'
import { type LiveScene, sceneOf } from '../../bench/live-scenes.ts'
import { delaysOf, scoreLive, UNSCORED, waitsOf } from '../../bench/live-scores.ts'
import { countPasses } from '../../bench/live-watchers.ts'
import type { Look } from '../../bench/looks-scores.ts'
import { quietCamera } from '../../bench/quiet-camera.ts'
import type { TrueFace } from '../../src/demo/truth.ts'

const box = { x: 0.1, y: 0.1, width: 0.2, height: 0.2 }
const far = { ...box, x: 0.7 }

const there = (person: string): TrueFace => ({
  person,
  box,
  landmarks: [],
  yaw: 0,
  visible: 1,
  hard: null,
})

/** Somebody for two seconds, nobody for one, somebody else for two, after the pictures that are not scored. */
const facesOf = [
  ...Array.from({ length: UNSCORED }, () => []),
  ...Array.from({ length: 50 }, () => [there('ann')]),
  ...Array.from({ length: 25 }, () => []),
  ...Array.from({ length: 50 }, () => [there('bob')]),
]
const loop: LiveScene['loop'] = { codec: 'h264', width: 1280, height: 720, fps: 25, units: [] }
const scene: LiveScene = { name: 'door', loop, facesOf }

const firstBob = UNSCORED + 75
/** A look at each `step`th picture; `who` says who is seen in it. */
const looks = (step: number, who: (seq: number) => string | null, from = 0): Look[] =>
  facesOf.flatMap((faces, seq) => {
    if (seq % step !== 0) return []
    const seen = faces.length > 0 && seq >= from
    const track = seq < firstBob ? 'first' : 'second'
    return [{ seq, capturedAtMs: seq * 40, faces: seen ? [{ track, person: who(seq), box }] : [] }]
  })
const right = (seq: number) => (seq < firstBob ? 'p1' : 'p2')

test('every look right', () => {
  expect(scoreLive([scene], [looks(1, right)])).toEqual({ idf1: 1, people: 2, found: 2, idsPerPerson: 1, switches: 0 })
})

test('pictures between two looks show both', () => {
  expect(scoreLive([scene], [looks(5, right)]).idf1).toBeGreaterThan(0.95)
})

test('another ID for the same person', () => {
  const score = scoreLive([scene], [looks(1, (seq) => (seq === UNSCORED + 30 ? 'p3' : right(seq)))])
  expect(score).toMatchObject({ found: 2, idsPerPerson: 1.5, switches: 2 })
})

test('cameras are one site: an ID on one is another person on the other', () => {
  const onOther = looks(1, (seq) => (seq < firstBob ? 'p2' : 'p1'))
  const score = scoreLive([scene, scene], [looks(1, right), onOther])
  expect(score).toMatchObject({ people: 2, idsPerPerson: 2 })
  expect(score.idf1).toBeCloseTo(0.5)
})

test('boxes elsewhere show nobody', () => {
  const elsewhere = looks(1, right).map((look) => ({
    ...look,
    faces: look.faces.map((face) => ({ ...face, box: far })),
  }))
  expect(scoreLive([scene], [elsewhere])).toMatchObject({ idf1: 0, found: 0 })
})

test('who is shown later than with every frame', () => {
  expect(delaysOf(scene, looks(1, right), looks(1, right))).toEqual([0, 0])
  expect(delaysOf(scene, looks(1, right, UNSCORED + 5), looks(1, right))).toEqual([200, 0])
  expect(delaysOf(scene, looks(1, right, firstBob), looks(1, right))).toEqual([Number.POSITIVE_INFINITY, 0])
})

test('how long after somebody came they are shown, pass after pass', () => {
  const whole = { from: 1, until: 2 * facesOf.length }
  const twice = [0, facesOf.length].flatMap((shift) =>
    looks(1, right, UNSCORED + 5).map((look) => ({
      ...look,
      seq: look.seq + shift,
      capturedAtMs: 40 * (look.seq + shift),
    })),
  )
  expect(waitsOf(scene, twice, whole)).toEqual([200, 0, 200, 0])
  expect(waitsOf(scene, twice, { ...whole, from: firstBob })).toEqual([200, 0])
  expect(waitsOf(scene, looks(1, right), whole)).toEqual([0, 0, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY])
})

test('passes of a loop are counted, and a picture that comes late is not one', () => {
  const number = countPasses(700)
  expect([0, 690, 699, 3, 2, 350, 699, 0].map(number)).toEqual([0, 690, 699, 703, 702, 1050, 1399, 1400])
})

test('a quiet camera stands still, then shows the street, in one piece with a key frame every second', async () => {
  const { facesOf } = await sceneOf('street')
  const quiet = await quietCamera('quiet', { width: 160, height: 96, stillS: 2, filmS: 5 })
  expect(quiet.loop.units.flatMap(({ key }, i) => (key ? i : []))).toEqual([0, 25, 50, 75, 100, 125, 150])
  expect(quiet.loop.units.map(({ ptsUs }) => ptsUs)).toEqual(Array.from({ length: 175 }, (_, i) => i * 40_000))
  expect(quiet.facesOf).toEqual([...Array.from({ length: 50 }, () => []), ...facesOf.slice(0, 125)])
})
