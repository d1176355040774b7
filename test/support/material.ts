import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** Public models, footage and photos are not part of the repository; tests that need them run where they are found. */
const find = (variable: string, folder: string): string | null => {
  const directory = resolve(process.env[variable] ?? resolve(import.meta.dirname, '../../../shared', folder))
  return existsSync(directory) ? directory : null
}

export const models = (): string | null => find('ROLLCALL_MODELS', 'models')
/** MTCNN as `python -m training.mtcnn export` writes it. */
export const mtcnn = (): string | null => find('ROLLCALL_MTCNN', 'mtcnn')
export const clips = (): string | null => find('ROLLCALL_CLIPS', 'clips')
export const faces = (): string | null => find('ROLLCALL_FACES', 'faces')
