import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'

/** Asks on a terminal; elsewhere nobody is there to answer, and the answer is yes. Anything but y or yes is no. */
export const confirm = async (
  question: string,
  input: Readable & { readonly isTTY?: boolean },
  output: Writable,
): Promise<boolean> => {
  if (!input.isTTY) return true
  const lines = createInterface({ input, output })
  try {
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('')))
    return /^\s*y(es)?\s*$/i.test(await Promise.race([lines.question(`${question} [y/N] `), ended]))
  } finally {
    lines.close()
  }
}
