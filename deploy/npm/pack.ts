/**
 * Makes the package that `npm install --global` takes: the sources as JavaScript, because Node strips no types below
 * node_modules; the addon built on this machine, and its sources for others; viewer, models and footage.
 *
 *   npm run package [-- FOLDER]      writes rollcall-VERSION.tgz there (default: .rollcall)
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')
const sources = ['src', 'simulator']
const whole =
  'CHANGELOG.md LICENSE README.md bin/rollcall docs footage models rollcall.example.yaml schemas viewer/dist'.split(' ')
const addon = 'native/build/rollcall_native.node'

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))

/** The text of a module as JavaScript, line by line as before. Names of other modules end in `.js` then, in URLs too. */
const asJavaScript = (file: string): string => {
  const text = stripTypeScriptTypes(readFileSync(join(root, file), 'utf8'))
  return text.replaceAll(/'([\w./-]+)\.ts'/g, (_, module: string) => {
    if (!existsSync(join(root, dirname(file), `${module}.ts`)))
      throw new Error(`${file}: '${module}.ts' is taken for a module, and there is none`)
    return `'${module}.js'`
  })
}

const write = (stage: string, file: string, text: string): void => {
  mkdirSync(dirname(join(stage, file)), { recursive: true })
  writeFileSync(join(stage, file), text)
}

const copy = (stage: string, file: string, to = file): void =>
  cpSync(join(root, file), join(stage, to), { recursive: true })

/**
 * The manifest of the package. What builds the addon and the Node that Rollcall runs on are dependencies of it. Node is that of
 * the one processor: the package `node` would fetch it by a npm in npm, which refuses what `--allow-scripts` leaves in its environment.
 */
const manifest = (): object => {
  const { version, description, license, dependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const also = Object.fromEntries(['node-addon-api', 'node-api-headers'].map((name) => [name, devDependencies[name]]))
  const nodes = Object.fromEntries(['x64', 'arm64'].map((cpu) => [`node-linux-${cpu}`, devDependencies.node]))
  return {
    name: 'rollcall',
    version,
    description,
    license,
    type: 'module',
    os: ['linux'],
    bin: { rollcall: 'bin/rollcall' },
    engines: { node: '>=20' },
    scripts: { install: 'node native/install.mjs' },
    dependencies: { ...dependencies, ...also },
    optionalDependencies: nodes,
  }
}

/** Writes the package into `folder`, which is there. Returns its path. */
export const pack = (folder: string): string => {
  if (!existsSync(join(root, addon)) || !existsSync(join(root, 'viewer/dist'))) throw new Error('run bin/setup first')
  const stage = mkdtempSync(join(tmpdir(), 'rollcall-package-'))
  try {
    for (const file of sources.flatMap(filesIn)) {
      if (file.endsWith('.ts')) write(stage, file.replace(/ts$/, 'js'), asJavaScript(file))
      else copy(stage, file)
    }
    for (const file of whole) copy(stage, file)
    for (const file of readdirSync(join(root, 'native')).filter((name) => /\.(cc|h|json)$|^Makefile$/.test(name)))
      copy(stage, `native/${file}`)
    write(stage, 'native/index.js', readFileSync(join(root, 'native/index.js'), 'utf8').replaceAll(".ts'", ".js'"))
    copy(stage, addon, `native/prebuilt/${process.platform}-${process.arch}.node`)
    copy(stage, 'deploy/npm/install.mjs', 'native/install.mjs')
    write(stage, 'package.json', `${JSON.stringify(manifest(), null, 2)}\n`)
    const said = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { cwd: stage, encoding: 'utf8' })
    return join(folder, `${JSON.parse(said)[0].filename}`)
  } finally {
    rmSync(stage, { recursive: true })
  }
}

if (import.meta.main) {
  const folder = resolve(process.argv[2] ?? join(root, '.rollcall'))
  mkdirSync(folder, { recursive: true })
  console.log(pack(folder))
}
