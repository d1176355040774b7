import { describe, expect, it } from 'vitest'
import { type KnownLook, recogniseFace } from '../../src/recognition/nearest.ts'

/** Photos of people by their angles, compared with a face at 0°. */
const gallery = (looks: Readonly<Record<string, readonly number[]>>): KnownLook[] =>
  Object.entries(looks).flatMap(([person, angles]) =>
    angles.map((angle) => ({
      person,
      file: `${person}/${angle}`,
      embedding: [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)],
    })),
  )
const who = (looks: Readonly<Record<string, readonly number[]>>, k = 5) =>
  recogniseFace([1, 0], gallery(looks), { k, threshold: 0.5 })

describe('recogniseFace', () => {
  it('is the nearest person, and nobody when nobody is near', () => {
    expect(who({ ada: [20, 30], ben: [70] }).person).toBe('ada')
    expect(who({ ada: [70], ben: [80] }).person).toBeNull()
    expect(who({})).toEqual({ person: null, candidates: [] })
  })

  it('lets many good photos of one win, but not many doubtful ones', () => {
    expect(who({ ada: [20, 21, 22], ben: [19] }).person).toBe('ada')
    expect(who({ ada: [58, 58, 58, 58], ben: [10] }).person).toBe('ben')
  })

  it('counts the k nearest only', () => {
    expect(who({ ada: [20, 21, 22], ben: [19] }, 1).person).toBe('ben')
    const { candidates } = who({ ada: [20, 21, 70], ben: [19] }, 3)
    expect(candidates.map(({ person, file, votes }) => [person, file, votes])).toEqual([
      ['ben', 'ben/19', 1],
      ['ada', 'ada/20', 2],
    ])
  })
})
