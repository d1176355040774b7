import { describe, expect, it } from 'vitest'
import { RollcallError } from '../../../src/errors.ts'
import type { ScoredMerge } from '../../../src/identity/gallery/gallery.ts'
import type { Identity } from '../../../src/identity/identity.ts'
import { faceOf, facesAt, near } from '../support/faces.ts'
import { galleryStory } from '../support/story.ts'

const typesOf = (events: readonly { readonly type: string }[]) =>
  events.map(({ type }) => type.slice('rollcall.'.length, -'.v1'.length))
const codeOf = (act: () => unknown): string | null => {
  try {
    act()
    return null
  } catch (error) {
    return error instanceof RollcallError ? error.code : String(error)
  }
}

describe('the gallery', () => {
  it('names people; a name survives a merge, and so does its ID', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const ada = visit(looks.ada, startMs)
    const bo = visit(looks.bo, startMs + 60_000)
    expect(typesOf(engine.name(bo, 'Bo', startMs))).toEqual(['person.named'])
    expect(engine.name(bo, 'Bo', startMs)).toEqual([])
    const [merged] = engine
      .merge(ada, bo, startMs, { force: true })
      .filter(({ type }) => type === 'rollcall.person.merged.v1')
    expect(merged).toMatchObject({
      subject: ada,
      data: { into: bo, by: 'user', similarity: null, score: null, threshold: null },
    })
    expect(engine.resolve(ada)).toBe(bo)
    expect(engine.person(ada)).toMatchObject({ id: bo, name: 'Bo', aliases: [ada] })
    expect(visit(looks.ada, startMs + 120_000)).toBe(bo)
  })

  it('refuses contradictions and unknown IDs', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 60_000)]
    engine.name(ada, 'Ada', startMs)
    engine.name(bo, 'Bo', startMs)
    expect(codeOf(() => engine.merge(ada, bo, startMs))).toBe('PERSON_CONFLICT')
    expect(codeOf(() => engine.merge(ada, ada, startMs))).toBe('PERSON_CONFLICT')
    expect(codeOf(() => engine.name('p-nobody', 'X', startMs))).toBe('PERSON_UNKNOWN')
    expect(codeOf(() => engine.person('p-nobody'))).toBe('PERSON_UNKNOWN')
  })

  it('refuses without force to merge two who are unlike, were separated, or were seen together', () => {
    const { engine, looks, visit, startMs, random } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 60_000)]
    const refused = (a: string, b: string): RollcallError => {
      try {
        engine.merge(a, b, startMs)
      } catch (error) {
        if (error instanceof RollcallError) return error
      }
      throw new Error('it was not refused')
    }
    const unlike = refused(ada, bo)
    expect(unlike).toMatchObject({
      code: 'PERSON_CONFLICT',
      message: expect.stringMatching(/unlike; .*0\.64 is needed/),
    })
    expect(unlike.remedy).toContain('--force')
    const { threshold, whole, looks: nearest } = unlike.details as ScoredMerge
    expect(threshold).toBe(0.64)
    expect(whole.score).toBeLessThan(threshold)
    expect(nearest.similarity).toBeGreaterThanOrEqual(whole.similarity)

    engine.enroll('Twin', [{ embedding: near(looks.ada, 0.05, random), quality: 0.9 }], startMs)
    const twin = engine.people().find(({ name }) => name === 'Twin')?.id ?? ''
    engine.separate(ada, twin, startMs)
    expect(refused(ada, twin).message).toMatch(/somebody said that they are two; as wholes they score [01]\.\d{3}/)
    engine.merge(ada, twin, startMs, { force: true })
    expect(engine.resolve(ada)).toBe(twin)
    expect(engine.person(bo).apart).toEqual([])
  })

  it('refuses without force to merge two who were seen in one picture', () => {
    const { engine, looks, startMs, random } = galleryStory()
    for (let i = 0; i < 20; i++)
      engine.update(
        facesAt(startMs + i * 100, i, [
          faceOf('door/s/a', near(looks.ada, 0.3, random)),
          faceOf('door/s/b', near(looks.bo, 0.3, random), 0.9, 0.5),
        ]),
      )
    const [ada, bo] = engine.people().map(({ id }) => id)
    expect(() => engine.merge(ada ?? '', bo ?? '', startMs)).toThrow(/seen in one picture/)
    expect(engine.people()).toHaveLength(2)
  })

  it('enrolls nobody under a name that two have, and says who', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const both = [visit(looks.ada, startMs), visit(looks.bo, startMs + 60_000)]
    for (const id of both) engine.name(id, 'Sam', startMs)
    const before = engine.exportPeople()
    expect(() => engine.enroll('Sam', [{ embedding: looks.bo, quality: 0.9 }], startMs)).toThrow(
      `2 people are named "Sam": ${both.join(', ')}`,
    )
    expect(engine.exportPeople()).toEqual(before)
  })

  it('imports nobody whose old ID can be given back by one of which nothing is told', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo, cy] = [looks.ada, looks.bo, looks.cy].map((look, i) => visit(look, startMs + i * 60_000))
    engine.merge(bo ?? '', cy ?? '', startMs, { force: true })
    engine.merge(ada ?? '', bo ?? '', startMs, { force: true })
    const hole = engine.exportPeople().map((person) => ({
      ...person,
      aliases: person.aliases.map((alias) => (alias.id === bo ? { ...alias, origin: null } : alias)),
    }))
    const copy = galleryStory().engine
    expect(codeOf(() => copy.importPeople(hole, startMs))).toBe('PERSON_CONFLICT')
    expect(copy.people()).toEqual([])
  })

  it('compares names in one normal form', () => {
    const { engine, looks, visit, startMs, random } = galleryStory()
    const face = () => [{ embedding: near(looks.eve, 0.1, random), quality: 0.9 }]
    engine.enroll('José', face(), startMs)
    expect(engine.enroll(' Jose\u0301\u200b', face(), startMs + 1)).toEqual([])
    expect(engine.people().map(({ name }) => name)).toEqual(['José'])
    const ada = visit(looks.ada, startMs)
    engine.name(ada, '\u202eJose\u0301', startMs)
    expect(engine.person(ada).name).toBe('José')
    expect(engine.name(ada, 'José', startMs)).toEqual([])
    expect(codeOf(() => engine.enroll('\u200b', face(), startMs))).toBe('USAGE')
    const [exported] = engine.exportPeople()
    if (!exported) throw new Error('nobody was exported')
    const copy = galleryStory().engine
    copy.importPeople([{ ...exported, name: 'Jose\u0301\u202e', createdAtMs: 0.4, lastSeenAtMs: 99.6 }], startMs)
    expect(copy.people()).toMatchObject([{ name: 'José', createdAtMs: 0, lastSeenAtMs: 100 }])
  })

  it('divides a person who was made of two; who had an ID of its own has it again, and they stay apart', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const ada = visit(looks.ada, startMs)
    visit(looks.ada, startMs + 60_000)
    const bo = visit(looks.bo, startMs + 120_000)
    engine.name(ada, 'Ada', startMs)
    engine.merge(ada, bo, startMs, { force: true })
    const events = engine.split(bo, startMs + 200_000)
    expect(typesOf(events)).toEqual(['person.unmerged', 'sighting.corrected', 'track.reassigned'])
    expect(events[0]).toMatchObject({ subject: bo, data: { from: ada, by: 'user', similarity: null, name: null } })
    expect(engine.person(ada)).toMatchObject({ name: 'Ada', apart: [bo], aliases: [] })
    expect(engine.person(bo)).toMatchObject({ id: bo, name: null })
    expect([visit(looks.ada, startMs + 300_000), visit(looks.bo, startMs + 400_000)]).toEqual([ada, bo])
  })

  it('never takes apart what somebody put together, however unlike', () => {
    const { engine, events, looks, visit, startMs } = galleryStory()
    const visits = (look: Float32Array, atMs: number) =>
      Array.from({ length: 4 }, (_, i) => visit(look, atMs + i * 60_000))
    const [ada = ''] = visits(looks.ada, startMs)
    const [bo = ''] = visits(looks.bo, startMs + 300_000)
    engine.merge(ada, bo, startMs + 600_000, { force: true })
    expect(visits(looks.ada, startMs + 700_000)).toEqual([ada, ada, ada, ada])
    expect(visits(looks.bo, startMs + 1_000_000)).toEqual([ada, ada, ada, ada])
    events.push(...engine.finish())
    expect(typesOf(events)).not.toContain('person.split')
    expect(typesOf(events)).not.toContain('person.unmerged')
    expect(engine.people()).toHaveLength(1)
  })

  it('divides a person whose tracks were mixed up, and keeps the two apart afterwards', () => {
    const { engine, looks, visit, startMs, random } = galleryStory()
    const ada = visit(looks.ada, startMs)
    visit(looks.ada, startMs + 60_000)
    engine.name(ada, 'Ada', startMs)
    engine.enroll('Ada', [{ embedding: near(looks.bo, 0.1, random), quality: 0.9 }], startMs)
    const events = engine.split(ada, startMs + 200_000)
    expect(typesOf(events)).toEqual(expect.arrayContaining(['person.created', 'person.split']))
    const split = events.find((event) => event.type === 'rollcall.person.split.v1')
    const off = split?.type === 'rollcall.person.split.v1' ? split.data.off : ''
    expect(split).toMatchObject({ subject: ada, data: { by: 'user', similarity: null, score: null, threshold: null } })
    expect(engine.person(ada)).toMatchObject({ name: 'Ada', apart: [off] })
    expect(engine.person(off).name).toBeNull()
    expect([visit(looks.ada, startMs + 300_000), visit(looks.bo, startMs + 400_000)]).toEqual([ada, off])
  })

  it('never merges two whom somebody separated, however alike', () => {
    const { engine, looks, visit, startMs, random } = galleryStory()
    const ada = visit(looks.ada, startMs)
    engine.enroll('Twin', [{ embedding: near(looks.ada, 0.05, random), quality: 0.9 }], startMs)
    const twin = engine.people().find(({ name }) => name === 'Twin')?.id ?? ''
    engine.separate(ada, twin, startMs)
    for (let i = 1; i < 8; i++) visit(looks.ada, startMs + i * 60_000)
    expect(engine.resolve(ada)).toBe(ada)
    expect(engine.person(ada).apart).toEqual([twin])
  })

  it('recognises an enrolled person, and merges the unknown person who is the same', () => {
    const { engine, events, looks, visit, startMs, random } = galleryStory()
    const unknown = visit(looks.cy, startMs)
    events.push(...engine.enroll('Cy', [{ embedding: near(looks.cy, 0.2, random), quality: 0.8 }], startMs + 10_000))
    const id = visit(looks.cy, startMs + 60_000)
    expect(engine.person(id).name).toBe('Cy')
    visit(looks.cy, startMs + 120_000)
    expect(engine.person(engine.resolve(unknown)).name).toBe('Cy')
    expect(engine.enroll('Cy', [{ embedding: near(looks.cy, 0.2, random), quality: 0.8 }], startMs)).toEqual([])
    expect(engine.people().filter(({ name }) => name === 'Cy')).toHaveLength(1)
  })

  it('forgets a deleted person and never uses the ID again', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const ada = visit(looks.ada, startMs)
    expect(typesOf(engine.remove(ada, startMs + 5000))).toEqual(['sighting.ended', 'person.deleted'])
    expect(codeOf(() => engine.person(ada))).toBe('PERSON_UNKNOWN')
    const again = visit(looks.ada, startMs + 60_000)
    expect(again).not.toBe(ada)
    expect(engine.people().map(({ id }) => id)).toEqual([again])
    const change = engine.takeChange()
    expect(change).toMatchObject({ retired: [ada], gone: [ada] })
    expect(change.events.filter(({ subject }) => subject === ada).map(({ type }) => type)).toEqual([
      'rollcall.person.deleted.v1',
    ])
  })

  it('imports all that it needs to recognise a person', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const ada = visit(looks.ada, startMs)
    engine.name(ada, 'Ada', startMs)
    const other = galleryStory()
    expect(typesOf(other.engine.importPeople(engine.exportPeople(), startMs))).toEqual([
      'person.created',
      'person.named',
    ])
    expect(other.engine.importPeople(engine.exportPeople(), startMs)).toEqual([])
    expect(other.visit(looks.ada, startMs)).toBe(ada)
    other.engine.remove(ada, startMs)
    expect(codeOf(() => other.engine.importPeople(engine.exportPeople(), startMs))).toBe('PERSON_CONFLICT')
  })

  it('says by events who is archived: one who is imported, and no more one who is given back', () => {
    const { engine, looks, visit, startMs, dayMs } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 60_000)]
    engine.name(ada, 'Ada', startMs)
    engine.tick(startMs)
    engine.tick(startMs + 20 * dayMs)
    expect(engine.person(bo).archived).toBe(true)
    const other = galleryStory()
    const told = other.engine.importPeople(engine.exportPeople(), startMs)
    expect(typesOf(told)).toEqual(['person.created', 'person.named', 'person.created', 'person.archived'])
    engine.merge(ada, bo, startMs, { force: true })
    engine.unmerge(bo, startMs)
    expect(engine.person(bo).archived).toBe(false)
    expect(typesOf(engine.tick(startMs + 21 * dayMs))).toEqual(['person.archived'])
  })

  it('restores somebody archived into whom one is merged who was seen lately', () => {
    const { engine, looks, visit, startMs, dayMs } = galleryStory()
    const bo = visit(looks.bo, startMs)
    engine.tick(startMs)
    engine.tick(startMs + 20 * dayMs)
    expect(engine.person(bo).archived).toBe(true)
    const ada = visit(looks.ada, startMs + 20 * dayMs)
    const told = typesOf(engine.merge(ada, bo, startMs + 20 * dayMs, { force: true }))
    expect(told).toEqual(['person.merged', 'sighting.corrected', 'person.restored'])
    expect(engine.person(bo).archived).toBe(false)
    expect(engine.tick(startMs + 21 * dayMs)).toEqual([])
  })

  it('takes no name from an import for somebody who has the named one’s ID by a merge, and a name', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 60_000)]
    engine.name(ada, 'Ada', startMs)
    engine.name(bo, 'Bo', startMs)
    const exported = engine.exportPeople()
    engine.name(bo, null, startMs)
    engine.merge(ada, bo, startMs, { force: true })
    expect(engine.importPeople(exported, startMs)).toEqual([])
    engine.name(ada, null, startMs)
    engine.importPeople(exported, startMs)
    expect(engine.person(ada).name).toBe('Ada')
  })

  it('imports aliases with their origins, pairs that are apart, and times', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo, cy, eve] = [looks.ada, looks.bo, looks.cy, looks.eve].map((look, i) =>
      visit(look, startMs + i * 60_000),
    )
    if (!ada || !bo || !cy || !eve) throw new Error('four are needed')
    engine.name(ada, 'Ada', startMs)
    engine.name(cy, 'Cy', startMs)
    engine.name(cy, null, startMs)
    engine.merge(cy, bo, startMs, { force: true })
    engine.merge(bo, ada, startMs, { force: true })
    engine.separate(ada, eve, startMs)
    const exported = engine.exportPeople()
    const other = galleryStory()
    const told = other.engine.importPeople(structuredClone(exported), startMs)
    expect(typesOf(told)).toEqual([
      'person.created',
      'person.merged',
      'person.merged',
      'person.named',
      'person.created',
    ])
    expect(other.engine.exportPeople()).toEqual(exported)
    const place = (one: Identity) => {
      const { alike: _, ...known } = one.person(cy)
      return known
    }
    expect(place(other.engine)).toEqual(place(engine))
    expect(other.engine.person(eve)).toMatchObject({
      lastCamera: 'door',
      lastSeenAtMs: engine.person(eve).lastSeenAtMs,
    })
    for (const one of [engine, other.engine]) {
      one.unmerge(cy, startMs)
      one.unmerge(bo, startMs)
    }
    const settled = (one: Identity) =>
      one.exportPeople().map((person) => ({ ...person, exemplars: person.exemplars.length }))
    expect(settled(other.engine)).toEqual(settled(engine))
    expect(other.engine.takeChange().people.map(({ order }) => order)).toEqual([0, 1, 2, 3])
  })

  it('imports nobody when an alias is another person here, is there twice, or leads nowhere', () => {
    const { engine, looks, visit, startMs } = galleryStory()
    const [ada, bo] = [visit(looks.ada, startMs), visit(looks.bo, startMs + 60_000)]
    const [first] = engine.exportPeople()
    if (!first) throw new Error('nobody was exported')
    const alias = (id: string, into: string) => ({ id, into, origin: null, apart: [] })
    const wrong = [
      [{ ...first, id: 'p-new', aliases: [alias(bo, 'p-new')] }],
      [
        { ...first, id: 'p-new' },
        { ...first, id: 'p-new' },
      ],
      [{ ...first, id: 'p-new', aliases: [alias('p-a', 'p-b'), alias('p-b', 'p-a')] }],
      [{ ...first, id: 'p-new', aliases: [alias('p-new', 'p-new')] }],
    ]
    for (const people of wrong)
      expect(codeOf(() => engine.importPeople([{ ...first, id: 'p-good' }, ...people], startMs))).toBe(
        'PERSON_CONFLICT',
      )
    expect(engine.people().map(({ id }) => id)).toEqual([ada, bo])
  })
})
