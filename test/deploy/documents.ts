import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseAllDocuments } from 'yaml'

export const deploy = resolve(import.meta.dirname, '../../deploy')

/** The YAML documents of a text; throws on a mistake, a key that is there twice included. */
export const documentsOf = (text: string, name: string): unknown[] => {
  const documents = parseAllDocuments(text, { strict: true, uniqueKeys: true })
  if (!Array.isArray(documents)) return []
  return documents.map((document) => {
    const [mistake] = [...document.errors, ...document.warnings]
    if (mistake) throw new Error(`${name}: ${mistake.message}`)
    return document.toJS() as unknown
  })
}

export const readDocuments = (path: string): unknown[] => documentsOf(readFileSync(join(deploy, path), 'utf8'), path)

/** The one document of a file. */
export const readDocument = <T>(path: string): T => {
  const [document, ...others] = readDocuments(path)
  if (document === undefined || others.length > 0) throw new Error(`${path}: expected one document`)
  return document as T
}
