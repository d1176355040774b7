import { execFileSync } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import packageJson from '../package.json' with { type: 'json' }

const root = resolve(import.meta.dirname, '..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const sources = (...patterns: readonly string[]): string => globSync(patterns, { cwd: root }).map(read).join('\n')

const files = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n')
/** What is so today. Decisions and the changelog tell what was. */
const pages = files
  .filter((file) => !/^CHANGELOG|^docs\/decisions\/0/.test(file))
  .map((file) => ({ file, text: read(file) }))

/** GitHub's anchor of a heading. */
const anchor = (heading: string): string =>
  heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
const anchors = (file: string): readonly string[] =>
  [
    ...read(file)
      .replaceAll(/^```.*?^```/gms, '')
      .matchAll(/^#+ (.*)$/gm),
  ].map(([, heading = '']) => anchor(heading))

/** All of the pages that a pattern finds, with where: its first group. */
const mentions = (pattern: RegExp, of = pages): readonly (readonly [file: string, what: string, all: string])[] =>
  of.flatMap(({ file, text }) => [...text.matchAll(pattern)].map(([all, what = '']) => [file, what, all] as const))

test('each link leads to a file and a heading that are there', () => {
  const links = mentions(
    /\]\((?!https?:|mailto:)([^)\s]+)\)/g,
    files.map((file) => ({ file, text: read(file) })),
  )
  expect(links.length).toBeGreaterThan(300)
  const broken = links.filter(([file, link]) => {
    const [path = '', heading] = link.split('#')
    const target = path === '' ? file : join(dirname(file), path)
    return !existsSync(join(root, target)) || (heading !== undefined && !anchors(target).includes(heading))
  })
  expect(broken).toEqual([])
})

test('the changelog says each thing once: a merge that keeps both sides leaves entries twice', () => {
  const beginnings = [...read('CHANGELOG.md').matchAll(/^- (.{40,60})/gm)].map(([, beginning]) => beginning)
  expect(beginnings.filter((beginning, i) => beginnings.indexOf(beginning) < i)).toEqual([])
})

describe('each command is there', () => {
  test('of npm, with its benchmark and options', () => {
    const runs = mentions(/npm run ([a-z:-]+)/g)
    expect(runs.filter(([, script]) => !(script in packageJson.scripts))).toEqual([])
    const benches = mentions(/npm run bench -- ([a-z]+[^`\n]*)/g)
    expect(benches.length).toBeGreaterThan(40)
    const wrong = benches.filter(([, line]) => {
      const source = `bench/${/^[a-z]+/.exec(line)?.[0]}.bench.ts`
      return !existsSync(join(root, source)) || !optionsIn(line).every((option) => takes(read(source), option))
    })
    expect(wrong).toEqual([])
  })

  test('of Rollcall, with options that its help explains', () => {
    const table = read('src/command-line.ts')
    const lines = mentions(/(?:^|`|bin\/)rollcall ([a-z][^`\n#|]*)/gm)
    expect(lines.length).toBeGreaterThan(150)
    const wrong = lines.filter(([, line]) => {
      const command = /^[a-z-]+/.exec(line)?.[0] ?? ''
      const help = sources(`src/commands/{${command},photos}{,/**/*}.ts`)
      return !takes(table, command) || !optionsIn(line).every((name) => name === 'help' || help.includes(`--${name}`))
    })
    expect(wrong).toEqual([])
  })
})

const optionsIn = (line: string): readonly string[] =>
  [...line.matchAll(/ --([a-z][a-z-]+)/g)].map(([, name = '']) => name)
/** Whether a table in the source has this key. */
const takes = (source: string, name: string): boolean => new RegExp(`(^|[^a-zA-Z-])'?${name}'?:`, 'm').test(source)

test('each metric is one of the program', () => {
  const known = sources('src/**/*.ts', 'deploy/**/*.yaml')
  const names = mentions(/\b(rollcall_[a-z_]+[a-z])\b/g).filter(([, name]) => name !== 'rollcall_native')
  expect(names.length).toBeGreaterThan(40)
  expect(names.filter(([, name]) => !known.includes(name.replace(/_(bucket|count|sum)$/, '')))).toEqual([])
})

test('each route takes the verb that stands before it', () => {
  const table = [...read('client/src/http.ts').matchAll(/^ {2}readonly '(\/api\/\S+)': \{(.*?)^ {2}\}/gms)]
  const routes = table.map(([, path = '', verbs = '']) => ({
    path: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    verbs,
  }))
  const known = (verb: string, path: string): boolean =>
    routes.some((route) => route.path.test(path) && route.verbs.includes(`readonly ${verb.toLowerCase()}: `))
  const named = mentions(/`((?:GET|POST|PUT|PATCH|DELETE) \/api\/[\w/.{}-]+)/g)
  expect(named.length).toBeGreaterThan(30)
  expect(named.filter(([, route]) => !known(...(route.split(' ') as [string, string])))).toEqual([])
})

test('each kind of event has a schema', () => {
  const kinds = [...globSync('schemas/*.json', { cwd: root }), 'rollcall.webhook.tested.v1'].map((file) =>
    basename(file, '.json'),
  )
  const names = mentions(/`(rollcall\.[a-z]+\.[a-z]+\.v1|rollcall\.frame\.v1)`/g)
  expect(names.length).toBeGreaterThan(20)
  expect(names.filter(([, name]) => !kinds.includes(name))).toEqual([])
})

test('each key is one of the configuration', () => {
  const example = parse(read('rollcall.example.yaml')) as Record<string, unknown>
  const isKey = (path: readonly string[]): boolean => {
    let at: unknown = example
    for (const key of path) {
      if (typeof at !== 'object' || at === null || Object.keys(at).length === 0) return true
      if (!(key in at)) return false
      at = (at as Record<string, unknown>)[key]
    }
    return true
  }
  const keys = mentions(/`((?:identity|sinks|state|seam|http|vision|telemetry|models|log)\.[a-zA-Z.]+)`/g).filter(
    ([, key]) => key !== 'log.csv',
  )
  expect(keys.length).toBeGreaterThan(100)
  expect(keys.filter(([, key]) => !isKey(key.split('.')))).toEqual([])
})

test('each file of the project is there', () => {
  const names = mentions(/`((?:src|test|bench|native|viewer|deploy|simulator|contract|training)\/[\w./-]+)`/g)
  expect(names.length).toBeGreaterThan(80)
  const isThere = (path: string): boolean => globSync(`${path}*`, { cwd: root }).length > 0
  expect(names.filter(([file, name]) => ![name, `test/${name}`, join(dirname(file), name)].some(isThere))).toEqual([])
})
