import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { backup } from '../../../src/commands/backup.ts'
import { restore } from '../../../src/commands/restore.ts'
import { RollcallError } from '../../../src/errors.ts'
import { casesOf } from '../../support/cases.ts'
import { act, type Doing, doAct } from './acts.ts'
import { type Consumer, createConsumer } from './consumer.ts'
import { expectAgreed, expectUnnamed, viewOf } from './view.ts'
import { dayMs, looksCount, openWorld, type World } from './world.ts'

const visit = fc.record({
  kind: fc.constant('visit' as const),
  camera: fc.constantFrom('door', 'hall', 'yard'),
  who: fc.uniqueArray(fc.nat({ max: looksCount - 1 }), { minLength: 1, maxLength: 2 }),
  frames: fc.integer({ min: 3, max: 7 }),
  quality: fc.constantFrom(0.25, 0.8, 0.8),
  isEnded: fc.boolean(),
})
const other = fc.oneof(
  fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(7000, 400_000, dayMs, 11 * dayMs, 32 * dayMs) }),
  fc.record({ kind: fc.constant('jump' as const), ms: fc.constantFrom(-3 * dayMs, -3_600_000, 20 * dayMs) }),
  fc.record({ kind: fc.constant('restart' as const) }),
  fc.record({ kind: fc.constant('kill' as const), isCommitted: fc.boolean() }),
  fc.record({ kind: fc.constantFrom('backup' as const, 'restore' as const) }),
)
const step = fc.oneof({ weight: 4, arbitrary: visit }, { weight: 2, arbitrary: other }, { weight: 5, arbitrary: act })
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

/** A site, and what is remembered beside it. */
interface Game extends Pick<Doing, 'codes' | 'file'> {
  readonly world: World
  readonly consumer: Consumer
  /** All IDs that were given. */
  readonly given: Set<string>
  kept: { readonly directory: string; readonly heard: number } | null
  copies: number
}

const backUp = async ({ world }: Game, directory: string): Promise<string> => {
  await world.away(async (state) => {
    await backup([directory, '--state', state])
    return state
  })
  return directory
}

const keep = async (game: Game) => {
  const directory = await backUp(game, join(game.world.root, `backup-${game.copies}`))
  return { directory, heard: game.consumer.heard() }
}

const putBack = async (game: Game): Promise<void> => {
  const { world, consumer, file } = game
  game.kept ??= await keep(game)
  const { kept } = game
  await world.away(async () => {
    const state = join(world.root, `restored-${game.copies}`)
    await restore([kept.directory, '--state', state])
    consumer.rewind(kept.heard)
    file.last = null
    return state
  })
}

/** What is refused is said with a reason, and has changed nothing. */
const tryAct = async (game: Game, { kind, a, b }: { kind: Parameters<typeof doAct>[0]; a: number; b: number }) => {
  const { world, given } = game
  const ids = [...given]
  const idAt = (place: number): string => ids.at(place % ids.length) ?? 'p-nobody'
  const [one, two] = [idAt(a), idAt(b)]
  const before = viewOf(world)
  try {
    await doAct(kind, { ...game, a, b, one, two, name: `Name${game.copies}.` })
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error
    expect(['PERSON_UNKNOWN', 'PERSON_CONFLICT', 'USAGE'], error.message).toContain(error.code)
    expect(viewOf(world), `${kind}: ${error.message}`).toEqual(before)
  }
}

const play = async (game: Game, each: Step): Promise<void> => {
  const { world } = game
  game.copies++
  if (each.kind === 'visit') return world.show(each)
  if (each.kind === 'kill') return world.kill(each.isCommitted)
  world.publish()
  switch (each.kind) {
    case 'wait':
      world.wait(each.ms)
      return world.tick(true)
    case 'jump':
      world.jump(each.ms)
      return world.tick(game.copies % 2 === 0)
    case 'restart': {
      const before = viewOf(world)
      await world.restart()
      return expect(viewOf(world), 'after a restart').toEqual(before)
    }
    case 'backup':
      game.kept = await keep(game)
      return
    case 'restore':
      return putBack(game)
    default:
      return tryAct(game, each)
  }
}

/** Deletes everybody: no file of the state or of a backup has a name then. Tracks of nobody may stay for their time. */
const eraseAll = async (game: Game): Promise<void> => {
  const { world, consumer } = game
  for (const { id } of world.people().engine.people()) world.people().service.remove(id, 'me')
  world.publish()
  const copy = await backUp(game, join(world.root, 'last'))
  expectUnnamed(viewOf(world), consumer.deleted)
  for (const directory of [world.directory(), copy])
    for (const file of readdirSync(directory, { recursive: true, withFileTypes: true }))
      if (file.isFile())
        expect(/Name\d+\./.exec(readFileSync(join(file.parentPath, file.name), 'latin1')), file.name).toBeNull()
}

test('whatever people, clocks and crashes do, the API answers what events said, and nothing names the deleted', async () => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined)
  let [restores, deleted] = [0, 0]
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 40 }), fc.integer(), async (steps, seed) => {
      const consumer = createConsumer()
      const world = await openWorld(seed, consumer)
      const memory = { given: new Set<string>(), codes: new Map<string, string>(), file: { last: null } }
      const game: Game = { ...memory, world, consumer, kept: null, copies: 0 }
      try {
        for (const [at, each] of steps.entries()) {
          await play(game, each)
          // What comes next finds what is not on disk yet.
          if (at % 3 === 0 && each.kind === 'visit') continue
          world.publish()
          for (const id of consumer.people.keys()) game.given.add(id)
          expectAgreed(world, consumer)
          expectUnnamed(viewOf(world), consumer.deleted)
          if (at % 4 === 0) world.delivered()
          if (each.kind === 'restore') restores++
        }
        await eraseAll(game)
        deleted += consumer.deleted.size
      } finally {
        await world.close()
      }
    }),
    { numRuns: casesOf(30), endOnFailure: true },
  )
  expect([restores > 0, deleted > casesOf(10)]).toEqual([true, true])
}, 300_000)
