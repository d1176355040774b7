import { execFileSync } from 'node:child_process'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/**
 * `npm run build:client` makes client/dist, the package as others install it: JavaScript and types, nothing of this repository.
 * In the repository itself the sources are used, without a build. `npm pack ./client/dist` makes the file to publish.
 * `node client/build.ts DIR` makes it in another folder.
 */
const folder = import.meta.dirname
const dist = resolve(process.argv[2] ?? join(folder, 'dist'))
const root = resolve(folder, '..')

rmSync(dist, { recursive: true, force: true })
execFileSync(join(root, 'node_modules/.bin/tsc'), ['-p', folder, '--outDir', dist], { stdio: 'inherit' })
// tsc leaves the addresses in strings as they are, and a worker is named by one.
const starter = join(dist, 'video/video-worker.js')
writeFileSync(starter, readFileSync(starter, 'utf8').replaceAll("'./worker.ts'", "'./worker.js'"))
const { private: _private, exports, ...manifest } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
const built = Object.entries(exports as Readonly<Record<string, string>>).map(([path, source]) => {
  const file = source.replace('./src/', './').replace(/\.ts$/, '')
  return [path, { types: `${file}.d.ts`, default: `${file}.js` }]
})
writeFileSync(
  join(dist, 'package.json'),
  `${JSON.stringify({ ...manifest, exports: Object.fromEntries(built) }, null, 2)}\n`,
)
copyFileSync(join(folder, 'README.md'), join(dist, 'README.md'))
copyFileSync(join(root, 'LICENSE'), join(dist, 'LICENSE'))
