import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { loadConfig } from '../src/config/config.ts'
import { faultsOf } from './schemas/validate.ts'
import { apiDocument } from './server/http-types.ts'

/** What the pages show to be copied: configurations, events, requests. test/pages.test.ts checks what they name. */

const root = resolve(import.meta.dirname, '..')
const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => !/^CHANGELOG|^docs\/decisions\/0/.test(file))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }))

const blocksOf = (language: string): readonly (readonly [file: string, block: string])[] =>
  pages.flatMap(({ file, text }) =>
    [...text.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(
      ([, block = '']) => [file, block] as const,
    ),
  )

test('each configuration is accepted', () => {
  const key = Buffer.alloc(32, 7).toString('base64')
  const passwords = { HALL_PASSWORD: 'a', CAM_PASSWORD: 'b', MQTT_PASSWORD: 'c' }
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-'))
  writeFileSync(join(directory, 'secret'), 'secret')
  const file = join(directory, 'rollcall.yaml')
  const blocks = blocksOf('yaml')
  expect(blocks.length).toBeGreaterThan(10)
  for (const [page, block] of blocks) {
    writeFileSync(file, block.replaceAll(/\/run\/secrets\/\w+/g, join(directory, 'secret')))
    const load = () => loadConfig(file, { ...passwords, SEAM_KEY: key, WEBHOOK_SECRET: `whsec_${key}` })
    expect(load, page).not.toThrow()
  }
})

test('each event is as its schema says', () => {
  const events = blocksOf('json')
    .filter(([, block]) => block.includes('"specversion"'))
    .map(([, block]) => JSON.parse(block) as { readonly type: string })
  expect(events.length).toBeGreaterThan(20)
  expect(events.flatMap(faultsOf)).toEqual([])
})

interface Operation {
  readonly security: readonly { readonly token?: readonly string[] }[]
  readonly parameters?: readonly { readonly name: string; readonly in: string }[]
  readonly requestBody?: object
}
type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>

/** A route of a page, and what its line says after it, up to the next one. */
interface Shown {
  readonly verb: string
  readonly path: string
  readonly query: string
  readonly rest: string
}

const route = '`(GET|POST|PUT|PATCH|DELETE) (/api/[\\w/.{}-]+)(\\?[^`]*)?`'
const shown = pages.flatMap(({ file, text }) =>
  [...text.matchAll(new RegExp(`${route}((?:(?!${route}).)*)`, 'g'))].map(
    ([all, verb = '', path = '', query = '', rest = '']) => ({
      where: `${file}: ${all.slice(0, 60)}`,
      route: { verb, path, query, rest },
    }),
  ),
)

/** The operation of a path in which names stand, such as ID. */
const operationOf = (paths: Paths, { verb, path }: Shown): Operation | undefined =>
  Object.entries(paths)
    .filter(([each]) => new RegExp(`^${each.replaceAll(/\{\w+\}/g, '[^/]+')}$`).test(path))
    .sort(([a], [b]) => a.split('{').length - b.split('{').length)
    .map(([, verbs]) => verbs[verb.toLowerCase()])
    .find((operation) => operation !== undefined)

/** The scope in parentheses behind the route, or in a cell of its own. */
const scopeIn = ({ rest }: Shown): string | undefined =>
  /^ ?\(scope `(\w+)`\)|\| `(read|operate|biometric)` +\|/.exec(rest)?.slice(1).find(Boolean)

const queryIn = ({ query }: Shown): readonly string[] =>
  [...query.matchAll(/[?&]([a-zA-Z]+)/g)].map(([, name = '']) => name)

/** The keys of the objects in code that follow the route. */
const bodyIn = ({ rest }: Shown): readonly string[] => {
  const bodies = [...rest.matchAll(/`(\{"[^`]*)`/g)].map(([, body = '']) => body)
  return bodies.flatMap((body) => [...body.matchAll(/(?<!: )"([a-z]\w*)"(?=[,:}])/g)].map(([, name = '']) => name))
}

const wrongOf = (operation: Operation, given: Shown): readonly string[] => {
  const scope = scopeIn(given)
  const known = operation.parameters?.filter((each) => each.in === 'query').map(({ name }) => name) ?? []
  const body = JSON.stringify(operation.requestBody ?? {})
  const takesAny = body.includes('"additionalProperties":{}')
  return [
    ...(scope === undefined || operation.security.some(({ token }) => token?.includes(scope))
      ? []
      : [`scope ${scope}`]),
    ...queryIn(given).filter((name) => !known.includes(name)),
    ...(given.query.match(/\w+=(?=&|$)/g) ?? []).map((name) => `${name} has no value`),
    ...bodyIn(given).filter((name) => !takesAny && !body.includes(`"${name}":`)),
  ]
}

test('each route takes the scope, the query and the body that stand beside it', async () => {
  const { paths } = JSON.parse(await apiDocument()) as { readonly paths: Paths }
  const wrong = shown.flatMap(({ where, route: given }) => {
    const operation = operationOf(paths, given)
    return (operation ? wrongOf(operation, given) : ['no such route']).map((what) => `${where}: ${what}`)
  })
  expect(wrong).toEqual([])
  const all = shown.map((each) => each.route)
  expect(all.filter((each) => scopeIn(each) !== undefined).length).toBeGreaterThan(15)
  expect(all.flatMap(queryIn).length).toBeGreaterThan(10)
  expect(all.flatMap(bodyIn).length).toBeGreaterThan(10)
})
