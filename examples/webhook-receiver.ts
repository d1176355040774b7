/**
 * Receives events of `sinks.webhooks`, and believes only those that Rollcall has signed and that are new.
 *
 *   WEBHOOK_SECRET=whsec_… npx node examples/webhook-receiver.ts [PORT]
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer } from 'node:http'

const key = Buffer.from((process.env.WEBHOOK_SECRET ?? '').replace('whsec_', ''), 'base64')
const seen = new Set<string>()

const isGenuine = (id: string, seconds: string, body: string, signatures: string): boolean => {
  const expected = createHmac('sha256', key).update(`${id}.${seconds}.${body}`).digest()
  const isNow = Math.abs(Date.now() / 1000 - Number(seconds)) < 300
  const given = signatures.split(' ').map((signature) => Buffer.from(signature.replace('v1,', ''), 'base64'))
  return isNow && given.some((one) => one.length === expected.length && timingSafeEqual(one, expected))
}

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await Array.fromAsync(request)).toString()
  const [id, seconds, signatures] = ['id', 'timestamp', 'signature'].map((name) =>
    String(request.headers[`webhook-${name}`]),
  )
  if (!isGenuine(id ?? '', seconds ?? '', body, signatures ?? '')) return response.writeHead(401).end()
  // What is not answered with 2xx comes again, so an ID may come twice.
  if (!seen.has(id ?? '')) console.log(body)
  seen.add(id ?? '')
  return response.writeHead(204).end()
})
server.listen(Number(process.argv[2] ?? 8000), () => console.error('listening', server.address()))
