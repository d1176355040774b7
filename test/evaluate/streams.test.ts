import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { composeStream, viewsOfPhoto } from '../../src/evaluate/composed-stream.ts'
import type { EmbeddedPhoto } from '../../src/evaluate/embed-photos.ts'
import { composeHardStream, peopleOfHardStream } from '../../src/evaluate/hard-stream.ts'
import { printStream } from '../../src/evaluate/print-stream.ts'
import { parseStreamLine } from '../../src/evaluate/read-stream.ts'
import { levels, simulatePeople } from '../../src/evaluate/simulated-people.ts'
import { expectNoEasier } from './no-easier.ts'

describe('simulatePeople', () => {
  // The easier level is in streams.long.test.ts.
  it('harder is no easier than the reference', () => expectNoEasier('harder'))

  it('is deterministic, in time order, and has swaps and several cameras', () => {
    const frames = simulatePeople(levels.easier, 5, 20)
    expect(simulatePeople(levels.easier, 5, 20)).toEqual(frames)
    expect(frames.every(({ atMs }, i) => atMs >= (frames[i - 1]?.atMs ?? 0))).toBe(true)
    expect(new Set(frames.map(({ camera }) => camera)).size).toBe(4)
    const owners = Map.groupBy(
      frames.flatMap(({ faces }) => faces),
      ({ track }) => track,
    )
    const mixed = [...owners.values()].filter((faces) => new Set(faces.map(({ person }) => person)).size > 1)
    expect(mixed.length).toBeGreaterThan(0)
  })

  it('comes back as it was printed, to five digits', async () => {
    const frames = simulatePeople(levels.easier, 3, 2)
    const out = new PassThrough()
    const printed = text(out)
    await printStream(frames, out)
    out.end()
    const back = (await printed)
      .trimEnd()
      .split('\n')
      .map((line, i) => parseStreamLine(line, `line ${i + 1}`))
    expect(back.map(({ atMs, camera }) => ({ atMs, camera }))).toEqual(
      frames.map(({ atMs, camera }) => ({ atMs, camera })),
    )
    const [face, before] = [back[0]?.faces[0], frames[0]?.faces[0]]
    expect(face?.track).toBe(before?.track)
    expect(
      Math.max(...Array.from(face?.embedding ?? [9], (v, d) => Math.abs(v - (before?.embedding[d] ?? 0)))),
    ).toBeLessThan(2e-5)
  })
})

describe('parseStreamLine', () => {
  const face = '{"person":1,"track":2,"quality":0.5,"embedding":[3,4]}'

  it('takes numbers for names and makes embeddings of unit length', () => {
    expect(parseStreamLine(`{"t":1.5,"camera":0,"faces":[${face}]}`, 'x')).toEqual({
      atMs: 1500,
      camera: '0',
      faces: [{ person: '1', track: '2', quality: 0.5, embedding: Float32Array.of(0.6, 0.8) }],
    })
  })

  it.each([
    '{',
    '{"t":1,"camera":0}',
    '{"t":1,"camera":0,"faces":[{"person":1,"track":2,"quality":2,"embedding":[3,4]}]}',
    '{"t":1,"camera":0,"faces":[{"person":1,"track":2,"quality":0.5,"embedding":[0,0]}]}',
  ])('says where %s is wrong', (line) => {
    expect(() => parseStreamLine(line, 'standard input:7')).toThrow(/^standard input:7: /)
  })
})

describe('composeStream', () => {
  const photos = Array.from({ length: 12 }, (_, person) =>
    Array.from({ length: 1 + (person % 5) }, (_, photo): EmbeddedPhoto => {
      const embedding = Float32Array.of(person, photo)
      const quality = { overall: 0.8, sizePx: 80, sharpness: 1, yaw: 0 }
      const views = Array.from({ length: viewsOfPhoto }, () => ({ embedding, quality }))
      return { person: `p${person}`, file: `${person}/${photo}`, how: 'found', views }
    }),
  ).flat()
  const frames = composeStream(photos, 4)

  it('shows every photo in one track only, and nobody beside themselves', () => {
    const tracksOf = new Map<string, Set<string>>()
    for (const { faces } of frames) {
      expect(new Set(faces.map(({ person }) => person)).size).toBe(faces.length)
      for (const { embedding, track } of faces)
        tracksOf.set(embedding.join(), (tracksOf.get(embedding.join()) ?? new Set()).add(track))
    }
    expect(tracksOf.size).toBe(photos.length)
    expect([...tracksOf.values()].every(({ size }) => size === 1)).toBe(true)
  })

  it('lets people return, on several cameras', () => {
    const seen = frames.flatMap(({ camera, faces }) => faces.map(({ person, track }) => ({ camera, person, track })))
    const last = seen.filter(({ person }) => person === 'p9')
    expect(new Set(last.map(({ track }) => track)).size).toBeGreaterThan(1)
    expect(new Set(seen.map(({ camera }) => camera)).size).toBeGreaterThan(2)
    expect(composeStream(photos, 4)).toEqual(frames)
  })
})

describe('composeHardStream', () => {
  /** Person n has n photos; the embedding names both. */
  const photos = Array.from({ length: 12 }, (_, person) =>
    Array.from({ length: person }, (_, photo): EmbeddedPhoto => {
      const embedding = Float32Array.of(person, photo)
      const quality = { overall: 0.8, sizePx: 80, sharpness: 1, yaw: 0 }
      const views = Array.from({ length: viewsOfPhoto }, () => ({ embedding, quality }))
      return { person: `p${person}`, file: `${person}/${photo}`, how: 'found', views }
    }),
  ).flat()
  const frames = composeHardStream(photos, { seed: 4 })
  const seen = frames.flatMap(({ atMs, camera, faces }) => faces.map((face) => ({ atMs, camera, ...face })))

  it('gives every photo of a person who can return a track of its own, for all its views', () => {
    const tracks = Map.groupBy(seen, ({ track }) => track)
    expect(tracks.size).toBe(photos.length - 1)
    expect(seen.some(({ person }) => person === 'p1')).toBe(false)
    for (const faces of tracks.values()) {
      expect(faces).toHaveLength(viewsOfPhoto)
      expect(new Set(faces.map(({ embedding }) => embedding.join())).size).toBe(1)
    }
    expect(new Set([...tracks.values()].map(([face]) => face?.embedding.join())).size).toBe(tracks.size)
  })

  it('scatters people over time and cameras, and shows nobody beside themselves', () => {
    for (const { faces } of frames) expect(new Set(faces.map(({ person }) => person)).size).toBe(faces.length)
    expect(new Set(seen.map(({ camera }) => camera)).size).toBe(4)
    expect(frames.every(({ atMs }, i) => atMs >= (frames[i - 1]?.atMs ?? 0))).toBe(true)
    expect((frames.at(-1)?.atMs ?? 0) - (frames[0]?.atMs ?? 0)).toBeGreaterThan(10 * 60_000)
  })

  it('depends on its options only, and draws other people with another seed', () => {
    expect(composeHardStream(photos, { seed: 4 })).toEqual(frames)
    const drawn = (seed: number): string[] => {
      const few = composeHardStream(photos, { seed, people: 3 })
      return [...new Set(few.flatMap(({ faces }) => faces.map(({ person }) => person)))].sort()
    }
    for (const seed of [1, 2, 3]) expect(drawn(seed)).toHaveLength(3)
    expect(new Set([1, 2, 3, 4].map((seed) => drawn(seed).join())).size).toBeGreaterThan(1)
  })

  it('is the same when only the people who are drawn are embedded', () => {
    const draw = { seed: 2, people: 3 }
    const chosen = peopleOfHardStream(photos, draw)
    const embedded = photos.filter(({ person }) => chosen.has(person))
    expect(composeHardStream(embedded, { ...draw, from: photos })).toEqual(composeHardStream(photos, draw))
  })
})
