import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { CameraFile } from '../../simulator/simulated-cameras.ts'
import { readTruth, type Truth } from './truth.ts'

/** A video file for a simulated camera, with what is known of the people in it. */
export interface Scene extends CameraFile {
  /** Null when there is no `NAME.truth.jsonl` beside the video. */
  readonly truth: Truth | null
}

/** Matches the names of the video files that the demo can play. */
export const video = /\.(mp4|mkv|mov)$/

/** The first `most` video files of a folder in alphabetical order. Throws USAGE for a truth file that is wrong. */
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
