import { describeError } from '../../errors.ts'
import { localIso } from '../local-time.ts'
import type { Finding } from './finding.ts'

/** How far the clocks of two machines may be apart before times of events mislead. */
const mostApartMs = 2000
const watchForMs = 300
/** Before this version was written no clock can be right. */
const earliestMs = Date.UTC(2026, 0, 1)

/** Whether the clock of this machine goes on evenly and shows a possible year. */
export const checkClock = async (): Promise<Finding> => {
  const what = 'clock'
  const drift = (): number => Date.now() - performance.now()
  const before = drift()
  await new Promise((resolve) => setTimeout(resolve, watchForMs))
  const jumpedMs = Math.round(drift() - before)
  const now = new Date()
  if (now.getTime() < earliestMs)
    return { verdict: 'bad', what, detail: `it says ${now.toISOString()}`, fix: 'set it: timedatectl set-ntp true' }
  if (Math.abs(jumpedMs) > 50)
    return {
      verdict: 'poor',
      what,
      detail: `it jumped by ${jumpedMs} ms while it was watched`,
      fix: 'let one program only set it',
    }
  return {
    verdict: 'good',
    what,
    detail: `steady, ${localIso(now.getTime())}`,
  }
}

/** Whether an origin answers, and how far its clock is from ours. It is asked without any token. */
export const checkOrigin = async (origin: string, timeoutMs: number): Promise<readonly Finding[]> => {
  const what = `origin ${origin}`
  const fix = 'check http.allowedOrigins, the name and the proxy'
  const askedAtMs = Date.now()
  let response: Response
  try {
    response = await fetch(new URL('/healthz', origin), {
      method: 'GET',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    })
    await response.body?.cancel()
  } catch (error) {
    return [{ verdict: 'poor', what, detail: describeError((error as Error).cause ?? error), fix }]
  }
  const answers: Finding = { verdict: 'good', what, detail: `answers with ${response.status}` }
  const date = Date.parse(response.headers.get('date') ?? '')
  if (Number.isNaN(date)) return [answers]
  // The header is cut to whole seconds, and was written at some moment between asking and now.
  const apartMs = Math.max(date - Date.now(), askedAtMs - (date + 1000))
  const clock = `clock against ${new URL(origin).host}`
  if (apartMs <= mostApartMs) return [answers, { verdict: 'good', what: clock, detail: 'the same to the second' }]
  return [
    answers,
    {
      verdict: 'poor',
      what: clock,
      detail: `${Math.round(apartMs / 1000)} s apart`,
      fix: 'synchronise both clocks (NTP)',
    },
  ]
}
