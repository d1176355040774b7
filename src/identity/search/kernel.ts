import { readFileSync } from 'node:fs'

/** The part of WebAssembly used here. The types of Node lack it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/** What `kernel.wat` exports. Addresses are in bytes of its memory. */
export interface Kernel {
  /** Grows in pages of 64 KiB; growing detaches all views. */
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): void }
  /**
   * Writes to `out[i]` (f32) the inner product of row i and the query. `bytes` is the size of a row, a multiple of 64.
   */
  dots(rows: number, count: number, bytes: number, query: number, out: number): void
  /** Replaces each row number `at[i]` (u32) by that row's inner product with the query (f32). */
  dotsAt(rows: number, count: number, bytes: number, query: number, at: number): void
  /**
   * Writes to `out[i]` (u8) in how many bits sketch i and the query's differ, modulo 256. Rounds `count` up to a
   * multiple of 4.
   */
  differences(sketches: number, count: number, query: number, out: number): void
  /**
   * Writes the numbers (u32) of the differences that are at most `limit`, and returns how many. Rounds `count` up to a
   * multiple of 16.
   */
  within(differences: number, count: number, limit: number, out: number): number
  /** Writes to `out[i]` (u16) in how many bits sketch `at[i]` (u32) and the query's differ. */
  differencesAt(sketches: number, at: number, count: number, query: number, out: number): void
}

let compiled: object | undefined

/** Makes a kernel with a memory of its own. The module is compiled once. */
export const createKernel = (): Kernel => {
  compiled ??= new WebAssembly.Module(readFileSync(new URL('kernel.wasm', import.meta.url)))
  return new WebAssembly.Instance(compiled).exports as Kernel
}
