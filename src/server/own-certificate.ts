import { execFileSync } from 'node:child_process'
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { RollcallError } from '../errors.ts'
import { makeDirectory } from '../make-directory.ts'
import { replaceFile } from '../replace-file.ts'

/** Browsers take no certificate that is valid for longer than 398 days. */
const validDays = 397
/** It is made anew when it ends within this time. */
const renewBeforeMs = 30 * 86_400_000
/** More names than this have been somewhere else before. */
const maxNames = 50

/** The certificate that this machine made for itself, as PEM. */
export interface OwnCertificate {
  readonly cert: Buffer
  readonly key: Buffer
  /** The file of the certificate, for those who trust it on other machines. */
  readonly file: string
  /** SHA-256, as browsers show it. */
  readonly fingerprint: string
  /** It was made just now: whoever trusts the one before is asked again. */
  readonly isNew: boolean
}

/** The names and addresses by which this machine may be called. */
export const namesOfThisMachine = (): readonly string[] => {
  const host = hostname()
  const addresses = Object.values(networkInterfaces()).flatMap((each) =>
    (each ?? []).flatMap(({ address, scopeid }) => (scopeid ? [] : [address])),
  )
  const names = [host, `${host.split('.')[0]}.local`].filter((name) => /^[A-Za-z0-9.-]{1,253}$/.test(name))
  return [...new Set(['localhost', ...names, '127.0.0.1', '::1', ...addresses])]
}

const covers = (certificate: X509Certificate, name: string): boolean =>
  (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined

/** `DNS:door.local, IP Address:192.0.2.7` as names. */
const namesIn = ({ subjectAltName = '' }: X509Certificate): readonly string[] =>
  subjectAltName.split(', ').flatMap((each) => /^(?:DNS|IP Address):(.+)$/.exec(each)?.[1] ?? [])

const read = (file: string): X509Certificate | null => {
  try {
    return new X509Certificate(readFileSync(file))
  } catch {
    return null
  }
}

/** The key of the certificate before; null when there is none, or none that can be read. */
const readKey = (file: string): KeyObject | null => {
  try {
    return createPrivateKey(readFileSync(file))
  } catch {
    return null
  }
}

const pemOf = (kind: string, text: string): string =>
  new RegExp(`-----BEGIN ${kind}-----[^]*?-----END ${kind}-----\n`).exec(text)?.[0] ?? ''

/** The same key goes on where there is one, so that only the certificate is new to those who trusted it. */
const make = (cert: string, key: string, names: readonly string[], isKeyThere: boolean): void => {
  const sans = names.map((name) => `${isIP(name) === 0 ? 'DNS' : 'IP'}:${name}`).join(',')
  const extensions = [`subjectAltName=${sans}`, 'basicConstraints=critical,CA:FALSE', 'extendedKeyUsage=serverAuth']
  const from = isKeyThere
    ? ['-key', key]
    : ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', '-']
  const added = extensions.flatMap((each) => ['-addext', each])
  const subject = ['-subj', `/O=Rollcall/CN=${(names[1] ?? 'localhost').slice(0, 64)}`, '-days', String(validDays)]
  const made = execFileSync('openssl', ['req', '-x509', '-sha256', ...from, ...subject, ...added], {
    stdio: 'pipe',
    encoding: 'utf8',
  })
  if (!isKeyThere) replaceFile(key, pemOf('PRIVATE KEY', made))
  replaceFile(cert, pemOf('CERTIFICATE', made), { mode: 0o644 })
}

/**
 * The self-signed certificate in `directory`, made when there is none, when it ends within a month, when one of `names` is missing in
 * it, or when the key beside it is another. Throws HTTP_LISTEN when it cannot be made.
 */
export const ownCertificate = (directory: string, names: readonly string[], nowMs: number): OwnCertificate => {
  const [cert, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
  const [before, keyBefore] = [read(cert), readKey(key)]
  const isGood =
    before !== null &&
    keyBefore !== null &&
    before.checkPrivateKey(keyBefore) &&
    Date.parse(before.validTo) - nowMs > renewBeforeMs &&
    names.every((name) => covers(before, name))
  try {
    makeDirectory(directory, { mode: 0o700 })
    const allNames = [...new Set([...names, ...(before ? namesIn(before) : [])])].slice(0, maxNames)
    if (!isGood) make(cert, key, allNames, keyBefore !== null)
    const pem = readFileSync(cert)
    const { fingerprint256 } = new X509Certificate(pem)
    return { cert: pem, key: readFileSync(key), file: cert, fingerprint: fingerprint256, isNew: !isGood }
  } catch (cause) {
    const { code, stderr, message } = cause as NodeJS.ErrnoException & { readonly stderr?: Buffer }
    const isMissing = code === 'ENOENT' && message.includes('openssl')
    const why = isMissing ? 'the command openssl is missing' : (stderr?.toString().trim().split('\n').at(-1) ?? message)
    throw new RollcallError('HTTP_LISTEN', `http.tls: auto: ${why}`, {
      cause,
      remedy: isMissing
        ? 'Install it (apt-get install openssl), or name a certificate of your own in http.tls.'
        : `Make sure that this user may write ${directory}, or name a certificate of your own in http.tls.`,
    })
  }
}
