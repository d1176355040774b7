import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A segment of a playlist, and what is wrong with it. */
export interface Entry {
  readonly body: Buffer
  /** `missing`: 404. `late`: it comes after a second. `torn`: the connection breaks off in its midst, in the midst of a packet. */
  readonly fault?: 'missing' | 'late' | 'torn'
  /** The playlist says that nothing goes on from the segment before. */
  readonly isNew?: boolean
}

const packetBytes = 188
const pidOf = (packet: Buffer): number => packet.readUInt16BE(1) & 0x1fff
const begins = (packet: Buffer): boolean => (packet[1] as number) >> 6 === 1

/** Packets of the stream that has most of them. */
const videoOf = (packets: readonly Buffer[]): number => {
  const counts = new Map<number, number>()
  for (const packet of packets) counts.set(pidOf(packet), (counts.get(pidOf(packet)) ?? 0) + 1)
  const [[video] = [0]] = [...counts].sort(([, a], [, b]) => b - a)
  return video
}

const packetsOf = (stream: Buffer): readonly Buffer[] =>
  Array.from({ length: stream.length / packetBytes }, (_, i) => stream.subarray(i * packetBytes, (i + 1) * packetBytes))

/** Whether the counters of four bits, one of which may come twice, tell that this segment is missing, or comes twice. */
export const isMissed = (segment: Buffer): boolean => {
  const packets = packetsOf(segment)
  const video = videoOf(packets)
  const left = packets.filter((packet) => pidOf(packet) === video && ((packet[3] as number) & 0x10) !== 0).length % 16
  return left > 1 && left < 15
}

/** Cuts a transport stream so that each segment begins with a picture, and has so many. Its PIDs' counters go on. */
export const cutStream = (stream: Buffer, pictures: number): readonly Buffer[] => {
  const packets = packetsOf(stream)
  const video = videoOf(packets)
  const segments: Buffer[][] = [[]]
  let begun = 0
  for (const packet of packets) {
    if (pidOf(packet) === video && begins(packet) && ++begun > 1 && (begun - 1) % pictures === 0) segments.push([])
    segments.at(-1)?.push(packet)
  }
  return segments.map((each) => Buffer.concat(each))
}

/** In the midst of a packet. */
export const halfOf = (body: Buffer): number => packetBytes * Math.floor(body.length / packetBytes / 2) + 100

const inFirst = 3
const newEachTime = 2
const lateMs = 1000

/** A live playlist that grows each time it is asked for, and ends with the last segment. It depends on no clock. */
export const serveHls = async (entries: readonly Entry[]) => {
  const asked: string[] = []
  let times = 0
  const playlist = (): string => {
    const shown = inFirst + newEachTime * times++
    return [
      '#EXTM3U',
      '#EXT-X-VERSION:6',
      '#EXT-X-TARGETDURATION:1',
      '#EXT-X-MEDIA-SEQUENCE:0',
      ...entries
        .slice(0, shown)
        .flatMap(({ isNew }, i) => [...(isNew ? ['#EXT-X-DISCONTINUITY'] : []), '#EXTINF:0.64,', `${i}.ts`]),
      ...(shown >= entries.length ? ['#EXT-X-ENDLIST'] : []),
      '',
    ].join('\n')
  }
  const server = createServer(({ url = '' }, response) => {
    asked.push(url)
    if (url === '/live.m3u8') return void response.end(playlist())
    const entry = entries[Number(url.slice(1, -3))]
    if (entry === undefined || entry.fault === 'missing') return void response.writeHead(404).end()
    const { body, fault } = entry
    if (fault === 'late') return void setTimeout(() => response.end(body), lateMs)
    if (fault !== 'torn') return void response.end(body)
    response.writeHead(200, { 'content-length': body.length })
    response.write(body.subarray(0, halfOf(body)), () => response.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/live.m3u8`,
    asked,
    close: () => server.close().closeAllConnections(),
  }
}
