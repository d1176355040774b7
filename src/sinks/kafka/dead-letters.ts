import { appendFile, stat } from 'node:fs/promises'
import type { KafkaMessage } from './message.ts'

/** Beyond it, refused messages are counted and logged, and no longer kept. */
const MAX_BYTES = 67_108_864

/** Keeps a message as one line of JSON: `reason`, `topic`, `key`, `headers`, and `value` as text. False when it has no room. */
export const keepDeadLetter = async (path: string, message: KafkaMessage, reason: string): Promise<boolean> => {
  const line = `${JSON.stringify({ reason, ...message, value: message.value?.toString() ?? null })}\n`
  const bytes = await stat(path).then(
    ({ size }) => size,
    () => 0,
  )
  if (bytes + line.length > MAX_BYTES) return false
  await appendFile(path, line, { mode: 0o600 })
  return true
}
