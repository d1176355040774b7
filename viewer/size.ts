import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** What a browser may have to fetch in all, gzip, bytes; decoders in WebAssembly are not counted. */
export const mostBytes = 80_000

/** The gzip size of the files below a folder, bytes. `.wasm` files are not counted. */
export const gzipBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.wasm'))
    .reduce((sum, { parentPath, name }) => sum + gzipSync(readFileSync(join(parentPath, name))).length, 0)

/** Says the size of what was built, and warns when it is more than agreed. */
export const sayGzipSize = (): Plugin => ({
  name: 'say-gzip-size',
  apply: 'build',
  writeBundle({ dir = '' }) {
    const bytes = gzipBytes(dir)
    const words = `the viewer is ${(bytes / 1000).toFixed(1)} kB in gzip; the most is ${mostBytes / 1000} kB`
    if (bytes > mostBytes) this.warn(words)
    else this.info(words)
  },
})
