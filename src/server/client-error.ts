import { randomUUID } from 'node:crypto'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import type { Denials } from './denials.ts'
import { problem } from './problem.ts'
import { requestIdHeader } from './request-id.ts'

/** Whether nothing can be answered: the connection is over, or TLS does not stand yet. */
const isMute = (code: string, { writable }: Socket): boolean =>
  !writable || code === 'ECONNRESET' || code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')

const statuses: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** For `clientErrorHandler`: answers and counts what is no HTTP, too large or too slow, and closes the connection. */
export const answerClientErrors =
  (denials: Denials) =>
  ({ code = '' }: NodeJS.ErrnoException, socket: Socket): void => {
    if (isMute(code, socket)) {
      socket.destroy()
      return
    }
    const isTooBig = code === 'HPE_HEADER_OVERFLOW'
    const requestId = randomUUID()
    denials.deny(isTooBig ? 'too-big' : 'malformed', { requestId, address: socket.remoteAddress })
    const status = statuses[code] ?? '400 Bad Request'
    const { error } = problem(isTooBig ? 'TOO_BIG' : 'MALFORMED', 'the request is not valid HTTP')
    const body = JSON.stringify({ error: { ...error, requestId } })
    socket.end(
      `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Type: application/json\r\n${requestIdHeader}: ${requestId}\r\n` +
        `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
    socket.destroySoon()
  }

/** Faults of a body that Fastify finds, by its code: ours, and what was expected. */
const bodyFaults: Readonly<Record<string, readonly [code: string, message: string]>> = {
  FST_ERR_CTP_EMPTY_JSON_BODY: ['MALFORMED', 'the body is empty; expected JSON, or no Content-Type: application/json'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['MALFORMED', 'the body is no JSON'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['MALFORMED', 'the Content-Type is not read here; expected application/json'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['MALFORMED', 'the body is not as long as Content-Length says'],
  FST_ERR_CTP_BODY_TOO_LARGE: ['TOO_BIG', 'the body is too large'],
  FST_ERR_BAD_URL: ['MALFORMED', 'the path is not percent-encoded as it should be'],
}

/** Code and message of a fault of the caller's, as `problem` takes them: never Fastify's own. */
export const inOurWords = ({ code, message }: { readonly code?: string; readonly message: string }) => {
  const [known, says] = bodyFaults[code ?? ''] ?? [
    code === undefined || code.startsWith('FST_') ? 'BAD_REQUEST' : code,
    message,
  ]
  return { code: known, message: says }
}

/** For `frameworkErrors`: answers and counts a path that no route can be looked for with. No hook runs for it. */
export const answerBadPaths =
  (denials: Denials) =>
  (error: FastifyError, { id: requestId, ip: address }: FastifyRequest, reply: FastifyReply): void => {
    denials.deny('malformed', { requestId, address, why: error.code })
    const { code, message } = inOurWords(error)
    reply
      .code(error.statusCode ?? 400)
      .header(requestIdHeader, requestId)
      .send({ error: { code, message, requestId } })
  }
