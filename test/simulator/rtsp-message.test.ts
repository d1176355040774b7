import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createRtspReader, formatResponse, maxBodyBytes, maxHeadBytes } from '../../simulator/rtsp-message.ts'

const options = 'OPTIONS * RTSP/1.0\r\nCSeq: 1\r\n\r\n'
const setParameter = 'SET_PARAMETER rtsp://h/a RTSP/1.0\r\ncseq:  2 \r\nContent-Length: 4\r\n\r\nabcd'
const packet = Buffer.from([0x24, 1, 0, 3, 9, 8, 7])

describe('createRtspReader', () => {
  it('reads requests with bodies and interleaved packets, one after the other', () => {
    const items = createRtspReader().push(Buffer.concat([Buffer.from(options + setParameter), packet]))
    expect(items).toMatchObject([
      { type: 'request', request: { method: 'OPTIONS', uri: '*' } },
      { type: 'request', request: { method: 'SET_PARAMETER', body: Buffer.from('abcd') } },
      { type: 'interleaved', channel: 1, data: Buffer.from([9, 8, 7]) },
    ])
    expect(items[1].type === 'request' && items[1].request.headers.get('cseq')).toBe('2')
  })

  it('gives the same however the bytes were split', () => {
    const stream = Buffer.concat([Buffer.from(`\r\n${options}`), packet, Buffer.from(setParameter), packet])
    const whole = createRtspReader().push(stream)
    const cuts = fc.array(fc.integer({ min: 0, max: stream.length }), { maxLength: 12 })
    fc.assert(
      fc.property(cuts, (positions) => {
        const reader = createRtspReader()
        const edges = [0, ...positions.sort((a, b) => a - b), stream.length]
        const items = edges.slice(1).flatMap((end, i) => reader.push(stream.subarray(edges[i], end)))
        expect(items).toEqual(whole)
      }),
      { seed: 4 },
    )
  })

  it.each([
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['OPTIONS *\r\n\r\n', 400],
    ['options * RTSP/1.0\r\n\r\n', 400],
    ['OPTIONS * RTSP/1.0\r\nno colon\r\n\r\n', 400],
    ['OPTIONS * RTSP/1.0\r\n: empty\r\n\r\n', 400],
    ['OPTIONS * RTSP/1.0\r\nContent-Length: -1\r\n\r\n', 400],
    ['OPTIONS * RTSP/1.0\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\n', 400],
    [`OPTIONS * RTSP/1.0\r\nContent-Length: ${maxBodyBytes + 1}\r\n\r\n`, 413],
    ['OPTIONS * RTSP/2.0\r\nCSeq: 1\r\n\r\n', 505],
    ['x'.repeat(maxHeadBytes + 1), 413],
  ])('refuses %j', (text, status) => {
    const reader = createRtspReader()
    expect(reader.push(Buffer.from(text))).toMatchObject([{ type: 'bad', status }])
    expect(reader.push(Buffer.from(options))).toEqual([])
  })

  it('knows an answer of its client, and goes on', () => {
    const items = createRtspReader().push(Buffer.from(`RTSP/1.0 200 OK\r\nCSeq: 1\r\n\r\n${options}`))
    expect(items.map(({ type }) => type)).toEqual(['answer', 'request'])
  })

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (chunks) => {
        const reader = createRtspReader()
        for (const chunk of chunks) reader.push(chunk)
      }),
      { seed: 5, numRuns: 300 },
    )
  })
})

it('formats answers', () => {
  expect(formatResponse({ status: 200, headers: { Session: '1' }, body: 'ä' }, '7')).toBe(
    'RTSP/1.0 200 OK\r\nCSeq: 7\r\nServer: Rollcall demo camera\r\nSession: 1\r\nContent-Length: 2\r\n\r\nä',
  )
  expect(formatResponse({ status: 454 }, undefined)).toMatch(/^RTSP\/1\.0 454 Session Not Found\r\nServer: .*\r\n\r\n$/)
})
