import { basename, extname } from 'node:path'
import { RollcallError } from '../errors.ts'
import { readText } from '../read-all.ts'
import type { LabelledPhoto } from './labelled-photos.ts'
import type { Fold, PhotoPair } from './pairs.ts'

/**
 * Reads pairs in LFW's format (pairs.txt of vis-www.cs.umass.edu/lfw): `folds count`, then for each fold `count` lines
 * `name n1 n2` and `count` lines `name1 n1 name2 n2`. A photo's number is the digits at the end of its name, as in
 * `name/name_0001.jpg`. Throws USAGE, which names the line.
 */
export const readPairs = async (file: string, photos: readonly LabelledPhoto[]): Promise<Fold[]> => {
  const wrong = (line: number, what: string): RollcallError =>
    new RollcallError('USAGE', `${file}:${line}: ${what}`, {
      remedy: 'lines are `name n1 n2` or `name1 n1 name2 n2`, after a first line `folds pairs`',
    })
  const text = await readText(file).catch((cause: unknown) => {
    throw new RollcallError('USAGE', `--pairs: ${(cause as Error).message}`, { cause, remedy: 'check the path' })
  })
  const numbered = new Map<string, number>()
  for (const [i, { person, file: photo }] of photos.entries()) {
    const stem = basename(photo, extname(photo))
    const digits = /(\d+)$/.exec(stem)?.[1]
    if (digits !== undefined) numbered.set(`${person} ${Number(digits)}`, i)
  }
  const lines = text.split(/\r?\n/)
  const head = (lines[0] ?? '').trim().split(/\s+/).map(Number)
  const [foldCount, perFold] = head.length === 1 ? [1, head[0]] : head
  if (!Number.isInteger(foldCount) || !Number.isInteger(perFold) || !foldCount || !perFold)
    throw wrong(1, `expected two whole numbers, found "${lines[0] ?? ''}"`)
  const folds = Array.from({ length: foldCount }, () => ({ same: [] as PhotoPair[], different: [] as PhotoPair[] }))
  for (let i = 0; i < 2 * foldCount * perFold; i++) {
    const number = i + 2
    const fields = (lines[number - 1] ?? '').trim().split(/\s+/)
    const at = (name: string | undefined, which: string | undefined): number => {
      const index = numbered.get(`${name} ${Number(which)}`)
      if (index === undefined) throw wrong(number, `there is no photo ${which} of "${name}"`)
      return index
    }
    const fold = folds[Math.floor(i / (2 * perFold))]
    if (fields.length === 3) fold?.same.push([at(fields[0], fields[1]), at(fields[0], fields[2])])
    else if (fields.length === 4) fold?.different.push([at(fields[0], fields[1]), at(fields[2], fields[3])])
    else throw wrong(number, `expected 3 or 4 fields, found "${fields.join(' ')}"`)
  }
  return folds
}
