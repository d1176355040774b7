import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
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
   * the next call. Throws for a line that is no JSON: a torn one.
   */
  read(): void
  /** The file has another name now. */
  renamed(file: string): void
}

export const createTail = (name: string, take: (event: RollcallEvent, text: string) => void): Tail => {
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
    for (const line of lines) take(parse(line, file), line)
  }
  return {
    read,
    renamed: (now) => {
      file = now
    },
  }
}

const parse = (line: string, file: string): RollcallEvent => {
  try {
    return JSON.parse(line) as RollcallEvent
  } catch (cause) {
    throw new Error(`${file}: a torn line: ${line.slice(0, 200)} … ${line.slice(-100)}`, { cause })
  }
}

/** What the state on disk says was committed, oldest first; it is read beside the program, which has it open. */
export const committedIn = (file: string): readonly { readonly sequence: number; readonly event: string }[] => {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return db.prepare('SELECT sequence, event FROM events ORDER BY sequence').all() as {
      sequence: number
      event: string
    }[]
  } finally {
    db.close()
  }
}

/** What is missing of what was committed, and of the numbers before it. Empty when nothing is. */
export const missingOf = (
  { logged }: Pick<Received, 'logged'>,
  committed: readonly { readonly sequence: number; readonly event: string }[],
): readonly string[] => {
  const last = committed.at(-1)?.sequence ?? 0
  const byNumber = new Map(committed.map(({ sequence, event }) => [sequence, event]))
  return Array.from({ length: last }, (_, i) => i + 1)
    .filter((sequence) => !logged.has(sequence))
    .map((sequence) => `${sequence}: ${byNumber.get(sequence) ?? 'of somebody deleted'}`)
}
