import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { Config } from '../../config/config.ts'
import { describeError } from '../../errors.ts'
import { whoRuns } from '../../identity/store/running.ts'
import { createAuth } from '../../server/auth.ts'
import type { Finding } from './finding.ts'

const dayMs = 86_400_000
const soonDays = 30

const whyNotListening = (host: string, port: number): Promise<string | null> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve(error.message))
    server.listen(port, host, () => server.close(() => resolve(null)))
  })

/** Whether the address is free. That a Rollcall which already runs has it is no fault. */
export const checkPort = async (
  { host, port }: Config['http'],
  stateDirectory: string | null,
): Promise<readonly Finding[]> => {
  if (port === null) return []
  const what = `http ${host}:${port}`
  const problem = await whyNotListening(host, port)
  if (problem === null) return [{ verdict: 'good', what, detail: 'free' }]
  const running = stateDirectory === null ? null : whoRuns(stateDirectory)
  if (running?.url && new URL(running.url).port === String(port))
    return [{ verdict: 'good', what, detail: `used by the Rollcall that runs (process ${running.pid})` }]
  return [{ verdict: 'bad', what, detail: problem, fix: 'another port: --http HOST:PORT or http.port' }]
}

/** Who may call. */
export const checkAccess = (http: Config['http']): readonly Finding[] => {
  if (http.port === null) return []
  const { mode, tokens } = http.auth
  try {
    const { required } = createAuth(http, undefined)
    const names = tokens.map(({ name, scopes }) => `${name} (${scopes.join(', ')})`).join('; ')
    const detail = required
      ? `a token is needed: ${names}`
      : mode === 'off'
        ? 'open to everybody who reaches it (http.auth.mode: off)'
        : 'open to programs on this machine only'
    return [{ verdict: mode === 'off' ? 'poor' : 'good', what: 'access', detail }]
  } catch (error) {
    return [{ verdict: 'bad', what: 'access', detail: describeError(error) }]
  }
}

/** Certificate and key of a server or client: whether they can be read, belong together, and for how long they hold. */
export const checkCertificate = (
  key: string,
  files: { readonly cert: string; readonly key: string },
  nowMs: number,
): Finding => {
  const bad = (detail: string, fix: string): Finding => ({ verdict: 'bad', what: key, detail, fix })
  let certificate: X509Certificate
  try {
    certificate = new X509Certificate(readFileSync(files.cert))
  } catch (error) {
    return bad(`${files.cert}: ${describeError(error)}`, `name a PEM file in ${key}.cert`)
  }
  try {
    if (!certificate.checkPrivateKey(createPrivateKey(readFileSync(files.key))))
      return bad(`${files.key} is not the key of ${files.cert}`, `name the certificate's own key in ${key}.key`)
  } catch (error) {
    return bad(`${files.key}: ${describeError(error)}`, `name a PEM file without a passphrase in ${key}.key`)
  }
  const [fromMs, untilMs] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)]
  const detail = `${certificate.subjectAltName ?? certificate.subject}, until ${new Date(untilMs).toISOString().slice(0, 10)}`
  if (nowMs > untilMs) return bad(`expired: ${detail}`, 'renew the certificate')
  if (nowMs < fromMs) return bad(`not valid before ${certificate.validFrom}`, "check this machine's clock")
  return untilMs - nowMs < soonDays * dayMs
    ? { verdict: 'poor', what: key, detail, fix: 'renew the certificate soon' }
    : { verdict: 'good', what: key, detail }
}

/** Every certificate that the configuration names. */
export const checkCertificates = ({ http, sinks }: Config, nowMs: number): readonly Finding[] => {
  const { cert, key, enabled } = sinks.kafka.tls
  return [
    ...(http.tls === null || http.tls === 'auto' ? [] : [checkCertificate('http.tls', http.tls, nowMs)]),
    ...(enabled && cert !== null && key !== null ? [checkCertificate('sinks.kafka.tls', { cert, key }, nowMs)] : []),
  ]
}
