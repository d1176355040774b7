import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { formatted } from '../../contract/write.ts'
import { cameraJsonSchema } from '../../src/config/one-camera.ts'
import { ruleKeysSchema } from '../../src/rules/options.ts'
import { type ServerDeps, startServer } from '../../src/server/http.ts'
import { httpOptions } from '../../src/server/options.ts'

/** `npm run http-types` makes client/src/http.ts, the types of the HTTP API, of the server's own OpenAPI document. */
export const httpTypesFile = resolve(import.meta.dirname, '../../client/src/http.ts')

/** openapi-typescript needs the compiler's old interface, which TypeScript 7 does not have: so npx fetches both, only here. */
const generator = ['--package', 'openapi-typescript@7.13.0', '--package', 'typescript@5.9.3']

const unused = (name: string, known: object = {}) =>
  new Proxy(() => undefined, {
    get: (_, key) => {
      if (key in known) return known[key as never]
      throw new Error(`a route is added with ${name}.${String(key)}: a service is for requests only`)
    },
  })

const silent = () => undefined

const services =
  'acts capture decisions enrollPhotos events objectPhotos objections takeSnapshot webhooks whatIf peopleService photos score searchPhoto sightings system metrics cameras people ready webSocket denied'

/** A service for each route, none of which may be used. */
const everyService = Object.fromEntries(services.split(' ').map((name) => [name, unused(name)]))

/** The OpenAPI document of a server that has every route. Throws what `startServer` and `fetch` throw. */
export const apiDocument = async (): Promise<string> => {
  await using opened = new AsyncDisposableStack()
  const viewerDirectory = mkdtempSync(join(tmpdir(), 'rollcall-document-'))
  opened.defer(() => rmSync(viewerDirectory, { recursive: true }))
  writeFileSync(join(viewerDirectory, 'index.html'), '')
  const server = await startServer(httpOptions.parse({ port: 0 }), {
    ...everyService,
    camerasService: unused('camerasService', { keysSchema: cameraJsonSchema() }),
    rules: unused('rules', { keysSchema: ruleKeysSchema() }),
    viewerDirectory,
    time: { nowMs: () => Date.now() },
    log: { debug: silent, info: silent, warn: silent, error: silent },
  } as unknown as ServerDeps)
  opened.defer(() => server.close())
  return `${JSON.stringify(await (await fetch(`${server.url}/api/openapi.json`)).json(), null, 2)}\n`
}

/** The first lines of the types: they name the document of which they were made. */
export const headOf = (document: string): string =>
  `// Made from the server's OpenAPI document by \`npm run http-types\` with openapi-typescript: do not edit here.
// SHA-256 of the document: ${createHash('sha256').update(document).digest('hex')}
`

/** The types that openapi-typescript makes of a document, as client/src/http.ts has them. Throws when npx cannot fetch it. */
export const typesOf = (document: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-http-types-'))
  try {
    const file = join(folder, 'openapi.json')
    const types = join(folder, 'http.ts')
    writeFileSync(file, document)
    execFileSync('npx', ['--yes', ...generator, 'openapi-typescript', file, '--immutable', '--output', types], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const body = readFileSync(types, 'utf8').replace(/^\/\*\*.*?\*\/\n/s, '')
    return formatted(`${headOf(document)}${body}`, 'http.ts')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

if (import.meta.main) writeFileSync(httpTypesFile, typesOf(await apiDocument()))
