import { appendFileSync, copyFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { RollcallEvent } from '../../src/events/types.ts'
import { runToEnd } from './rollcall.ts'

/** A site that is watched with one embedder, carried over, and watched with another one. */
export interface Switch {
  /** For files. */
  readonly folder: string
  /** By camera. */
  readonly recordings: Readonly<Record<string, string>>
  /** Folders of models, before and after. */
  readonly before: string
  readonly after: string
  /** OLD NEW of `rollcall models migrate`, and its options. */
  readonly migrate: readonly string[]
}

/** An MP4 with the same pictures, which is another recording: a box that players skip is at its end. */
const copied = (file: string, folder: string): string => {
  const copy = join(folder, `again-${basename(file)}`)
  copyFileSync(file, copy)
  appendFileSync(copy, Buffer.from('\0\0\0\x08free', 'latin1'))
  return copy
}

const watch = async ({ recordings, folder }: Switch, models: string): Promise<readonly RollcallEvent[]> => {
  const cameras = Object.entries(recordings).flatMap(([name, file]) => ['--camera', `${name}=${file}`])
  const options = ['--state', join(folder, 'state'), '--models', models, '--events', '-', '--log-level', 'error']
  const { code, events, stderr } = await runToEnd(['run', '--until-end', ...options, ...cameras])
  if (code !== 0) throw new Error(stderr)
  return events
}

/** Whose each face is, by camera, time and place. */
const peopleIn = (events: readonly RollcallEvent[]): ReadonlyMap<string, string> =>
  new Map(
    events.flatMap((event) =>
      event.type === 'rollcall.frame.v1'
        ? event.data.faces.flatMap(({ person, box }) =>
            person === null
              ? []
              : [[`${event.data.camera} ${event.data.ptsUs} ${box.x.toFixed(2)} ${box.y.toFixed(2)}`, person] as const],
          )
        : [],
    ),
  )

/** Watches, carries over, watches the same pictures again; counts faces that have another ID than before, and new people. */
export const switchEmbedder = async (how: Switch) => {
  const first = await watch(how, how.before)
  const migrated = await runToEnd(['models', 'migrate', ...how.migrate, '--state', join(how.folder, 'state')])
  if (migrated.code !== 0) throw new Error(migrated.stderr)
  const again = Object.fromEntries(
    Object.entries(how.recordings).map(([name, file]) => [name, copied(file, how.folder)]),
  )
  const second = await watch({ ...how, recordings: again }, how.after)
  const [before, after] = [peopleIn(first), peopleIn(second)]
  const both = [...before].filter(([face]) => after.has(face))
  return {
    people: new Set(before.values()).size,
    facesCompared: both.length,
    idsChanged: both.filter(([face, person]) => after.get(face) !== person).length,
    created: second.filter(({ type }) => type === 'rollcall.person.created.v1').length,
  }
}
