import type { MqttMessage } from './live.ts'

/** A message as it is kept on disk: the topic, a line break, the payload. */
export const encodeMessage = ({ topic, payload }: MqttMessage): Buffer =>
  Buffer.concat([Buffer.from(`${topic}\n`), Buffer.from(payload)])

/** Reads what `encodeMessage` wrote. */
export const decodeMessage = (payload: Buffer): MqttMessage => {
  const end = payload.indexOf(0x0a)
  return { topic: payload.toString('utf8', 0, end), payload: payload.subarray(end + 1) }
}
