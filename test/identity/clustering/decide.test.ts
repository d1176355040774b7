import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AssignmentQuestion, decide } from '../../../src/identity/clustering/decide.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { comparisonOn } from '../../../src/identity/people/evidence.ts'
import { createPeople } from '../../../src/identity/people/people.ts'

const limits = identityOptions.parse({ join: 0.6, create: 0.4, leave: 0.3, margin: 0.05, settleFaces: 16 })
const people = createPeople(comparisonOn({ scale: 1, offset: 0 }))
const [ann, bob, cy] = ['a', 'b', 'c'].map((track) => people.create(track, 'door', 0)) as [
  ReturnType<typeof people.create>,
  ReturnType<typeof people.create>,
  ReturnType<typeof people.create>,
]
const ask = (more: Partial<AssignmentQuestion>): AssignmentQuestion => ({
  candidates: [],
  nearest: null,
  own: null,
  rival: null,
  mayFound: true,
  goodFaces: 5,
  confirmed: true,
  caution: 0,
  ...more,
})
/** As well known tracks have it: the score is a little above the cosine. */
const match = (person: typeof ann, score: number) => ({ person, similarity: 0.9 * score, score })
const like = (...pairs: [typeof ann, number][]) => pairs.map(([person, score]) => match(person, score))
const one = (question: Partial<AssignmentQuestion>) => decide([ask(question)], limits)[0]

describe('decide', () => {
  it('joins the nearest person, with its score and the runner-up', () => {
    expect(one({ candidates: like([ann, 0.8], [bob, 0.2]) })).toEqual({
      person: ann,
      candidate: match(ann, 0.8),
      runnerUp: match(bob, 0.2),
      threshold: 0.6,
      reason: 'joined',
    })
  })

  it('creates a person when nobody is near and the track is confirmed', () => {
    const candidates = like([ann, 0.39])
    const [candidate] = candidates
    expect(one({ candidates })).toMatchObject({ person: 'new', reason: 'created', threshold: 0.4, candidate })
    expect(one({ candidates, confirmed: false })).toMatchObject({ person: null, reason: 'tentative', candidate })
    expect(one({})).toMatchObject({ person: 'new', candidate: null })
  })

  it('makes nobody of poor faces while somebody is nearly near, however many there are', () => {
    const poor = { caution: 0.25 }
    expect(one({ ...poor, candidates: like([ann, 0.16]) })).toMatchObject({ person: null, reason: 'ambiguous' })
    expect(one({ ...poor, candidates: like([ann, 0.14]) })).toMatchObject({ person: 'new' })
    expect(one({ ...poor, candidates: like([ann, 0.3]), goodFaces: 100 })).toMatchObject({ person: null })
    expect(one({ ...poor, candidates: like([ann, 0.7]) })).toMatchObject({ person: ann, reason: 'joined' })
    expect(one({ ...poor, candidates: [] })).toMatchObject({ person: 'new' })
  })

  it('names the nearest person even when the track may not join it', () => {
    const [nearest] = like([ann, 0.9])
    expect(one({ nearest: nearest ?? null, confirmed: false })).toMatchObject({
      reason: 'tentative',
      candidate: nearest,
    })
    expect(one({ nearest: nearest ?? null })).toMatchObject({ reason: 'created', candidate: nearest, runnerUp: null })
  })

  it('stays tentative between the thresholds, and between two people who are equally near', () => {
    expect(one({ candidates: like([ann, 0.5]) })).toMatchObject({ person: null, reason: 'ambiguous' })
    expect(one({ candidates: like([ann, 0.8], [bob, 0.76]) })).toMatchObject({ person: null, reason: 'ambiguous' })
  })

  it('decides an ambiguous track after settleFaces good faces', () => {
    const goodFaces = 16
    expect(one({ goodFaces, candidates: like([ann, 0.61]) })).toMatchObject({ person: ann, reason: 'joined' })
    expect(one({ goodFaces, candidates: like([ann, 0.59]) })).toMatchObject({ person: 'new', reason: 'created' })
    expect(one({ goodFaces, candidates: like([ann, 0.8], [bob, 0.79]) })).toMatchObject({ person: ann })
  })

  it('gives a person once, to maximise the sum of all scores', () => {
    const answers = decide(
      [ask({ candidates: like([ann, 0.9], [bob, 0.85]) }), ask({ candidates: like([ann, 0.8], [bob, 0.1]) })],
      limits,
    )
    expect(answers.map(({ person }) => person)).toEqual([bob, ann])
  })

  it('creates a person although a similar one is assigned to another track', () => {
    const answers = decide([ask({ candidates: like([ann, 0.9]) }), ask({ candidates: like([ann, 0.7]) })], limits)
    expect(answers.map(({ person }) => person)).toEqual([ann, 'new'])
  })

  it('stays tentative when it scores merge or more with the person of another track', () => {
    const [rival] = like([ann, 0.75])
    expect(one({ rival: rival ?? null })).toMatchObject({ person: null, reason: 'ambiguous', runnerUp: rival })
    expect(one({ rival: match(ann, 0.73) })).toMatchObject({ person: 'new' })
    expect(one({ rival: rival ?? null, candidates: like([bob, 0.72]) })).toMatchObject({ person: null })
    expect(one({ rival: rival ?? null, candidates: like([bob, 0.81]) })).toMatchObject({ person: bob })
    expect(one({ rival: rival ?? null, goodFaces: 16 })).toMatchObject({ person: 'new' })
    const answers = decide([ask({ candidates: like([ann, 0.9]) }), ask({ candidates: like([ann, 0.8]) })], limits)
    expect(answers.map(({ person }) => person)).toEqual([ann, null])
  })

  it('keeps its person until another is clearly better, or its score is below leave', () => {
    const own = { person: ann, comparison: match(ann, 0.4) }
    expect(one({ own, candidates: like([bob, 0.65]) })).toMatchObject({ person: ann, reason: 'kept', threshold: 0.3 })
    expect(one({ own, candidates: like([bob, 0.75]) })).toMatchObject({ person: bob, reason: 'moved' })
    expect(one({ own: { person: ann, comparison: match(ann, 0.2) } })).toMatchObject({
      person: 'new',
      reason: 'created',
    })
  })

  it('keeps a person who is known from this track alone', () => {
    expect(one({ own: { person: ann, comparison: null }, candidates: like([bob, 0.99]) })).toMatchObject({
      person: ann,
    })
  })

  it('never gives a person to two tracks', () => {
    const value = fc.double({ min: -1, max: 1, noNaN: true })
    const question = fc.record({
      similarities: fc.tuple(value, value, value),
      own: fc.constantFrom(-1, 0, 1, 2),
      goodFaces: fc.integer({ min: 1, max: 20 }),
      confirmed: fc.boolean(),
      caution: fc.constantFrom(0, 0.25),
    })
    fc.assert(
      fc.property(fc.array(question, { maxLength: 5 }), (drawn) => {
        const owned = new Set<number>()
        const questions = drawn.map(({ similarities, own, ...rest }): AssignmentQuestion => {
          // A person is held by one track at most before, too.
          const mine = own >= 0 && !owned.has(own) ? own : -1
          owned.add(mine)
          const all = like([ann, similarities[0]], [bob, similarities[1]], [cy, similarities[2]])
          const candidates = all.filter((_, i) => i !== mine).sort((a, b) => b.score - a.score)
          const held = all[mine]
          const present = held ? { person: held.person, comparison: held } : null
          return { ...rest, candidates, nearest: null, own: present, rival: null, mayFound: true }
        })
        const given = decide(questions, limits).flatMap(({ person }) => (person && person !== 'new' ? [person] : []))
        expect(new Set(given).size).toBe(given.length)
      }),
    )
  })
})
