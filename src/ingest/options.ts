import { z } from 'zod'
import { RollcallError, withRemedy } from '../errors.ts'
import { type Credentials, parseCameraUrl } from './camera-url.ts'

const url = z
  .string()
  .describe(
    'Where the pictures come from: rtsp://, rtsps://, http://, https:// (HLS, Motion JPEG, a JPEG snapshot or a video file), v4l2:///dev/video0, file:// or a plain path. A login may stand before the host, percent-encoded; what ${NAME} puts there is encoded for you.',
  )

const detailUrl = z
  .string()
  .nullable()
  .default(null)
  .describe(
    'The big stream of the same camera, when url is its small one: rtsp://, rtsps://, http:// or https://. It is received only; faces are embedded from single pictures of it. Both must show the same view. All keys count for both; without the keys user and password, a login in url also counts here on the same host. It defaults to null: faces are embedded from url.',
  )

const user = z
  .string()
  .min(1)
  .nullable()
  .default(null)
  .describe('Name to log in to the camera with, as it is. It defaults to null: what the URL says.')

const password = z
  .string()
  .nullable()
  .default(null)
  .describe(
    'Its password, as it is, whatever characters it has. Keep it in the environment (${CAM_PASSWORD}) or in a file (${file:/run/secrets/cam}). It defaults to null: what the URL says.',
  )

/** At most a day: timers cannot wait longer than 24 of them. */
const milliseconds = (least: number) => z.int().min(least).max(86_400_000)

const backoffOptions = z.strictObject({
  firstMs: milliseconds(10).default(1000).describe('Wait before the first new attempt. It defaults to 1000.'),
  maxMs: milliseconds(10)
    .default(30_000)
    .describe(
      'Longest wait between attempts; also the wait after a wrong password, so that the camera does not lock the user out. It defaults to 30000.',
    ),
  factor: z
    .number()
    .min(1)
    .max(10)
    .default(2)
    .describe('How much longer each wait is than the last. It defaults to 2.'),
  jitter: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .describe(
      'Part of each wait that is random, so that many cameras do not come back in the same moment. It defaults to 0.2: from 20 % less to 20 % more.',
    ),
  resetAfterMs: milliseconds(0)
    .default(10_000)
    .describe('A camera that was online for this long begins again with the first wait. It defaults to 10000.'),
})

/** The keys that say where a camera is and who logs in. Before parsing has succeeded they may hold anything. */
interface Source {
  readonly url: string
  readonly detailUrl: unknown
  readonly user: unknown
  readonly password: unknown
}

const checkSource = (source: Source, context: z.RefinementCtx): void => {
  const mistake = (key: keyof Source, message: string): void =>
    context.addIssue({ code: 'custom', path: [key], message, input: '***' })
  const user = typeof source.user === 'string' ? source.user : null
  const password = typeof source.password === 'string' ? source.password : null
  if (user === null && password !== null) mistake('password', 'expected a user beside it')
  const check = (key: 'url' | 'detailUrl', text: string): void => {
    try {
      const { kind } = parseCameraUrl(text, { login: loginOf({ user, password }) })
      if (key === 'detailUrl' && kind === 'v4l2')
        mistake(key, 'found a webcam, expected rtsp://, rtsps://, http://, https:// or a file')
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error
      mistake(key, withRemedy(error))
    }
  }
  check('url', source.url)
  if (typeof source.detailUrl !== 'string') return
  if (source.detailUrl.trim() === source.url.trim())
    mistake(
      'detailUrl',
      'found the same as url, expected the big stream beside the small one; without a small one leave it out',
    )
  else check('detailUrl', source.detailUrl)
}

/** The login in the keys `user` and `password`; null when there is none. */
export const loginOf = ({
  user,
  password,
}: {
  readonly user: string | null
  readonly password: string | null
}): Credentials | null => (user === null ? null : { user, password: password ?? '' })

/** One entry of `cameras` in the configuration, with its defaults. */
export const cameraOptions = z
  .strictObject(
    {
      url,
      detailUrl,
      user,
      password,
      maxFps: z
        .int()
        .min(1)
        .max(240)
        .nullable()
        .default(null)
        .describe('Most frames analysed in a second. It defaults to null: as many as the machine can.'),
      restFps: z
        .int()
        .min(1)
        .max(240)
        .nullable()
        .default(3)
        .describe(
          'Most frames analysed in a second while nobody is there. It defaults to 3: whoever comes is seen a third of a second later at most. Of the others, those are looked at in which something moves. null: as many as ever.',
        ),
      maxSleepMs: milliseconds(100)
        .nullable()
        .default(2500)
        .describe(
          'Longest time without a look while nobody is there and nothing moves: only key frames are decoded then. When something moves, all since the last key frame is. It defaults to 2500: cameras whose key frames are further apart have all pictures decoded. null: all cameras have.',
        ),
      steadyFps: z
        .int()
        .min(1)
        .max(240)
        .nullable()
        .default(8)
        .describe(
          'Most frames analysed in a second while everybody there is known and keeps still, apart from others, and nothing else moves. It defaults to 8. null: as many as ever.',
        ),
      wholeLookMs: milliseconds(0)
        .nullable()
        .default(250)
        .describe(
          'Longest time without a look at the whole picture, or at all that has changed in it, while each face is where it should be: on a CPU, looks between are at the parts around the faces, and where something has moved. It defaults to 250, and is twenty times as long while nobody is there. null: every look is at the whole picture.',
        ),
      rotate: z
        .union([z.literal('auto'), z.literal(0), z.literal(90), z.literal(180), z.literal(270)])
        .default('auto')
        .describe(
          'Degrees clockwise to turn the picture upright; auto follows what the stream says. It defaults to auto.',
        ),
      transport: z
        .enum(['tcp', 'udp', 'auto'])
        .default('tcp')
        .describe('How RTSP cameras send; auto tries UDP first, then TCP. It defaults to tcp, which loses nothing.'),
      tlsVerify: z
        .boolean()
        .default(true)
        .describe('Whether certificates of rtsps:// and https:// cameras are checked. It defaults to true.'),
      redirectHosts: z
        .array(z.string().min(1))
        .default([])
        .describe(
          'Hosts besides its own to which an rtsp:// or http:// camera may redirect, or which its HLS playlist may name; user and password are never sent there. It defaults to none.',
        ),
      latencyMs: milliseconds(0)
        .default(200)
        .describe('How long RTSP packets wait for a missing one before it is lost. It defaults to 200.'),
      maxBlindMs: milliseconds(0)
        .default(2000)
        .describe(
          'Longest wait for a key frame after a loss. After it damaged pictures are shown and followed, and nobody is told by them. It defaults to 2000.',
        ),
      connectTimeoutMs: milliseconds(100)
        .default(10_000)
        .describe('Longest time from opening to the first frame. It defaults to 10000.'),
      stallAfterMs: milliseconds(100)
        .default(5000)
        .describe(
          'A camera that sends nothing for this long is frozen and is opened again. One that sends, but of which no picture is decoded or analysed for this long, is overloaded, and is not. It defaults to 5000.',
        ),
      frozenAfterMs: milliseconds(0)
        .default(20_000)
        .describe(
          'The very same picture for this long is reported as frozen, without a reconnect; 0 switches it off. It defaults to 20000.',
        ),
      maxClockErrorMs: milliseconds(0)
        .default(10_000)
        .describe(
          "How far the camera's own clock may be from this machine's before it is not used. It defaults to 10000.",
        ),
      startsAtMs: z
        .number()
        .min(0)
        .default(0)
        .describe('Recordings: the time of their first frame, Unix milliseconds. It defaults to 0.'),
      decoder: z
        .enum(['auto', 'software'])
        .default('auto')
        .describe(
          'auto lets a hardware decoder take over that has decoded pictures of this camera just as software does, for less CPU time; software never does. It defaults to auto.',
        ),
      backoff: backoffOptions.prefault({}),
    },
    { error: ({ code }) => (code === 'invalid_type' ? 'expected a URL, or the keys of a camera' : undefined) },
  )
  // Checked also when another key is wrong, so that all mistakes are told at once.
  .superRefine(checkSource, { when: ({ value }) => typeof (value as { url?: unknown } | null)?.url === 'string' })

/** A camera's options after parsing: every key has a value. URL and login have been checked. */
export type CameraOptions = z.infer<typeof cameraOptions>
/** When a camera is opened again after a failure. Times are milliseconds. */
export type BackoffOptions = CameraOptions['backoff']
