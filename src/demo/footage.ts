import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CameraFile } from './simulated-cameras.ts'
import { readTruth, type Truth } from './truth.ts'

export interface Scene extends CameraFile {
  /** Null for footage of which nobody wrote down who is in it. */
  readonly truth: Truth | null
}

export const video = /\.(mp4|mkv|mov)$/

/** The first video files of a folder in alphabetical order, each with its `NAME.truth.jsonl` if there is one. */
export const scenesIn = async (directory: string, most: number): Promise<Scene[]> => {
  const files = readdirSync(directory).filter((file) => video.test(file))
  const chosen = files.sort((a, b) => a.localeCompare(b)).slice(0, most)
  return Promise.all(
    chosen.map(async (fileName) => {
      const stem = fileName.replace(video, '')
      const truthFile = join(directory, `${stem}.truth.jsonl`)
      return {
        name: stem.replace(/[^A-Za-z0-9_.-]/g, '-'),
        file: join(directory, fileName),
        truth: existsSync(truthFile) ? await readTruth(truthFile) : null,
      }
    }),
  )
}
