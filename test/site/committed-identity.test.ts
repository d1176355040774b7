import { lastValueFrom, Subject } from 'rxjs'
import { expect, onTestFinished, test } from 'vitest'
import type { RollcallEvent } from '../../src/events/types.ts'
import { createIdentity } from '../../src/identity/identity.ts'
import { identityOptions } from '../../src/identity/options.ts'
import { openStore } from '../../src/identity/store/open.ts'
import { untimed } from '../../src/operators/analysed.ts'
import type { Identified, Seen } from '../../src/operators/identify.ts'
import { identity } from '../../src/pipeline.ts'
import { createCommittedIdentity, isLogged } from '../../src/site/committed-identity.ts'
import { embedder, temporaryDirectory } from '../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../identity/support/faces.ts'

/** A site on a store of its own, whose disk is full from the `fullAt`-th statement on. */
const site = (maxCommitWaitMs: number) => {
  const directory = temporaryDirectory()
  let writes = 0
  const disk = { fullAt: Infinity }
  const onWrite = (): void => {
    if (++writes >= disk.fullAt) throw new Error('the disk is full')
  }
  const store = openStore(directory, { embedder, onWrite })
  onTestFinished(() => store.close())
  const commits: number[] = []
  const counted: typeof store = {
    ...store,
    commit(change) {
      commits.push(change.events.length)
      store.commit(change)
    },
  }
  const engine = createIdentity(identityOptions.parse({}))
  const committed = createCommittedIdentity(engine, counted)
  const seen$ = new Subject<Seen>()
  const got: RollcallEvent[] = []
  const onIdentified = ({ events }: Identified): void => {
    const onDisk = store.saved().sequence
    for (const event of events) if (isLogged(event)) expect(event.data.sequence).toBeLessThanOrEqual(onDisk)
    got.push(...events)
  }
  const done = lastValueFrom(
    identity(seen$, { engine: committed, outboxes: [], maxCommitWaitMs, timed: untimed, onIdentified }),
    { defaultValue: null },
  )
  done.catch(() => undefined)
  let seq = 0
  const random = randomFrom(3)
  /** Somebody new on each of ten cameras, who becomes a person with the fifth frame. */
  const crowd = (): void => {
    const looks = Array.from({ length: 10 }, () => direction(random))
    const from = seq
    for (let i = 0; i < 5; i++)
      for (const [number, look] of looks.entries()) {
        const face = faceOf(`c${number}/s/${from}`, near(look, 0.2, random), 0.9)
        seen$.next({ type: 'faces', faces: facesAt(1000 + seq * 10, seq++, [face], { camera: `c${number}` }) })
      }
  }
  const created = () => got.filter(({ type }) => type === 'rollcall.person.created.v1').length
  return { store, engine, committed, commits, crowd, created, got, seen$, done, disk, writes: () => writes, directory }
}

test('events that come together share one commit, and leave after it', async () => {
  const { crowd, commits, created, seen$, done } = site(20)
  crowd()
  expect([commits.length, created()], 'nobody is spoken of who is not on disk').toEqual([0, 0])
  seen$.complete()
  await done
  expect(commits).toEqual([40])
  expect(created()).toBe(10)
})

test('recordings do not wait: each message with events is a commit, and its events leave with it', () => {
  const { crowd, commits, created } = site(0)
  crowd()
  expect(commits).toEqual(Array.from({ length: 10 }, () => 3))
  expect(created()).toBe(10)
})

test('what somebody does with people is on disk when it returns, with all that waited before it, in order', async () => {
  const { crowd, committed, engine, commits, got, created, store, seen$, done } = site(20)
  crowd()
  const [first] = engine.people()
  committed.transact((people) => people.name(first?.id ?? '', 'Ada', 5000))
  expect(commits).toEqual([31])
  expect(store.saved().people.find(({ id }) => id === first?.id)?.name).toBe('Ada')
  expect(created()).toBe(10)
  expect(got.findLast(isLogged)).toMatchObject({ type: 'rollcall.person.named.v1', data: { sequence: 31 } })
  seen$.complete()
  await done
})

test('when the disk refuses, nothing of the group leaves, and nothing is ever committed again', async () => {
  const { crowd, committed, created, done, disk, writes, store, seen$ } = site(20)
  crowd()
  disk.fullAt = writes() + 5
  seen$.complete()
  await expect(done).rejects.toThrow('the disk is full')
  disk.fullAt = Infinity
  expect(() => committed.transact(() => [])).toThrow('the disk is full')
  expect(created()).toBe(0)
  expect(store.saved()).toMatchObject({ people: [], sequence: 0 })
})

test('a request that the disk refuses fails, and so does the site', async () => {
  const { crowd, committed, engine, created, done, disk, writes, store } = site(20)
  crowd()
  disk.fullAt = writes() + 5
  const [first] = engine.people()
  expect(() => committed.transact((people) => people.name(first?.id ?? '', 'Ada', 5000))).toThrow('the disk is full')
  disk.fullAt = Infinity
  await expect(done).rejects.toThrow('the disk is full')
  expect(created()).toBe(0)
  expect(store.saved()).toMatchObject({ people: [], sequence: 0 })
})
