import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { errorCodes } from '../src/errors.ts'

const root = resolve(import.meta.dirname, '..')
const page = readFileSync(resolve(root, 'docs/messages.md'), 'utf8')
const sources = globSync('src/**/*.ts', { cwd: root }).map((file) => readFileSync(resolve(root, file), 'utf8'))

test('docs/messages.md has every code once, and no other', () => {
  const headings = [...page.matchAll(/^### (\S+)$/gm)].map(([, code]) => code)
  expect(headings.toSorted()).toEqual([...errorCodes].sort())
})

/** What stands in the first column between backticks, without the names and numbers that `…` stands for. */
const messages = [...page.matchAll(/^\| (`.*?`) +\|/gm)]
  .flatMap(([, cell]) => [...(cell ?? '').matchAll(/`([^`]+)`/g)])
  .flatMap(([, message]) => (message ?? '').split('…'))
  .map((part) => part.trim())
  .filter((part) => part.length > 3)

test('each of its messages is one of the program', () => {
  expect(messages.length).toBeGreaterThan(35)
  expect(messages.filter((message) => !sources.some((source) => source.includes(message)))).toEqual([])
})
