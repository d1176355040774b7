import { readdirSync } from 'node:fs'
import { basename, extname, join, resolve } from 'node:path'
import { concatMap, lastValueFrom } from 'rxjs'
import { readTruth, type TrueFace } from '../../demo/truth.ts'
import { RollcallError } from '../../errors.ts'
import { embedPhotos } from '../../evaluate/embed-photos.ts'
import type { FacePair } from '../../evaluate/fit-map.ts'
import { listPhotos } from '../../evaluate/labelled-photos.ts'
import { openCameras } from '../../ingest/cameras.ts'
import { cameraOptions } from '../../ingest/options.ts'
import { iou } from '../../math/boxes.ts'
import { silent } from '../../silent-log.ts'
import type { Frame } from '../../types.ts'
import { modelOptions } from '../../vision/options.ts'
import { progress } from '../photos/progress.ts'
import type { Both } from './both-embedders.ts'

const { side } = modelOptions.parse({})

/** The faces of labelled photos, `DIR/PERSON/photo`; photos in which no face is found are left out. Throws USAGE. */
export const photosSeenByBoth = async (directory: string, both: Both): Promise<FacePair[]> => {
  const list = await listPhotos(directory)
  const { photos } = await embedPhotos(list, both, { side, onProgress: progress(list.length, 'photos') })
  return photos.flatMap(({ person, how, views: [old, fresh] }) =>
    how === 'centred' || !old || !fresh ? [] : [{ group: person, old: old.embedding, fresh: fresh.embedding }],
  )
}

const footage = resolve(import.meta.dirname, '../../../footage')
/** Two pictures a second: nearer ones show nothing new. */
const everyMs = 500

/** The faces of one frame whose person the truth knows. */
const facesIn = async ({ picture, full }: Frame, truth: readonly TrueFace[], both: Both): Promise<FacePair[]> => {
  const [found = []] = await both.detector.detect([picture])
  const known = found.flatMap((face) => {
    const own = truth.find(({ box }) => iou(face.box, box) > 0.4)
    return own && own.hard === null ? [{ face, person: own.person }] : []
  })
  const looks = await both.embedder.embed(known.map(({ face }) => ({ full, ...face })))
  return known.flatMap(({ person }, i) => {
    const [old, fresh] = [looks[i], looks[known.length + i]]
    return old && fresh ? [{ group: person, old: old.embedding, fresh: fresh.embedding }] : []
  })
}

/** The faces of the project's own rendered people, who do not exist. Throws USAGE when the footage is not there. */
export const footageSeenByBoth = async (both: Both): Promise<FacePair[]> => {
  const loops = namesIn(footage)
  const tell = progress(loops.length, 'recordings')
  const pairs: FacePair[] = []
  for (const [i, loop] of loops.entries()) {
    const { facesOf, fps } = await readTruth(join(footage, `${loop}.truth.jsonl`))
    const options = cameraOptions.parse({ url: join(footage, `${loop}.mp4`) })
    const cameras = openCameras([{ name: loop, options }], { pictureSide: side, untilEnd: true, log: silent })
    let nextMs = 0
    const look = async (frame: Frame): Promise<void> => {
      const atMs = frame.ptsUs / 1000
      try {
        if (atMs < nextMs) return
        nextMs = atMs + everyMs
        pairs.push(...(await facesIn(frame, facesOf[Math.round((atMs / 1000) * fps)] ?? [], both)))
      } finally {
        frame.close()
      }
    }
    try {
      const looked$ = cameras.ready$.pipe(
        concatMap(async (camera) => {
          const frame = camera.take()
          if (frame) await look(frame)
        }),
      )
      await lastValueFrom(looked$, { defaultValue: undefined })
    } finally {
      await cameras.close()
    }
    tell(i + 1)
  }
  return pairs
}

const namesIn = (directory: string): string[] => {
  const names = ((): string[] => {
    try {
      return readdirSync(directory)
    } catch {
      return []
    }
  })()
  const loops = names.filter((name) => name.endsWith('.truth.jsonl')).map((name) => basename(name, '.truth.jsonl'))
  if (loops.length > 0) return loops.filter((loop) => extname(loop) === '').sort()
  throw new RollcallError('USAGE', `models migrate: the project's footage is not in ${directory}`, {
    remedy: 'add --photos DIR: a folder with a folder of photos for each person, of any people',
  })
}
