import { randomFillSync } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { RollcallEvent } from '../../../src/events/types.ts'
import { createIdentity } from '../../../src/identity/identity.ts'
import { identityOptions } from '../../../src/identity/options.ts'
import { silent } from '../../../src/silent-log.ts'
import { createCommittedIdentity } from '../../../src/site/committed-identity.ts'
import { type Crops, createCrops } from '../../../src/site/crops/crops.ts'
import { openTableOf } from '../../../src/site/crops/open-table.ts'
import type { FaceCrop, PersonId } from '../../../src/types.ts'
import { open, temporaryDirectory } from '../../identity/store/states.ts'
import { direction, faceOf, facesAt, near, randomFrom } from '../../identity/support/faces.ts'

export const startMs = 1_772_443_800_000

export interface SceneOptions {
  readonly crops?: 'memory' | 'disk'
  readonly directory?: string
  /** The most pictures that are kept; the table's own when left out. */
  readonly most?: number
  readonly identity?: Parameters<typeof identityOptions.parse>[0]
}

/** A site with a state on disk, people before its camera, and pictures of them. */
export const openScene = ({
  crops: kept = 'disk',
  directory = temporaryDirectory(),
  identity = {},
  most,
}: SceneOptions = {}) => {
  const random = randomFrom(5)
  const looks = { ada: direction(random), bo: direction(random), cy: direction(random) }
  const store = open(directory)
  const warnings: string[] = []
  const log = { ...silent, warn: (_: object, message: string) => void warnings.push(message) }
  const engine = createIdentity(identityOptions.parse(identity), {
    archive: store,
    saved: store.saved(),
    onDropped: (track) => crops.dropped(track),
  })
  const opened = openTableOf(kept, directory, log)
  if (opened === null) throw new Error('no table')
  const table = { ...opened, most: most ?? opened.most }
  let nowMs = startMs
  const committed = createCommittedIdentity(engine, store, { onCommitted: (events) => crops.changed(events) })
  const crops: Crops = createCrops({
    isDropped: (camera, track) => engine.isDropped(camera, track),
    table,
    sightings: store.sightings,
    idsOf: (id) => engine.idsOf(id),
    resolve: (id) => engine.resolve(id),
    isKnown: (id) => engine.has(id),
    archived: () => engine.people().flatMap(({ id, archived }) => (archived ? [id] : [])),
    flush: committed.commit,
    nowMs: () => nowMs,
  })
  let seq = 0
  const events: RollcallEvent[] = []
  /** So many frames of a track, ten a second. */
  const show = (track: string, look: Float32Array, frames = 20, isOver = true): void => {
    for (let i = 0; i < frames; i++, nowMs += 100) {
      const endedTracks = isOver && i === frames - 1 ? [track] : []
      const faces = facesAt(nowMs, seq++, [faceOf(track, near(look, 0.3, random))], { endedTracks })
      events.push(...committed.update(faces))
      crops.saw(faces)
    }
    crops.stale()
  }
  /** A picture of the track in its last frame; returns its bytes, which nothing else has. */
  const picture = (track: string, quality = 0.8, at = seq - 1): Buffer => {
    const jpeg = Buffer.alloc(6000)
    randomFillSync(jpeg)
    const crop: FaceCrop = {
      camera: 'door',
      stream: 's1',
      seq: at,
      capturedAtMs: nowMs,
      track,
      quality,
      width: 96,
      height: 96,
      jpeg: Uint8Array.from(jpeg),
    }
    crops.put(crop)
    return jpeg
  }
  /** Somebody who is enrolled with so many photos; returns the ID and the bytes of the pictures. */
  const enrol = (name: string, look: Float32Array, qualities: readonly number[] = [0.9]) => {
    committed.transact((people) => people.enroll(name, [{ embedding: look, quality: 0.9 }], nowMs))
    const person = engine.people().find((one) => one.name === name)?.id ?? ''
    const jpegs = qualities.map((quality) => {
      const jpeg = Buffer.alloc(6000)
      randomFillSync(jpeg)
      crops.putEnrolled({ person, quality, width: 96, height: 96, jpeg: Uint8Array.from(jpeg) })
      return jpeg
    })
    return { person, jpegs }
  }
  const personOf = (track: string): PersonId => {
    const event = events.findLast((one) => one.type === 'rollcall.track.assigned.v1' && one.data.track === track)
    if (event?.type !== 'rollcall.track.assigned.v1') throw new Error(`track ${track} was not assigned`)
    return engine.resolve(event.data.person)
  }
  let isOpen = true
  const close = (): void => {
    if (!isOpen) return
    isOpen = false
    table.close()
    store.close()
  }
  onTestFinished(close)
  /** Every byte that lies in the state directory. */
  const onDisk = (): Buffer => Buffer.concat(readdirSync(directory).map((name) => readFileSync(join(directory, name))))
  const wait = (ms: number): void => {
    nowMs += ms
  }
  return {
    looks,
    engine,
    committed,
    crops,
    table,
    store,
    directory,
    warnings,
    show,
    picture,
    enrol,
    personOf,
    close,
    onDisk,
    wait,
  }
}

/** Whether any 16 bytes in a row of one are in the other: a remnant. */
export const hasRemnant = (bytes: Buffer, of: Uint8Array): boolean => {
  const whole = Buffer.from(of)
  const pieces = Array.from({ length: Math.floor(of.length / 16) }, (_, i) => whole.subarray(16 * i, 16 * (i + 1)))
  return pieces.some((piece) => bytes.includes(piece))
}
