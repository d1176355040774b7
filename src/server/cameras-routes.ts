import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { RollcallError } from '../errors.ts'
import { object } from './api-schemas.ts'
import type { CameraList, CameraTest, ListedCamera } from './camera-answers.ts'
import { type CameraBodies, cameraBodies } from './camera-bodies.ts'
import { cameraListSchema, cameraSchema, testSchema } from './camera-schemas.ts'
import { answering, byOf, described } from './route.ts'

/** What users can do with cameras at run time. Every call throws, or rejects with, errors that the caller can correct. */
export interface CamerasService {
  /** Everything that is known of each camera; no secret. */
  list(): CameraList
  /** One of them. Throws CAMERA_NOT_FOUND. */
  show(name: string): ListedCamera
  add(name: unknown, keys: Readonly<Record<string, unknown>>, by: string): Promise<void>
  edit(name: string, changes: Readonly<Record<string, unknown>>, by: string): Promise<void>
  remove(name: string, by: string): Promise<void>
  pause(name: string, paused: boolean, by: string): Promise<void>
  /** Watches a camera for seconds. `camera` names one that is there, over which the keys are laid. */
  test(camera: unknown, keys: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<CameraTest>
  /** JSON Schema of a camera's keys, without defaults. */
  readonly keysSchema: object
}

const text = { type: 'string' }
const named = { type: 'object', properties: { camera: text } }

const nameOf = ({ params }: FastifyRequest): string => (params as { readonly camera: string }).camera

/** The body as keys with values. Throws USAGE. */
const keysOf = ({ body }: FastifyRequest): Readonly<Record<string, unknown>> => {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as Record<string, unknown>
  throw new RollcallError('USAGE', 'body: expected the keys of a camera as JSON', {
    remedy: 'Send { "name": "door", "url": "rtsp://…" } with content-type: application/json.',
  })
}

/** Aborted when the client goes away, and when it has its answer: a connection serves any number of requests. */
const leaving = (reply: FastifyReply): AbortSignal => {
  const gone = new AbortController()
  reply.raw.once('close', () => gone.abort())
  return gone.signal
}

/** Adds the routes that show and change cameras. What has changed is kept when a route answers. */
export const camerasRoutes = (app: FastifyInstance, service: CamerasService): void => {
  const bodies = cameraBodies(service.keysSchema)
  const shown = object({ camera: cameraSchema })
  app.get(
    '/api/cameras',
    described({ scope: 'read', summary: 'Each camera, its state and how it does', answer: cameraListSchema }),
    answering(() => service.list()),
  )
  app.post(
    '/api/cameras',
    described({ scope: 'operate', summary: 'Adds a camera', answer: shown, body: bodies.add }),
    answering(async (request) => {
      const { name, ...given } = keysOf(request)
      await service.add(name, given, byOf(request))
      return { camera: service.show(String(name)) }
    }),
  )
  app.post(
    '/api/cameras/test',
    described({
      scope: 'operate',
      summary: 'Opens a camera for seconds: a picture, what it sends and what to change; one at a time',
      answer: testSchema,
      body: bodies.test,
    }),
    answering((request, reply) => {
      const { camera, ...given } = keysOf(request)
      return service.test(camera, given, leaving(reply))
    }),
  )
  oneCameraRoutes(app, service, bodies, shown)
}

const oneCameraRoutes = (app: FastifyInstance, service: CamerasService, bodies: CameraBodies, shown: object): void => {
  app.patch(
    '/api/cameras/:camera',
    described({
      scope: 'operate',
      summary: 'Changes a camera that was added',
      params: named,
      answer: shown,
      body: bodies.edit,
    }),
    answering(async (request) => {
      await service.edit(nameOf(request), keysOf(request), byOf(request))
      return { camera: service.show(nameOf(request)) }
    }),
  )
  app.delete(
    '/api/cameras/:camera',
    described({
      scope: 'operate',
      summary: 'Removes a camera that was added; its people stay',
      params: named,
      answer: object({ removed: text }),
    }),
    answering(async (request) => {
      await service.remove(nameOf(request), byOf(request))
      return { removed: nameOf(request) }
    }),
  )
  for (const [verb, paused] of [
    ['pause', true],
    ['resume', false],
  ] as const)
    app.post(
      `/api/cameras/:camera/${verb}`,
      described({
        scope: 'operate',
        summary: paused ? 'Pauses a camera, also over restarts' : 'Goes on with a camera that is paused',
        params: named,
        answer: shown,
      }),
      answering(async (request) => {
        await service.pause(nameOf(request), paused, byOf(request))
        return { camera: service.show(nameOf(request)) }
      }),
    )
}
