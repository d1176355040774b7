import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../../src/types.ts'
import { loadModels, type Models } from '../../src/vision/models.ts'
import { type ModelOptions, modelOptions } from '../../src/vision/options.ts'
import { shippedModels } from '../support/footage.ts'
import { models } from '../support/material.ts'

export interface Line {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: object
  readonly message: string
}

/** A log that remembers. */
export const recordLog = (): Log & { readonly lines: Line[] } => {
  const lines: Line[] = []
  const at = (level: Line['level']) => (fields: object, message: string) => void lines.push({ level, fields, message })
  return { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
}

/** The public models on the CPU. */
export const loadPublicModels = (overrides: Partial<ModelOptions> = {}): Promise<Models> =>
  loadModels(
    { ...modelOptions.parse({ directory: models(), providers: ['cpu'] }), ...overrides },
    { log: recordLog(), onFallback: () => undefined },
  )

/** The models that come with the project, on the CPU. */
export const loadShippedModels = (overrides: Partial<ModelOptions> = {}): Promise<Models> =>
  loadModels(
    { ...modelOptions.parse({ directory: shippedModels, providers: ['cpu'] }), ...overrides },
    { log: recordLog(), onFallback: () => undefined },
  )

/** The files of a shipped model under another name, for `modelDirectory`. */
export const shippedModel = (model: 'detector' | 'embedder', name: string) => ({
  [`${name}.onnx`]: { copyOf: `${model}.onnx` },
  [`${name}.json`]: readFileSync(join(shippedModels, `${model}.json`), 'utf8'),
})

/** A models directory with these files; a string is JSON or text, `{ copyOf }` a shipped model or a public one. */
export const modelDirectory = (
  files: Readonly<Record<string, string | Uint8Array | { readonly copyOf: string }>>,
): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-models-'))
  for (const [name, content] of Object.entries(files)) {
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(join(path, name), content)
    else {
      const shipped = join(shippedModels, content.copyOf)
      copyFileSync(existsSync(shipped) ? shipped : join(models() ?? '', content.copyOf), join(path, name))
    }
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
