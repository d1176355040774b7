import {
  closeSync,
  copyFileSync,
  existsSync,
  fstatSync,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { RollcallEvent } from '../../src/events/types.ts'
import { isLogged } from '../../src/site/committed-identity.ts'

/** What a consumer has got. Events about people, tracks and sightings are kept by `sequence`, once each. */
export interface Received {
  /** A repeat must be the same. Throws when it is not. */
  take(event: RollcallEvent, text: string): void
  /** Events about people, tracks and sightings by `sequence`. */
  readonly logged: ReadonlyMap<number, string>
  /** Repeats so far, which at-least-once delivery allows. */
  readonly repeats: () => number
}

export const createReceived = (name: string): Received => {
  const logged = new Map<number, string>()
  let repeats = 0
  return {
    logged,
    repeats: () => repeats,
    take: (event, text) => {
      if (!isLogged(event)) return
      const { sequence } = event.data
      const known = logged.get(sequence)
      if (known === undefined) logged.set(sequence, text)
      else if (known === text) repeats++
      else throw new Error(`${name}: sequence ${sequence} came twice with other content:\n${known}\n${text}`)
    },
  }
}

/** Reads a file of JSON lines that grows. */
export interface Tail {
  /**
   * Hands over the whole lines that the file has got since the last call; what comes after the last line break is left for
   * the next call.
   */
  read(): void
  /** The file has another name now. */
  renamed(file: string): void
}

/** `onTorn` gets each line that is no JSON. */
export const createTail = (
  name: string,
  take: (event: RollcallEvent, text: string) => void,
  onTorn: (line: string) => void,
): Tail => {
  let file = name
  let at = 0
  const read = (): void => {
    if (!existsSync(file)) return
    const fd = openSync(file, 'r')
    const bytes = Buffer.alloc(Math.max(0, fstatSync(fd).size - at))
    const count = readSync(fd, bytes, 0, bytes.length, at)
    closeSync(fd)
    const end = bytes.subarray(0, count).lastIndexOf('\n') + 1
    at += end
    const lines = bytes.toString('utf8', 0, end).split('\n').filter(Boolean)
    for (const line of lines) {
      const event = parse(line)
      if (event === null) onTorn(line)
      else take(event, line)
    }
  }
  return {
    read,
    renamed: (now) => {
      file = now
    },
  }
}

const parse = (line: string): RollcallEvent | null => {
  try {
    return JSON.parse(line) as RollcallEvent
  } catch {
    return null
  }
}

/** An event about people, a track or a sighting, as the state has it. */
export interface Committed {
  readonly sequence: number
  /** As published. */
  readonly event: string
}

/**
 * What the state on disk says was committed, oldest first. The program has it locked, so a copy is read; one that was made
 * while something was written is made again.
 */
export const committedIn = (file: string): readonly Committed[] => {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-chaos-state-'))
  const copy = join(directory, 'people.db')
  const parts = ['', '-wal'].filter((part) => existsSync(file + part))
  const stamp = (): string => parts.map((part) => statSync(file + part).mtimeMs).join()
  try {
    for (let attempt = 1; ; attempt++) {
      const before = stamp()
      for (const part of parts) copyFileSync(file + part, copy + part)
      if (stamp() === before || attempt === 50) break
    }
    const db = new DatabaseSync(copy)
    try {
      return db.prepare('SELECT sequence, event FROM events ORDER BY sequence').all() as unknown as Committed[]
    } finally {
      db.close()
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

/** What is missing of what was committed, and of the numbers before it. Empty when nothing is. */
export const missingOf = ({ logged }: Pick<Received, 'logged'>, committed: readonly Committed[]): readonly string[] => {
  const last = committed.at(-1)?.sequence ?? 0
  const byNumber = new Map(committed.map(({ sequence, event }) => [sequence, event]))
  return Array.from({ length: last }, (_, i) => i + 1)
    .filter((sequence) => !logged.has(sequence))
    .map((sequence) => `${sequence}: ${byNumber.get(sequence) ?? 'of somebody deleted'}`)
}
