import { join, resolve } from 'node:path'
import { expect } from 'vitest'
import { openOn } from '../../bench/open-detector.ts'
import { readTruth, type TrueFace } from '../../src/demo/truth.ts'
import type { Detection } from '../../src/types.ts'
import { type Embedder, openEmbedder } from '../../src/vision/embedder.ts'
import { chooseModel, describeModels } from '../../src/vision/model-files.ts'
import { decodeFrames } from '../vision/footage.ts'

/** What training/cast promises of its people, with the models that Rollcall runs on them. */
export const root = resolve(import.meta.dirname, '../..')
const loops = ['lobby', 'gate', 'cafe', 'street']
const size = { width: 1280, height: 720 }
/** Each loop's key frames come after so many pictures. */
const keyEvery: Readonly<Record<string, number>> = { lobby: 50, gate: 50, cafe: 50, street: 25 }

const openEmbedderOn = async (directory: string, name: string): Promise<Embedder> => {
  const file = chooseModel(await describeModels(directory), directory, 'embedder', name)
  if (file.descriptor?.kind !== 'embedder') throw new Error(`${name} is no embedder`)
  const options = { providers: ['cpu'], threads: 1, batchSizes: 'auto', scores: [0.6, 0.9] } as const
  return openEmbedder({ ...file, descriptor: file.descriptor }, { ...options, onFallback: () => undefined })
}

const cosine = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / Math.hypot(...a) / Math.hypot(...b)

const mean = (views: readonly (readonly number[])[]): number[] =>
  (views[0] ?? []).map((_, i) => views.reduce((sum, view) => sum + (view[i] as number), 0) / views.length)

const isThere = ({ box }: Detection, { box: { x, y, width, height } }: TrueFace): boolean =>
  Math.abs(box.x + box.width / 2 - x - width / 2) < width / 3 &&
  Math.abs(box.y + box.height / 2 - y - height / 2) < height / 3

interface View {
  readonly person: string
  readonly yaw: number
  readonly embedding: readonly number[]
}

/** The pictures of a loop with their numbers: one a second, or the key frames alone, which are decoded at once. */
const picturesOf = (loop: string, everySecond: boolean) => {
  const every = everySecond ? 25 : (keyEvery[loop] ?? 50)
  return decodeFrames(
    join(root, 'footage', `${loop}.mp4`),
    size,
    everySecond ? { fps: '1/1' } : { keysOnly: true },
  ).map((frame, i) => ({ ...frame, number: i * every }))
}

/** Of faces of 40 pixels and more that are all there: what is found at 0.7, and the embeddings of those of 60 and more. */
const look = async (directory: string, detectorName: string, embedderName: string, everySecond: boolean) => {
  const detector = await openOn(directory, detectorName, { minScore: 0.7 })
  const embedder = await openEmbedderOn(directory, embedderName)
  const views: View[] = []
  const missed: string[] = []
  for (const loop of loops) {
    const { facesOf } = await readTruth(join(root, 'footage', `${loop}.truth.jsonl`))
    for (const { full, picture, number } of picturesOf(loop, everySecond)) {
      const [found = []] = await detector.detect([picture])
      for (const face of facesOf[number] ?? []) {
        const { person, yaw, hard, visible, box } = face
        const width = box.width * size.width
        if (hard !== null || visible <= 0.9 || width < 40 || Math.abs(yaw) > 30) continue
        const detection = found.find((each) => isThere(each, face))
        if (!detection && Math.abs(yaw) <= 20) missed.push(`${person} in ${loop} at ${number / 25} s`)
        if (!detection || width < 60) continue
        const [embedded] = await embedder.embed([{ full, ...detection }])
        views.push({ person, yaw, embedding: [...(embedded?.embedding ?? [])] })
      }
    }
  }
  await detector.close()
  await embedder.close()
  return { views, missed }
}

/** Everybody is found, and like themselves and nobody else, in a picture of each second or in the key frames. */
export const expectToHold = async (
  directory: string,
  detector: string,
  embedder: string,
  { everySecond }: { readonly everySecond: boolean },
): Promise<void> => {
  const { views, missed } = await look(directory, detector, embedder, everySecond)
  expect(missed).toEqual([])
  const people = [...new Set(views.map(({ person }) => person))].sort()
  expect(people).toHaveLength(10)
  const fronts = people.map((name) =>
    mean(views.filter(({ person, yaw }) => person === name && Math.abs(yaw) <= 20).map((view) => view.embedding)),
  )
  const alike = people.flatMap((a, i) =>
    people.slice(i + 1).map((b, j) => [cosine(fronts[i] ?? [], fronts[i + 1 + j] ?? []), a, b] as const),
  )
  expect(alike.filter(([value]) => value > 0.36)).toEqual([])
  const toFront = views.map(({ person, embedding }) => {
    return [cosine(embedding, fronts[people.indexOf(person)] ?? []), person] as const
  })
  expect(toFront.filter(([value]) => value < 0.55)).toEqual([])
}
