import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { oldNode } from '../src/node-version.ts'

test('an old Node is named, with what to do', () => {
  for (const version of [process.versions.node, '24.0.0', '25.1.0', '100.0.0']) expect(oldNode(version)).toBeNull()
  for (const version of ['20.20.2', '22.23.3', '23.11.0'])
    expect(oldNode(version)).toContain(`this is Node ${version}, and Rollcall runs on Node 24 or newer`)
})

test('an old Node gets as far as saying so: nothing else is loaded before', () => {
  const read = (file: string): string => readFileSync(resolve(import.meta.dirname, '../src', file), 'utf8')
  expect([...read('main.ts').matchAll(/^import .*/gm)].map(([line]) => line)).toEqual([
    "import { oldNode } from './node-version.ts'",
  ])
  expect(read('node-version.ts')).not.toContain('import')
})
