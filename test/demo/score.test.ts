import { describe, expect, it } from 'vitest'
import { createScorer } from '../../src/demo/score.ts'
import type { TrueFace, Truth } from '../../src/demo/truth.ts'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { createEvents } from '../../src/identity/events/events.ts'
import type { Box, Landmarks } from '../../src/types.ts'

const events = createEvents('test')
const left = { x: 0.1, y: 0.2, width: 0.1, height: 0.2 }
const boxes = { left, right: { ...left, x: 0.6 } }
const real = (person: string, box: Box): TrueFace => ({
  person,
  box,
  landmarks: [],
  yaw: 0,
  visible: 1,
  hard: null,
})
const truthOf = (facesOf: Truth['facesOf']): Truth => ({
  loop: 'a',
  width: 640,
  height: 360,
  fps: 25,
  frames: facesOf.length,
  people: ['ada', 'ben'],
  about: '',
  facesOf,
})
const both = [real('ada', boxes.left), real('ben', boxes.right)]
const seen = (at: number, faces: readonly (readonly [keyof typeof boxes, string | null])[], clock = 'camera') => {
  const stamp = {
    camera: 'door',
    stream: '0',
    seq: at,
    ptsUs: 0,
    capturedAtMs: at,
    clock: clock as 'camera' | 'arrival',
  }
  const landmarks = Array.from({ length: 5 }, () => ({ x: 0, y: 0 })) as unknown as Landmarks
  return events.frame(
    { ...stamp, width: 640, height: 360, faces: [], endedTracks: [] },
    faces.map(([where, person]) => {
      const { x, y, width, height } = boxes[where]
      const box: Box = { x: x + 0.01, y: y + 0.01, width, height }
      const why = { person, candidate: null, runnerUp: null, threshold: 0.5, reason: 'joined' } as const
      return { track: `t-${where}`, box, landmarks, score: 1, quality: 1, ...why }
    }),
  ) satisfies FrameEvent
}
const score = (published: readonly RollcallEvent[], facesOf: Truth['facesOf'] = [both, both, both, both]) => {
  const scorer = createScorer(new Map([['door', { truth: truthOf(facesOf), shownAt: (ms) => (ms < 0 ? null : ms) }]]))
  scorer.saw(published)
  return { ...scorer.score(), of: Object.fromEntries(scorer.ids()) }
}
const created = (person: string) => events.created({ id: person, name: null }, null, 0)

describe('createScorer', () => {
  it('is content when everybody has one ID', () => {
    const all = [0, 1].map((at) =>
      seen(at, [
        ['left', 'p1'],
        ['right', 'p2'],
      ]),
    )
    expect(score([created('p1'), created('p2'), ...all])).toEqual({
      people: 2,
      found: 2,
      ids: 2,
      idsPerPerson: 1,
      switches: 0,
      faces: 4,
      of: { ada: ['p1'], ben: ['p2'] },
    })
  })

  it('counts a switch each time the ID differs from the last one, across gaps too', () => {
    const result = score([
      seen(0, [['left', 'p1']]),
      seen(1, [['left', null]]),
      seen(2, [['left', 'p2']]),
      seen(3, [['left', 'p1']]),
    ])
    expect(result).toMatchObject({ switches: 2, idsPerPerson: 2, found: 1, of: { ada: ['p1', 'p2'], ben: [] } })
  })

  it('counts merged IDs as one', () => {
    const result = score([
      created('p1'),
      created('p2'),
      seen(0, [['left', 'p1']]),
      events.merged({ id: 'p2', name: null }, 'p1', 'engine', null, 1),
      seen(1, [['left', 'p1']]),
    ])
    expect(result).toMatchObject({ switches: 0, ids: 1, of: { ada: ['p1'] } })
  })

  it('ignores what is nobody, and frames whose time the camera has not told', () => {
    const result = score(
      [seen(0, [['right', 'p9']], 'arrival'), seen(-1, [['left', 'p1']]), seen(0, [['right', 'p2']])],
      [[real('ada', boxes.left)]],
    )
    expect(result).toMatchObject({ found: 0, faces: 0, switches: 0 })
  })
})
