import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../../src/types.ts'
import { loadModels, type Models } from '../../src/vision/models.ts'
import { type ModelOptions, modelOptions } from '../../src/vision/options.ts'
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

/** A models directory with these files; a string is JSON or text, `{ copyOf }` a public model. */
export const modelDirectory = (
  files: Readonly<Record<string, string | Uint8Array | { readonly copyOf: string }>>,
): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'rollcall-models-'))
  for (const [name, content] of Object.entries(files)) {
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(join(path, name), content)
    else copyFileSync(join(models() ?? '', content.copyOf), join(path, name))
  }
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}
