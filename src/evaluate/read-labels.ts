import { z } from 'zod'
import { RollcallError } from '../errors.ts'
import { readText } from '../read-all.ts'
import type { Judged } from './identity-scores.ts'

const name = z.union([z.string(), z.number()]).transform(String)
const line = z.object({ truth: name, predicted: name.nullable() })

/**
 * Reads lines of `{"truth", "predicted"}`. `predicted` is null for a face without an ID. Throws USAGE, which names the
 * line.
 */
export const readLabels = async (file: string): Promise<Judged[]> => {
  const text = await readText(file).catch((cause: unknown) => {
    throw new RollcallError('USAGE', (cause as Error).message, { cause, remedy: 'check the path' })
  })
  const labels: Judged[] = []
  for (const [i, each] of text.split(/\r?\n/).entries()) {
    if (each.trim() === '') continue
    let json: unknown
    try {
      json = JSON.parse(each)
    } catch {
      json = undefined
    }
    const parsed = line.safeParse(json)
    if (!parsed.success)
      throw new RollcallError('USAGE', `${file}:${i + 1}: expected {"truth": …, "predicted": …}`, {
        remedy: 'write one JSON object a face; predicted may be null',
      })
    const { truth, predicted } = parsed.data
    labels.push({ truth, id: predicted, alone: `${i}`, atMs: i, live: predicted !== null })
  }
  if (labels.length === 0)
    throw new RollcallError('USAGE', `${file}: there is no label in it`, { remedy: 'write one JSON object a face' })
  return labels
}
