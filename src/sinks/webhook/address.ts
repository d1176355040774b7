import { lookup as resolve } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'
import { RollcallError } from '../../errors.ts'

/**
 * Addresses of no public host: this machine, private networks, links, multicast, and IPv6 that stands for one of IPv4.
 * https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry
 */
const special = new BlockList()
for (const [network, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  special.addSubnet(network, bits, 'ipv4')
for (const [network, bits] of [
  ['::', 95],
  ['64:ff9b::', 48],
  ['2001::', 23],
  ['2002::', 16],
  ['fc00::', 6],
] as const)
  special.addSubnet(network, bits, 'ipv6')

/** Whether a webhook may post to this address: it is public, or allowed. IPv4 written as IPv6 is looked at as IPv4. */
export const mayReach = (address: string, allowed: BlockList): boolean => {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
  return allowed.check(address, family) || !special.check(address, family)
}

/** The SINK error of an address that is not public and not allowed. */
export const refusedAddress = (host: string, address: string): RollcallError =>
  new RollcallError(
    'SINK',
    `${host === address ? address : `${host} is ${address}, which`} is an address of a private network`,
    {
      remedy: `Add ${address} to allow of this webhook if events may go there.`,
    },
  )

/**
 * Resolves names for one connection and refuses it when any of the addresses may not be reached. The connection goes to an
 * address that was looked at, so a name that changes between two lookups gains nothing.
 */
export const checkedLookup =
  (allowed: BlockList): LookupFunction =>
  (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const refused = addresses.find(({ address }) => !mayReach(address, allowed))
      if (refused) return done(refusedAddress(host, refused.address) as NodeJS.ErrnoException, '', 0)
      const [first] = addresses
      if (options.all) done(null, addresses)
      else done(null, first?.address ?? '', first?.family)
      return undefined
    })
  }
