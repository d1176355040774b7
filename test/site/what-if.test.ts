import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { openStateClient } from '../../src/commands/people/state-client.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { unit } from '../../src/math/vector.ts'
import { whatIfAnswer } from '../../src/server/what-if-route.ts'
import { createActing, type Transact } from '../../src/site/acting.ts'
import { applyChanges } from '../../src/site/apply-changes.ts'
import { settingsOf } from '../../src/site/what-if.ts'
import { modelOptions } from '../../src/vision/options.ts'
import { embedder, temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'

const startMs = 1_772_443_800_000
const minuteMs = 60_000
const identity = identityOptions.parse({ unassignedDays: 7 })

/** A look of somebody at this cosine to another. */
const atCosine = (of: Float32Array, cosine: number, random: () => number): Float32Array => {
  const away = direction(random)
  const along = away.reduce((sum, value, i) => sum + value * (of[i] ?? 0), 0)
  const across = unit(away.map((value, i) => value - along * (of[i] ?? 0))) as Float32Array
  return unit(of.map((value, i) => cosine * value + Math.sqrt(1 - cosine ** 2) * (across[i] ?? 0))) as Float32Array
}

/** A state after visits of looks, each a track of two seconds, two minutes apart; everything has settled. */
const lived = (looksOf: (random: () => number) => readonly Float32Array[], seed = 4) => {
  const directory = temporaryDirectory()
  const random = randomFrom(seed)
  const store = openStore(directory, { embedder })
  const engine = createIdentity(identity, { archive: store })
  let [seq, atMs] = [0, startMs]
  for (const [number, look] of looksOf(random).entries()) {
    const track = `t${number}`
    for (let i = 0; i < 20; i++, atMs += 100)
      engine.update(
        facesAt(atMs, seq++, [faceOf(track, near(look, 0.3, random))], { endedTracks: i === 19 ? [track] : [] }),
      )
    atMs += 2 * minuteMs
    engine.update(facesAt(atMs, seq++, []))
    store.commit(engine.takeChange())
  }
  store.close()
  return directory
}

const open = (directory: string) =>
  openStateClient(directory, {
    site: 'site',
    identity,
    models: modelOptions.parse({}),
    embedder: null,
    scale: null,
    time: { nowMs: () => startMs + 60 * minuteMs },
  })

/** Ada twice with looks at .45, so that she has two IDs; Bo twice, alike. */
const adaTwice = (random: () => number): Float32Array[] => {
  const [ada, bo] = [direction(random), direction(random)]
  return [ada, bo, atCosine(ada, 0.45, random), bo]
}

describe('what if', () => {
  it('nothing were otherwise: the replay gives everybody the ID that they have, and nothing changes', async () => {
    const client = open(lived(adaTwice))
    const before = await client.list()
    const answer = await client.whatIf({ fromMs: 0, join: identity.join })
    expect(answer).toMatchObject({ tracks: 4, people: { today: 3, other: 3 }, agreement: 1, changes: [] })
    expect(await client.list()).toEqual(before)
    expect(await client.actions()).toEqual([])
    await client.close()
  })

  it('names nobody who is deleted while it is worked out', async () => {
    const client = open(lived(adaTwice))
    const [ada, bo] = await client.list()
    await client.name(bo?.id ?? '', 'Bo')
    const asked = client.whatIf({ fromMs: 0, join: 0.5, create: 0.45, apply: true })
    await client.remove(ada?.id ?? '')
    const answer = await asked
    expect(JSON.stringify(answer)).not.toContain(ada?.id)
    const actions = (await client.actions()).filter(({ kind }) => kind !== 'delete')
    expect(JSON.stringify([actions, await client.list()])).not.toContain(ada?.id)
    await client.close()
  })

  it('says who would be one person, with names and the reason, and does nothing', async () => {
    const client = open(lived(adaTwice))
    const [ada, , again] = await client.list()
    await client.name(ada?.id ?? '', 'Ada')
    const before = await client.list()
    const answer = await client.whatIf({ fromMs: 0, join: 0.5, create: 0.45 })
    expect(answer).toMatchObject({ tracks: 4, people: { today: 3, other: 2 }, agreement: 1 })
    const validate = new Ajv2020({ strict: false }).compile(whatIfAnswer)
    expect([validate(answer), validate.errors]).toEqual([true, null])
    expect(answer.changes).toMatchObject([
      {
        from: { id: again?.id, name: null },
        to: { id: ada?.id, name: 'Ada' },
        isNew: false,
        isAll: true,
        tracks: ['t2'],
      },
    ])
    const [change] = answer.changes
    expect(change?.why).toMatchObject({ reason: 'merged', threshold: 0.5, candidate: { person: ada?.id } })
    expect(change?.why?.candidate?.score).toBeGreaterThan(0.5)
    expect(await client.list()).toEqual(before)
    await client.close()
  })

  it('says who would be two, as a new ID', async () => {
    // At .75 they are one today.
    const client = open(
      lived((random) => {
        const ada = direction(random)
        return [ada, atCosine(ada, 0.75, random)]
      }),
    )
    const [ada] = await client.list()
    const { people, changes } = await client.whatIf({ fromMs: 0, join: 0.95, create: 0.9, merge: 0.99 })
    expect(people).toEqual({ today: 1, other: 2 })
    expect(changes).toMatchObject([
      { from: { id: ada?.id }, to: { id: null }, isNew: true, isAll: false, tracks: ['t1'] },
    ])
    await client.close()
  })

  it('starts with the people as they were before: enrolled ones are there, without what the replay will add', async () => {
    const directory = lived(adaTwice)
    const client = open(directory)
    const all = await client.whatIf({ fromMs: 0, join: 0.5, create: 0.45 })
    // Of the last two visits alone: the people of the first two are known from before.
    const late = await client.whatIf({ fromMs: startMs + 3 * minuteMs, join: 0.5, create: 0.45 })
    expect([all.tracks, late.tracks]).toEqual([4, 2])
    expect(late).toMatchObject({ agreement: 1, people: { today: 2, other: 2 } })
    expect(late.changes).toMatchObject([{ tracks: ['t2'], isNew: false }])
    await client.close()
  })

  it('is the same each time it is asked', async () => {
    const client = open(lived(adaTwice))
    const question = { fromMs: 0, risk: 100 }
    expect(await client.whatIf(question)).toEqual(await client.whatIf(question))
    await client.close()
  })

  it('refuses a second question while the first is answered', async () => {
    const client = open(lived(adaTwice))
    const first = client.whatIf({ fromMs: 0, risk: 12 })
    await expect(client.whatIf({ fromMs: 0, risk: 12 })).rejects.toMatchObject({ code: 'STATE' })
    await first
    await client.close()
  })
})

/** Two people with two IDs each, so that another setting makes two merges. */
const bothTwice = (random: () => number): Float32Array[] => {
  const [ada, bo] = [direction(random), direction(random)]
  return [ada, bo, atCosine(ada, 0.45, random), atCosine(bo, 0.45, random)]
}

const lower = { fromMs: 0, join: 0.5, create: 0.45 }
const apply = { ...lower, apply: true }

describe('what if, applied', () => {
  it.each([
    ['merges are', bothTwice, apply, 2],
    [
      'a split is',
      (random: () => number) => {
        const ada = direction(random)
        return [ada, atCosine(ada, 0.75, random), ada]
      },
      { fromMs: 0, join: 0.95, create: 0.9, merge: 0.99, apply: true },
      2,
    ],
  ] as const)('%s one action, told by events, and undone at once', async (_, looks, question, count) => {
    const client = open(lived(looks))
    const ids = async () => (await client.list()).map(({ id, tracks }) => ({ id, tracks }))
    const before = await ids()
    const { changes, applied } = await client.whatIf(question)
    expect(applied?.refused).toEqual(changes.map(() => null))
    expect(await ids()).toHaveLength(count)
    expect(await client.actions()).toMatchObject([{ id: applied?.action, kind: 'what-if', undoable: true }])
    await client.undo(applied?.action ?? 0)
    expect(await ids()).toEqual(before)
    expect(await client.actions()).toMatchObject([{ undoable: false }])
    await client.close()
  })

  it('is not asked for: nothing is done', async () => {
    const client = open(lived(adaTwice))
    expect(await client.whatIf(lower)).toMatchObject({ applied: null })
    expect(await client.list()).toHaveLength(3)
    await client.close()
  })

  it.each([0, 1])('undoes all or nothing: change %i was taken back by hand since', async (which) => {
    const client = open(lived(bothTwice))
    const { changes, applied } = await client.whatIf(apply)
    expect(changes).toHaveLength(2)
    await client.unmerge(changes[which]?.from.id ?? '')
    const before = await client.list()
    await expect(client.undo(applied?.action ?? 0)).rejects.toMatchObject({
      code: 'PERSON_CONFLICT',
      message: expect.stringContaining('two people already'),
    })
    expect(await client.list()).toEqual(before)
    await client.close()
  })

  it('undoes the others when somebody in it was deleted', async () => {
    const client = open(lived(bothTwice))
    const { changes, applied } = await client.whatIf(apply)
    const [first, second] = changes
    await client.remove(first?.to.id ?? '')
    expect(await client.list()).toHaveLength(1)
    expect(JSON.stringify((await client.actions())[1])).not.toContain(first?.to.id)
    await client.undo(applied?.action ?? 0)
    expect(new Set((await client.list()).map(({ id }) => id))).toEqual(new Set([second?.from.id, second?.to.id]))
    await client.close()
  })

  it('leaves out what contradicts what somebody said, with the reason', () => {
    const { engine, acting, store } = acted(lived(adaTwice))
    const [ada, , again] = engine.people()
    const change = { from: { id: again?.id ?? '', name: null }, to: { id: ada?.id ?? '', name: null }, isNew: false }
    acting.act({ kind: 'separate', a: ada?.id ?? '', b: again?.id ?? '' }, 'me')
    const { action, refused } = applyChanges(acting, [{ ...change, isAll: true, tracks: ['t2'], why: null }], 'me')
    expect([action, refused]).toEqual([null, [expect.stringMatching(/./)]])
    expect(engine.people()).toHaveLength(3)
    store.close()
  })

  it('is on disk as a whole or not at all, whenever the plug is pulled', async () => {
    const directory = lived(bothTwice)
    const client = open(directory)
    const { changes } = await client.whatIf(lower)
    await client.close()
    const seen = new Set<number>()
    for (let last = 1; seen.size < 2; last++) {
      const copy = join(temporaryDirectory(), 'copy')
      cpSync(directory, copy, { recursive: true })
      let writes = 0
      const { acting, store } = acted(copy, () => {
        if (++writes > last) throw new Error('the plug is pulled')
      })
      try {
        applyChanges(acting, changes, 'me')
      } catch {
        // It was pulled in the middle.
      }
      try {
        store.close()
      } catch {
        // Nothing can be written any more.
      }
      const { engine, store: after } = acted(copy)
      seen.add(engine.people().length)
      expect([4, 2]).toContain(engine.people().length)
      expect(after.actions.actions(9, null)).toHaveLength(engine.people().length === 2 ? 1 : 0)
      after.close()
    }
  })
})

/** Opens a state to act on it; each act is a commit. */
const acted = (directory: string, onWrite: () => void = () => undefined) => {
  const store = openStore(directory, { embedder, onWrite })
  const engine = createIdentity(identity, { saved: store.saved(), archive: store })
  const transact: Transact = (work) => {
    const events = work(engine)
    store.commit(engine.takeChange())
    return events
  }
  const acting = createActing({ transact, actions: store.actions, nowMs: () => startMs + 60 * minuteMs })
  return { engine, acting, store }
}

describe('the settings of a what-if', () => {
  it('follow the risk where they follow it today, and are as given otherwise', () => {
    const today = identityOptions.parse({ merge: 0.8 })
    const other = settingsOf(today, { fromMs: 0, risk: 12, join: 0.6 })
    const { leave, create, split } = identityOptions.parse({ risk: 12 })
    expect(other).toEqual({ ...today, risk: 12, leave, create, split, join: 0.6, merge: 0.8 })
    expect('fromMs' in other).toBe(false)
  })
})
