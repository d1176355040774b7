import { z } from 'zod'
import type { Visit } from './visit.ts'

const time = z.number()
const saved = z.object({
  isHere: z.boolean(),
  fromMs: time,
  lastMs: time,
  awayForMs: time.nullable(),
  camera: z.string(),
  tracks: z.array(z.string()),
  frames: z.number(),
  quality: z.number(),
  score: z.number().nullable(),
  visits: z.number(),
  isCounted: z.boolean(),
  isSettled: z.boolean(),
  firedMs: time.nullable(),
  elsewhereMs: time.nullable(),
})

/** Whether a value that was kept is a visit of this version. */
export const isSavedVisit = (value: unknown): value is Visit => saved.safeParse(value).success
