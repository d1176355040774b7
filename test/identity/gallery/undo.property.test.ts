import { deserialize, serialize } from 'node:v8'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { RollcallError } from '../../../src/errors.ts'
import type { RollcallEvent } from '../../../src/events/types.ts'
import type { Act } from '../../../src/identity/gallery/acts.ts'
import { createIdentity, type Identity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import type { Undo } from '../../../src/identity/state/journal.ts'
import type { SavedState } from '../../../src/identity/state/state.ts'
import { archiveInMemory } from '../../../src/identity/store/archive.ts'
import { casesOf } from '../../support/cases.ts'
import { applied, fresh } from '../store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../support/faces.ts'

const options = identityOptions.parse({ windowMs: 3000, archiveAfterDays: null })
const random = randomFrom(9)
const looks = Array.from({ length: 5 }, () => direction(random, 32))

/** Five people, of whom most have come often; the last tracks have not settled, and one is in view. */
const play = () => {
  const archive = archiveInMemory()
  let engine: Identity = createIdentity(options, { archive })
  let state: SavedState = fresh
  let [atMs, seq, tracks] = [1_772_443_800_000, 0, 0]
  const given = new Set<string>()
  const hear = (events: readonly RollcallEvent[]): void => {
    for (const event of events) if (event.type === 'rollcall.person.created.v1') given.add(event.subject)
  }
  const save = (): void => {
    const change = engine.takeChange()
    archive.apply(change)
    state = deserialize(serialize(applied(state, change))) as SavedState
  }
  const visit = (who: number, isOver = true): void => {
    const track = `door/s/${tracks++}`
    atMs += 1000
    for (let i = 0; i < 5; i++) {
      atMs += 200
      const face = faceOf(track, near(looks[who % looks.length] as Float32Array, 0.3, random))
      hear(engine.update(facesAt(atMs, seq++, [face], i === 4 && isOver ? { endedTracks: [track] } : {})))
    }
    save()
  }
  for (let i = 0; i < 11; i++) visit(i)
  visit(1, false)
  const restart = (): void => {
    save()
    engine = createIdentity(options, { saved: state, archive })
  }
  const trackNames = Array.from({ length: tracks }, (_, i) => `door/s/${i}`)
  /** Whose each track is, of what can be known from outside. */
  const whose = (): Record<string, string> =>
    Object.fromEntries(
      trackNames.map((track) => {
        const [over] = archive.settled.ofTrack(track)
        const live = state.live?.find(({ value }) => (value as { track?: string }).track === track)
        const id = over?.person ?? (live?.value as { assignedAs?: string } | undefined)?.assignedAs ?? ''
        return [track, engine.resolve(id)]
      }),
    )
  /** All that users see. */
  const view = () => {
    save()
    const people = engine.people().map(({ id, name, tracks: count, faces }) => ({ id, name, count, faces }))
    const apart = people.map(({ id }) => engine.person(id).apart.toSorted())
    return { people: people.toSorted((a, b) => (a.id < b.id ? -1 : 1)), apart, whose: whose() }
  }
  return { engine: () => engine, given, hear, save, visit, restart, view, now: () => atMs, whose }
}

const kinds = ['name', 'merge', 'merge', 'unmerge', 'split', 'take off', 'move', 'move', 'separate'] as const
const step = fc.record({ kind: fc.constantFrom(...kinds), a: fc.nat(), b: fc.nat(), restart: fc.boolean() })

const actOf = (
  { kind, a, b }: { kind: (typeof kinds)[number]; a: number; b: number },
  { engine, given, whose }: ReturnType<typeof play>,
): Act => {
  const ids = [...given]
  const [one, other] = [ids[a % ids.length] as string, ids[b % ids.length] as string]
  const tracks = Object.entries(whose()).flatMap(([track, person]) =>
    person === engine().resolve(one) && (Number(track.split('/').at(-1)) + b) % 2 === 0 ? track : [],
  )
  switch (kind) {
    case 'name':
      return { kind, person: one, name: `N${b % 2}` }
    case 'merge':
      return { kind, a: one, b: other, force: true }
    case 'unmerge':
      return { kind, id: one }
    case 'split':
      return { kind, person: one, tracks: [] }
    case 'take off':
      return { kind: 'split', person: one, tracks: tracks.length > 0 ? tracks : ['door/s/none'] }
    case 'move':
      return { kind, from: one, to: other, tracks: tracks.length > 0 ? tracks : ['door/s/none'] }
    case 'separate':
      return { kind, a: one, b: other }
  }
}

it('what is undone, the last first, leaves people and assignments as they were before each act', () => {
  let undone = 0
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 8 }), (steps) => {
      const one = play()
      const stack: { readonly undo: Undo; readonly before: ReturnType<typeof one.view> }[] = []
      for (const each of steps) {
        const before = one.view()
        try {
          const { undo, events } = one.engine().act(actOf(each, one), one.now())
          one.hear(events)
          if (undo) stack.push({ undo: JSON.parse(JSON.stringify(undo)) as Undo, before })
          else expect(one.view()).toEqual(before)
        } catch (error) {
          if (!(error instanceof RollcallError)) throw error
          expect(['PERSON_UNKNOWN', 'PERSON_CONFLICT']).toContain(error.code)
          expect(one.view()).toEqual(before)
        }
        if (each.restart) one.restart()
      }
      for (const { undo, before } of stack.toReversed()) {
        one.engine().undo(undo, one.now())
        expect(one.view(), undo.kind).toEqual(before)
        undone++
      }
    }),
    { numRuns: casesOf(40), seed: 7, endOnFailure: true },
  )
  expect(undone).toBeGreaterThan(casesOf(100))
})

it('a split that gives an ID back, but keeps a track that came in under it, is undone too', () => {
  const one = play()
  const [first, second] = [one.whose()['door/s/0'] as string, one.whose()['door/s/1'] as string]
  const act = (wanted: Act) => one.engine().act(wanted, one.now())
  act({ kind: 'move', from: first, to: second, tracks: ['door/s/0'] })
  act({ kind: 'merge', a: first, b: second, force: true })
  one.save()
  const before = one.view()
  const { undo } = act({ kind: 'split', person: first, tracks: [] })
  const { whose } = one.view()
  expect([whose['door/s/0'], whose['door/s/5'], whose['door/s/1']], 'by its looks').toEqual([first, first, second])
  one.restart()
  one.engine().undo(undo as Undo, one.now())
  expect(one.view()).toEqual(before)
})

/** Three people, of whom the second and third are merged into the first, and then taken off together. */
const takenOffTogether = () => {
  const one = play()
  const ids = [0, 1, 2].map((i) => one.whose()[`door/s/${i}`] as string)
  const [first, second, third] = ids as [string, string, string]
  const act = (wanted: Act) => one.engine().act(wanted, one.now()).undo as Undo
  const tracks = Object.entries(one.whose()).flatMap(([track, id]) => (id === second || id === third ? track : []))
  const views = [one.view()]
  const undos = [second, third].map((b) => {
    const undo = act({ kind: 'merge', a: first, b, force: true })
    views.push(one.view())
    return undo
  })
  undos.push(act({ kind: 'split', person: first, tracks }))
  expect(one.engine().resolve(third), 'those who come off are one').toBe(one.engine().resolve(second))
  return { one, act, first, second, third, undos, views }
}

it('a split that gives two IDs back as one person is undone; then so are the merges, one by one', () => {
  const { one, undos, views } = takenOffTogether()
  for (const undo of undos.toReversed()) {
    one.restart()
    one.engine().undo(JSON.parse(JSON.stringify(undo)) as Undo, one.now())
    expect(one.view(), undo.kind).toEqual(views.pop())
  }
})

it('and the first of the merges alone takes nobody along who came by the second', () => {
  const { one, first, second, third, undos, views } = takenOffTogether()
  const [merge, , split] = undos as [Undo, Undo, Undo]
  one.engine().undo(split, one.now())
  expect(one.view()).toEqual(views.pop())
  one.restart()
  one.engine().undo(merge, one.now())
  const { engine } = one
  expect([engine().resolve(second), engine().resolve(third)]).toEqual([second, first])
  expect(one.view().whose).toMatchObject({ 'door/s/1': second, 'door/s/2': first, 'door/s/0': first })
})

it('it is not undone once the two are told apart, or what one was merged into is somebody else', () => {
  for (const later of ['unmerge', 'merge'] as const) {
    const { one, act, second, third, undos } = takenOffTogether()
    const [, , split] = undos
    if (later === 'unmerge') act({ kind: 'unmerge', id: one.engine().resolve(third) === third ? second : third })
    else {
      const fourth = one.whose()['door/s/3'] as string
      act({ kind: 'name', person: fourth, name: 'Dee' })
      act({ kind: 'merge', a: fourth, b: second, force: true })
    }
    const before = one.view()
    expect(() => one.engine().undo(split as Undo, one.now())).toThrow(/^it cannot be undone any more: .* since$/)
    expect(one.view()).toEqual(before)
  }
})

it('a split by looks whose person keeps an ID that came in with the one given back is undone too', () => {
  const one = play()
  const [first, second] = [one.whose()['door/s/0'] as string, one.whose()['door/s/1'] as string]
  const act = (wanted: Act) => one.engine().act(wanted, one.now()).undo as Undo
  act({ kind: 'split', person: first, tracks: ['door/s/0'] })
  const part = one.view().whose['door/s/0'] as string
  const views = [one.view()]
  const undos = [
    () => act({ kind: 'merge', a: second, b: part, force: true }),
    () => act({ kind: 'merge', a: first, b: second, force: true }),
    () => act({ kind: 'split', person: first, tracks: [] }),
  ].map((does) => {
    const undo = does()
    views.push(one.view())
    return undo
  })
  const { whose } = views.pop() as ReturnType<typeof one.view>
  expect(whose['door/s/0'], 'by its looks').toBe(whose['door/s/5'])
  expect(whose['door/s/1']).not.toBe(whose['door/s/5'])
  for (const undo of undos.toReversed()) {
    one.restart()
    one.engine().undo(JSON.parse(JSON.stringify(undo)) as Undo, one.now())
    expect(one.view(), undo.kind).toEqual(views.pop())
  }
})

it.each(['split', 'move'] as const)(
  'a %s is not undone once the ID that its tracks came under is somebody else: nothing changes',
  (kind) => {
    const one = play()
    const [first, second, third] = [0, 1, 2].map((i) => one.whose()[`door/s/${i}`] as string)
    if (!first || !second || !third) throw new Error('three are needed')
    const act = (wanted: Act) => one.engine().act(wanted, one.now())
    act({ kind: 'merge', a: second, b: first, force: true })
    const tracks = ['door/s/1']
    const { undo } = act(kind === 'split' ? { kind, person: first, tracks } : { kind, from: first, to: third, tracks })
    act({ kind: 'unmerge', id: second })
    const before = one.view()
    expect(() => one.engine().undo(undo as Undo, one.now())).toThrow(`${second} is somebody else since`)
    one.restart()
    expect(one.view()).toEqual(before)
  },
)
