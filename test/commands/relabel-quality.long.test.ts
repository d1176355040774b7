import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { relabel as command } from '../../src/commands/relabel.ts'
import { readTruth } from '../../src/demo/truth.ts'
import type { FrameEvent, RollcallEvent } from '../../src/events/types.ts'
import { scoreFootage } from '../integration/footage-score.ts'
import { scoreThreePeople } from '../integration/three-people-score.ts'
import { loopFile, scratchDirectory } from '../support/footage.ts'
import { clips, models } from '../support/material.ts'
import { readEvents } from '../support/watched.ts'
import { calling } from './called.ts'

/** Higher is better, but for the numbers of IDs. */
type Scores = Readonly<Record<string, number>>
/** What was measured when the last change of the rules was judged. */
const committed: Readonly<Record<string, { readonly live: Scores; readonly relabelled: Scores }>> = JSON.parse(
  readFileSync(new URL('../quality/relabel.json', import.meta.url), 'utf8'),
)
/** What another machine's floating point may change: a frame or two. */
const tolerance = 0.005

/** `live.jsonl` and `frames.jsonl` of a recording. */
const relabelled = async (recording: string, ...options: readonly string[]) => {
  const out = join(scratchDirectory(), 'out')
  const { code, stdout } = await calling(command)(recording, '--out', out, '--json', ...options)
  expect(code).toBe(0)
  const { people, livePeople } = JSON.parse(stdout)
  const [live, final] = ['live', 'frames'].map((name) => readEvents(join(out, `${name}.jsonl`)))
  return { live: live ?? [], final: final ?? [], people: people.length as number, livePeople: livePeople as number }
}

/** Frame events as if each track had been given its person by an event, too. */
const withAssignments = (frames: readonly RollcallEvent[]): readonly RollcallEvent[] => [
  ...frames,
  ...(frames as readonly FrameEvent[]).flatMap(({ data }) =>
    data.faces.flatMap(({ track, person }) =>
      person === null
        ? []
        : [{ type: 'rollcall.track.assigned.v1', data: { track, person } } as unknown as RollcallEvent],
    ),
  ),
]

const better = (key: string, a: number, b: number): boolean => (key.startsWith('ids') ? a <= b : a >= b)

/** What is known at the end is never worse than live, nor than it was. Says how many scores are better than live. */
const judge = (name: string, measured: { readonly live: Scores; readonly relabelled: Scores }): number => {
  const told = `${name}: ${JSON.stringify(measured)}`
  const before = committed[name]?.relabelled ?? {}
  expect(Object.keys(measured.relabelled), told).toEqual(Object.keys(before))
  for (const [key, value] of Object.entries(measured.relabelled)) {
    const slack = key.startsWith('ids') ? tolerance : -tolerance
    expect(better(key, value, measured.live[key] ?? 0), `${key} of ${told}`).toBe(true)
    expect(better(key, value, (before[key] ?? 0) + slack), `${key} of ${told}`).toBe(true)
  }
  return Object.entries(measured.relabelled).filter(([key, value]) => value !== measured.live[key]).length
}

describe('what relabel knows at the end', () => {
  it.each(['lobby', 'gate', 'cafe', 'street'] as const)(
    '%s: never worse than live',
    async (loop) => {
      const { live, final } = await relabelled(loopFile(loop))
      const truth = () => readTruth(loopFile(loop).replace('.mp4', '.truth.jsonl'))
      const scores = async (events: readonly RollcallEvent[]): Promise<Scores> => {
        const { bcubedF, idf1, idsPerPerson, live: named } = await scoreFootage(events, truth)
        return { bcubedF, idf1, idsPerPerson, named }
      }
      const measured = { live: await scores(live), relabelled: await scores(withAssignments(final)) }
      // At least the faces that a live system cannot know yet.
      expect(judge(loop, measured)).toBeGreaterThan(0)
    },
    300_000,
  )

  it.skipIf(!clips() || !models())(
    'three-people.mp4 and film-cuts.mp4: never worse than live',
    async () => {
      const publicModels = ['--models', models() ?? '']
      const three = await relabelled(join(clips() ?? '', 'three-people.mp4'), ...publicModels)
      judge('three-people.mp4', {
        live: { idf1: scoreThreePeople(three.live), ids: three.livePeople },
        relabelled: { idf1: scoreThreePeople(three.final), ids: three.people },
      })
      const film = await relabelled(join(clips() ?? '', 'film-cuts.mp4'), ...publicModels)
      judge('film-cuts.mp4', { live: { ids: film.livePeople }, relabelled: { ids: film.people } })
      expect([three.people, film.people]).toEqual([3, 2])
    },
    300_000,
  )
})
