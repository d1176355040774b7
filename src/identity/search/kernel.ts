import { readFileSync } from 'node:fs'

/** The part used here: the types of Node have none of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/** What `kernel.wat` exports; addresses and sizes in bytes of its memory. */
export interface Kernel {
  /** In pages of 64 KiB; growing it detaches all views. */
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void }
  /** `out[i]` (f32) is row i times the query; `bytes` of a row is a multiple of 64. */
  dots(rows: number, count: number, bytes: number, query: number, out: number): void
  /** The same of some: `at[i]` (u32), the number of a row, becomes its product (f32). */
  dotsAt(rows: number, count: number, bytes: number, query: number, at: number): void
  /** `out[i]` (u8) is the bits in which sketch i and the query's differ, 0 for all 256; `count` is rounded up by fours. */
  differences(sketches: number, count: number, query: number, out: number): void
  /**
   * Writes the numbers (u32) of the differences that are at most `limit`, and returns how many. Looks at the differences
   * up to the next multiple of 16.
   */
  within(differences: number, count: number, limit: number, out: number): number
  /** `out[i]` (u16) is the bits in which sketch `at[i]` (u32) and the query's differ. */
  differencesAt(sketches: number, at: number, count: number, query: number, out: number): void
}

let compiled: object | undefined

/** A kernel with a memory of its own. */
export const createKernel = (): Kernel => {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('kernel.wasm', import.meta.url)))
  return new WebAssembly.Instance(compiled).exports as Kernel
}
