import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'

/** Asks a question at a terminal. Anything but y or yes means no, also the end of the input. */
export const confirm = async (question: string, input: Readable, output: Writable): Promise<boolean> => {
  const lines = createInterface({ input, output })
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    return /^\s*y(es)?\s*$/i.test(await Promise.race([lines.question(`${question} [y/N] `), ended]))
  } finally {
    lines.close()
  }
}
