import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Registry } from 'prom-client'
import { configSchema } from '../../../src/config/config.ts'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { silent } from '../../../src/silent-log.ts'
import { openPeople, type SitePeople } from '../../../src/site/open-people.ts'
import { createRulesService } from '../../../src/site/rules-service.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../../identity/support/faces.ts'
import { flatJpeg } from '../../support/flat-jpeg.ts'
import type { Consumer } from './consumer.ts'

export const dayMs = 86_400_000
export const looksCount = 5

const config = configSchema.parse({
  site: 'here',
  identity: { crops: 'disk', unassignedDays: 7, archiveAfterDays: 10, deleteAfterDays: 40, sightingDays: 31 },
  rules: { comes: { who: 'anybody' }, goes: { who: 'stranger', when: 'leaves', awayMs: 1000 } },
})
const jpeg = flatJpeg({ width: 16, height: 16, sampling: [[1, 1]] })

/** Frames of some people on a camera; their tracks go on next time, or are over. */
export interface Visit {
  readonly camera: string
  readonly who: readonly number[]
  readonly frames: number
  readonly quality: number
  readonly isEnded: boolean
}

/** A site's people in a directory, and a consumer who hears what is on disk. */
export const openWorld = async (seed: number, consumer: Consumer) => {
  const root = mkdtempSync(join(tmpdir(), 'rollcall-people-'))
  const random = randomFrom(seed)
  const looks = Array.from({ length: looksCount }, () => direction(random))
  const tracks = new Map<string, string>()
  let [mediaMs, wallMs, seq, count, run] = [1_772_443_800_000, 1_772_443_800_000, 0, 0, 0]
  let directory = join(root, 'state-0')
  let owner = new AsyncDisposableStack()
  let waiting: RollcallEvent[] = []
  const open = async (): Promise<SitePeople> => {
    const metrics = createMetrics(new Registry())
    const site = await openPeople(config, {
      stateDirectory: directory,
      log: silent,
      metrics,
      nowMs: () => wallMs,
      owner,
    })
    for (const event of site.store?.unpublished() ?? []) consumer.take(event)
    // What a subscriber throws would be reported to nobody.
    site.committed.galleryEvents$.subscribe(({ events }) => void waiting.push(...events))
    return site
  }
  let people = await open()
  const publish = (): void => {
    people.committed.commit()
    for (const event of waiting) consumer.take(event)
    waiting = []
  }
  const reopen = async (): Promise<void> => {
    owner = new AsyncDisposableStack()
    run++
    tracks.clear()
    people = await open()
  }
  const show = ({ camera, who, frames, quality, isEnded }: Visit): void => {
    const own = who.map((one) => {
      const place = `${camera} ${one}`
      if (!tracks.has(place)) tracks.set(place, `${camera}/s${run}/${++count}`)
      return { one, place, track: tracks.get(place) ?? '' }
    })
    for (let i = 0; i < frames; i++, mediaMs += 100, wallMs += 100) {
      const faces = own.map(({ one, track }) =>
        faceOf(track, near(looks[one] as Float32Array, 0.3, random), quality, one / 6),
      )
      const endedTracks = isEnded && i === frames - 1 ? own.map(({ track }) => track) : []
      const stamp = { camera, stream: `s${run}`, endedTracks }
      waiting.push(...people.committed.update(facesAt(mediaMs, seq++, faces, stamp)))
      for (const { track } of own)
        people.keepCrop({
          ...stamp,
          track,
          seq,
          capturedAtMs: mediaMs,
          quality,
          width: 16,
          height: 16,
          jpeg: jpeg.slice(),
        })
    }
    if (isEnded) for (const { place } of own) tracks.delete(place)
  }
  return {
    looks,
    root,
    people: () => people,
    directory: () => directory,
    nowMs: () => wallMs,
    show,
    publish,
    /** All sinks have what there is. */
    delivered: () => people.store?.published(consumer.last()),
    wait(ms: number): void {
      mediaMs += ms
      wallMs += ms
    },
    /** The clock on the wall is set. */
    jump: (ms: number) => void (wallMs += ms),
    /** Events of cameras and ticks come in the engine's order. */
    tick(isBelieved: boolean): void {
      publish()
      people.tick(isBelieved ? wallMs : null)
    },
    rules: () =>
      createRulesService({
        rules: people.rules,
        transact: people.committed.transact,
        engine: people.engine,
        findSightings: people.findSightings,
        cameras: () => ['door', 'hall'],
        nowMs: () => wallMs,
        log: silent,
      }),
    async restart(): Promise<void> {
      publish()
      await owner.disposeAsync()
      await reopen()
    },
    /** What was not committed is lost; nobody has heard of what was since the last step. */
    async kill(isCommitted: boolean): Promise<void> {
      if (isCommitted) people.committed.commit()
      waiting = []
      const next = join(root, `state-${run + 1}`)
      cpSync(directory, next, { recursive: true })
      await owner.disposeAsync()
      directory = next
      await reopen()
    },
    /** Closes, lets something be done with the directory, and opens the directory that comes back. */
    async away(work: (state: string) => Promise<string>): Promise<void> {
      publish()
      await owner.disposeAsync()
      directory = await work(directory)
      await reopen()
    },
    async close(): Promise<void> {
      await owner.disposeAsync()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

/** See `openWorld`. */
export type World = Awaited<ReturnType<typeof openWorld>>
