import type { FastifyReply } from 'fastify'
import { type ErrorCode, RollcallError } from '../errors.ts'

const statusOf: Partial<Record<ErrorCode, number>> = {
  PERSON_UNKNOWN: 404,
  PERSON_CONFLICT: 409,
  STATE: 409,
  CAMERA_NOT_FOUND: 404,
  CAMERA_URL: 400,
  CAMERA_LOST: 409,
  CAMERA_FORMAT: 409,
  USAGE: 400,
}

/** Answers an error that the caller can correct with its status, code and remedy. Throws every other error again. */
export const refuse = (reply: FastifyReply, error: unknown): unknown => {
  const status = error instanceof RollcallError ? statusOf[error.code] : undefined
  if (!(error instanceof RollcallError) || status === undefined) throw error
  const { code, message, remedy, details } = error
  return reply.code(status).send({ error: { code, message, ...(remedy && { remedy }), ...(details && { details }) } })
}
